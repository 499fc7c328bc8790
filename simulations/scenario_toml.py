"""Scenarios in TOML: read strictly, every mistake with its line; and written."""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from simulations.scenario_document import Document, Fault, document_of, scenario_of
from simulations.sweep import Axis, axes_of
from simulations.toml_lines import line_of, lines_of
from simulations.world.scenario import Scenario

MAX_SIZE: Final = 256 * 1024
"""Letters of a file."""


class ScenarioError(ValueError):
    """A file is no scenario; the message says where, and what was expected."""


@dataclass(frozen=True, slots=True)
class Study:
    """What a file holds."""

    scenario: Scenario
    """The world."""
    axes: tuple[Axis, ...] = ()
    """What `popctl simulate sweep` varies."""


def study_from_toml(text: str, name: str, source: str = "") -> Study:
    """Reads a file's text; `source` is what errors call it. Raises ScenarioError, and no other."""
    source = source or f"{name}.toml"
    document = _document(text, source)
    try:
        scenario = scenario_of(document, name)
        return Study(scenario, _axes(document, scenario))
    except Fault as fault:
        line = line_of(_swept(lines_of(text)), fault.path)
        place = ".".join(str(part) for part in fault.path if part != "sweep")
        sentence = f"{place}: {fault.sentence}" if place else fault.sentence
        raise ScenarioError(f"{source}:{line}: {_plain(sentence)}") from None


def study_to_toml(study: Study) -> str:
    """The text of a file that holds it; reading it gives the same again."""
    document = document_of(study.scenario)
    tables = {key: document.pop(key) for key in ("law", "groups") if key in document}
    groups = tables.pop("groups")
    parts = [_assignments(document)]
    parts += [f"[{name}]\n{_assignments(table)}" for name, table in tables.items()]
    parts += [f"[groups.{name}]\n{_assignments(table)}" for name, table in groups.items()]
    if study.axes:
        parts.append("[sweep]\n" + _assignments({a.path: list(a.values) for a in study.axes}))
    return "\n".join(parts)


def _document(text: str, source: str) -> dict[str, Any]:
    if len(text) > MAX_SIZE:
        raise ScenarioError(f"{source}:1: expected at most {MAX_SIZE // 1024} KiB")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ScenarioError(f"{source}:1: expected tables that are not that deep") from None
    except ValueError as error:
        found = re.search(r"\(at line (\d+), column \d+\)", str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        why = re.sub(r" \(at [^)]*\)$", "", str(error)).rstrip(".")
        raise ScenarioError(f"{source}:{line}: this is no TOML: {_plain(why)}") from None


def _axes(document: Document, scenario: Scenario) -> tuple[Axis, ...]:
    if "sweep" not in document:
        return ()
    table = document["sweep"]
    if not isinstance(table, dict) or not table:
        raise Fault(("sweep",), "this sweep is empty; expected parameters and their values")
    return axes_of(table, scenario)


def _swept(lines: dict[tuple[str, ...], int]) -> dict[tuple[str, ...], int]:
    """Paths of a sweep that are written as tables are found by their whole path as well."""
    joined = dict(lines)
    for keys, line in lines.items():
        if keys[:1] == ("sweep",):
            joined.setdefault(("sweep", ".".join(keys[1:])), line)
    return joined


def _assignments(table: Mapping[str, object]) -> str:
    return "".join(f"{_key(key)} = {_value(value)}\n" for key, value in table.items())


def _key(key: str) -> str:
    return key if re.fullmatch("[A-Za-z0-9_-]+", key) else _value(key)


def _value(value: object) -> str:
    match value:
        case str():
            return json.dumps(value, ensure_ascii=False)
        case list():
            return f"[{', '.join(map(_value, value))}]"
        case dict():
            inner = ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items())
            return f"{{ {inner} }}"
        case int():
            return f"{value:_}"
        case _:
            return repr(value)


def _plain(sentence: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in sentence)
