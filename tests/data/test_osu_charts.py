"""Charts that people really play import, note for note as osu! itself reads them."""

import json
import re
from pathlib import Path

import pytest

from consensus.chart import check_chart
from game.charts.osu import chart_from_osu

pytestmark = pytest.mark.data


# osu! draws the lanes of spinners by lot.
SPINNERS_MS = {"4869637.osu": {11783, 91545, 152497, 231545}}


def is_mania(path: Path) -> bool:
    return re.search(rb"^Mode: ?3", path.read_bytes(), re.MULTILINE) is not None


def test_every_mania_chart_imports(data_folder: Path):
    paths = [path for path in sorted(data_folder.rglob("*.osu")) if is_mania(path)]
    for path in paths:
        check_chart(chart_from_osu(path.read_bytes()))
    assert len(paths) >= 20


def test_columns_and_ends_are_those_that_osu_expects(data_folder: Path):
    paths = [path for path in (data_folder / "charts" / "ppy_nk").glob("*.osu") if is_mania(path)]
    for path in paths:
        spinners_ms = SPINNERS_MS.get(path.name, set())
        wanted = path.with_name(f"{path.stem}-expected-conversion.json").read_text()
        expected = sorted(
            (round(found["StartTime"]), found["Column"], round(found["EndTime"]))
            for mapping in json.loads(wanted)["Mappings"]
            for found in mapping["Objects"]
            if found["StartTime"] not in spinners_ms
        )
        notes = [
            (start_us // 1_000, lane, round((start_us + duration_us) / 1_000))
            for start_us, lane, duration_us in chart_from_osu(path.read_bytes()).notes
            if start_us // 1_000 not in spinners_ms
        ]
        assert [note[:2] for note in notes] == [note[:2] for note in expected], path.name
        late_ms = [abs(note[2] - asked[2]) for note, asked in zip(notes, expected, strict=True)]
        assert max(late_ms) <= 1, path.name
    assert len(paths) >= 8
