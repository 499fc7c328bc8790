"""Lanes in a terminal: notes come down in columns, presses stay where they fell."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from consensus.parameters import RIFF_CLEARANCE_US

OPEN_SHAPES: Final = "○□△☆◇⬡⬠✢▽⧖"
PRESSED_SHAPES: Final = "●■▲★◆⬢⬟✚▼⧗"
COLOURS: Final = (
    "#56b4e9",
    "#009e73",
    "#f0e442",
    "#d55e00",
    "#e69f00",
    "#cc79a7",
    "#0072b2",
    "#f0e442",
    "#d55e00",
    "#56b4e9",
)
"""As on the stage: Okabe and Ito's, which colour-blind eyes can tell; shapes tell lanes as well."""
OF_FOUR: Final = (0, 1, 4, 5)
"""Which of them four lanes have."""
WHITE: Final = "#ffffff"
QUIET: Final = "#6a6780"
LANE_WIDTH: Final = 5
STEP_US: Final = 90_000
"""How much time a row is."""
PAST_ROWS: Final = 4
"""Rows below the line, where presses stay in sight."""


class Cell(NamedTuple):
    """One place of the picture."""

    text: str
    """What stands there, as wide as a lane."""
    colour: str
    """As #rrggbb."""
    is_bold: bool = False


class Press(NamedTuple):
    """A key that went down, and when it came up."""

    lane: int
    down_us: int
    up_us: float
    """Infinite while it is down."""


def look(lane: int, keys: int) -> tuple[str, str, str]:
    """A lane's shape where a note comes, where a key is pressed, and its colour."""
    number = OF_FOUR[lane] if keys == 4 else lane % len(COLOURS)
    return OPEN_SHAPES[number], PRESSED_SHAPES[number], COLOURS[number]


def picture(
    keys: int,
    notes: Iterable[tuple[int, int, int]],
    riffs: Sequence[Sequence[tuple[int, int]]],
    presses: Iterable[Press],
    now_us: float,
    rows: int,
) -> list[list[Cell]]:
    """The moment `now_us` of the chart in `rows` rows, the farthest first.

    `notes` are [start_us, lane, duration_us], `riffs` four [us, lane] each: notes near
    them are dropped for the player, and here.
    """
    line = rows - 1 - PAST_ROWS
    found = [[_empty(row == line) for _ in range(keys)] for row in range(rows)]

    def put(us: float, lane: int, cell: Cell) -> None:
        row = line - round((us - now_us) / STEP_US)
        if 0 <= row < rows and 0 <= lane < keys:
            found[row][lane] = cell

    asked_us = [us for riff in riffs for us, _ in riff]
    for start_us, lane, duration_us in notes:
        if any(abs(start_us - us) < RIFF_CLEARANCE_US for us in asked_us):
            continue
        open_shape, _, colour = look(lane % keys, keys)
        for us in range(start_us + STEP_US, start_us + duration_us + 1, STEP_US):
            if us > now_us:
                put(us, lane, Cell(_wide("│"), colour))
        if start_us > now_us:
            put(start_us, lane, Cell(_wide(open_shape), colour))
    for riff in riffs:
        for number, (us, lane) in enumerate(riff, 1):
            put(us, lane, Cell(_wide(f"({number})"), WHITE, is_bold=True))
    for press in presses:
        _, shape, colour = look(press.lane % keys, keys)
        if press.down_us <= now_us:
            put(press.down_us, press.lane, Cell(_wide(shape), colour, is_bold=True))
        if press.down_us <= now_us < press.up_us:
            put(now_us, press.lane, Cell(_wide(shape), colour, is_bold=True))
    return found


def _empty(is_line: bool) -> Cell:
    return Cell("─" * LANE_WIDTH if is_line else _wide("·"), QUIET)


def _wide(text: str) -> str:
    return text.center(LANE_WIDTH)
