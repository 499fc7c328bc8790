"""Valuation plug-ins are asked only when named, and can break nothing but their own factor."""

import sys
from collections.abc import Iterator
from math import inf, nan
from pathlib import Path

import pytest

from consensus.identifiers import IdentityId, LotId
from consensus.units import Milliseconds
from consensus.value.explain import reasons
from consensus.value.fresh import fresh_coins
from consensus.value.lot import LotView
from consensus.value.plugins import Judgement, PluginFactor, PluginView, asked, loaded
from consensus.value.policy import PluginUse, Policy
from consensus.value.surroundings import Surroundings
from consensus.value.valuation import value_of

ANA, PIA = (IdentityId(bytes([number]) * 32) for number in range(2))
DAY_MS = 86_400_000
LOT = LotView(LotId(bytes(32)), ((ANA, 100),), (PIA,), 100, 100, minted_ms=10 * DAY_MS)


def around(**plugins: object) -> Surroundings:
    return Surroundings(Milliseconds(40 * DAY_MS), plugins=plugins)


def test_fresh_coins_halve_with_their_half_life():
    found = asked(PluginUse("fresh", {"half_life_days": 30}), LOT, {}, around(fresh=fresh_coins))
    words = "because it is 30 days old and halves every 30 days"
    assert found == PluginFactor("fresh", 0.5, words)


@pytest.mark.parametrize(
    ("said", "trouble"),
    [
        (nan, "said a factor that is no use (nan)"),
        (inf, "said a factor that is no use (inf)"),
        (1e6, "said a factor that is no use (1000000.0)"),
        ("many", "failed (ValueError)"),
    ],
)
def test_factors_that_are_no_use_count_as_one(said: object, trouble: str):
    use, near = PluginUse("odd"), {ANA: 0.5}
    surroundings = around(odd=lambda view: (said, "because"))
    found = value_of(LOT, near, Policy(plugins=(use,)), surroundings=surroundings)
    assert found.plugins == (PluginFactor("odd", 1.0, trouble, is_broken=True),)
    assert found.value_ujam == 50
    told = reasons(found, lambda who: "somebody")[-1].words
    assert told == f"by the plug-in odd, which {trouble}: it counts for x 1.000"


def test_a_plugin_that_raises_or_is_missing_counts_as_one():
    def broken(view: PluginView) -> Judgement:
        raise RuntimeError("no")

    assert asked(PluginUse("b"), LOT, {}, around(b=broken)).words == "failed (RuntimeError)"
    assert asked(PluginUse("b"), LOT, {}, around()).words == "is not installed here"
    wrong = asked(PluginUse("fresh", {"half_life_days": 0}), LOT, {}, around(fresh=fresh_coins))
    assert (wrong.factor, wrong.is_broken) == (1.0, True)


def test_a_plugin_can_change_nothing_that_it_sees():
    def greedy(view: PluginView) -> Judgement:
        view.proximity[PIA] = 1.0  # type: ignore[index]
        return Judgement(1.0, "")

    near = {ANA: 0.5}
    assert asked(PluginUse("greedy"), LOT, near, around(greedy=greedy)).is_broken
    assert near == {ANA: 0.5}


def test_words_of_plugins_are_one_short_line():
    said = asked(PluginUse("b"), LOT, {}, around(b=lambda view: (1.0, "a\n\x1b[31mb" * 500)))
    assert said.words.isprintable()
    assert len(said.words) <= 280


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two plug-ins as an installed package has them; one can't be imported."""
    info = tmp_path / "odd-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: odd\nVersion: 1\n")
    points = "[popd.valuations]\nodd_half = odd_value:half\nodd_broken = odd_missing:half\n"
    (info / "entry_points.txt").write_text(points)
    (tmp_path / "odd_value.py").write_text("def half(view):\n    return 0.5, 'by half'\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield
    sys.modules.pop("odd_value", None)


def test_installed_plugins_are_found_and_only_the_named_ones_loaded(installed: None):
    assert loaded([PluginUse("fresh")]) == {"fresh": fresh_coins}
    assert "odd_value" not in sys.modules
    found = loaded([PluginUse("odd_half"), PluginUse("odd_broken"), PluginUse("nowhere")])
    assert set(found) == {"odd_half"}
    assert asked(PluginUse("odd_half"), LOT, {}, around(**found)) == PluginFactor(
        "odd_half", 0.5, "by half"
    )
