"""A recorded play with answered riffs is what the demo shows: it passes every floor."""

from pathlib import Path
from random import Random

import pytest

from consensus.anomaly.assess import assess
from consensus.chart import chart_from_bytes
from consensus.evidence import Evidence, NonceEvent, evidence_from_bytes
from consensus.identifiers import EntryId
from consensus.judgement import judge
from consensus.parameters import MAIN, PRACTICE, NetworkParams
from consensus.quality import measure
from game.bots.responder import Responder
from game.charts.osu import chart_from_osu
from game.play.osr import replay_from_osr
from game.play.rate import chart_at_rate, events_at_rate
from game.play.window import cut_window

pytestmark = [pytest.mark.data, pytest.mark.slow]


@pytest.mark.parametrize("network", [MAIN, PRACTICE], ids=lambda network: network.name)
def test_every_recorded_play_passes_with_a_responder(data_folder: Path, network: NetworkParams):
    window_us, slot_us = network.window_ms * 1_000, network.slot_ms * 1_000
    liveness = []
    for number, path in enumerate(sorted((data_folder / "replays_mania").glob("*/*.osr"))):
        rng = Random(number)
        chart = chart_from_osu(next(path.parent.glob("*.osu")).read_bytes())
        replay = replay_from_osr(path.read_bytes(), chart.keys)
        heard = chart_at_rate(chart, replay.rate)
        events = events_at_rate(replay.events, replay.rate)
        part, played = cut_window(heard, events, window_us)
        nonces = tuple(
            NonceEvent(slot * slot_us + rng.randrange(slot_us - 2_000_000), slot, rng.randbytes(16))
            for slot in range(window_us // slot_us)
        )
        joined = Responder().join(played, nonces, part.keys, window_us, rng)
        evidence = Evidence(EntryId(bytes(32)), 0, window_us, joined, nonces)
        assert evidence_from_bytes(evidence.to_bytes()) == evidence
        judgement = judge(chart_from_bytes(part.to_bytes()), evidence)
        metrics = measure(part, judgement)
        assert metrics.events >= network.min_events, path.name
        assert metrics.accuracy_ppm >= network.accuracy_floor_ppm, path.name
        assert assess(part, evidence, judgement).anomaly_ppm < 500_000, path.name
        liveness.append(metrics.liveness_ppm)
    assert sum(liveness) / len(liveness) > 950_000
