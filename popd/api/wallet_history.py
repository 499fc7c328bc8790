"""The user's statement: as JSON, or as a table for other programs."""

from collections.abc import Sequence
from typing import Final

from starlette.responses import Response

from consensus.identifiers import LotId
from consensus.lots import LotKey
from consensus.value.appraisal import lot_view
from consensus.value.explain import rounded
from popd.api.answers import bad_request
from popd.api.coins import songs_of
from popd.api.desk import Desk
from popd.api.outlook import Outlook
from popd.api.routing import Call
from popd.api.wallet_csv import csv_of
from popd.api.wallet_lines import line_words
from popd.api.wallet_shapes import History, LineView
from wallet.statement import Line, statement_of

MAX_LINES: Final = 10_000
"""Lines of one answer, the newest; `until` asks for older ones."""
MAX_TIME_MS: Final = 2**53
ABOUT: Final = (
    "Amounts and what is held are nominal: a JAM of one lot is not worth what a JAM of another is. "
    "Values are what each amount is worth to you now."
)


async def read_history(desk: Desk, call: Call) -> History | Response:
    """What came to the user and what left: `since` and `until` in ms, `format` json or csv."""
    since, until = (_time(call, name) for name in ("since", "until"))
    form = call.query.get("format", "json")
    if form not in ("json", "csv"):
        raise bad_request("A statement is json or csv.", "Ask with format=json or format=csv.")
    lines = [
        line
        for line in _all_lines(desk)
        if (since is None or line.time_ms >= since) and (until is None or line.time_ms < until)
    ]
    history = await _view(desk, lines[-MAX_LINES:], max(0, len(lines) - MAX_LINES))
    if form == "json":
        return history
    headers = {"Content-Disposition": 'attachment; filename="statement.csv"'}
    return Response(csv_of(history), media_type="text/csv; charset=utf-8", headers=headers)


def _all_lines(desk: Desk) -> list[Line]:
    state = desk.context.ledger.state(desk.context.identity)
    return [] if state is None else statement_of(desk.context.ledger, state.author, state.head)


async def _view(desk: Desk, lines: Sequence[Line], more: int) -> History:
    songs = await songs_of(desk, (line.key.origin for line in lines))
    outlook = desk.outlook()
    worth = _worths(outlook, lines)
    return History(
        lines=[_line(outlook, line, songs[line.key.origin], worth) for line in lines],
        seen_by=outlook.person(outlook.me),
        about=ABOUT,
        more=more,
    )


def _worths(outlook: Outlook, lines: Sequence[Line]) -> dict[LotKey, float]:
    """What 1 uJAM of each part of a lot is worth to the user: values grow with amounts."""
    worth: dict[LotKey, float] = {}
    for key in dict.fromkeys(line.key for line in lines):
        lot = lot_view(outlook.ledger, key, 1, key in outlook.ledger.contested)
        worth[key] = outlook.opinions.value(lot, outlook.me).value_ujam
    return worth


def _line(outlook: Outlook, line: Line, song: str, worth: dict[LotKey, float]) -> LineView:
    origin: LotId = line.key.origin
    return LineView(
        time_ms=line.time_ms,
        kind=line.kind.value,
        amount_ujam=line.amount_ujam,
        change_ujam=line.change_ujam,
        lot=origin.hex(),
        path=[holder.hex() for holder in line.key.path],
        song=song,
        other=None if line.other is None else outlook.person(line.other),
        entry=line.entry.hex(),
        held_ujam=line.held_ujam,
        value_ujam=rounded(worth[line.key] * line.amount_ujam),
        words=line_words(line, "" if line.other is None else outlook.names.of(line.other), song),
    )


def _time(call: Call, name: str) -> int | None:
    text = call.query.get(name, "")
    if not text:
        return None
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(MAX_TIME_MS))
    if not is_number or int(text) > MAX_TIME_MS:
        raise bad_request(f"{name} is a time in milliseconds since 1970.", f"Correct {name}.")
    return int(text)
