"""What a whole recorded play was worth: grades, accuracy and quality.

A foreign replay holds no riffs, so liveness counts as full here: this says how well somebody
played, not that it was live. Nothing is minted by it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final

from consensus.chart import Chart
from consensus.judgement import Grade, Judgement, judge_notes
from consensus.parameters import MAIN
from consensus.quality import density_ppm, diversity_ppm, harmony_ppm, quality_ppm
from consensus.units import MILLION, Milliseconds, Ppm
from game.play.osr import Replay
from game.play.rate import chart_at_rate, events_at_rate

SHORTEST_MS: Final = 1_000
"""Density is counted over at least a second."""


@dataclass(frozen=True, slots=True)
class PlayRecord:
    """A judged play."""

    notes: int
    """Notes of the chart; the sum of the grades."""
    grades: Mapping[str, int]
    """How many notes got each grade, perfect first."""
    accuracy_ppm: Ppm
    """Weighted share of the notes that were hit."""
    quality: Ppm
    """Quality in ppm, from the four parts below and full liveness."""
    diversity_ppm: Ppm
    """How varied lanes and intervals are."""
    harmony_ppm: Ppm
    """How locked to the beat, or how consonant."""
    density_ppm: Ppm
    """Hits a second over two a second, at most 1."""

    def as_record(self) -> dict[str, object]:
        """The fields by name, ready for JSON."""
        return asdict(self)


def judge_replay(chart: Chart, replay: Replay) -> PlayRecord:
    """The record of a replay on its chart, in real time where a mod changed the rate."""
    heard = chart_at_rate(chart, replay.rate)
    events = events_at_rate(replay.events, replay.rate)
    return record_of(heard, Judgement(judge_notes(heard.notes, events), (), 0))


def record_of(chart: Chart, judgement: Judgement) -> PlayRecord:
    """The record of a judged play of the whole chart; its time is from first note to last."""
    duration_ms = (chart.duration_us - min(chart.notes, default=(0,))[0]) // 1_000
    accuracy = judgement.accuracy_ppm
    diversity = diversity_ppm(chart, judgement)
    harmony = harmony_ppm(chart, judgement)
    density = density_ppm(
        len(judgement.hits),
        Milliseconds(max(duration_ms, SHORTEST_MS)),
        MAIN.full_density_per_s,
    )
    return PlayRecord(
        notes=len(judgement.notes),
        grades={
            grade.name.lower(): count for grade, count in zip(Grade, judgement.grades, strict=True)
        },
        accuracy_ppm=accuracy,
        quality=quality_ppm(accuracy, diversity, harmony, MILLION, density),
        diversity_ppm=diversity,
        harmony_ppm=harmony,
        density_ppm=density,
    )
