"""A pretended daemon's shelf: the real handlers of songs, imports, plays and phones, around a stub.

The page is tested against what the API really answers; a test that wants odd answers lets the
browser pretend them.
"""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

from fake_songs import OWN
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from consensus.chart import Chart
from consensus.identifiers import ChartId, ContentId
from game.charts.difficulty import stars_of
from game.charts.songs import SONGS
from game.shelf import ShelfSong, about_chart
from popd.api.answers import ApiError, answer
from popd.api.desk import Desk
from popd.api.guard import SCOPES_KEY
from popd.api.library import Library
from popd.api.routes import ROUTES
from popd.api.routing import mounted
from popd.api.tokens import GUESTS, Tokens
from popd.config import Home
from popd.storage.shelf import open_shelf

FIRST_WORDS: Final = ("songs", "charts", "imports", "plays", "lan", "tickets", "join")
"""Operations whose paths begin so are the real ones."""
TITLES: Final = ("Amber Rain", "Blue Hour", "Corvid", "Driftwood", "Élan Vital", "Fathom")
WIDE_KEYS: Final = 12


class Shelf:
    """The real operations, and who may ask for them."""

    def __init__(self, token: str, count: int, window_us: int, now_us: Callable[[], int]) -> None:
        self._folder = tempfile.TemporaryDirectory()
        kept = open_shelf(Path(self._folder.name) / "shelf.sqlite")
        self._made = [made_song(number) for number in range(count)]
        self._kept = kept
        context = SimpleNamespace(params=SimpleNamespace(window_ms=window_us // 1_000))
        performing = SimpleNamespace(show=None, invitation=None)
        node = SimpleNamespace(context=context, performing=performing)
        home = Home(Path(self._folder.name))
        stub: Any = SimpleNamespace(shelf=kept, now_us=now_us, node=node, home=home)
        none: Any = None
        self.tokens = Tokens(token, now_us)  # type: ignore[arg-type]
        self.desk = Desk(stub, Library(nothing, kept, OWN), none, Path(), self.tokens)
        self.lan = Door(self.tokens)
        self.desk.lan = self.lan  # type: ignore[assignment]
        self.reset()

    def reset(self) -> None:
        """Only the songs that were made, and no plays; nobody is let in."""
        self.is_away = False
        self.lan.shut()
        wanted = {song.name: song for song, _ in self._made}
        for song in self._kept.songs():
            if wanted.get(song.name) == song:
                del wanted[song.name]
            else:
                self._kept.remove_song(song.name)
        for song, charts in self._made:
            if song.name in wanted:
                self._kept.keep_song(song, charts, None)
        for play in self._kept.plays():
            self._kept.remove_play(play.id)
        self.desk.library.forget_charts()

    def routes(self) -> list[Route]:
        """In front of what is only pretended."""
        real = [route for route in ROUTES if route.path.split("/")[1] in FIRST_WORDS]
        return [self._route(mounted(route, self.desk)) for route in real]

    def _route(self, route: Route) -> Route:
        async def endpoint(request: Request) -> Response:
            request.scope[SCOPES_KEY] = self.scopes(request)
            if not request.scope[SCOPES_KEY]:
                return Response("no token", 401)
            if self.is_away:
                return Response("away", 503)
            try:
                return await route.endpoint(request)
            except ApiError as error:
                return answer(error.problem, error.status)

        return Route(route.path, endpoint, methods=sorted(route.methods or ()))

    def scopes(self, request: Request) -> Any:
        """What the caller may do."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        return self.tokens.scopes_of(token)

    def is_guest(self, token: str) -> bool:
        """Whether a token was lent to a phone."""
        return bool(self.tokens.scopes_of(token)) and self.tokens.scopes_of(token) <= GUESTS

    async def chart(self, chart_id: str) -> Chart | None:
        """A chart by its identifier."""
        return await self.desk.library.chart(ChartId(ContentId(bytes.fromhex(chart_id))))

    async def run(self) -> None:
        """Opens what is dropped until cancelled."""
        await self.desk.open_imports()


class Door:
    """Lets phones in by the same address that everybody uses."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.address = ""
        self.own = ""

    async def open(self, wanted: str) -> None:
        self.address = self.own

    def shut(self) -> None:
        self.address = ""
        self.tokens.revoke_all()


async def nothing(_blob: ContentId) -> bytes | None:
    return None


def made_song(number: int) -> tuple[ShelfSong, tuple[Chart, ...]]:
    """A song of our own music, cut and renamed; some have several charts for as many lanes."""
    whole = SONGS["first_light"]
    title = TITLES[number] if number < len(TITLES) else f"Etude {number}"
    length_us = (30 + 7 * (number % 11)) * 1_000_000
    cuts = [whole.chart(4).cut(0, length_us)]
    if number % 2:
        cuts.append(whole.chart(7).cut(0, length_us))
    if number % 3 == 0:
        cuts.append(replace(cuts[0], notes=cuts[0].notes[::2]))
    if number == 2:
        cuts = [replace(cuts[0], keys=WIDE_KEYS)]
    charts = tuple(replace(cut, title=title, artist=f"Maker {number % 5}") for cut in cuts)
    levels = ("hard", "hard", "easy") if number % 2 else ("hard", "easy", "")
    abouts = tuple(
        about_chart(chart, levels[position], stars_of(chart) if number < len(TITLES) else None)
        for position, chart in enumerate(charts)
    )
    song = ShelfSong(
        name=f"song-{number}",
        title=title,
        artist=f"Maker {number % 5}",
        charts=abouts,
        music_start_us=0,
        preview_us=8_000_000,
        has_music=False,
        added_ms=1_000 + number,
    )
    return song, charts
