"""The songs that a pretended daemon offers: one of ours, or one that is over in seconds."""

from typing import Any, Final

from consensus.chart import Chart, Note, TimingPoint
from game.charts.songs import SONGS

BEAT_US: Final = 400_000
OWN: Final = {"first_light": SONGS["first_light"]}
"""One of our songs will do: more of them should not change what is tested."""
SHORT_KEYS: Final = (4, 7, 10)
SHORT_NAME: Final = "short"
SHORT_MS: Final = 5_000


def short_chart(keys: int) -> Chart:
    """Twelve notes in five seconds, the sixth held; the tempo changes once."""
    notes = tuple(
        Note(BEAT_US * (number + 1), number % keys, BEAT_US if number == 5 else 0)
        for number in range(9)
    )
    later = tuple(Note(4_000_000 + 250_000 * number, number % keys) for number in range(3))
    timing = (TimingPoint(0, BEAT_US), TimingPoint(4_000_000, 250_000))
    return Chart("Short", "popd", keys, timing, notes + later, b"")


def charts(*, short: bool) -> dict[str, tuple[str, Chart]]:
    """By identifier: the name of the song, and the chart."""
    if short:
        found = [(SHORT_NAME, short_chart(keys)) for keys in SHORT_KEYS]
    else:
        found = [(name, song.chart(keys)) for name, song in OWN.items() for keys in song.keys]
    return {chart.id.hex(): (name, chart) for name, chart in found}


def score_of(name: str) -> dict[str, Any]:
    """What sounds."""
    if name != SHORT_NAME:
        return SONGS[name].score()
    voice = {"synth": "pluck", "notes": [[0.0, 200.0, 62, 0.5], [1_000.0, 200.0, 66, 0.5]]}
    return {"title": "Short", "bpm": 150.0, "duration_ms": SHORT_MS, "voices": [voice]}


def song_of(name: str, own: dict[str, Chart]) -> dict[str, Any]:
    """An entry of the list of songs; one chart has stars, as not all do."""
    score = score_of(name)
    first = next(iter(own.values()))
    return {
        "name": name,
        "title": first.title,
        "artist": first.artist,
        "bpm": score["bpm"],
        "duration_ms": score["duration_ms"],
        "charts": [
            {"id": key, "keys": chart.keys, "notes": len(chart.notes)}
            | ({"stars": 1.5} if chart.keys == 4 else {})
            for key, chart in own.items()
        ],
    }


def chart_of(key: str, chart: Chart) -> dict[str, Any]:
    """What is to be pressed."""
    return {
        "id": key,
        "title": chart.title,
        "artist": chart.artist,
        "keys": chart.keys,
        "duration_us": chart.duration_us,
        "timing": [list(point) for point in chart.timing],
        "notes": [list(note) for note in chart.notes],
    }
