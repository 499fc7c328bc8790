"""Whether what a peer's messages cost a node is about what the peer is charged for them."""

import secrets
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Final

from benchmarks.common import Row, at_most, informs, progress
from consensus.evidence import KeyEvent
from consensus.identifiers import EntryId, IdentityId
from consensus.units import Microseconds
from popd.node.events import MessageReceived
from popd.node.messages import Message, to_bytes
from popd.node.messages.comparing import Heads, Listed, NotNow, Ranges, Run, Span
from popd.node.messages.fresh import Hints
from popd.node.messages.live import Frame
from popd.node.messages.pulling import WantChains, WantedChain, WantEntries
from tests.attacks import made_up_heads, many_ranges
from tests.popd.node.conversations import people, written
from tests.popd.node.driven import NOW_MS, PEER, Driven

AUTHORS: Final = 5_000
LONG: Final = 2_000
BATCH: Final = 500
TIMES: Final = 5
MOST_RATIO: Final = 4
"""A peer may cost a quarter of a core: were it more, one alone could keep a core busy."""
PURSE: Final = 10**12


def dearest(ids: list[EntryId], chain: list[EntryId]) -> dict[str, Callable[[], Message]]:
    """Messages that take a node long, of each kind that can."""
    key = secrets.token_bytes
    everything = (Span(b"", b"", ()),)
    one = (Span(b"", b"", (bytes(8),)),)
    keys = tuple(KeyEvent(time_us, 1, True) for time_us in range(512))
    return {
        "many_ranges": lambda: many_ranges(0),
        "one_range": lambda: Ranges(key(16), (Run((b"", b""), (key(8),)),)),
        "list": lambda: Listed(key(16), one),
        "empty_list": lambda: Listed(key(16), everything),
        "unknown": lambda: Heads(key(16), (), one),
        "heads": made_up_heads,
        "chains": lambda: WantChains(1, tuple(WantedChain(i, ()) for i in ids[:1_000])),
        "one_chain": lambda: WantChains(1, (WantedChain(chain[-1], ()),) * 1_000),
        "branches": lambda: WantChains(
            1, tuple(WantedChain(i, (chain[-1],)) for i in chain[:1_000])
        ),
        "entries": lambda: WantEntries(1, tuple(ids[:256])),
        "hints": lambda: Hints(tuple(key(8) for _ in range(1_024))),
        "frame": lambda: Frame(EntryId(key(32)), 0, 0, key(32), keys, (), b"", key(64)),
        "not_now": lambda: NotNow(tuple(IdentityId(key(32)) for _ in range(2_048))),
        "sifted_list": lambda: Listed(key(16), everything),
    }


def charges() -> Iterator[Row]:
    """How many microseconds a node takes for each that it charges, by kind of message."""
    progress("charges: a node with many heads")
    driven = Driven()
    standing = driven.node.standings.of[PEER]
    standing.work.burst = standing.work.level = PURSE
    standing.newcomers.burst = standing.newcomers.level = PURSE
    everybody = people(AUTHORS + 1)
    short = written(everybody[:-1], 1, NOW_MS - 1_000_000)
    long = written(everybody[-1:], LONG, NOW_MS - 1_000_000)
    for entries in (short, long):
        for start in range(0, len(entries), BATCH):
            driven.hear(*entries[start : start + BATCH])
    makers = dearest([s.id for s in short], [s.id for s in long])
    ratios = {
        name: median(ratio(driven, make) for _ in range(TIMES)) for name, make in makers.items()
    }
    for name, value in ratios.items():
        yield informs(f"charges_{name}", value, "us a us")
    yield at_most("charges_worst", max(ratios.values()), MOST_RATIO, "us a us")


def ratio(driven: Driven, make: Callable[[], Message]) -> float:
    """Microseconds that a message takes for each that is charged for it."""
    standing = driven.node.standings.of[PEER]
    standing.points, standing.sent.level = 0, PURSE
    event = MessageReceived(PEER, to_bytes(make()))
    level, begin = standing.work.level, time.perf_counter()
    driven.node.handle(event, Microseconds(driven.now_ms * 1_000))
    return (time.perf_counter() - begin) * 1e6 / (level - standing.work.level)
