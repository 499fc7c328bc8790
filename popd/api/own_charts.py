"""A chart of one of our own songs, by name, lanes and level."""

from consensus.chart import Chart
from popd.api.answers import not_found
from popd.api.desk import Desk


async def own_chart(desk: Desk, name: str, keys: int, level: str) -> Chart:
    """A chart of one of our own songs; raises ApiError that says what there is instead."""
    song = desk.library.songs.get(name)
    if song is None:
        raise not_found(
            f"There is no song {name!r}.", f"Choose one of {', '.join(desk.library.songs)}."
        )
    chart = await desk.library.of_song(name, keys, level)
    if chart is not None:
        return chart
    if keys not in song.keys:
        lanes = ", ".join(map(str, song.keys))
        raise not_found(f"{song.title} has no chart for {keys} keys.", f"Choose one of {lanes}.")
    raise not_found(
        f"{song.title} has no level {level!r}.", f"Choose one of {', '.join(song.levels)}."
    )
