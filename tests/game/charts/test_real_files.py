"""Charts that people play: they agree with what their games make of them, and none breaks us."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consensus.chart import Chart, check_chart
from game.charts.errors import ChartImportError
from game.charts.files import import_file
from game.charts.fitting.fit import fitted
from game.charts.imported import ImportedSong
from game.charts.ojn import ojn_header

pytestmark = pytest.mark.data

READ = (".osu", ".sm", ".ssc", ".qua", ".bms", ".bme", ".bml", ".ojn", ".mc")
FOR_ROBUSTNESS = "quaver_api"
"""A folder of files that are wrong on purpose."""


def files_in(folder: Path, *suffixes: str) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.suffix in suffixes]


def is_other_mode(path: Path) -> bool:
    return path.suffix == ".osu" and b"Mode: 0" in path.read_bytes()


def song_of(path: Path) -> ImportedSong:
    return import_file(path.name, path.read_bytes())


def spans(chart: Chart) -> list[tuple[float, int, float]]:
    """Start, lane and end in ms."""
    return sorted(
        (note.start_us / 1_000, note.lane, (note.start_us + note.duration_us) / 1_000)
        for note in chart.notes
    )


def test_every_chart_is_read_and_rated(charts_folder: Path):
    paths = [path for path in files_in(charts_folder, *READ) if FOR_ROBUSTNESS not in path.parts]
    for path in paths:
        if not is_other_mode(path):
            song = song_of(path)
            assert all(named.chart.notes and named.stars for named in song.charts), path
    assert len(paths) >= 20


def test_files_that_are_wrong_on_purpose_are_read_or_refused(charts_folder: Path):
    refusals = {}
    for path in files_in(charts_folder / FOR_ROBUSTNESS, *READ):
        try:
            for named in song_of(path).charts:
                check_chart(named.chart)
        except ChartImportError as error:
            refusals[path.name] = str(error)
    assert all("a time beyond two hours" in reason for reason in refusals.values()), refusals


def test_maps_are_what_the_game_itself_makes_of_them(charts_folder: Path):
    truths = files_in(charts_folder / "ppy_nk", ".json")
    compared = 0
    for truth in truths:
        path = truth.with_name(truth.name.replace("-expected-conversion.json", ".osu"))
        if is_other_mode(path):
            continue
        objects = [
            (thing["StartTime"], thing["Column"], thing["EndTime"])
            for mapping in json.loads(truth.read_text())["Mappings"]
            for thing in mapping["Objects"]
        ]
        assert spans(song_of(path).charts[0].chart) == sorted(objects), path
        compared += 1
    assert compared >= 5


def test_ojn_headers_count_the_same_notes(charts_folder: Path):
    for path in files_in(charts_folder, ".ojn"):
        counts = ojn_header(path.read_bytes()).note_counts
        charts = {named.name[:2]: named.chart for named in song_of(path).charts}
        for name, count in zip(("EX", "NX", "HX"), counts, strict=True):
            chart = charts[name]
            # The header counts the head and the tail of a hold.
            assert len(chart.notes) + sum(note.duration_us > 0 for note in chart.notes) == count


def test_the_same_song_in_two_formats_has_the_same_notes(charts_folder: Path):
    from_ojn = song_of(charts_folder / "o2jam" / "o2ma120.ojn").charts[0].chart
    from_osu = song_of(charts_folder / "osu" / "CheckItOut.osu").charts[0].chart
    assert spans(from_ojn) == spans(from_osu)


def test_moments_of_steps_agree_with_another_reckoning(charts_folder: Path):
    import simfile
    from simfile.notes import NoteData, NoteType
    from simfile.timing import TimingData
    from simfile.timing.engine import TimingEngine

    played = (NoteType.TAP, NoteType.HOLD_HEAD, NoteType.ROLL_HEAD, NoteType.LIFT)
    for path in files_in(charts_folder, ".sm", ".ssc"):
        ours = [spans(named.chart) for named in song_of(path).charts]
        source = simfile.open(str(path), strict=False)
        for chart in source.charts:
            engine = TimingEngine(TimingData(source, chart))
            theirs = sorted(
                (1_000 * float(engine.time_at(note.beat)), note.column)
                for note in NoteData(chart)
                if note.note_type in played
            )
            assert any(
                len(theirs) == len(found)
                and all(
                    lane == column and abs(start - moment) < 0.01
                    for (start, lane, _), (moment, column) in zip(found, theirs, strict=True)
                )
                for found in ours
            ), f"{path}: {chart.stepstype} {chart.difficulty}"


def test_every_chart_can_be_fitted(charts_folder: Path):
    for path in files_in(charts_folder / "osu", ".osu"):
        chart = song_of(path).charts[0].chart
        for keys in (4, 7, 10):
            result = fitted(chart, keys)
            check_chart(result.chart)
            assert result.dropped == 0 or keys < chart.keys


changes = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=8)), min_size=1, max_size=8
)


@pytest.mark.parametrize("suffix", READ)
@given(choice=st.integers(0, 100), edits=changes)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_changed_files_are_read_or_refused(
    charts_folder: Path, suffix: str, choice: int, edits: list[tuple[float, int, bytes]]
):
    paths = files_in(charts_folder, suffix)
    if not paths:
        return
    data = paths[choice % len(paths)].read_bytes()
    for place, length, piece in edits:
        at = int(place * len(data))
        data = data[:at] + piece + data[at + length :]
    try:
        charts = [named.chart for named in import_file(f"a{suffix}", data).charts]
    except ChartImportError:
        charts = []
    for chart in charts:
        check_chart(chart)
