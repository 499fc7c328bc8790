"""Comparing: what the node judges is held against every play of the same chart that it knows.

It knows what it judged since it was started, and before that what the store still has.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from heapq import nlargest
from itertools import islice
from typing import Final, NamedTuple

import trio

from consensus.anomaly.comparison import Comparison, compared, compared_and_kept
from consensus.anomaly.copies.library import Library
from consensus.anomaly.copies.play import Play, play_of
from consensus.anomaly.examine import Examination, examine
from consensus.calibration import Calibration
from consensus.chart import Chart, chart_from_bytes
from consensus.entries.performance import Block, Session
from consensus.evidence import evidence_from_bytes
from consensus.identifiers import ContentId, EntryId
from consensus.judgement import judge
from consensus.ledger import Ledger
from consensus.rejections import RejectionError
from consensus.units import Milliseconds
from popd.node.effects import JudgePlay
from popd.node.purposes import ForReading

LIBRARY_BYTES: Final = 64_000_000
"""Some 50,000 windows of 120 s; the chart that nobody played for longest goes first."""
MAX_LOOKED_FOR: Final = 20_000
"""Blocks, the latest first, of which evidence is looked for at the start."""
MAX_TAKEN_UP: Final = 2_000
"""Plays taken up at the start: a minute or two of a processor, between other work."""
SLICE: Final = 2_000
"""Entries looked at before other tasks have their turn."""

Blob = Callable[[ContentId], bytes | None]


class Past(NamedTuple):
    """A block whose evidence may be in the store."""

    time_ms: Milliseconds
    """When it was sealed."""
    id: EntryId
    """The block's entry."""
    block: Block
    """What it says."""
    calibration: Calibration
    """How late the player's devices were."""
    author: str
    """Whose it is."""


def author_of(ledger: Ledger, session: EntryId) -> str:
    """Whose session it is, in hex; empty where that isn't known."""
    statement = ledger.statements.get(session)
    return "" if statement is None else statement.entry.author.hex()


def examined(library: Library, author: str, effect: JudgePlay) -> Examination:
    """The examination of a window beside all known plays; it is known from now on.

    What is read of a performance that goes on is only compared.
    """

    def compare(play: Play) -> Comparison:
        authored = replace(play, author=author)
        if isinstance(effect.purpose, ForReading):
            return compared(library, authored)
        return compared_and_kept(library, authored)

    return examine(effect.chart, effect.evidence, effect.start_us, effect.calibration, compare)


async def take_up_known(
    ledger: Ledger, blob: Blob, library: Library, limiter: trio.CapacityLimiter
) -> None:
    """Makes the plays known whose evidence is stored, the latest first, one at a time."""
    taker = Taker(ledger.params.window_ms * 1_000, blob, library)
    for past in await _latest_blocks(ledger):
        if taker.taken >= MAX_TAKEN_UP:
            break
        await trio.to_thread.run_sync(partial(taker.take, past), limiter=limiter)


class Taker:
    """Takes up one play after the other; the chart is read once where it stays the same."""

    def __init__(self, window_us: int, blob: Blob, library: Library) -> None:
        """Nothing is taken yet."""
        self.taken = 0
        self._window_us = window_us
        self._blob = blob
        self._library = library
        self._chart: tuple[ContentId, Chart] | None = None

    def take(self, past: Past) -> None:
        """Makes one play known, if it can be read."""
        data, chart = self._blob(past.block.evidence), None
        try:
            if data is not None and (chart := self._chart_of(past.block.chart)) is not None:
                evidence = evidence_from_bytes(data)
                start_us = past.block.window * self._window_us
                judgement = judge(chart, evidence, start_us, past.calibration)
                play = play_of(chart, evidence, judgement, start_us)
                compared_and_kept(self._library, replace(play, author=past.author))
                self.taken += 1
        except RejectionError:
            # It was kept because a block named it; nobody checked that it can be read.
            return

    def _chart_of(self, chart: ContentId) -> Chart | None:
        if self._chart is None or self._chart[0] != chart:
            data = self._blob(chart)
            self._chart = None if data is None else (chart, chart_from_bytes(data))
        return None if self._chart is None else self._chart[1]


async def _latest_blocks(ledger: Ledger) -> list[Past]:
    found: list[Past] = []
    entries = iter(list(ledger.statements))
    while part := list(islice(entries, SLICE)):
        found = nlargest(MAX_LOOKED_FOR, [*found, *_blocks(ledger, part)])
        await trio.lowlevel.checkpoint()
    return found


def _blocks(ledger: Ledger, entries: Iterable[EntryId]) -> Iterable[Past]:
    for entry in entries:
        statement = ledger.statements.get(entry)
        if statement is None or not isinstance(statement.body, Block):
            continue
        block = statement.body
        session = ledger.statements.get(block.session)
        if session is not None and isinstance(session.body, Session):
            author = statement.entry.author.hex()
            calibration = session.body.calibration
            yield Past(statement.entry.time_ms, entry, block, calibration, author)
