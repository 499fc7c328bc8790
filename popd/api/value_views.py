"""One coin as the page shows it: its way, its witnesses, and its worth to each observer."""

from collections.abc import Sequence
from dataclasses import replace

from consensus.identifiers import IdentityId
from consensus.lots import LotKey
from consensus.units import MILLION
from consensus.value.appraisal import lot_view
from consensus.value.explain import Reason
from consensus.value.lot import LotView
from consensus.value.trail import Step, trail_of
from consensus.value.valuation import Word
from popd.api.outlook import Outlook
from popd.api.shapes import Person
from popd.api.value_shapes import (
    CoinValue,
    CoinView,
    ContinuityView,
    PartView,
    StepView,
    WordView,
)


def coin_view(
    outlook: Outlook, key: LotKey, amount_ujam: int, song: str, observers: Sequence[IdentityId]
) -> CoinView:
    """A coin in the eyes of the user, and of some observers; raises KeyError without its mint."""
    ledger = outlook.ledger
    lot = lot_view(ledger, key, amount_ujam, key in ledger.contested)
    values = [coin_value(outlook, lot, who) for who in dict.fromkeys((outlook.me, *observers))]
    chosen = observers[0].hex() if observers else outlook.me.hex()
    first = next(value for value in values if value.observer.id == chosen)
    state = ledger.state(outlook.me)
    return CoinView(
        lot=key.origin.hex(),
        observer=chosen,
        value_ujam=first.value_ujam,
        amount_ujam=amount_ujam,
        parts=first.parts,
        path=[holder.hex() for holder in key.path],
        is_mine=state is not None and key in state.purse,
        minted_ms=lot.minted_ms,
        minter=_maybe(outlook, lot.minter),
        song=song,
        tags=list(lot.tags),
        made_by=lot.made_by.value,
        contested=lot.contested,
        steps=[
            _step(outlook, lot, step, place) for place, step in enumerate(trail_of(ledger, key))
        ],
        values=values,
    )


def coin_value(outlook: Outlook, lot: LotView, observer: IdentityId) -> CoinValue:
    """What a coin is worth to an observer, in parts that add up, told to the user."""
    valuation = outlook.opinions.value(lot, observer)
    return CoinValue(
        observer=outlook.person(observer),
        is_me=observer == outlook.me,
        policy=outlook.opinions.policy(observer).name,
        value_ujam=valuation.value_ujam,
        support_ujam=valuation.support_ujam,
        ethics=valuation.ethics,
        continuity=ContinuityView(
            valuation.continuity.factor,
            _maybe(outlook, valuation.continuity.weakest),
            valuation.continuity.trust,
        ),
        words=[_word(outlook, word) for word in valuation.words],
        parts=[_part(outlook, reason) for reason in outlook.reasons(valuation, observer)],
        why=outlook.why(valuation, observer),
    )


def _step(outlook: Outlook, lot: LotView, step: Step, place: int) -> StepView:
    there = replace(lot, path=lot.path[: place + 1])
    worth = outlook.opinions.value(there, outlook.me).value_ujam
    return StepView(
        person=outlook.person(step.holder),
        is_me=step.holder == outlook.me,
        time_ms=step.time_ms,
        given_ujam=step.given_ujam,
        valuation_ujam=step.valuation_ujam,
        worth_ppm=round(worth / lot.amount_ujam * MILLION) if lot.amount_ujam else 0,
    )


def _word(outlook: Outlook, word: Word) -> WordView:
    return WordView(
        person=outlook.person(word.verifier),
        share_ujam=word.share_ujam,
        trust=word.trust,
        counted=word.counted,
        factor=word.factor,
        value_ujam=word.value_ujam,
    )


def _part(outlook: Outlook, reason: Reason) -> PartView:
    return PartView(
        reason.value_ujam, reason.words, reason.part.value, _maybe(outlook, reason.person)
    )


def _maybe(outlook: Outlook, person: IdentityId | None) -> Person | None:
    return None if person is None else outlook.person(person)
