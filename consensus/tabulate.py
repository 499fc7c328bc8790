"""The script that makes `consensus/tables.py`: `python -m consensus.tabulate`.

Law uses no floating point, so every logarithm, cosine and exponential in it is an integer
table. They are computed here in decimal arithmetic of 50 digits and rounded down, so that every
machine makes the same ones.
"""

import sys
from collections.abc import Callable
from decimal import ROUND_FLOOR, Decimal, getcontext
from pathlib import Path
from typing import Final

MILLION: Final = Decimal(1_000_000)
PI: Final = Decimal("3.14159265358979323846264338327950288419716939937511")
NUMBERS_PER_LINE: Final = 10


def floor_ppm(value: Decimal) -> int:
    """`value` in millionths, rounded towards minus infinity."""
    return int((value * MILLION).to_integral_value(rounding=ROUND_FLOOR))


def familiarity_decay(days: int = 30, scale_days: int = 24) -> tuple[int, ...]:
    """e^(-m / 24) in ppm for m = 0..30 days of acquaintance."""
    return tuple(floor_ppm((-Decimal(m) / scale_days).exp()) for m in range(days + 1))


def daily_decay() -> tuple[int, ...]:
    """0.9^i in ppm for the i-th block of a day, as far as it is above zero."""
    return powers("0.9")


def rating_familiarity_decay() -> tuple[int, ...]:
    """0.6^f in ppm for f days on which the same performer was rated, as far as it is above zero."""
    return powers("0.6")


def powers(base: str) -> tuple[int, ...]:
    """base^0, base^1 and so on in ppm, as far as they are above zero."""
    values: list[int] = []
    power = Decimal(1)
    while floor_ppm(power):
        values.append(floor_ppm(power))
        power *= Decimal(base)
    return tuple(values)


def log2_mantissa(bits: int = 10) -> tuple[int, ...]:
    """log2(n) - 10 in ppm for n = 1024..2047."""
    two = Decimal(2).ln()
    size = 1 << bits
    return tuple(floor_ppm((Decimal(n) / size).ln() / two) for n in range(size, 2 * size))


def cosine(x: Decimal) -> Decimal:
    """cos(x) by its Taylor series, for |x| <= 2 pi."""
    term, total, n = Decimal(1), Decimal(1), 0
    while abs(term) > Decimal("1e-45"):
        n += 2
        term *= -x * x / (n * (n - 1))
        total += term
    return total


def cosine_turn(steps: int = 1024) -> tuple[int, ...]:
    """cos(2 pi k / 1024) in ppm for k = 0..1023."""
    return tuple(floor_ppm(cosine(2 * PI * k / steps)) for k in range(steps))


def source() -> str:
    """The text of `consensus/tables.py`."""
    getcontext().prec = 50
    tables: dict[str, Callable[[], tuple[int, ...]]] = {
        "FAMILIARITY_DECAY": familiarity_decay,
        "DAILY_DECAY": daily_decay,
        "RATING_FAMILIARITY_DECAY": rating_familiarity_decay,
        "LOG2_MANTISSA": log2_mantissa,
        "COSINE_TURN": cosine_turn,
    }
    text = (
        '"""Integer tables of the law, made by `python -m consensus.tabulate`: do not edit."""\n\n'
    )
    text += "from typing import Final\n"
    for name, make in tables.items():
        numbers = make()
        text += f"\n{name}: Final = (\n"
        for start in range(0, len(numbers), NUMBERS_PER_LINE):
            line = numbers[start : start + NUMBERS_PER_LINE]
            text += "    " + ", ".join(str(number) for number in line) + ",\n"
        text += f")\n# {make.__doc__}\n"
    return text


if __name__ == "__main__":
    target = Path(__file__).with_name("tables.py")
    target.write_text(source())
    sys.stdout.write(f"wrote {target.name}\n")
