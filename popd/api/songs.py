"""Songs: our own and those on the shelf, listed alike, with what one needs to hear them."""

from collections.abc import Sequence

from starlette.responses import Response

from game.charts.songs.song import Score, Song
from game.shelf import ChartAbout, ShelfSong
from popd.api import shapes
from popd.api.answers import not_found
from popd.api.desk import Desk
from popd.api.play_shapes import Removed
from popd.api.routing import Call

CHOOSE_A_SONG = "Choose one of /api/v1/songs."


async def read_songs(desk: Desk, call: Call) -> shapes.Songs:
    """Our own songs, then those on the shelf, the newest first."""
    library = desk.library
    abouts = await library.own_abouts()
    own = [own_song(song, abouts[name]) for name, song in library.songs.items()]
    shelf = await library.on_shelf(lambda shelf: shelf.songs())
    return shapes.Songs([*own, *map(shelf_song, shelf)])


async def read_score(desk: Desk, call: Call) -> Score:
    """One of our own songs as the page sounds it."""
    song = desk.library.songs.get(call.path["name"])
    if song is None:
        raise not_found("There is no song of that name.", CHOOSE_A_SONG)
    return song.score()


async def read_music(desk: Desk, call: Call) -> Response:
    """The sound file of a song on the shelf."""
    name = call.path["name"]
    music = await desk.library.on_shelf(lambda shelf: shelf.music(name))
    if music is None:
        raise not_found("That song has no sound file here.", CHOOSE_A_SONG)
    return Response(music.data, media_type=music.media_type)


async def remove_song(desk: Desk, call: Call) -> Removed:
    """Take a song off the shelf; plays of it stay."""
    name = call.path["name"]
    if not await desk.library.on_shelf(lambda shelf: shelf.remove_song(name)):
        raise not_found("There is no such song on the shelf.", CHOOSE_A_SONG)
    desk.library.forget_charts()
    return Removed(removed=True)


def own_song(song: Song, charts: Sequence[ChartAbout]) -> shapes.SongSummary:
    """One of our own songs in the list."""
    return shapes.SongSummary(
        name=song.name,
        title=song.title,
        artist=song.artist,
        bpm=round(60_000_000 / song.beat_us, 2),
        duration_ms=song.duration_us // 1_000,
        charts=list(map(chart_summary, charts)),
        source="own",
        has_music=False,
        music_start_ms=0.0,
        preview_ms=0.0,
        added_ms=0,
    )


def shelf_song(song: ShelfSong) -> shapes.SongSummary:
    """A song from elsewhere in the list."""
    return shapes.SongSummary(
        name=song.name,
        title=song.title,
        artist=song.artist,
        bpm=song.charts[0].figures.bpm,
        duration_ms=max(chart.figures.duration_ms for chart in song.charts),
        charts=list(map(chart_summary, song.charts)),
        source="shelf",
        has_music=song.has_music,
        music_start_ms=song.music_start_us / 1_000,
        preview_ms=song.preview_us / 1_000,
        added_ms=song.added_ms,
    )


def chart_summary(about: ChartAbout) -> shapes.ChartSummary:
    """A chart in the list."""
    return shapes.ChartSummary(
        id=about.figures.id,
        keys=about.figures.keys,
        notes=about.figures.notes,
        holds=about.figures.holds,
        duration_ms=about.figures.duration_ms,
        level=about.level,
        stars=None if about.stars is None else round(about.stars, 2),
    )
