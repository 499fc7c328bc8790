"""The shelf: what a player keeps for themselves, songs from elsewhere and plays of their own.

Nothing of it is ledger: it never leaves this machine unless its owner exports it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from consensus.chart import Chart
from consensus.identifiers import ChartId
from consensus.units import Ppm
from game.charts.figures import ChartFigures, figures_of

MAX_SONGS: Final = 2_000
MAX_PLAYS: Final = 2_000
"""Beyond that the oldest that is nobody's best goes."""
MAX_MUSIC_SIZE: Final = 32 * 1024 * 1024
"""Ten minutes of the best MP3, twice."""


class ShelfFullError(Exception):
    """No more fits on the shelf; says what to remove."""


@dataclass(frozen=True, slots=True)
class ChartAbout:
    """What the list of songs says of a chart; the chart itself is asked for by its id."""

    figures: ChartFigures
    """Its id, and what can be counted."""
    level: str
    """What its maker called it."""
    stars: float | None
    """How hard it is; None where that can't be told."""


def about_chart(chart: Chart, level: str, stars: float | None) -> ChartAbout:
    """A chart as lists show it."""
    return ChartAbout(figures_of(chart), level, stars)


@dataclass(frozen=True, slots=True)
class Music:
    """A sound file."""

    media_type: str
    """Such as audio/mpeg."""
    data: bytes
    """The file."""


@dataclass(frozen=True, slots=True)
class ShelfSong:
    """A song from elsewhere."""

    name: str
    """How addresses name it."""
    title: str
    """Its name."""
    artist: str
    """Who made it."""
    charts: tuple[ChartAbout, ...]
    """The hardest first."""
    music_start_us: int
    """When in the charts' time the music begins; 0 or later."""
    preview_us: int
    """Where in the music it is best tasted."""
    has_music: bool
    """Whether a sound file lies beside it."""
    added_ms: int
    """When it was put here, since 1970."""


@dataclass(frozen=True, slots=True)
class KeptPlay:
    """What the list of plays says of one; the recording itself is asked for by its id."""

    id: bytes
    """32 bytes that name it."""
    chart: ChartId
    """What was played."""
    title: str
    """Of the song."""
    keys: int
    """How many lanes."""
    is_live: bool
    """Played before witnesses."""
    rate_ppm: int
    """How fast it ran."""
    from_us: int
    """Where in the chart it began."""
    played_us: int
    """How long it lasted."""
    made_ms: int
    """When it began."""
    accuracy_ppm: Ppm
    """As this machine judged it."""
    grades: tuple[int, ...]
    """Perfect first."""
    is_own: bool
    """Played here, not brought from elsewhere."""


class Shelf(Protocol):
    """Where it is all kept. Every method may take as long as a disk does."""

    def songs(self) -> Sequence[ShelfSong]:
        """All songs, the newest first."""

    def keep_song(self, song: ShelfSong, charts: Sequence[Chart], music: Music | None) -> None:
        """Puts a song here, in the place of one of the same name; `charts` in its order.

        Raises ShelfFullError.
        """

    def add_music(self, name: str, music: Music) -> None:
        """The sound of a song that is here, in the place of what it had; KeyError when it isn't."""

    def add_chart(self, name: str, about: ChartAbout, chart: Chart) -> None:
        """One more chart for a song that is here; KeyError when it isn't."""

    def remove_song(self, name: str) -> bool:
        """Takes a song away; False when it was not here. Plays of it stay."""

    def music(self, name: str) -> Music | None:
        """The sound of a song."""

    def chart(self, chart: ChartId) -> Chart | None:
        """A chart of one of the songs, or of one of the plays."""

    def plays(self) -> Sequence[KeptPlay]:
        """All plays, the newest first."""

    def keep_play(self, play: KeptPlay, recording: bytes) -> None:
        """Keeps a play; one that is here already stays as it is."""

    def remove_play(self, play: bytes) -> bool:
        """Takes a play away; False when it was not here."""

    def recording(self, play: bytes) -> bytes | None:
        """The canonical bytes of a play."""


def best_plays(plays: Sequence[KeptPlay]) -> Mapping[ChartId, KeptPlay]:
    """The own best play of each chart at full speed from its beginning: the one to race against."""
    best: dict[ChartId, KeptPlay] = {}
    for play in plays:
        is_whole = play.is_own and play.from_us == 0 and play.rate_ppm == 1_000_000
        if is_whole and _merit(play) > _merit(best.get(play.chart)):
            best[play.chart] = play
    return best


def _merit(play: KeptPlay | None) -> tuple[int, int]:
    """Notes earned, in full notes, then accuracy: a short perfect play is no best."""
    if play is None:
        return (-1, -1)
    return (sum(play.grades) * play.accuracy_ppm, play.accuracy_ppm)
