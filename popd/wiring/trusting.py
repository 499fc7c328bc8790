"""Trusting: works out now and then who is near the user, and tells the node.

Reading the ledger happens between events, a slice at a time; walking the graph in a thread.
"""

from collections.abc import Callable
from itertools import islice
from typing import Final

import trio

from consensus.entries.dispute import Diverge
from consensus.identifiers import EntryId, IdentityId
from consensus.trust.acknowledged import acknowledged_by, parting_words
from consensus.trust.graph import Acknowledgement
from consensus.trust.kept import KeptTrust
from consensus.units import Microseconds, Milliseconds
from popd.node.events import Event, TrustChanged
from popd.node.node import Node

INTERVAL_S: Final = 300
"""Nearness changes over days; new people wait five minutes at most."""
GROWTH: Final = 1_000
"""When the ledger changed so often, it is looked at sooner."""
LOOK_S: Final = 5
"""How often it is looked whether it did."""
SLICE: Final = 2_000
"""Entries that are read before other tasks have their turn: some milliseconds."""
NEAR_ENOUGH: Final = 0.0001
"""Proximity from which somebody is trusted with room in the store.

All visits of the walk but the first together are fewer than 0.4 / 0.6, so at most 6,666 people are
so near, and whoever has proximity s gets fewer than 4,000 s invented keys in.
"""


async def keep_trusting(
    node: Node, give: Callable[[Event], None], now_us: Callable[[], Microseconds]
) -> None:
    """Gives `TrustChanged` at the start, every few minutes, and when the ledger grew a lot."""
    trust: KeptTrust[IdentityId] = KeptTrust()
    seen: set[EntryId] = set()
    partings: set[EntryId] = set()
    while True:
        revision = node.ledger.revision
        if not seen <= node.ledger.applied:
            trust, seen, partings = KeptTrust(), set(), set()
        words = await _read_news(node, seen, partings)
        parted = list(parting_words(node.ledger, sorted(partings & node.ledger.applied)))
        now_ms = Milliseconds(now_us() // 1_000)
        await trio.to_thread.run_sync(_learn, trust, words, now_ms)
        whole = await trio.to_thread.run_sync(trust.supposing, parted, now_ms) if parted else trust
        near = await trio.to_thread.run_sync(near_enough, whole, node.context.identity)
        give(TrustChanged(near))
        for _ in range(INTERVAL_S // LOOK_S):
            await trio.sleep(LOOK_S)
            if node.ledger.revision - revision >= GROWTH:
                break


def near_enough(trust: KeptTrust[IdentityId], observer: IdentityId) -> frozenset[IdentityId]:
    """Everybody whom the observer trusts with room in their store."""
    scores = trust.proximity(observer)
    return frozenset(person for person, score in scores.items() if score >= NEAR_ENOUGH)


def _learn(
    trust: KeptTrust[IdentityId], words: list[Acknowledgement[IdentityId]], now_ms: Milliseconds
) -> None:
    trust.learn(words, now_ms)
    if trust.index is not None and trust.index.is_due:
        trust.index.find_pockets()


async def _read_news(
    node: Node, seen: set[EntryId], partings: set[EntryId]
) -> list[Acknowledgement[IdentityId]]:
    """What was said in entries that were not seen yet; these are seen then.

    Divergences, which can be taken back, are put aside in `partings`.
    """
    words: list[Acknowledgement[IdentityId]] = []
    news = iter(sorted(node.ledger.applied - seen))
    while part := list(islice(news, SLICE)):
        for entry in part:
            if entry in node.ledger.applied:
                seen.add(entry)
                statement = node.ledger.statements[entry]
                words += acknowledged_by(node.ledger, statement)
                if isinstance(statement.body, Diverge):
                    partings.add(entry)
        await trio.lowlevel.checkpoint()
    return words
