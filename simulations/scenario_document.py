"""Scenarios as plain tables, as they lie in TOML: checked word by word, and made from scenarios."""

import math
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from re import fullmatch
from typing import Any, Final

from simulations.scenario_bounds import (
    GROUP,
    LAW,
    MAX_GROUPS,
    MAX_PLACES,
    MAX_SESSIONS_A_DAY,
    MAX_TEXT,
    OPTIONS,
    SCENARIO,
    Bound,
)
from simulations.strategies import all_strategies
from simulations.world.people import first_day, strategy_of
from simulations.world.scenario import MAX_PEOPLE, Group, Scenario

Document = Mapping[str, Any]
"""What a TOML parser gives."""
Path = tuple[str | int, ...]
"""Where something stands in it."""

TEXTS: Final = ("title", "about")
TABLES: Final = ("law", "groups", "sweep")
TOP: Final = (*TEXTS, *SCENARIO, *TABLES)
GROUP_KEYS: Final = ("strategy", "count", "crew", "crew_of", "from_day", "with")
GROUP_NAME: Final = "[a-z][a-z0-9-]{0,39}"
WEEK_DAYS: Final = 7


class Fault(Exception):  # noqa: N818 - it is found, and told as a ScenarioError with its line
    """Something is wrong in a document."""

    def __init__(self, path: Path, sentence: str) -> None:
        """`sentence` says what is there, and what was expected."""
        super().__init__(sentence)
        self.path = path
        """Where."""
        self.sentence = sentence
        """What, and what was expected."""


def scenario_of(document: Document, name: str) -> Scenario:
    """The scenario that a document describes; raises Fault. Its sweep is not looked at."""
    _check_keys(document, TOP, ())
    title, about = (_text(document.get(key, ""), (key,)) for key in TEXTS)
    if not title or "\n" in title:
        raise Fault(("title",), "expected one line that says what happens here")
    numbers = {
        key: int(_number(document[key], bound, (key,)))
        for key, bound in SCENARIO.items()
        if key in document
    }
    law = _numbers(_table(document, "law"), LAW, ("law",))
    groups = _groups(_table(document, "groups"))
    scenario = Scenario(name, title, groups, about, law=law, **numbers)
    _check_whole(scenario)
    return scenario


def document_of(scenario: Scenario) -> dict[str, Any]:
    """What describes a scenario; whatever is as ever is left out."""
    plain = Scenario("", "", ())
    found: dict[str, Any] = {"title": scenario.title}
    for key in ("about", *SCENARIO):
        if getattr(scenario, key) != getattr(plain, key):
            found[key] = getattr(scenario, key)
    if scenario.law:
        found["law"] = dict(scenario.law)
    found["groups"] = {group.name: _group_document(group) for group in scenario.groups}
    return found


def nearest(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'this'?`, or nothing where nothing is near."""
    found = get_close_matches(word, list(known), 1)
    return f"; did you mean {found[0]!r}?" if found else ""


def _group_document(group: Group) -> dict[str, Any]:
    found: dict[str, Any] = {"strategy": group.strategy, "count": group.count}
    for key in ("crew", "from_day"):
        if getattr(group, key) is not None:
            found[key] = getattr(group, key)
    if group.crew_of:
        found["crew_of"] = group.crew_of
    if group.options:
        found["with"] = dict(group.options)
    return found


def _groups(tables: Document) -> tuple[Group, ...]:
    if not tables:
        raise Fault(("groups",), "expected at least one group: [groups.people] and what they do")
    if len(tables) > MAX_GROUPS:
        raise Fault(("groups",), f"{len(tables)} groups; expected at most {MAX_GROUPS}")
    groups: list[Group] = []
    for name, table in tables.items():
        path: Path = ("groups", name)
        if not fullmatch(GROUP_NAME, name) or name in TOP:
            raise Fault(path, f"{_shown(name)} names no group; expected a short word of its own")
        if not isinstance(table, dict):
            raise Fault(path, f"expected a table: [groups.{name}]")
        groups.append(_group(name, table, path, groups))
    return tuple(groups)


def _group(name: str, table: Document, path: Path, earlier: Sequence[Group]) -> Group:
    _check_keys(table, GROUP_KEYS, path)
    for key in ("strategy", "count"):
        if key not in table:
            raise Fault(path, f"expected {key!r}")
    strategy = _text(table["strategy"], (*path, "strategy"))
    if strategy not in all_strategies():
        more = nearest(strategy, all_strategies())
        known = "`popctl simulate list --strategies` shows them"
        raise Fault((*path, "strategy"), f"there is no strategy {_shown(strategy)}{more} ({known})")
    crew_of = _text(table.get("crew_of", ""), (*path, "crew_of"))
    if crew_of:
        _check_crew_of(crew_of, (*path, "crew_of"), earlier)
    crew, from_day = (
        int(_number(table[key], GROUP[key], (*path, key))) if key in table else None
        for key in ("crew", "from_day")
    )
    count = int(_number(table["count"], GROUP["count"], (*path, "count")))
    options = _numbers(_table(table, "with", path), OPTIONS, (*path, "with"))
    return Group(name, strategy, count, crew, crew_of, from_day, options)


def _check_crew_of(crew_of: str, path: Path, earlier: Sequence[Group]) -> None:
    leader = next((group for group in earlier if group.name == crew_of), None)
    if leader is None:
        known = ", ".join(group.name for group in earlier) or "none is there"
        raise Fault(path, f"{_shown(crew_of)}: expected a group that stands earlier ({known})")
    if leader.crew_of or strategy_of(leader).layout.crew == 0:
        raise Fault(path, f"{_shown(crew_of)} has no crew; expected a group that has one")


def _check_whole(scenario: Scenario) -> None:
    """What no single number shows: who is there, and how much is asked for."""
    if scenario.attack_day >= scenario.days:
        raise Fault(
            ("attack_day",) if scenario.attack_day != 30 else ("days",),
            f"the attack comes on day {scenario.attack_day} of {scenario.days}; expected days left",
        )
    if not any(g.strategy == "honest" and not g.from_day for g in scenario.groups):
        raise Fault(
            ("groups",),
            "expected a group with strategy 'honest' from the first day: all are held against it",
        )
    keys, sessions, places = 0, 0.0, 0.0
    for group in scenario.groups:
        strategy, since = strategy_of(group), first_day(scenario, group)
        rotate, does = strategy.layout.rotate_days, strategy.behave(0)
        lives = max(1, math.ceil((scenario.days - since) / rotate)) if rotate else 1
        at_a_time = group.count * strategy.layout.keys
        keys += at_a_time * lives
        sessions += at_a_time * does.sessions_per_week / WEEK_DAYS
        places += at_a_time * does.attends
        _check_most(keys, MAX_PEOPLE, "keys in all", ("groups", group.name, "count"))
    _check_most(sessions, MAX_SESSIONS_A_DAY, "sessions a day", ("groups",))
    _check_most(places, MAX_PLACES, "places in audiences", ("groups",))


def _check_most(number: float, most: int, what: str, path: Path) -> None:
    if number > most:
        raise Fault(path, f"{number:,.0f} {what}; expected at most {most:,}")


def _check_keys(table: Document, known: Sequence[str], path: Path) -> None:
    for key in table:
        if key not in known:
            expected = ", ".join(known)
            more = nearest(key, known) or f"; expected one of {expected}"
            raise Fault((*path, key), f"nothing here is called {_shown(key)}{more}")


def _table(table: Document, key: str, path: Path = ()) -> Document:
    found = table.get(key, {})
    if not isinstance(found, dict):
        raise Fault((*path, key), f"{_shown(found)}: expected a table")
    return found


def _numbers(table: Document, bounds: Mapping[str, Bound], path: Path) -> dict[str, float]:
    _check_keys(table, tuple(bounds), path)
    return {key: _number(value, bounds[key], (*path, key)) for key, value in table.items()}


def _number(value: object, bound: Bound, path: Path) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Fault(path, f"{_shown(value)}: expected {bound}")
    if not bound.low <= value <= bound.high or (bound.is_whole and value != int(value)):
        raise Fault(path, f"{_shown(value)}: expected {bound}")
    return int(value) if bound.is_whole else value


def _text(value: object, path: Path) -> str:
    if not isinstance(value, str):
        raise Fault(path, f"{_shown(value)}: expected words in quotes")
    if len(value) > MAX_TEXT or any(not (one.isprintable() or one == "\n") for one in value):
        raise Fault(path, f"expected at most {MAX_TEXT:,} letters that can be shown")
    return value


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    text = repr(value) if not isinstance(value, int) or abs(value) < 10**18 else "a huge number"
    return text if len(text) <= 40 else f"{text[:40]}…"
