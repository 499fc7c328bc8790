"""Paying: what would leave and what it is worth to both, and then exactly that."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import trio

from consensus.identifiers import IdentityId, LotId
from consensus.lots import LotKey, extended_path
from consensus.units import MicroJam
from consensus.value.appraisal import lot_view
from consensus.value.explain import in_jam, rounded
from consensus.value.valuation import Valuation
from popd.api.answers import ApiError, bad_request
from popd.api.coins import songs_of
from popd.api.commands import check_not_parted, sent
from popd.api.desk import Desk
from popd.api.outlook import Outlook
from popd.api.people import person
from popd.api.routing import Call
from popd.api.wallet_shapes import (
    PartBody,
    PayBody,
    Payment,
    PaymentBody,
    PaymentPart,
    WrittenEntries,
)
from popd.api.wallet_words import warnings_of, why_these
from wallet.paying import (
    Holding,
    Part,
    PayingError,
    named_parts,
    parts_of_amount,
    parts_worth,
)
from wallet.purse import coins_of

VALUED_AT_ONCE: Final = 128
"""Coins valued before others have their turn; it takes a hundredth of a second."""


@dataclass(frozen=True, slots=True)
class BothViews:
    """What part of a lot is worth to the user, and to the recipient once it is theirs."""

    mine: Valuation
    """By the user's own policy."""
    theirs: Valuation
    """By the default policy, from what their trust shows here."""


async def preview_payment(desk: Desk, call: Call) -> Payment:
    """What would leave for a payment, and what it is worth to the user and to the recipient."""
    body: PaymentBody = call.body
    recipient = _recipient(desk, body.to)
    outlook = desk.outlook()
    parts = await _chosen(outlook, recipient, body)
    songs = await songs_of(desk, (part.key.origin for part in parts))
    outlook = desk.outlook()
    seen = [(part, both_views(outlook, part.key, part.amount_ujam, recipient)) for part in parts]
    name = outlook.names.of(recipient)
    shown = [_part(outlook, recipient, part, views, songs) for part, views in seen]
    return Payment(
        to=outlook.person(recipient),
        parts=shown,
        amount_ujam=sum(part.amount_ujam for part in parts),
        mine_ujam=rounded(sum(views.mine.value_ujam for _, views in seen)),
        theirs_ujam=rounded(sum(views.theirs.value_ujam for _, views in seen)),
        seen_as=(
            f"What these are worth to {name} is worked out here, from the trust that the ledger "
            "shows of them. Rules of their own only they know; the default ones stand in."
        ),
        why=why_these(name, shown, is_named=body.lots is not None),
        warnings=warnings_of(desk, outlook, recipient, shown, [part.key for part in parts]),
    )


async def pay(desk: Desk, call: Call) -> WrittenEntries:
    """Hand these parts over, one transfer each; waits until they are written."""
    body: PayBody = call.body
    recipient = _recipient(desk, body.to)
    check_not_parted(desk, recipient)
    parts = _named(_held(desk.outlook()), body.parts)
    entries: list[str] = []
    for part in parts:
        try:
            written = await sent(
                desk, part.key, part.amount_ujam, recipient, says_worth=body.says_worth
            )
        except ApiError as error:
            if not entries:
                raise
            raise _partly(error, parts, entries) from None
        entries.append(written.entry)
    return WrittenEntries(entries)


def both_views(outlook: Outlook, key: LotKey, amount_ujam: int, recipient: IdentityId) -> BothViews:
    """What part of a lot is worth to both."""
    is_contested = key in outlook.ledger.contested
    there = LotKey(key.origin, extended_path(key.path, recipient))
    is_contested_there = is_contested or there in outlook.ledger.contested
    here = lot_view(outlook.ledger, key, amount_ujam, is_contested)
    handed = lot_view(outlook.ledger, there, amount_ujam, is_contested_there)
    return BothViews(
        outlook.opinions.value(here, outlook.me), outlook.opinions.value(handed, recipient)
    )


def _recipient(desk: Desk, text: str) -> IdentityId:
    recipient = person(text, "a recipient")
    if recipient == desk.context.identity:
        raise ApiError(409, "wrong_recipient", "That is you.", "Choose somebody else.")
    return recipient


async def _chosen(outlook: Outlook, recipient: IdentityId, body: PaymentBody) -> tuple[Part, ...]:
    if [body.amount_ujam, body.worth_ujam, body.lots].count(None) != 2:
        raise bad_request(
            "A payment is of an amount, of a worth, or of named lots.",
            "Give one of amount_ujam, worth_ujam and lots.",
        )
    if body.lots is not None:
        return _named(_held(outlook), body.lots)
    holdings: list[Holding] = []
    for one in _held(outlook):
        holdings.append(_valued(outlook, recipient, one))
        if len(holdings) % VALUED_AT_ONCE == 0:
            await trio.lowlevel.checkpoint()
    try:
        if body.worth_ujam is not None:
            return parts_worth(holdings, body.worth_ujam)
        assert body.amount_ujam is not None
        return parts_of_amount(holdings, body.amount_ujam)
    except PayingError as error:
        raise _impossible(error) from None


def _held(outlook: Outlook) -> list[Holding]:
    """What the user could give, not valued yet."""
    return [
        Holding(coin.key, coin.amount_ujam, coin.minted_ms, 0, 0)
        for coin in coins_of(outlook.ledger, outlook.me)
        if coin.amount_ujam
    ]


def _valued(outlook: Outlook, recipient: IdentityId, one: Holding) -> Holding:
    views = both_views(outlook, one.key, one.amount_ujam, recipient)
    mine, theirs = rounded(views.mine.value_ujam), rounded(views.theirs.value_ujam)
    return Holding(one.key, one.amount_ujam, one.minted_ms, mine, theirs)


def _named(held: Sequence[Holding], named: Sequence[PartBody]) -> tuple[Part, ...]:
    parts = [Part(_key(one), MicroJam(one.amount_ujam)) for one in named]
    try:
        return named_parts(held, parts)
    except PayingError as error:
        raise _impossible(error) from None


def _key(one: PartBody) -> LotKey:
    path = tuple(IdentityId(bytes.fromhex(holder)) for holder in one.path)
    return LotKey(LotId(bytes.fromhex(one.lot)), path)


def _impossible(error: PayingError) -> ApiError:
    why = str(error)
    return ApiError(
        409,
        "insufficient_funds",
        f"{why[:1].upper()}{why[1:]}.",
        "See your purse, and pay less or from other lots.",
    )


def _part(
    outlook: Outlook,
    recipient: IdentityId,
    part: Part,
    views: BothViews,
    songs: dict[LotId, str],
) -> PaymentPart:
    return PaymentPart(
        lot=part.key.origin.hex(),
        path=[holder.hex() for holder in part.key.path],
        song=songs[part.key.origin],
        amount_ujam=part.amount_ujam,
        mine_ujam=rounded(views.mine.value_ujam),
        theirs_ujam=rounded(views.theirs.value_ujam),
        mine_why=outlook.why(views.mine, outlook.me),
        theirs_why=outlook.why(views.theirs, recipient),
    )


def _partly(error: ApiError, parts: Sequence[Part], entries: Sequence[str]) -> ApiError:
    """What left and what did not, exactly."""
    went = in_jam(sum(part.amount_ujam for part in parts[: len(entries)]))
    stayed = in_jam(sum(part.amount_ujam for part in parts[len(entries) :]))
    ids = ", ".join(entry[:16] for entry in entries)
    why = (
        f"{len(entries)} of {len(parts)} transfers were written and can't be taken back: {went} "
        f"JAM left ({ids}). Then it came to a halt: {error} {stayed} JAM are still in your purse, "
        "as far as is known."
    )
    return ApiError(error.status, "partly_sent", why, "Look into your purse, then send the rest.")
