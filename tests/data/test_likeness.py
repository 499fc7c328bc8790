"""Recorded people look more like people than a script on the same notes does."""

from itertools import islice
from pathlib import Path
from random import Random
from statistics import median

import pytest

from consensus.anomaly.findings import Performance
from consensus.anomaly.likeness import Likeness, shipped_likeness
from consensus.evidence import Evidence
from consensus.identifiers import EntryId
from consensus.judgement import judge
from game.bots.gaussian import Gaussian
from game.bots.recording import Recording
from simulations.detection.people import mania_plays
from simulations.detection.windows import window_of

pytestmark = pytest.mark.data

WINDOW_US = 300_000_000
NOTES = 400
PLAYS = 14


def suspicion(likeness: Likeness, recording: Recording) -> int:
    evidence = Evidence(EntryId(bytes(32)), 0, WINDOW_US, recording.events, ())
    judgement = judge(recording.chart, evidence)
    (found,) = likeness.findings(Performance(recording.chart.keys, evidence, judgement))
    return found.anomaly_ppm


def test_a_script_is_more_suspicious_than_the_person_whose_notes_it_plays(data_folder: Path):
    likeness, people, scripts = shipped_likeness(), [], []
    for number, play in enumerate(islice(mania_plays(data_folder), PLAYS)):
        window = window_of(play, 100, NOTES)
        assert window is not None
        chart = window.recording.chart
        events = Gaussian(14_000).play(chart, window.window_us, Random(number))
        people.append(suspicion(likeness, window.recording))
        scripts.append(suspicion(likeness, Recording(chart, events)))
    assert median(people) < 100_000
    assert median(scripts) > 500_000
    assert min(scripts) > max(people)
