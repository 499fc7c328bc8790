"""Values of a policy's TOML, checked: every error names the place and the next step."""

from collections.abc import Mapping
from datetime import date, datetime
from math import isfinite
from typing import Any

from consensus.identifiers import IdentityId, from_did
from consensus.value.policy import MAX_NAME, Parameter


class PolicyError(ValueError):
    """A policy can't be used; the message names the key and the next step."""


def check_keys(place: str, table: Mapping[str, Any], known: tuple[str, ...]) -> None:
    """Raises PolicyError for a key that isn't known."""
    for key in table:
        if key not in known:
            raise PolicyError(
                f"{place} has the unknown key {key[:MAX_NAME]!r}. Known are {', '.join(known)}."
            )


def tables(table: Mapping[str, Any], key: str, most: int) -> list[Mapping[str, Any]]:
    """The tables of one name; raises PolicyError where it is none, or too many."""
    found = table.get(key, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise PolicyError(f"{key}: write [[{key}]] in a line of its own, and its keys below.")
    if len(found) > most:
        raise PolicyError(f"There are {len(found)} of [[{key}]]; at most {most} are allowed.")
    return found


def number(where: str, value: object, least: float, most: float) -> float:
    """A number within bounds; raises PolicyError."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not is_number or not least <= value <= most:  # type: ignore[operator]
        raise PolicyError(f"{where}: write a number from {least:g} to {most:g}.")
    return float(value)  # type: ignore[arg-type]


def text(where: str, value: object, most: int, *, is_needed: bool = False) -> str:
    """One line of text; raises PolicyError."""
    if not isinstance(value, str) or len(value) > most or not value.isprintable():
        raise PolicyError(
            f"{where}: write one line of text in quotes, of at most {most} characters."
        )
    if is_needed and not value.strip():
        raise PolicyError(f"{where}: it is empty; write what is meant.")
    return value


def person(where: str, value: object) -> IdentityId:
    """Whose key it is; raises PolicyError."""
    try:
        assert isinstance(value, str)
        key = from_did(value) if value.startswith("did:") else bytes.fromhex(value)
        assert len(key) == 32
    except (AssertionError, ValueError):
        raise PolicyError(
            f"{where}: write a person's did:key:… or 64 hexadecimal digits."
        ) from None
    return IdentityId(key)


def day(where: str, value: object) -> date:
    """A day; raises PolicyError."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise PolicyError(f"{where}: write a day without quotes, like 2026-05-01.")
    return value


def parameter(where: str, value: object) -> Parameter:
    """What a plug-in can be told; raises PolicyError."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return text(where, value, MAX_NAME)
    if isinstance(value, int) and abs(value) < 2**53:
        return value
    if isinstance(value, float) and isfinite(value):
        return value
    raise PolicyError(f"{where}: write a number, a text, true or false.")
