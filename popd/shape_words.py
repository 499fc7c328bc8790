"""What is wrong with data of another shape, in words for whoever wrote it.

msgspec says it in terms of types; its texts are matched here, and any other is left as it is.
"""

import re
from collections.abc import Callable
from typing import Final

from wallet.amounts import in_jam

_PLACE: Final = re.compile(r"(.*?)(?: - at `(?:key in )?\$\.?([^`]*)`)?", re.DOTALL)
_KINDS: Final = {
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "bool": "true or false",
    "array": "a list",
    "object": "named values",
    "null": "nothing",
    "bytes": "bytes",
}
_AMOUNT: Final = "_ujam"


def shape_in_words(error: Exception | str) -> str:
    """A sentence without its point, beginning with the place where there is one."""
    found = _PLACE.fullmatch(str(error))
    assert found is not None, "everything matches"
    what, place = found[1], found[2] or ""
    is_amount = place.endswith(_AMOUNT)
    for pattern, words in _SENTENCES:
        if match := pattern.fullmatch(what):
            told = words(match, is_amount)
            break
    else:
        return f"{place}: {what}" if place else what
    return f"{place.removesuffix(_AMOUNT)}: {told}" if place else told


def _kind(names: str) -> str:
    return " or ".join(_KINDS.get(name.strip(), name.strip()) for name in names.split("|"))


def _expected(found: re.Match[str], is_amount: bool) -> str:
    taken = "an amount in JAM" if is_amount else _kind(found[1])
    return f"it takes {taken}, and has {_kind(found[2])}"


def _bound(found: re.Match[str], is_amount: bool) -> str:
    most = {">=": "at least", "<=": "at most", ">": "more than", "<": "less than"}[found[2]]
    if is_amount:
        return f"it takes an amount of {most} {in_jam(int(found[3]))} JAM"
    return f"it takes {_kind(found[1])} of {most} {found[3]}"


def _length(found: re.Match[str], _: bool) -> str:
    most = {">=": "at least", "<=": "at most"}[found[2]]
    unit = "characters" if found[1] == "str" else "items"
    return f"it takes {_kind(found[1])} of {most} {found[3]} {unit}"


_SENTENCES: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str], bool], str]], ...]] = (
    (re.compile(r"Expected `([^`]+)`, got `([^`]+)`"), _expected),
    (re.compile(r"Expected `(int|float)` (>=|<=|>|<) (-?[0-9]+)"), _bound),
    (re.compile(r"Expected `(str|array|bytes)` of length (>=|<=) ([0-9]+)"), _length),
    (re.compile(r"Expected `str` matching regex .*"), lambda *_: "it takes another kind of text"),
    (
        re.compile(r"Object missing required field `([^`]+)`"),
        lambda found, _: f"{found[1].removesuffix(_AMOUNT)} is missing",
    ),
    (
        re.compile(r"Object contains unknown field `([^`]+)`"),
        lambda found, _: f"there is nothing called {found[1]!r}",
    ),
    (
        re.compile(r"Invalid enum value (.+)"),
        lambda found, _: f"{found[1]} is none of those there are",
    ),
)
