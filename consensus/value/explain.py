"""Why a lot is worth what it is worth to me: sentences whose numbers add up to the value.

Each line begins with a signed amount in JAM. Amounts are rounded to whole uJAM by the largest
remainder, so that the printed numbers add up exactly to the printed value.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor
from typing import Final

from consensus.identifiers import IdentityId
from consensus.value.valuation import RuleFactor, Valuation

UJAM_PER_JAM: Final = 1_000_000
NameOf = Callable[[IdentityId], str]


@dataclass(frozen=True, slots=True)
class Reason:
    """One part of a value; the parts of a valuation add up to it."""

    value_ujam: float
    """What it adds or takes away."""
    words: str
    """Why, without the amount."""


def explain(valuation: Valuation, name_of: NameOf) -> list[str]:
    """The lines of the explanation, words before deductions; never empty."""
    parts = reasons(valuation, name_of)
    amounts = whole_amounts([reason.value_ujam for reason in parts], rounded(valuation.value_ujam))
    return [
        f"{in_jam(amount)} {reason.words}" for amount, reason in zip(amounts, parts, strict=True)
    ]


def reasons(valuation: Valuation, name_of: NameOf) -> tuple[Reason, ...]:
    """The parts of the value: what each word adds, then what each factor changes."""
    return (*_words(valuation, name_of), *_changes(valuation, name_of))


def whole_amounts(values_ujam: Sequence[float], total_ujam: int) -> list[int]:
    """`values_ujam`, at least one, as integers that add up to `total_ujam`, their rounded sum."""
    amounts = [floor(value) for value in values_ujam]
    missing = total_ujam - sum(amounts)
    by_remainder = sorted(
        range(len(amounts)), key=lambda position: amounts[position] - values_ujam[position]
    )
    for position in by_remainder[: max(missing, 0)]:
        amounts[position] += 1
    # Floats may have rounded the sum and its parts to different sides.
    amounts[0] += total_ujam - sum(amounts)
    return amounts


def rounded(value_ujam: float) -> int:
    """The nearest whole uJAM, halves upwards."""
    return floor(value_ujam + 0.5)


def in_jam(amount_ujam: int) -> str:
    """An amount in JAM with three to six decimals."""
    whole, decimals = divmod(abs(amount_ujam), UJAM_PER_JAM)
    digits = f"{decimals:06}"
    shown = digits[:3] + digits[3:].rstrip("0")
    return f"{'-' if amount_ujam < 0 else ''}{whole}.{shown}"


def _words(valuation: Valuation, name_of: NameOf) -> list[Reason]:
    known = [word for word in valuation.words if word.trust > 0]
    strangers = len(valuation.words) - len(known)
    found = [
        Reason(
            word.value_ujam,
            f"from {name_of(word.verifier)}'s word ({word.share_ujam / UJAM_PER_JAM:.2f}"
            f" x {word.trust:.3f} trust{_by_rule(word.factor)})",
        )
        for word in known
    ]
    if strangers or not found:
        people = "1 person" if strangers == 1 else f"{strangers} people"
        found.append(Reason(0.0, f"from the words of {people} you have no trust in"))
    return found


def _by_rule(factor: float) -> str:
    return "" if factor == 1 else f" x {factor:g} by your rule"


def _changes(valuation: Valuation, name_of: NameOf) -> list[Reason]:
    """What every factor changes, given those before it."""
    steps = [(valuation.continuity.factor, _way(valuation, name_of))]
    steps += [(rule.factor, _rule(rule, name_of)) for rule in valuation.rules]
    steps.append((valuation.contested_factor, "because a fork moved it twice: it is contested"))
    steps.append((valuation.forked_factor, "because its minter's chain had forked before it"))
    steps.append((valuation.reported_factor, "because you believe the reports of its performance"))
    steps.append((valuation.stake_factor, _stake(valuation)))
    value = valuation.support_ujam
    changes = []
    for factor, words in steps:
        if factor != 1:
            changes.append(Reason(value * factor - value, f"{words} (x {factor:.3f})"))
        value *= factor
    if valuation.is_counted:
        changes.append(Reason(0.0, "contested: a fork moved it twice, and you count this branch"))
    return changes


def _stake(valuation: Valuation) -> str:
    if valuation.is_burnt:
        return "because this stake burnt: its owner moved a lot twice"
    return "because whoever staked it vouched for a performance whose reports you believe"


def _way(valuation: Valuation, name_of: NameOf) -> str:
    weakest = valuation.continuity.weakest
    if weakest is None:
        return "because of its way"
    trust = valuation.continuity.trust
    return f"because it passed through {name_of(weakest)}, whom you trust {trust:.3f}"


def _rule(rule: RuleFactor, name_of: NameOf) -> str:
    if isinstance(rule.about, str):
        return f"by your rule on the tag {rule.about!r}"
    return f"by your rule on coins that {name_of(rule.about)} held"
