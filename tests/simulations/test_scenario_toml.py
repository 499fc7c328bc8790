"""Scenarios in TOML: whatever a file holds, it is a scenario or one clear line about it."""

import re
import tomllib
from math import inf, nan
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from simulations.scenario_bounds import LAW, OPTIONS
from simulations.scenario_files import (
    UnknownScenarioError,
    attackers_of,
    scenario_files,
    study_at,
    study_named,
)
from simulations.scenario_toml import ScenarioError, Study, study_from_toml, study_to_toml
from simulations.strategies import all_strategies
from simulations.sweep import Axis
from simulations.toml_lines import lines_of
from simulations.world.scenario import Group, Scenario

GOOD = """\
title = "A town"   # a comment
days = 40

[groups.people]
strategy = "honest"
count = 50

[groups.attack]
strategy = "ring"
count = 9
with = { suspected = 0.2 }
"""


def refusal(text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        study_from_toml(text, "mine")
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_what_is_left_out_is_as_ever():
    assert study_from_toml(GOOD, "mine") == Study(
        Scenario(
            "mine",
            "A town",
            (
                Group("people", "honest", 50),
                Group("attack", "ring", 9, options={"suspected": 0.2}),
            ),
            days=40,
        )
    )


def told(text: str) -> Study | str:
    try:
        return study_from_toml(text, "mine")
    except ScenarioError as error:
        return str(error)


@pytest.mark.parametrize(
    ("more", "line", "words"),
    [
        (
            '\n[groups.c]\nstrategy = "rign"\ncount = 1',
            14,
            "no strategy 'rign'; did you mean 'ring'?",
        ),
        (
            '\n[groups.c]\nstrategy = "ring"\ncount = -1',
            15,
            "-1: expected a whole number from 1 to",
        ),
        ('\n[groups.c]\nstrategy = "ring"\ncount = 2.5', 15, "2.5: expected a whole number"),
        ('\n[groups.c]\nstrategy = "ring"\ncount = true', 15, "true: expected a whole number"),
        ('\n[groups.c]\nstrategy = "ring"', 13, "expected 'count'"),
        ('\n[groups.c]\nstrategy = "ring"\ncount = 1\ncrew_of = "d"', 16, "stands earlier (people"),
        ('\n[groups.c]\nstrategy = "ring"\ncount = 1\ncrew_of = "people"', 16, "has no crew"),
        (
            '\n[groups.c]\nstrategy = "ring"\ncount = 1\nsize = 3',
            16,
            "nothing here is called 'size'",
        ),
        ('\n[groups.c]\nstrategy = "ring"\ncount = 999999', 15, "keys in all; expected at most"),
        ('\n[groups.c]\nstrategy = "ring"\ncount = 900000', 4, "sessions a day; expected at most"),
        ('\n[groups.law]\nstrategy = "ring"\ncount = 1', 13, "expected a short word of its own"),
        ("[law]\nbudgte_ppm = 1", 13, "did you mean 'budget_ppm'?"),
        ("[law]\nbudget_ppm = 0", 13, "0: expected a whole number from 1 to 1,000,000,000,000,000"),
        ("[law]\nname = 1", 13, "nothing here is called 'name'"),
        ("[sweep]", 12, "this sweep is empty"),
        ("[sweep]\n'attack.crew' = []", 13, "this sweep is empty"),
        ("[sweep]\nattack.crew = []", 13, "this sweep is empty"),
        ("[sweep]\n'attack.crew' = [1, -5]", 13, "-5: expected a whole number from -1"),
        ("[sweep]\n'attack.crwe' = [1]", 13, "did you mean 'attack.crew'?"),
        ("[sweep]\n'attack.crew' = [1, 1]", 13, "twice"),
        ("[sweep]\ndays = {from = 40, to = 50, steps = 1}", 13, "steps: expected a whole number"),
        ("[sweep]\ndays = [20]", 13, "expected days left"),
        ("[sweep]\n'people.strategy' = ['ring']", 13, "strategy 'honest' from the first day"),
        (
            "[sweep]\ndays = {from = 40, to = 4000, steps = 3961}\ntown_size = [1, 2, 3]",
            12,
            "cells",
        ),
        ("days = 3", 12, "nothing here is called 'days'"),
        ("[groups.people]", 12, "this is no TOML"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_was_expected(more: str, line: int, words: str):
    said = refusal(f"{GOOD}{more}")
    assert said.startswith(f"mine.toml:{line}: ")
    assert words in said


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a = " + "[" * 20_000,
        "a = " + "9" * 9_000,
        "x" * 300_000,
        'title = "\u0000"',
        "title = 3",
    ],
)
def test_what_is_far_from_a_scenario_is_refused_in_one_line(text: str):
    assert refusal(text).startswith("mine.toml:1: ")


def test_a_scenario_needs_somebody_honest_from_the_first_day():
    late = GOOD.replace("count = 50", "count = 50\nfrom_day = 3")
    assert "strategy 'honest' from the first day" in refusal(late)


SCALARS = st.one_of(
    st.integers(), st.floats(), st.booleans(), st.text(max_size=8), st.just([]), st.just({})
)
WORDS = st.sampled_from(
    ["title", "days", "attack_day", "law", "groups", "people", "strategy", "count", "with", "sweep"]
) | st.sampled_from(
    ["crew", "crew_of", "from", "to", "steps", "budget_ppm", "honest", "ring", "a.b"]
)
LINES = st.one_of(
    st.builds("[{}]".format, WORDS),
    st.builds("[groups.{}]".format, WORDS),
    st.builds("{} = {}".format, WORDS, st.one_of(SCALARS.map(repr), WORDS.map(repr))),
    st.builds("'{}.{}' = [{}]".format, WORDS, WORDS, st.integers(-5, 99)),
    st.text(max_size=20),
)


@given(st.lists(LINES, max_size=12), st.integers(0, 11))
@example(["[[groups]]"], 0)
@example(["groups = 3"], 0)
@example(["[groups]", "people = 3"], 3)
@example(["sweep = 3"], 0)
@example(["[sweep.days.a.b.c.d.e]", "f = [1]"], 11)
@example(["law = 1979-05-27"], 1)
def test_any_text_is_a_scenario_or_a_scenario_error(more: list[str], place: int):
    lines = GOOD.splitlines()
    lines[place:place] = more
    said = told("\n".join(lines))
    if isinstance(said, Study):
        assert study_from_toml(study_to_toml(said), "mine") == said
    else:
        assert re.match(r"mine\.toml:\d+: .+\Z", said)


NUMBERS = st.one_of(st.integers(-(10**20), 10**20), st.floats(), st.sampled_from([nan, inf, -0.0]))


@given(st.sampled_from(sorted({*LAW, *OPTIONS})), NUMBERS)
def test_any_number_is_taken_within_bounds_or_refused(name: str, number: float):
    table = "law" if name in LAW else "groups.c"
    inner = f"{name} = {number!r}" if name in LAW else f"with = {{{name} = {number!r}}}"
    group = "" if name in LAW else "strategy = 'honest'\ncount = 1\n"
    said = told(f"{GOOD}[{table}]\n{group}{inner}\n")
    if isinstance(said, Study):
        bound = LAW.get(name) or OPTIONS[name]
        assert bound.low <= number <= bound.high
        assert study_from_toml(study_to_toml(said), "mine") == said
    else:
        assert "expected" in said


NAMES = st.from_regex("g[a-z0-9-]{1,9}", fullmatch=True)
GROUPS = st.builds(
    Group,
    NAMES,
    st.sampled_from(sorted(all_strategies())),
    st.integers(1, 99),
    st.none() | st.integers(-1, 30),
    st.just(""),
    st.none() | st.integers(0, 39),
    st.dictionaries(st.sampled_from(["suspected", "accuracy", "rates"]), st.floats(0, 1)),
)
SCENARIOS = st.builds(
    lambda groups, title, about, law: Scenario(
        "mine",
        title,
        (Group("people", "honest", 5), *groups),
        about,
        days=40,
        law=law,
    ),
    st.lists(GROUPS, max_size=4, unique_by=lambda group: group.name),
    st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=30),
    st.text(st.characters(categories=["L", "N", "P", "S"], include_characters="\n "), max_size=60),
    st.dictionaries(st.sampled_from(["budget_ppm", "min_events"]), st.integers(1, 10**12)),
)


@given(SCENARIOS, st.lists(st.integers(1, 500), unique=True, max_size=5))
def test_what_is_written_reads_as_the_same(scenario: Scenario, counts: list[int]):
    study = Study(scenario, (Axis("people.count", tuple(counts)),) if counts else ())
    assert study_from_toml(study_to_toml(study), "mine") == study


def test_lines_are_found_behind_strings_comments_and_lists():
    text = (
        'a = """\n[x]\nb = 1\n"""\n# c = 2\n[t]\n"q.r" = [ # z = 1\n  "]", \'[\',\n]\n'
        "d.e = {f = 1}\n[[l]]\ng = 1"
    )
    assert tomllib.loads(text)
    assert lines_of(text) == {
        (): 1,
        ("a",): 1,
        ("t",): 6,
        ("t", "q.r"): 7,
        ("t", "d"): 10,
        ("t", "d", "e"): 10,
        ("l",): 11,
        ("l", "g"): 12,
    }


def test_steps_make_even_values_and_whole_numbers_where_they_are():
    swept = f"{GOOD}[sweep]\nlaw.budget_ppm = {{from = 1_000, to = 2_000, steps = 3}}\n"
    assert study_from_toml(swept, "mine").axes == (Axis("law.budget_ppm", (1_000, 1_500, 2_000)),)


def test_every_shipped_scenario_reads_and_has_its_sweep():
    studies = {path.stem: study_at(path) for path in scenario_files()}
    assert {"ring", "sybil", "honest"} <= studies.keys()
    assert attackers_of(studies["sybil"]) == ["sybil", "colluder"]
    assert attackers_of(studies["honest"]) == []
    for name, study in studies.items():
        assert study.scenario.name == name
        assert study_from_toml(study_to_toml(study), name) == study


def test_a_scenario_is_found_by_name_or_by_path(tmp_path: Path):
    (tmp_path / "mine.toml").write_bytes(GOOD.replace("\n", "\r\n").encode())
    assert study_named(str(tmp_path / "mine.toml")) == study_from_toml(GOOD, "mine")
    assert study_named("ring") == study_at(scenario_files()[0].parent / "ring.toml")
    with pytest.raises(UnknownScenarioError, match="did you mean 'ring'"):
        study_named("rign")
    with pytest.raises(UnknownScenarioError, match="no file"):
        study_named("nowhere/ring.toml")
    (tmp_path / "bad.toml").write_bytes(b"a = 1\n\xff")
    with pytest.raises(ScenarioError, match=r"bad\.toml:2: expected text in UTF-8"):
        study_named(str(tmp_path / "bad.toml"))
