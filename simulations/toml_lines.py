"""Lines of a TOML file: where each key stands, so that an error can name the place.

The scanner reads text that a parser already accepted, and looks only at what separates statements:
strings, brackets, comments and line ends (TOML 1.0).
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

Keys = tuple[str, ...]
"""A key path, without places in lists."""

KEY: Final = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*""")
STRING: Final = re.compile(
    r'"""(?:[^\\]|\\.)*?"""+|\'\'\'.*?\'\'\'+|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL
)


def lines_of(text: str) -> dict[Keys, int]:
    """The first line of every table and key of valid TOML, counted from 1."""
    found: dict[Keys, int] = {(): 1}
    prefix: Keys = ()
    for line, statement in _statements(text):
        is_table = statement.startswith("[")
        keys = _keys(statement.lstrip("["))
        if is_table:
            prefix = keys
        whole = keys if is_table else prefix + keys
        for length in range(1, len(whole) + 1):
            found.setdefault(whole[:length], line)
    return found


def line_of(lines: dict[Keys, int], path: Iterable[object]) -> int:
    """The line of a path, or of what holds it where that has no line of its own."""
    keys = tuple(part for part in path if isinstance(part, str))
    while keys not in lines:
        keys = keys[:-1]
    return lines[keys]


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Tables and assignments, each with the line on which it begins."""
    place, begin, depth = 0, None, 0
    while place <= len(text):
        letter = text[place : place + 1]
        if letter in ("", "\n", "#"):
            if begin is not None and depth == 0:
                yield text.count("\n", 0, begin) + 1, text[begin:place]
                begin = None
            if letter == "#":
                place = end if (end := text.find("\n", place)) >= 0 else len(text)
            else:
                place += 1
            continue
        if begin is None and not letter.isspace():
            begin = place
        if letter in "\"'" and (string := STRING.match(text, place)):
            place = string.end()
            continue
        depth += (letter in "[{") - (letter in "]}")
        place += 1


def _keys(statement: str) -> Keys:
    keys: list[str] = []
    place = 0
    while match := KEY.match(statement, place):
        keys.append(next(part for part in match.groups() if part is not None))
        place = match.end()
        if statement[place : place + 1] != ".":
            break
        place += 1
    return tuple(keys)
