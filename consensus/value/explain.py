"""Why a lot is worth what it is worth to me: sentences whose numbers add up to the value.

Each line begins with a signed amount in JAM. Amounts are rounded to whole uJAM by the largest
remainder, so that the printed numbers add up exactly to the printed value. The observer's own
rules always show, also where they change nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import floor, fsum, log10
from types import MappingProxyType
from typing import Final

from consensus.identifiers import IdentityId
from consensus.value.policy import bounded
from consensus.value.rule_words import rule_words
from consensus.value.valuation import Valuation, Word

UJAM_PER_JAM: Final = 1_000_000
NameOf = Callable[[IdentityId], str]
NO_NAMES: Final[Mapping[str, str]] = MappingProxyType({})
NOTHING_TO_CHANGE: Final = "; it changes nothing, because nothing was there to change"


class Part(StrEnum):
    """What a part of a value comes from."""

    WORD = "word"
    STRANGERS = "strangers"
    CONTINUITY = "continuity"
    RULE = "rule"
    PLUGIN = "plugin"
    DISPUTE = "dispute"


@dataclass(frozen=True, slots=True)
class Reason:
    """One part of a value; the parts of a valuation add up to it."""

    value_ujam: float
    """What it adds or takes away."""
    words: str
    """Why, without the amount."""
    part: Part = Part.WORD
    """What it comes from."""
    person: IdentityId | None = None
    """Whose word it is, or who is the weakest on its way."""


def explain(
    valuation: Valuation, name_of: NameOf, cluster_names: Mapping[str, str] = NO_NAMES
) -> list[str]:
    """The lines of the explanation, words before deductions; never empty."""
    parts = reasons(valuation, name_of, cluster_names)
    amounts = whole_amounts([reason.value_ujam for reason in parts], rounded(valuation.value_ujam))
    return [
        f"{in_jam(amount)} {reason.words}" for amount, reason in zip(amounts, parts, strict=True)
    ]


def reasons(
    valuation: Valuation, name_of: NameOf, cluster_names: Mapping[str, str] = NO_NAMES
) -> tuple[Reason, ...]:
    """The parts of the value: what each word adds, then what each factor changes.

    They add up to the value within a billionth of it, or of the rounding of the largest part.
    """
    found = [
        *_words(valuation, name_of, cluster_names),
        *_changes(valuation, name_of, cluster_names),
    ]
    # Differences of rounded numbers miss the value by a rounding or two; the last takes it up.
    missing = valuation.value_ujam - fsum(reason.value_ujam for reason in found)
    if missing:
        last = max(index for index, reason in enumerate(found) if reason.value_ujam)
        found[last] = replace(found[last], value_ujam=found[last].value_ujam + missing)
    return tuple(found)


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


def _words(valuation: Valuation, name_of: NameOf, cluster_names: Mapping[str, str]) -> list[Reason]:
    """Those that count or that a rule is about, one by one; the others together."""
    told = [word for word in valuation.words if word.counted > 0 or word.rules]
    strangers = len(valuation.words) - len(told)
    found = [
        Reason(word.value_ujam, _word(word, name_of, cluster_names), Part.WORD, word.verifier)
        for word in told
    ]
    if strangers or not found:
        people = "1 person" if strangers == 1 else f"{strangers} people"
        said = f"from the words of {people} you have no trust in"
        found.append(Reason(0.0, said, Part.STRANGERS))
    return found


def _word(word: Word, name_of: NameOf, cluster_names: Mapping[str, str]) -> str:
    """Its share, the trust in its giver, what the policy makes of that, and the rules."""
    trust = f"{word.trust:.3f} trust"
    if word.counted != word.trust:
        trust += f", which counts {word.counted:.3f} by your policy"
    rules = "".join(
        f" x {rule.times:g} by your rule on {rule_words(rule, name_of, cluster_names)}"
        for rule in word.rules
    )
    nothing = NOTHING_TO_CHANGE if word.rules and not word.share_ujam * word.counted else ""
    share = _share(word.share_ujam)
    return f"from {name_of(word.verifier)}'s word ({share} x {trust}{rules}){nothing}"


def _share(share_ujam: float) -> str:
    """In JAM, with two decimals or, where that would show little, two digits."""
    share = share_ujam / UJAM_PER_JAM
    decimals = 2 if share >= 0.1 or not share else min(6, 1 - floor(log10(share)))
    return f"{share:.{decimals}f}"


def _changes(
    valuation: Valuation, name_of: NameOf, cluster_names: Mapping[str, str]
) -> list[Reason]:
    """What every factor changes, given those before it."""
    start = valuation.support_ujam * valuation.continuity.factor
    changes = _way(valuation, start - valuation.support_ujam, name_of)
    product = 1.0
    for rule in valuation.rules:
        before, product = product, bounded(product * rule.times)
        said = f"by your rule on {rule_words(rule, name_of, cluster_names)} (x {rule.times:.3f})"
        said += NOTHING_TO_CHANGE if not start * before else ""
        changes.append(Reason(start * (product - before), said, Part.RULE))
    for plugin in valuation.plugins:
        before, product = product, bounded(product * plugin.factor)
        said = f"by the plug-in {plugin.name}: {plugin.words} (x {plugin.factor:.3f})"
        if plugin.is_broken:
            said = f"by the plug-in {plugin.name}, which {plugin.words}: it counts for x 1.000"
        changes.append(Reason(start * (product - before), said, Part.PLUGIN))
    for factor, words in _disputes(valuation):
        if factor != 1:
            before, product = product, bounded(product * factor)
            said = f"{words} (x {factor:.3f})"
            changes.append(Reason(start * (product - before), said, Part.DISPUTE))
    if valuation.is_counted:
        said = "contested: a fork moved it twice, and you count this branch"
        changes.append(Reason(0.0, said, Part.DISPUTE))
    return changes


def _disputes(valuation: Valuation) -> tuple[tuple[float, str], ...]:
    return (
        (valuation.contested_factor, "because a fork moved it twice: it is contested"),
        (valuation.forked_factor, "because its minter's chain had forked before it"),
        (valuation.reported_factor, "because you believe the reports of its performance"),
        (valuation.stake_factor, _stake(valuation)),
    )


def _stake(valuation: Valuation) -> str:
    if valuation.is_burnt:
        return "because this stake burnt: its owner moved a lot twice"
    return "because whoever staked it vouched for a performance whose reports you believe"


def _way(valuation: Valuation, change_ujam: float, name_of: NameOf) -> list[Reason]:
    continuity = valuation.continuity
    if continuity.factor == 1:
        return []
    said = "because of its way"
    if continuity.weakest is not None:
        name = name_of(continuity.weakest)
        said = f"because it passed through {name}, whom you trust {continuity.trust:.3f}"
        if continuity.is_by_cluster:
            known = f"whom you know {continuity.trust:.3f} by where they belong"
            said = f"because it passed through {name}, {known}"
    said += f" (x {continuity.factor:.3f})"
    return [Reason(change_ujam, said, Part.CONTINUITY, continuity.weakest)]
