"""Charts in the `.sm` and `.ssc` formats of StepMania.

Formats: https://github.com/stepmania/stepmania/wiki/sm and
https://github.com/stepmania/stepmania/wiki/ssc. The file is taken apart by `simfile`; time is
reckoned by BeatClock. Holds and rolls are holds, lifts are taps; mines, fakes and sounds are not
played, and neither is what lies in a warp or in a stretch of fakes.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from consensus.chart import MAX_TIMING_POINTS, Note
from game.charts.beat_clock import BeatClock, BeatEvents
from game.charts.errors import ChartImportError
from game.charts.imported import DraftChart, DraftSong
from game.charts.lines import check_size, decoded
from game.charts.numbers import number_in, preview_us, time_us
from game.charts.stepmania_rows import Step, steps_of

MAX_CHARTS: Final = 128
"""Charts in one file; a song that people share has about ten."""
ROWS_PER_BEAT: Final = 48
"""What the game rounds the beats of its timing to."""
NOT_PLAYED: Final = ("lights-cabinet",)
"""Kinds of charts that move lamps."""
ENCODINGS: Final = ("utf-8-sig", "cp1252", "cp932")
MARKS: Final = re.compile(r"[#:;\\/]")
"""Letters that mean something to the format."""
MAX_MARKS: Final = 200_000
"""A long song with a hundred charts has fifty thousand."""
MAX_LINE_COST: Final = 10**9
"""Letters times marks of all lines together: the parser copies the line at each mark."""

Tags = Mapping[str, str]


def song_from_stepmania(data: bytes, is_ssc: bool) -> DraftSong:
    """The charts of a `.sm` or `.ssc` file, on the clock of its music; or ChartImportError."""
    check_size(data)
    song, charts = _taken_apart(decoded(data, ENCODINGS), is_ssc)
    kept = [chart for chart in charts if chart["STEPSTYPE"] not in NOT_PLAYED]
    if len(kept) > MAX_CHARTS:
        raise ChartImportError(0, f"more than {MAX_CHARTS} charts in one file")
    kinds = {chart["STEPSTYPE"] for chart in kept}
    drafts: list[DraftChart] = []
    for number, chart in enumerate(kept, 1):
        name = " ".join(filter(None, (chart["DIFFICULTY"], chart["METER"])))
        place = f"chart {number} ({chart['STEPSTYPE']} {name})"[:80]
        keys, steps = steps_of(chart["NOTES"], place)
        if keys:
            shown = name if len(kinds) == 1 else f"{chart['STEPSTYPE']} {name}"
            drafts.append(_draft(shown, keys, steps, chart if chart.get("BPMS") else song, song))
    if not drafts:
        raise ChartImportError(0, "there is no chart with rows of notes in it (#NOTES)")
    return DraftSong(
        song.get("TITLE", ""),
        song.get("ARTIST", ""),
        tuple(drafts),
        song.get("MUSIC", ""),
        preview_us(song.get("SAMPLESTART", ""), units_per_second=1),
    )


def _check_cost(text: str) -> None:
    """Raises ChartImportError for what would keep the parser busy for long."""
    marks = cost = 0
    for number, line in enumerate(re.split(r"[\r\n]", text), 1):
        of_line = len(MARKS.findall(line))
        marks += of_line
        cost += of_line * len(line)
        if marks > MAX_MARKS or cost > MAX_LINE_COST:
            raise ChartImportError(number, "more of # : ; than any chart has")


def _taken_apart(text: str, is_ssc: bool) -> tuple[Tags, list[Tags]]:
    """The tags of the song and of each chart, in capitals; tags without a value are empty."""
    from simfile.sm import SMSimfile
    from simfile.ssc import SSCSimfile

    _check_cost(text)
    try:
        kind = SSCSimfile if is_ssc else SMSimfile
        # A last backslash escapes nothing, which the parser can't read.
        simfile = kind(string=text.rstrip("\\"), strict=False)
    except ValueError as error:
        raise ChartImportError("#NOTES", f"{error}"[:120]) from None
    if not simfile:
        raise ChartImportError(0, "there is no #TAG: in it, as StepMania files have")
    charts: list[Tags] = []
    for chart in simfile.charts:
        tags = {key: getattr(chart, key.lower()) or "" for key in ("STEPSTYPE", "DIFFICULTY")}
        tags |= {"METER": chart.meter or "", "NOTES": chart.notes or ""}
        charts.append({**_tags(chart), **tags})
    return _tags(simfile), charts


def _tags(source: Mapping[str, str | None]) -> Tags:
    return {key.upper(): (value or "").strip() for key, value in source.items()}


def _draft(name: str, keys: int, steps: list[Step], timing: Tags, song: Tags) -> DraftChart:
    offset = timing.get("OFFSET") or song.get("OFFSET") or "0"
    stops = timing.get("STOPS") or timing.get("FREEZES", "")
    clock = BeatClock(
        BeatEvents(
            _by_beat("#BPMS", timing.get("BPMS", "")),
            _by_beat("#STOPS", stops),
            _by_beat("#DELAYS", timing.get("DELAYS", "")),
            _stretches("#WARPS", timing.get("WARPS", "")),
        ),
        -number_in("#OFFSET", offset),
    )
    fakes = _stretches("#FAKES", timing.get("FAKES", ""))
    return DraftChart(name, keys, clock.beats_us(), list(_notes(steps, clock, fakes)))


def _by_beat(tag: str, text: str) -> dict[float, float]:
    """`beat=value,beat=value`, on the rows that the game knows; what is before 0 is left out."""
    values: dict[float, float] = {}
    for number, entry in enumerate(text.split(","), 1):
        if not entry.strip():
            continue
        place = f"{tag}, entry {number}"
        beat, equals, value = entry.partition("=")
        if not equals:
            raise ChartImportError(place, f"{entry.strip()[:40]!r} is not beat=value")
        row = round(number_in(place, beat) * ROWS_PER_BEAT)
        value_read = number_in(place, value.partition("=")[0])
        if row >= 0:
            values[row / ROWS_PER_BEAT] = value_read
        if len(values) > MAX_TIMING_POINTS:
            raise ChartImportError(place, f"more than {MAX_TIMING_POINTS} changes of time")
    return values


def _stretches(tag: str, text: str) -> dict[float, float]:
    """`beat=beats`: from which beat to which, both on rows."""
    return {
        beat: (round(beat * ROWS_PER_BEAT) + round(length * ROWS_PER_BEAT)) / ROWS_PER_BEAT
        for beat, length in _by_beat(tag, text).items()
    }


def _notes(steps: list[Step], clock: BeatClock, fakes: Mapping[float, float]) -> Iterator[Note]:
    stretches = sorted(fakes.items())
    fake_until, upcoming = 0.0, 0
    for step in sorted(steps):
        while upcoming < len(stretches) and stretches[upcoming][0] <= step.beat:
            fake_until = max(fake_until, stretches[upcoming][1])
            upcoming += 1
        if step.beat < fake_until or clock.is_skipped(step.beat):
            continue
        start_us = time_us(step.place, clock.moment_s(step.beat))
        end_us = time_us(step.place, clock.moment_s(step.end_beat))
        yield Note(start_us, step.lane, max(end_us - start_us, 0))
