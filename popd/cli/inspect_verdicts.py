"""What the detectors make of one play on one chart, and what they measured."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Final, NamedTuple

from consensus.anomaly.alignment import Alignment, align, misalignment
from consensus.anomaly.assess import Assessment, assess, model_digest
from consensus.anomaly.comparison import Comparison
from consensus.anomaly.copies.library import Nearest
from consensus.anomaly.findings import Finding
from consensus.anomaly.traces import Traces, traces_of
from consensus.chart import Chart
from consensus.evidence import Evidence, KeyEvent
from consensus.identifiers import EntryId
from consensus.judgement import Judgement, judge, judge_notes
from consensus.parameters import MAIN
from consensus.units import MILLION, Ppm
from game.play.rate import chart_at_rate, events_at_rate
from popd.cli.inspect_fitting import Asked
from popd.cli.inspect_library import LibraryFolder
from popd.cli.inspect_plays import (
    ChartFile,
    Play,
    UnreadableError,
    chart_from_file,
    play_from_file,
)
from popd.cli.judge import UNLIKELY_PPM

SESSION: Final = EntryId(bytes(32))
"""A recorded play belongs to none."""
MAX_CHARTS: Final = 64
"""Charts that are kept read; a list may name one in every other row."""
HARDLY: Final = "Hardly a note fits: is this the chart that was played?"


class Judged(NamedTuple):
    """A play on its chart, both in the time that was heard."""

    chart: Chart
    """The whole chart, or for evidence the part that was asked in its window, from 0."""
    evidence: Evidence
    """What was pressed; longer than evidence may be where it was a replay."""
    judgement: Judgement
    """What became of the notes."""
    rate: Fraction
    """How much faster than written the chart ran."""
    start_us: int
    """Where in the chart, as it was heard, the evidence begins."""


class NearestFile(NamedTuple):
    """The play of the library that is most alike."""

    id: str
    """Its path in the library's folder."""
    similarity_ppm: Ppm
    """From 0, nothing in common, to 1,000,000, the same."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """The outcome for one play."""

    judged: Judged
    """The play on its chart."""
    assessment: Assessment
    """What the detectors say."""
    nearest: NearestFile | None
    """The play of the library that is most alike; None where none is comparable."""
    alignment: Alignment | None
    """How the sounds or jolts that came with it fit; None where nothing did."""

    @property
    def traces(self) -> Traces:
        """What became of the notes, in columns."""
        return traces_of(self.judged.judgement.notes, self.judged.chart.keys)

    def as_record(self) -> dict[str, object]:
        """The outcome, ready for JSON."""
        record: dict[str, object] = {
            "anomaly_ppm": self.assessment.anomaly_ppm,
            "verdict": verdict_of(self.assessment.anomaly_ppm),
            "reasons": list(self.assessment.reasons),
            "model": self.assessment.model.hex(),
            "notes": len(self.judged.judgement.notes),
            "nearest": None if self.nearest is None else self.nearest._asdict(),
        }
        return record if self.alignment is None else {**record, "alignment": asdict(self.alignment)}


@dataclass(slots=True)
class Inspector:
    """Inspects one play after the other; charts and the library are read once."""

    library: LibraryFolder | None = None
    """The plays that others are compared with."""
    charts: dict[Path, ChartFile | UnreadableError] = field(default_factory=dict)
    """Charts by where they lie, the latest read last; at most MAX_CHARTS."""

    def inspection(
        self, replay: Path, chart: Path, onsets_us: Sequence[int] | None = None
    ) -> Inspection:
        """The outcome for two files; raises UnreadableError where one can't be read.

        `onsets_us` are times of sounds or jolts that came with the play, by its clock.
        """
        file = self.chart_file(chart)
        play = play_from_file(replay)
        try:
            judged = judged_on(file.chart, play)
        except UnreadableError as error:
            raise UnreadableError(f"{replay}: {error}") from None
        assessment = assessed(judged, self._compared(file, play, judged))
        if judged.judgement.accuracy_ppm < UNLIKELY_PPM and play.chart_md5 != file.md5:
            assessment = replace(assessment, reasons=(*assessment.reasons, HARDLY))
        alignment = None
        if onsets_us is not None:
            alignment = align(_presses_us(judged.evidence), onsets_us)
            assessment = _with(assessment, misalignment(alignment))
        return Inspection(judged, assessment, self._named(assessment.nearest), alignment)

    def _compared(self, file: ChartFile, play: Play, judged: Judged) -> Comparison | None:
        if self.library is None:
            return None
        # Windows are compared on the whole chart, so that the library is judged once for all.
        whole = judged.chart if play.window is None else file.chart
        asked = Asked(file.md5, whole.keys, judged.rate, whole.notes)
        return self.library.compared(asked, play, judged.judgement.notes, judged.start_us)

    def _named(self, nearest: Nearest | None) -> NearestFile | None:
        if self.library is None or nearest is None:
            return None
        return NearestFile(self.library.name_of(nearest.id), nearest.similarity_ppm)

    def chart_file(self, path: Path) -> ChartFile:
        """The chart in a file; raises UnreadableError."""
        if path not in self.charts:
            if len(self.charts) >= MAX_CHARTS:
                del self.charts[next(iter(self.charts))]
            try:
                self.charts[path] = chart_from_file(path)
            except UnreadableError as error:
                self.charts[path] = error
        found = self.charts[path]
        if isinstance(found, UnreadableError):
            raise found
        return found


def refusal_record(reason: str) -> dict[str, object]:
    """What stands in the place of a play that can't be read, ready for JSON."""
    return {
        "anomaly_ppm": MILLION,
        "verdict": verdict_of(Ppm(MILLION)),
        "reasons": ["This can't be read as a play of this chart, so nothing speaks for it."],
        "model": model_digest().hex(),
        "notes": 0,
        "nearest": None,
        "error": reason,
    }


def verdict_of(anomaly_ppm: Ppm) -> str:
    """What a node says by itself: accept, flag or reject."""
    if anomaly_ppm >= MAIN.unbelievable_ppm:
        return "reject"
    return "flag" if anomaly_ppm >= MAIN.suspicious_ppm else "accept"


def judged_on(chart: Chart, play: Play) -> Judged:
    """A play on its chart.

    Evidence doesn't say where in the chart its window begins: at the chart's beginning or, as
    in a session, after the windows before it; what fits more notes is taken. Raises
    UnreadableError where the chart lacks a lane.
    """
    events = play.events_on(chart.keys)
    if play.window is None:
        return _judged_whole(chart, events, play.rate)
    evidence = replace(play.window, keys=events)
    tried = [
        _judged_window(chart, evidence, start_us)
        for start_us in sorted({0, evidence.window * evidence.duration_us})
    ]
    return max(tried, key=lambda judged: len(judged.judgement.hits))


def assessed(judged: Judged, comparison: Comparison | None) -> Assessment:
    """The detectors' word on a play; `comparison` is what known plays tell of it."""
    return assess(judged.chart, judged.evidence, judged.judgement, comparison=comparison)


def _with(assessment: Assessment, finding: Finding | None) -> Assessment:
    """The assessment with one finding more, the weightiest first."""
    if finding is None:
        return assessment
    if finding.anomaly_ppm <= assessment.anomaly_ppm:
        return replace(assessment, reasons=(*assessment.reasons, finding.reason))
    return replace(
        assessment,
        anomaly_ppm=finding.anomaly_ppm,
        reasons=(finding.reason, *assessment.reasons),
    )


def _presses_us(evidence: Evidence) -> list[int]:
    return [event.time_us for event in evidence.keys if event.is_press]


def _judged_whole(chart: Chart, events: tuple[KeyEvent, ...], rate: Fraction) -> Judged:
    heard = chart_at_rate(chart, rate)
    played = events_at_rate(events, rate)
    judgement = Judgement(judge_notes(heard.notes, played), (), 0)
    end_us = max(heard.duration_us, played[-1].time_us if played else 0) + 1
    # Longer than evidence can be, and perhaps begun before 0: the detectors take it as it is.
    return Judged(heard, Evidence(SESSION, 0, end_us, played, ()), judgement, rate, 0)


def _judged_window(chart: Chart, evidence: Evidence, start_us: int) -> Judged:
    part = chart.cut(start_us, evidence.duration_us)
    return Judged(part, evidence, judge(chart, evidence, start_us), Fraction(1), start_us)
