"""A performer's career, valued in the user's eyes."""

from consensus.identifiers import LotId
from consensus.ledger import Ledger
from consensus.value.explain import rounded
from popd.api.coins import words_of
from popd.api.desk import Desk
from popd.api.outlook import Outlook, whole_lot
from popd.api.people import person
from popd.api.routing import Call
from popd.api.wallet_shapes import (
    CareerConcert,
    CareerShare,
    CareerTotals,
    CareerView,
    FeelingCount,
)
from wallet.career import Career, ConcertGiven, career_of

MAX_CONCERTS = 256
"""Concerts in one answer, the latest; the totals cover all."""


async def read_career(desk: Desk, call: Call) -> CareerView:
    """The user's concerts, or somebody's with `of`: crowds, feelings, subcoins and shares."""
    who = person(call.query["of"], "a person") if "of" in call.query else desk.context.identity
    ledger: Ledger = desk.context.ledger
    career = career_of(ledger, who)
    listed = career.concerts[:MAX_CONCERTS]
    names = [await words_of(desk, one.name) for one in listed]
    songs = [[await desk.library.title(chart) for chart in concert.charts] for concert in listed]
    outlook = desk.outlook()
    return CareerView(
        person=outlook.person(who),
        concerts=[
            _concert(outlook, one, name, titles)
            for one, name, titles in zip(listed, names, songs, strict=True)
        ],
        totals=_totals(career),
        seen_by=outlook.person(outlook.me),
    )


def _concert(
    outlook: Outlook, one: ConcertGiven, name: str | None, songs: list[str]
) -> CareerConcert:
    return CareerConcert(
        first=one.first.hex(),
        name=name,
        tags=list(one.tags),
        time_ms=one.time_ms,
        crowd=one.voices,
        minted_ujam=one.minted_ujam,
        value_ujam=_value(outlook, one),
        mean_score_ppm=one.mean_score_ppm,
        feelings=[FeelingCount(tag, count) for tag, count in one.feelings],
        songs=songs,
        shares=[
            CareerShare(who.hex(), outlook.names.of(who), amount) for who, amount in one.shares
        ],
        pages=[page.hex() for page in one.pages],
    )


def _value(outlook: Outlook, one: ConcertGiven) -> int:
    """What the whole subcoin is worth to the user, had it never moved."""
    lots = (whole_lot(outlook.ledger, LotId(page)) for page in one.pages)
    values = (outlook.opinions.value(lot, outlook.me).value_ujam for lot in lots if lot is not None)
    return rounded(sum(values))


def _totals(career: Career) -> CareerTotals:
    return CareerTotals(
        concerts=len(career.concerts),
        voices=career.voices,
        windows=career.windows,
        minted_ujam=career.minted_ujam,
        witnesses=career.witnesses,
    )
