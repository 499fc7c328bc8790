"""What would happen if the user diverged from somebody: pure functions to shapes."""

from collections.abc import Mapping
from typing import Final

from consensus.entries.performance import Session
from consensus.identifiers import EntryId, IdentityId
from consensus.lots import LotKey
from consensus.trust.acknowledged import BY_HAND
from consensus.trust.graph import Acknowledgement
from consensus.units import MILLISECONDS_PER_DAY, Milliseconds
from consensus.value.appraisal import lot_view
from consensus.value.explain import rounded
from consensus.value.stance import Stance
from consensus.value.valuation import value_of
from popd.api.dispute_shapes import Between, ChangedCoin, Preview, SharedSession
from popd.api.dispute_views import in_ppm
from popd.api.dispute_words import consequences_for_you
from popd.api.outlook import Outlook

LOOK_BACK_DAYS: Final = 30
"""Sessions of this long show who plays with whom."""
MAX_SESSIONS: Final = 100
"""The latest ones."""
MAX_PREVIEW_COINS: Final = 1_000
"""The coins that change most."""
MAX_BETWEEN: Final = 100
"""The nearest people."""


def preview_view(outlook: Outlook, person: IdentityId, now_ms: Milliseconds) -> Preview:
    """What happens if the user diverges from `person` now."""
    state = outlook.ledger.state(outlook.me)
    before = outlook.opinions.scores(outlook.me)
    word = Acknowledgement(outlook.me, person, -BY_HAND, now_ms)
    after, stance = outlook.opinions.supposing(word)
    coins, totals = _coins(outlook, person, after, stance)
    return Preview(
        person=outlook.person(person),
        is_diverged=state is not None and person in state.divergences,
        consequences=consequences_for_you(outlook.names.of(person)),
        sessions=_sessions(outlook, person, now_ms),
        coins=coins,
        before_ujam=totals[0],
        after_ujam=totals[1],
        between=[
            Between(
                id=one.hex(),
                name=outlook.names.of(one),
                before_ppm=in_ppm(before.get(one, 0.0)),
                after_ppm=in_ppm(after.get(one, 0.0)),
            )
            for one in _between(outlook, person)
        ],
    )


def _coins(
    outlook: Outlook, person: IdentityId, scores: Mapping[IdentityId, float], stance: Stance
) -> tuple[list[ChangedCoin], tuple[int, int]]:
    """The coins that change or came through the person, and the purse's worth before and after."""
    ledger, me = outlook.ledger, outlook.me
    state = ledger.state(me)
    found: list[ChangedCoin] = []
    totals = [0, 0]
    policy, around = outlook.opinions.policy(me), outlook.opinions.surroundings(me, scores)
    for key, amount in sorted(state.purse.items()) if state else ():
        lot = lot_view(ledger, key, amount, key in ledger.contested)
        before = rounded(outlook.opinions.value(lot, me).value_ujam)
        after = rounded(value_of(lot, scores, policy, stance, around).value_ujam)
        totals[0] += before
        totals[1] += after
        is_through = _is_through(outlook, key, person) or any(
            verifier == person for verifier, _ in lot.contributions
        )
        if is_through or before != after:
            path = [holder.hex() for holder in key.path]
            found.append(ChangedCoin(key.origin.hex(), path, amount, before, after, is_through))
    found.sort(key=lambda coin: (coin.after_ujam - coin.before_ujam, coin.lot, coin.path))
    return found[:MAX_PREVIEW_COINS], (totals[0], totals[1])


def _is_through(outlook: Outlook, key: LotKey, person: IdentityId) -> bool:
    """Whether somebody minted or held the coins."""
    minter = outlook.ledger.statements[EntryId(key.origin)].entry.author
    return person == minter or person in key.path


def _sessions(outlook: Outlook, person: IdentityId, now_ms: Milliseconds) -> list[SharedSession]:
    """The latest sessions of one of the two in which the other was ready to witness."""
    earliest_ms = now_ms - LOOK_BACK_DAYS * MILLISECONDS_PER_DAY
    pairs = ((outlook.me, person), (person, outlook.me))
    found = [
        _shared(outlook, performer, witness, session)
        for performer, witness in pairs
        for session, body in _announced(outlook, performer).items()
        if body.start_ms >= earliest_ms
        and any(opening.candidate == witness for opening in body.openings)
    ]
    return sorted(found, key=lambda one: (-one.start_ms, one.session))[:MAX_SESSIONS]


def _announced(outlook: Outlook, performer: IdentityId) -> dict[EntryId, Session]:
    state = outlook.ledger.state(performer)
    return {} if state is None else state.sessions


def _shared(
    outlook: Outlook, performer: IdentityId, witness: IdentityId, session: EntryId
) -> SharedSession:
    state = outlook.ledger.state(performer)
    assert state is not None
    blocks = [
        block
        for block, record in state.blocks.items()
        if record.session == session and witness in record.drawn
    ]
    parts = [
        part.amount_ujam
        for block in blocks
        for part in state.contributions.get(state.mints.get(block, block), ())
        if part.verifier == witness
    ]
    return SharedSession(
        session=session.hex(),
        start_ms=state.sessions[session].start_ms,
        performer=outlook.person(performer),
        blocks=len(blocks),
        minted_ujam=sum(parts),
    )


def _between(outlook: Outlook, person: IdentityId) -> list[IdentityId]:
    """Whom the user is near to and who has acknowledged the person, or the other way round."""
    graph, scores = outlook.opinions.graph, outlook.opinions.scores(outlook.me)
    found = [
        one
        for one in scores
        if one not in (outlook.me, person)
        and (person in graph.trust.get(one, {}) or one in graph.trust.get(person, {}))
    ]
    return sorted(found, key=lambda one: (-scores[one], one))[:MAX_BETWEEN]
