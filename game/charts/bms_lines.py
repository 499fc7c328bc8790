"""The lines of a BMS file that count: headers, and messages of measures.

Format: https://hitkey.nekokan.dyndns.info/cmds.htm. A `#RANDOM` always rolls 1, so that everybody
plays the same chart: of the branches below it, those of `#IF 1` count.
"""

import re
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from game.charts.errors import ChartImportError
from game.charts.lines import Line, check_size, decoded

ENCODINGS: Final = ("utf-8-sig", "cp932")
MAX_DEPTH: Final = 64
"""Branches within branches."""
MAX_CELLS: Final = 2_000_000
"""Objects of all messages together; a large chart has twenty thousand."""
MESSAGE: Final = re.compile(r"#(\d{3})([0-9A-Za-z]{2}):(.*)")
HEADER: Final = re.compile(r"#([A-Za-z]\w*)(?:\s+(.*))?")
ROLLS: Final = ("RANDOM", "RONDAM", "SWITCH")
ALWAYS_ROLLED: Final = 1
SETTERS: Final = ("SETRANDOM", "SETSWITCH")
NUMBERED: Final = re.compile(r"(BPM|EXBPM|STOP)(..)", re.IGNORECASE)
"""Headers that give an object its meaning."""


class Message(NamedTuple):
    """What a line says about a channel of a measure."""

    number: int
    """The line, from 1."""
    measure: int
    """From 0."""
    channel: str
    """Two letters, capitals."""
    text: str
    """What stands behind the colon."""


@dataclass(frozen=True, slots=True)
class BmsFile:
    """What counts of a file."""

    headers: dict[str, Line]
    """Values by name in capitals; the last of a name counts."""
    numbered: dict[str, dict[str, Line]]
    """For BPM, EXBPM and STOP: values by the two letters of an object."""
    channels: dict[str, list[Message]]
    """Messages by channel, in the order of the file."""


@dataclass(slots=True)
class _Branches:
    """Which lines are to be read."""

    rolled: int = ALWAYS_ROLLED
    stack: list[tuple[bool, bool, bool]] = field(default_factory=list)
    """For each open block: is it read, was a branch of it taken, is it a switch."""

    @property
    def is_read(self) -> bool:
        """Whether every open block is read here."""
        return all(is_read for is_read, _, _ in self.stack)

    def obey(self, number: int, word: str, value: str) -> bool:
        """Follows a command of branches; whether it was one."""
        if word in ROLLS or word in SETTERS:
            if self.is_read:
                self.rolled = _whole(number, value) if word in SETTERS else ALWAYS_ROLLED
            if word.endswith("SWITCH"):
                self._open(number, False, False, True)
        elif word == "IF":
            is_met = _whole(number, value) == self.rolled
            self._open(number, is_met, is_met, False)
        elif word in ("ELSEIF", "ELSE", "CASE", "DEF", "SKIP"):
            self._turn(number, word, value)
        elif word in ("ENDIF", "ENDSW"):
            if self.stack and self.stack[-1][2] == (word == "ENDSW"):
                self.stack.pop()
        else:
            return word == "ENDRANDOM"
        return True

    def _open(self, number: int, is_read: bool, is_taken: bool, is_switch: bool) -> None:
        if len(self.stack) == MAX_DEPTH:
            raise ChartImportError(number, f"more than {MAX_DEPTH} branches within branches")
        self.stack.append((is_read, is_taken, is_switch))

    def _turn(self, number: int, word: str, value: str) -> None:
        is_switch = word in ("CASE", "DEF", "SKIP")
        if not self.stack or self.stack[-1][2] != is_switch:
            raise ChartImportError(number, f"#{word} outside of what it belongs to")
        is_read, is_taken, _ = self.stack[-1]
        if word == "SKIP":
            is_read = False
        elif word in ("ELSE", "DEF"):
            is_read, is_taken = (is_read and is_switch) or not is_taken, True
        else:
            is_met = _whole(number, value) == self.rolled and not is_taken
            is_read, is_taken = is_met or (is_switch and is_read), is_taken or is_met
        self.stack[-1] = (is_read, is_taken, is_switch)


def bms_file(data: bytes) -> BmsFile:
    """The headers and messages of a file; raises ChartImportError with the line."""
    check_size(data)
    file = BmsFile({}, {"BPM": {}, "EXBPM": {}, "STOP": {}}, {})
    branches = _Branches()
    cells = 0
    for number, raw in enumerate(re.split(r"\r\n|\n|\r", decoded(data, ENCODINGS)), 1):
        line = raw.strip()
        message, header = MESSAGE.match(line), HEADER.match(line)
        if message is not None and branches.is_read:
            found = Message(number, int(message[1]), message[2].upper(), message[3].strip())
            cells += len(found.text) // 2
            file.channels.setdefault(found.channel, []).append(found)
        elif message is None and header is not None:
            _read_header(file, branches, number, header[1], (header[2] or "").strip())
        if cells > MAX_CELLS:
            raise ChartImportError(number, f"more than {MAX_CELLS} objects")
    if not file.channels:
        raise ChartImportError(0, "there is no line such as #00111:01 in it, as BMS files have")
    return file


def _read_header(file: BmsFile, branches: _Branches, number: int, name: str, value: str) -> None:
    word = name.upper()
    if word == "END" and value.upper().startswith("IF"):
        word = "ENDIF"
    if branches.obey(number, word, value) or not branches.is_read:
        return
    numbered = NUMBERED.fullmatch(name)
    if numbered is not None:
        file.numbered[numbered[1].upper()][numbered[2]] = Line(number, value)
    else:
        file.headers[word] = Line(number, value)


def _whole(number: int, value: str) -> int:
    digits = value.split(maxsplit=1)[0] if value else ""
    if not digits.isascii() or not digits.isdigit() or len(digits) > 18:
        raise ChartImportError(number, f"{value[:40]!r} is not a whole number")
    return int(digits)
