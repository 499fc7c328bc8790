"""Keeps in config.toml what was chosen on the command line, so that the next start knows it."""

import json
import tomllib
from collections.abc import Mapping
from typing import Any

from popd.config import ConfigError, Home

Value = str | list[str]
"""Of a setting; an empty one says nothing."""


def keep_settings(home: Home, chosen: Mapping[str, Value]) -> list[str]:
    """Writes the settings that differ from what the file says, and returns their names.

    An empty value takes a setting out. All else in the file stays as it is written. Raises
    ConfigError where the file can't be read or would not say so afterwards, and OSError.
    """
    text = home.config.read_text() if home.config.exists() else ""
    before = _read(home, text)
    changed = [name for name, value in chosen.items() if before.get(name, type(value)()) != value]
    if not changed:
        return []
    for name in changed:
        text = _rewritten(text, name, chosen[name])
    after = {name: value for name, value in before.items() if name not in changed}
    after |= {name: chosen[name] for name in changed if chosen[name]}
    try:
        is_kept = tomllib.loads(text) == after
    except tomllib.TOMLDecodeError:
        is_kept = False
    if not is_kept:
        raise ConfigError(f"{home.config} is left as it is; write {' and '.join(changed)} into it")
    draft = home.config.with_name("config.toml.draft")
    draft.write_text(text)
    draft.replace(home.config)
    return changed


def _read(home: Home, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{home.config} can't be read: {error}") from error


def _rewritten(text: str, name: str, value: Value) -> str:
    """A text in which the lines of one setting say this value."""
    lines = text.splitlines()
    begin = next((n for n, line in enumerate(lines) if _says(line, name)), len(lines))
    end = begin
    while end < len(lines) and not _is_whole(lines[begin:end]):
        end += 1
    written = json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    new = [f"{name} = {written}"] if value else []
    return "".join(f"{line}\n" for line in (*lines[:begin], *new, *lines[end:]))


def _says(line: str, name: str) -> bool:
    key, equals, _ = line.partition("=")
    return bool(equals) and key.strip().strip("\"'") == name


def _is_whole(lines: list[str]) -> bool:
    """Whether a setting ends here: a list may go over several lines."""
    try:
        return bool(tomllib.loads("\n".join(lines)))
    except tomllib.TOMLDecodeError:
        return False
