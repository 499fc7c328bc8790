"""Why nothing was minted: every block of one's own that did not, with a sentence and what to do."""

from collections.abc import Sequence
from typing import Final

from consensus.chain import BlockRecord
from consensus.identifiers import EntryId, IdentityId
from popd.api.desk import Desk
from popd.api.library import UNKNOWN_TITLE
from popd.api.nearby_shapes import Unminted, UnmintedView
from popd.api.nearby_views import chart_of
from popd.api.routing import Call
from popd.node.unminted import Why, why_unminted
from popd.node.verdicts import said_of

MAX_UNMINTED: Final = 50
"""Blocks that one answer explains, the newest."""


async def read_unminted(desk: Desk, call: Call) -> Unminted:
    """Your blocks that did not mint, the newest first, each with why and what to do."""
    ledger, me = desk.context.ledger, desk.context.identity
    own: dict[EntryId, BlockRecord] = {}
    for state in ledger.tips.get(me, {}).values():
        own |= {block: one for block, one in state.blocks.items() if block not in state.mints}
    newest = sorted(own, key=lambda block: own[block].start_ms, reverse=True)
    views = [await _view(desk, block, own[block]) for block in newest[:MAX_UNMINTED]]
    return Unminted([view for view in views if view is not None])


async def _view(desk: Desk, block: EntryId, record: BlockRecord) -> UnmintedView | None:
    ledger, now_ms = desk.context.ledger, desk.daemon.now_us() // 1_000
    why = why_unminted(ledger, desk.context.identity, block, now_ms)
    if why is None:
        return None
    looking = desk.daemon.node.minting.looking(block)
    if looking:
        why = _waiting(desk, looking)
    is_in_time = now_ms - record.end_ms < ledger.params.verdict_deadline_ms
    is_silent = len(said_of(ledger, block, record)) < len(record.drawn)
    chart = chart_of(ledger, record.session)
    song = UNKNOWN_TITLE if chart is None else await desk.library.title(chart)
    return UnmintedView(
        block=block.hex(),
        session=record.session.hex(),
        window=record.window,
        song="" if song == UNKNOWN_TITLE else song,
        played_ms=record.start_ms,
        why=why.why,
        next_step=why.next_step,
        is_over=why.is_over,
        can_appeal=is_in_time and is_silent and not looking,
    )


def _waiting(desk: Desk, looking: Sequence[IdentityId]) -> Why:
    names = desk.names()
    who = ", ".join(names.of(identity) for identity in looking)
    verb = "looks" if len(looking) == 1 else "look"
    return Why(f"{who} {verb} at it before giving a word.", "Wait a minute or two.", False)
