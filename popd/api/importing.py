"""Filling the shelf: files that are dropped, their music, and charts for other lanes."""

from typing import Final

import trio

from consensus.identifiers import ChartId, ContentId
from game.charts.difficulty import stars_of
from game.charts.errors import ChartImportError
from game.charts.fitting.fit import fitted
from game.charts.making.levels import LEVELS
from game.charts.making.parts import PARTS
from game.shelf import about_chart
from popd.api import shapes
from popd.api.answers import ApiError, bad_request, not_found
from popd.api.desk import Desk
from popd.api.import_shapes import FitBody, ImportState, MusicKept
from popd.api.imports import ImportJob
from popd.api.opening import Wishes, music_of
from popd.api.routing import Call
from popd.api.songs import CHOOSE_A_SONG, chart_summary

IMPORT_QUERY: Final = ("file", "keys", "level", "parts")
"""What is said of a dropped file besides its bytes."""
MAX_FILE_NAME: Final = 200
PLAYABLE: Final = range(4, 11)
"""How many lanes can be played."""


async def begin_import(desk: Desk, call: Call) -> ImportState:
    """Open a chart file, an archive of songs, or music; its end is asked for by its id."""
    job = ImportJob(_file(call), call.body, _wishes(call))
    desk.imports.add(job)
    return job.view()


async def read_import(desk: Desk, call: Call) -> ImportState:
    """How far an import is."""
    return _job(desk, call).view()


async def cancel_import(desk: Desk, call: Call) -> ImportState:
    """Give an import up; what is on the shelf already stays."""
    job = _job(desk, call)
    if job.state in {"waiting", "working"}:
        job.state = "cancelled"
    return job.view()


async def keep_music(desk: Desk, call: Call) -> MusicKept:
    """Give a song on the shelf its music."""
    name = call.path["name"]
    try:
        music = music_of(_file(call), call.body)
    except ChartImportError as error:
        raise bad_request(f"That can't be its music: {error}.", "Choose a sound file.") from None
    try:
        await desk.library.on_shelf(lambda shelf: shelf.add_music(name, music))
    except KeyError:
        raise not_found("There is no such song on the shelf.", CHOOSE_A_SONG) from None
    return MusicKept(name)


async def fit_chart(desk: Desk, call: Call) -> shapes.ChartSummary:
    """Add a chart to a song on the shelf: one of its charts, for other lanes."""
    body: FitBody = call.body
    name = call.path["name"]
    source = await desk.library.chart(ChartId(ContentId(bytes.fromhex(body.chart))))
    if source is None:
        raise not_found("That chart is not here.", CHOOSE_A_SONG)
    chart = (await trio.to_thread.run_sync(fitted, source, body.keys)).chart
    about = about_chart(chart, f"from {source.keys} keys", stars_of(chart))
    try:
        await desk.library.on_shelf(lambda shelf: shelf.add_chart(name, about, chart))
    except KeyError:
        raise not_found("There is no such song on the shelf.", CHOOSE_A_SONG) from None
    return chart_summary(about)


def _job(desk: Desk, call: Call) -> ImportJob:
    job = desk.imports.jobs.get(call.path["id"])
    if job is None:
        raise not_found("That import is not known any more.", "Look at the songs.")
    return job


def _file(call: Call) -> str:
    name = call.query.get("file", "")
    if not 0 < len(name) <= MAX_FILE_NAME or not name.isprintable():
        raise bad_request("The file needs a name.", "Say `file=NAME.ending` in the address.")
    return name


def _wishes(call: Call) -> Wishes:
    usual = Wishes()
    told = call.query.get("keys")
    try:
        keys = usual.keys if told is None else tuple(map(int, told.split(",")))
        level = int(call.query.get("level", usual.level))
    except ValueError:
        raise bad_request("`keys` are numbers with commas, `level` is a number.") from None
    parts = call.query.get("parts", usual.parts)
    if not set(keys) <= set(PLAYABLE) or level not in LEVELS or parts not in PARTS:
        raise ApiError(
            400,
            "bad_request",
            "Charts are made for 4 to 10 keys, at level 1 to 5, of what is percussive, "
            "harmonic or both.",
            "Correct the wish.",
        )
    return Wishes(tuple(sorted(set(keys))), level, parts)
