"""Reports and pictures: one page that needs nothing else, for all eyes."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from simulations import laboratory
from simulations.cells import Plan
from simulations.experiment import run_experiment
from simulations.plots import COLOURS, Line, Picture, bars, gains, heat, lines
from simulations.report import report_html
from simulations.run_folder import RunFolder, start_run
from simulations.run_pictures import formula_pictures, pictures_of
from simulations.running import carry_on
from simulations.sweep import Axis
from simulations.tables import Table
from simulations.world.scenario import Group
from tests.chromium import CHROMIUM, FLAGS
from tests.simulations.small_worlds import small

HOSTILE = '<script>alert(1)</script> & "more"'
CREWS = Axis("attack.crew", (2, 6))
BUDGETS = Axis("law.budget_ppm", (1_000_000, 100_000_000))


def world():
    """With a bot that pays, and words that a page must not believe."""
    return replace(
        small(),
        title=HOSTILE,
        about=HOSTILE,
        groups=(*small().groups, Group("bot", "lone-bot", 2)),
    )


PLANS = {
    "run": Plan("run", "small", {"small": world()}, (1, 2)),
    "line": Plan("sweep", "small", {"small": world()}, (1,), (CREWS,)),
    "map": Plan("sweep", "small", {"small": world()}, (1,), (CREWS, BUDGETS)),
    "words": Plan(
        "sweep", "small", {"small": world()}, (1,), (Axis("attack.strategy", ("ring", "sybil")),)
    ),
    "laws": Plan("compare", "small", {"small": world()}, (1,), (), ("shipped", "per-pair")),
    "many": Plan("tournament", "tournament", {"a": world(), "b": small("b")}, (1,)),
    "peace": Plan(
        "run", "peace", {"peace": replace(small("peace"), groups=small().groups[:1])}, (1,)
    ),
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, RunFolder]:
    made = {}
    for name, plan in PLANS.items():
        path = tmp_path_factory.mktemp("runs") / name
        made[name] = start_run(path, plan, "2026-01-01T00:00:00+00:00")
        carry_on(made[name])
    return made


class Links(HTMLParser):
    """What a page would fetch."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.found += [
            value or "" for name, value in attrs if name in ("src", "href", "xlink:href", "action")
        ]


@pytest.mark.parametrize("name", PLANS)
def test_a_page_needs_nothing_else_and_believes_no_words(name: str, folders: dict[str, RunFolder]):
    text = report_html(folders[name], folders[name].table())
    links = Links(text)
    assert not {"script", "link", "img", "iframe"} & links.tags
    assert all(link.startswith("#") for link in links.found)
    assert "http" not in re.sub(r'xmlns(:xlink)?="[^"]*"', "", text)
    ids = re.findall(r'\bid="([^"]*)"', text)
    assert len(ids) == len(set(ids))
    assert text == report_html(folders[name], folders[name].table())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("run", ["gains", "seen"]),
        ("line", ["gains", "loss"]),
        ("map", ["gains", "loss"]),
        ("words", ["gains", "loss"]),
        ("laws", ["gains", "loss", "seen", "familiarity", "hip44", "hip15"]),
        ("many", ["gains", "loss", "seen"]),
        ("peace", ["gains"]),
    ],
)
def test_each_kind_of_run_has_its_pictures(
    name: str, expected: list[str], folders: dict[str, RunFolder]
):
    pictures = pictures_of(folders[name].plan, folders[name].table())
    assert [picture.name for picture in pictures] == expected
    for picture in pictures:
        assert ElementTree.fromstring(picture.svg).tag.endswith("svg")


def test_where_an_attack_pays_is_said_first(folders: dict[str, RunFolder]):
    text = report_html(folders["run"], folders["run"].table())
    assert "An attack pays in this setting: lone-bot has up to" in text
    peace = report_html(folders["peace"], folders["peace"].table())
    assert "Nobody attacks here." in peace
    calm = Plan("run", "small", {"small": small()}, (1,))
    found = laboratory.sweep(small())
    assert found.plan == replace(calm, kind="sweep")
    assert found.answer.startswith("No attack pays: the best, ring, has 0.00")
    assert found.paying == []


def test_a_run_without_cells_has_a_page_too(tmp_path: Path):
    folder = start_run(tmp_path / "run", PLANS["map"], "2026-01-01T00:00:00+00:00")
    assert "No cell is through yet." in report_html(folder, folder.table())


def test_failed_cells_are_shown(folders: dict[str, RunFolder]):
    table = folders["line"].table()
    failed = {**dict.fromkeys(table.columns), "state": "failed", "error": HOSTILE}
    more = Table(table.columns, ({**failed, "cell": 0.0, "seed": 1.0}, *table.rows[1:]))
    text = report_html(folders["line"], more)
    assert "Cells that failed" in text
    assert "&lt;script&gt;alert(1)" in text
    assert "1 of 1" not in text


def test_pictures_write_their_figures_beside_what_they_draw():
    drawn = bars("a", "b", ["one", "two"], [3.0, None], "days")
    assert {"one", "two", "3", "never", "days"} <= words_of(drawn)
    drawn = gains("a", "b", ["ring"], [1.25], [2.0])
    assert {"ring", "1.25", "a townsperson"} <= words_of(drawn)
    drawn = lines("a", "b", [Line("ring", [1, 2], [0.5, 1.5])], "crew", "gain", 1.0)
    assert {"ring", "crew", "gain"} <= words_of(drawn)
    drawn = heat("a", "b", ["1"], ["2", "3"], [[0.5], [None]], ("crew", "days"))
    assert {"1", "2", "3", "0.50", "failed", "crew", "days"} <= words_of(drawn)


def words_of(picture: Picture) -> set[str]:
    return {"".join(one.itertext()).strip() for one in ElementTree.fromstring(picture.svg).iter()}


def test_the_same_picture_is_the_same_text_in_colours_that_all_eyes_tell_apart():
    first, second = formula_pictures(), formula_pictures()
    assert first == second
    used = set(re.findall(r"stroke: (#[0-9a-f]{6})", first[0].svg)) - {"#808080"}
    assert used <= {colour.lower() for colour in COLOURS}


def test_notebooks_get_rows_pictures_and_outcomes():
    found = laboratory.sweep(small(), {"attack.crew": [2, 6]}, seeds=range(2))
    assert found.table.column("attack.crew") == [2, 2, 6, 6]
    assert found._repr_html_().startswith("<p>No attack pays")
    assert "<svg" in found._repr_html_()
    assert laboratory.run(small(), 3) == run_experiment(small(), 3)
    ours = laboratory.compare(small(), ["shipped"]).table
    assert ours.column("digest") == [laboratory.run(small()).digest]
    both = laboratory.tournament([small("a"), small("b")], (40, 6, 12)).table
    assert both.column("scenario") == ["a", "b"]
    assert "ring" in laboratory.scenarios()


@pytest.mark.parametrize(
    ("values", "said"),
    [({"attack.crwe": [1]}, "did you mean"), ({"attack.crew": []}, "this sweep is empty")],
)
def test_notebooks_are_told_what_is_wrong(values: dict[str, list[int]], said: str):
    with pytest.raises(ValueError, match=said):
        laboratory.sweep(small(), values)
    with pytest.raises(LookupError, match="there is no law 'none'"):
        laboratory.compare(small(), ["none"])


def test_a_kept_run_is_read_again(folders: dict[str, RunFolder]):
    found = laboratory.kept(str(folders["map"].path))
    assert (found.plan, found.table) == (PLANS["map"], folders["map"].table())


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_pages_are_readable_at_any_width_in_dark_and_light(
    width: int, scheme: Literal["dark", "light"], folders: dict[str, RunFolder], tmp_path: Path
):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        page = browser.new_page(
            viewport={"width": width, "height": 800}, color_scheme=scheme, java_script_enabled=True
        )
        for name, folder in folders.items():
            (tmp_path / f"{name}.html").write_text(report_html(folder, folder.table()))
            page.goto((tmp_path / f"{name}.html").as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") == width
            violations = Axe().run(page).response["violations"]
            assert [(one["id"], one["nodes"][0]["html"][:200]) for one in violations] == []
        browser.close()
