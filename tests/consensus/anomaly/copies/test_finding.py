"""What is said against a copy follows how unlikely it is by chance."""

import pytest

from consensus.anomaly.copies.finding import find_copy
from consensus.anomaly.copies.library import Kind, Nearest, Source
from consensus.anomaly.findings import Finding
from consensus.units import Ppm


def nearest(significance: float, kind: Kind = "copy", share: float = 1.0) -> Nearest:
    sources = (Source((b"", 1), share / 2, 0.9), Source((b"", 2), share / 2, 0.9))
    return Nearest((b"", 1), Ppm(900_000), 0.9, significance, share, kind, sources)


@pytest.mark.parametrize(
    ("significance", "kind", "anomaly_ppm"),
    [
        (2.0, "none", 300_000),
        (30.0, "none", 300_000),
        (4.0, "copy", 900_000),
        (5.0, "copy", 945_000),
        (6.0, "splice", 990_000),
        (600.0, "copy", 990_000),
    ],
)
def test_anomaly_follows_the_chance(significance: float, kind: Kind, anomaly_ppm: int):
    found = find_copy(nearest(significance, kind))
    assert found is not None
    assert found.anomaly_ppm == anomaly_ppm


def test_nothing_is_said_of_what_happens_by_chance():
    assert find_copy(None) is None
    assert find_copy(nearest(1.9, "none")) is None


def test_the_player_is_told_what_was_seen():
    assert find_copy(nearest(9.0)) == Finding(
        Ppm(990_000),
        "This follows another play of the same song press for press: early where it is early, "
        "late where it is late (90% alike).",
    )
    assert find_copy(nearest(9.0, share=0.5)) == Finding(
        Ppm(990_000),
        "50% of this play follows another play of the same song press for press: early where it "
        "is early, late where it is late (90% alike).",
    )
    assert find_copy(nearest(9.0, "splice", 0.8)) == Finding(
        Ppm(990_000),
        "This is put together from 2 other plays of the same song: 80% of it follows them press "
        "for press (90% alike).",
    )
