"""A node sees the same whether it knows few or many, and looks no further than it must."""

import subprocess
import sys

import pytest

from consensus.trust.graph import Acknowledgement, graph_from
from consensus.trust.kept import FEW, KeptTrust
from consensus.trust.proximity import proximity

DAY_MS = 86_400_000


def circle(people):
    """Everybody acknowledges the next two, and the first a doubtful third."""
    words = [
        Acknowledgement(one, (one + step) % people, 1.0 + step, one * DAY_MS)
        for one in range(people)
        for step in (1, 2)
    ]
    return [*words, Acknowledgement(0, 3, -0.5, DAY_MS), Acknowledgement(1, 3, -5.0, DAY_MS)]


@pytest.mark.parametrize("people", [FEW - 1, FEW, FEW + 1, 60])
def test_few_and_many_are_seen_by_one_rule(people):
    now_ms = people * DAY_MS
    kept = KeptTrust()
    for at in range(0, 2 * people + 2, 7):
        kept.learn(circle(people)[at : at + 7], now_ms)
    assert (kept.index is None) == (people <= FEW)
    clear = proximity(graph_from(circle(people), now_ms), 0)
    assert kept.proximity(0) == pytest.approx(clear, abs=1e-5)


@pytest.mark.parametrize("people", [8, 60])
def test_supposing_a_word_changes_nothing_but_the_supposition(people):
    kept = KeptTrust()
    kept.learn(circle(people), people * DAY_MS)
    before = kept.proximity(0)
    supposed = kept.supposing([Acknowledgement(0, 5, 9.0, 0)], people * DAY_MS)
    assert supposed.proximity(0)[5] > before.get(5, 0.0)
    assert kept.proximity(0) == before


def test_a_young_node_loads_nothing_that_is_made_for_towns():
    code = (
        "import sys, popd.api.opinions, popd.api.desk, popd.wiring.trusting;"
        "from consensus.trust.kept import KeptTrust;"
        "from consensus.trust.graph import Acknowledgement;"
        "kept = KeptTrust(); kept.learn([Acknowledgement(1, 2, 1.0, 0)], 0); kept.proximity(1);"
        "print(sorted({'numba', 'scipy', 'sknetwork', 'networkx'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_pockets_outlast_a_fresh_start_until_they_are_looked_for_again():
    words = [
        Acknowledgement(one, (one + step) % 40, 1.0, 0) for one in range(40) for step in range(1, 9)
    ]
    words += [Acknowledgement(0, 100 + key, 20.0, 0) for key in range(20)]
    first = KeptTrust()
    first.learn(words, 0)
    first.index.find_pockets()
    again = KeptTrust(first.pockets)
    again.learn(list(reversed(words)), 0)
    assert again.index.is_due
    assert set(again.pockets) == set(first.pockets)
    assert again.proximity(39) == pytest.approx(first.proximity(39))
    assert again.proximity(39)[100] < ungated(words).proximity(39)[100]


def ungated(words):
    kept = KeptTrust()
    kept.learn(words, 0)
    return kept
