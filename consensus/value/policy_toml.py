"""Policies as TOML: what people read, change and share; strict, bounded, with the place of errors.

name = "humans only"
continuity = 0.5

[[rule]]
made_by = "machine"
times = 0
why = "I want to hear people"

[[plugin]]
name = "fresh"
half_life_days = 90
"""

import tomllib
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from consensus.identifiers import IdentityId, to_did
from consensus.value.policy import (
    CONDITIONS,
    MAX_DAYS,
    MAX_FACTOR,
    MAX_HANDS,
    MAX_NAME,
    MAX_PARAMETERS,
    MAX_PLUGINS,
    MAX_RULES,
    MAX_WORDS,
    MadeBy,
    Parameter,
    PluginUse,
    Policy,
    Rule,
)
from consensus.value.toml_values import (
    PolicyError,
    check_keys,
    day,
    number,
    parameter,
    person,
    tables,
    text,
)

MAX_POLICY_BYTES: Final = 65_536
"""All rules that are allowed fit, with room for comments."""
SETTINGS: Final = {
    "continuity": "continuity_floor",
    "clusters": "cluster_credit",
    "strangers": "stranger_trust",
    "close_at": "close_at",
    "contested": "contested_factor",
    "reported": "reported_factor",
    "forked": "forked_factor",
}
"""The numbers of a policy, as they are written, and as they are called here."""
FACTORS: Final = ("contested", "reported", "forked")
TOP_KEYS: Final = ("name", "about", *SETTINGS, "rule", "plugin")
RULE_KEYS: Final = ("times", "why", *CONDITIONS)
PEOPLE: Final = ("witness", "minter", "holder")
DATES: Final = ("since", "before")
FRESH: Final = "fresh"
HALF_LIFE: Final = "half_life_days"


def parse_policy(source: str) -> Policy:
    """The policy that a TOML text says; raises PolicyError with a sentence."""
    if len(source.encode("utf-8", "surrogatepass")) > MAX_POLICY_BYTES:
        raise PolicyError(
            f"The policy is longer than {MAX_POLICY_BYTES:,} bytes; leave rules or comments out."
        )
    try:
        table = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"This is no TOML: {error}. Correct that place.") from None
    except (RecursionError, ValueError):
        raise PolicyError(
            "This is no TOML that can be read; look for brackets and long numbers."
        ) from None
    check_keys("The policy", table, TOP_KEYS)
    rules = tables(table, "rule", MAX_RULES)
    plugins = tables(table, "plugin", MAX_PLUGINS)
    if "name" not in table:
        raise PolicyError('The policy has no name. Add one: name = "…".')
    numbers: dict[str, Any] = {
        field: number(key, table[key], *_range(key))
        for key, field in SETTINGS.items()
        if key in table
    }
    return Policy(
        name=text("name", table["name"], MAX_NAME, is_needed=True),
        about=text("about", table.get("about", ""), MAX_WORDS),
        rules=tuple(_rule(f"rule {place}", one) for place, one in enumerate(rules, 1)),
        plugins=tuple(_plugin(f"plugin {place}", one) for place, one in enumerate(plugins, 1)),
        **numbers,
    )


def to_toml(policy: Policy) -> str:
    """The text that says a policy; `parse_policy` gives the same policy back."""
    lines = [f"name = {_quoted(policy.name)}"]
    if policy.about:
        lines.append(f"about = {_quoted(policy.about)}")
    lines += [f"{key} = {_written(getattr(policy, field))}" for key, field in SETTINGS.items()]
    for rule in policy.rules:
        lines += ["", "[[rule]]"]
        lines += [f"{key} = {_written(value)}" for key, value in rule.conditions.items()]
        lines.append(f"times = {_written(rule.times)}")
        lines += [f"why = {_quoted(rule.why)}"] if rule.why else []
    for use in policy.plugins:
        lines += ["", "[[plugin]]", f"name = {_quoted(use.name)}"]
        lines += [f"{_quoted(key)} = {_written(value)}" for key, value in use.parameters.items()]
        lines += [f"why = {_quoted(use.why)}"] if use.why else []
    return "\n".join(lines) + "\n"


def _range(key: str) -> tuple[float, float]:
    return (-MAX_FACTOR, MAX_FACTOR) if key in FACTORS else (0.0, 1.0)


def _rule(place: str, table: Mapping[str, Any]) -> Rule:
    check_keys(place.capitalize(), table, RULE_KEYS)
    if "times" not in table:
        raise PolicyError(f"{place.capitalize()} says no times. Add one: times = 0.5 halves.")
    if not set(table) & set(CONDITIONS):
        raise PolicyError(
            f"{place.capitalize()} says of no coins what they are like. "
            f"Add a condition: {', '.join(CONDITIONS)}."
        )
    found = {
        key: _condition(f"{key} of {place}", key, table[key]) for key in CONDITIONS if key in table
    }
    since, before = found.get("since"), found.get("before")
    if since is not None and before is not None and since >= before:
        raise PolicyError(
            f"since of {place} is {since}, not earlier than before, {before}: no coin is of such "
            "a day. Exchange them."
        )
    return Rule(
        times=number(f"times of {place}", table["times"], -MAX_FACTOR, MAX_FACTOR),
        why=text(f"why of {place}", table.get("why", ""), MAX_WORDS),
        **found,
    )


def _condition(where: str, key: str, value: object) -> Any:
    if key in PEOPLE:
        return person(where, value)
    if key in DATES:
        return day(where, value)
    if key == "made_by":
        if value not in list(MadeBy):
            raise PolicyError(f"{where}: write one of {', '.join(MadeBy)}.")
        return MadeBy(str(value))
    if key == "hands_over":
        if type(value) is not int or not 0 <= value <= MAX_HANDS:
            raise PolicyError(f"{where}: write a whole number from 0 to {MAX_HANDS}.")
        return value
    if key == "older_than_days":
        return number(where, value, 0, MAX_DAYS)
    return text(where, value, MAX_NAME, is_needed=True)


def _plugin(place: str, table: Mapping[str, Any]) -> PluginUse:
    told = {key: value for key, value in table.items() if key not in ("name", "why")}
    if "name" not in table:
        raise PolicyError(f'{place.capitalize()} has no name. Add one: name = "fresh".')
    if len(told) > MAX_PARAMETERS:
        raise PolicyError(
            f"{place.capitalize()} has more than {MAX_PARAMETERS} parameters; leave some out."
        )
    parameters = {
        text(f"a key of {place}", key, MAX_NAME, is_needed=True): parameter(
            f"{key[:MAX_NAME]!r} of {place}", value
        )
        for key, value in told.items()
    }
    name = text(f"name of {place}", table["name"], MAX_NAME, is_needed=True)
    if name == FRESH:
        _check_fresh(place, parameters)
    return PluginUse(name, parameters, text(f"why of {place}", table.get("why", ""), MAX_WORDS))


def _check_fresh(place: str, parameters: Mapping[str, Parameter]) -> None:
    """The plug-in that comes with popd would only say later, coin by coin, what it can't use."""
    check_keys(f"The plug-in fresh ({place})", parameters, (HALF_LIFE,))
    days = parameters.get(HALF_LIFE, 1)
    if isinstance(days, (bool, str)) or days <= 0:
        raise PolicyError(f"{HALF_LIFE} of {place}: write a number of days above 0.")


def _written(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case bytes():
            return _quoted(to_did(IdentityId(value)))
        case str():
            return _quoted(value)
        case date():
            return value.isoformat()
        case float() if value.is_integer() and abs(value) < 2**53:
            return f"{value:.1f}"
        case _:
            return repr(value)


def _quoted(text: str) -> str:
    """A basic string of TOML; control characters can't occur, `text` lets none through."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
