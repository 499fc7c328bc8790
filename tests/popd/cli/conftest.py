"""A folder of plays to inspect."""

from pathlib import Path
from random import Random

import pytest

from game.bots.exact import Exact
from game.charts.osu_export import osu_from_chart
from tests.popd.cli.inspected import CHART, OTHER, WINDOW_US, osr_of, played


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "song.osu").write_text(osu_from_chart(CHART, "Hard"))
    (tmp_path / "other.osu").write_text(osu_from_chart(OTHER, "Hard"))
    (tmp_path / "song.chart").write_bytes(CHART.to_bytes())
    (tmp_path / "person.osr").write_bytes(osr_of(played(1)))
    (tmp_path / "script.osr").write_bytes(osr_of(Exact().play(CHART, WINDOW_US, Random(1))))
    library = tmp_path / "library"
    (library / "deep").mkdir(parents=True)
    for seed in range(2, 6):
        (library / "deep" / f"{seed}.osr").write_bytes(osr_of(played(seed)))
    (library / "elsewhere.osr").write_bytes(osr_of(played(9, OTHER)))
    (library / "song.mp3").write_bytes(b"ID3" + bytes(100))
    (library / "broken.osr").write_bytes(osr_of(played(2))[:60])
    return tmp_path
