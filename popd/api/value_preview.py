"""What a policy would do to the purse: before and after, coin by coin, and which rule did it.

The policy is applied part by part, settings first, then rule after rule: what each part changes
adds up to the whole change exactly as it is shown.
"""

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from consensus.identifiers import IdentityId
from consensus.ledger import Ledger
from consensus.value.appraisal import lot_view
from consensus.value.explain import Part, rounded, whole_amounts
from consensus.value.lot import LotView
from consensus.value.policy import Policy
from consensus.value.rule_words import rule_words
from consensus.value.stance import Stance
from consensus.value.surroundings import Surroundings
from consensus.value.valuation import value_of
from popd.api.outlook import Outlook
from popd.api.value_shapes import ChangeView, PolicyPreview, PolicyView, PreviewedCoin
from wallet.purse import Coin, coins_of

if TYPE_CHECKING:
    from consensus.value.bulk import Floats, LotTable

MAX_PREVIEWED: Final = 64
"""Coins that one preview lists."""
SAME_UJAM: Final = 0.5
"""A change of less is none that anybody would see."""
SETTINGS_WORDS: Final = "the settings, and taking your rules from before away"
"""What changes before any of the new rules applies."""


@dataclass(frozen=True, slots=True)
class PurseTable:
    """The user's coins laid out, of one revision of the ledger."""

    revision: int
    """Of the ledger."""
    coins: tuple[Coin, ...]
    """As in the purse."""
    table: "LotTable"
    """The same as columns."""


@dataclass(frozen=True, slots=True)
class Eyes:
    """All that a value depends on besides coin and policy."""

    proximity: dict[IdentityId, float]
    """How near everybody is."""
    stance: Stance
    """What the user makes of disputes."""
    surroundings: Surroundings
    """Clusters, the time, and the plug-ins of both policies."""


def purse_table(ledger: Ledger, holder: IdentityId) -> PurseTable:
    """Lays somebody's coins out."""
    from consensus.value.bulk import lot_table

    coins = coins_of(ledger, holder)
    lots = [lot_view(ledger, one.key, one.amount_ujam, one.is_contested) for one in coins]
    return PurseTable(ledger.revision, coins, lot_table(lots))


@dataclass(frozen=True, slots=True)
class Effect:
    """What a policy does to coins, in numbers."""

    before: "Floats"
    """Values by the policy from before."""
    after: "Floats"
    """Values by the new one."""
    steps: tuple[tuple[str, int, float], ...]
    """Of each part of the new policy: about what, how many coins it changes, by how much."""

    @property
    def most_changed(self) -> list[int]:
        """The places of the coins that a preview lists."""
        change = abs(self.after - self.before)
        return sorted(range(len(change)), key=lambda place: -change[place])[:MAX_PREVIEWED]


def effect_of(
    purse: PurseTable, eyes: Eyes, before: Policy, after: Policy, words: list[str]
) -> Effect:
    """Values before and after; `words` say what each rule and plug-in of `after` is about.

    Pure, and heavy where there are many coins and rules: to be run in another thread.
    """
    import numpy as np

    from consensus.value.bulk import met_by, values_of

    # Each rule is asked once, not again for every part that it belongs to.
    rules = {*before.rules, *after.rules}
    worth = partial(
        values_of,
        purse.table,
        eyes.proximity,
        stance=eyes.stance,
        surroundings=eyes.surroundings,
        known=met_by(purse.table, rules, eyes.surroundings),
    )
    partly = [replace(after, rules=(), plugins=())]
    partly += [replace(partly[0], rules=after.rules[: n + 1]) for n in range(len(after.rules))]
    partly += [replace(after, plugins=after.plugins[: n + 1]) for n in range(len(after.plugins))]
    columns = [worth(policy=before), *(worth(policy=one) for one in partly)]
    steps = []
    for said, old, new in zip([SETTINGS_WORDS, *words], columns, columns[1:], strict=False):
        changed = int(np.count_nonzero(np.abs(new - old) > SAME_UJAM))
        steps.append((said, changed, float(np.sum(new - old))))
    return Effect(columns[0], columns[-1], tuple(steps))


def part_words(outlook: Outlook, policy: Policy) -> list[str]:
    """What each rule and plug-in of a policy is about."""
    names, clusters = outlook.names.of, outlook.opinions.cluster_names
    return [
        *(rule_words(rule, names, clusters) for rule in policy.rules),
        *(f"the plug-in {use.name}" for use in policy.plugins),
    ]


def preview_view(
    outlook: Outlook,
    purse: PurseTable,
    eyes: Eyes,
    policy: Policy,
    view: PolicyView,
    effect: Effect,
    titles: dict[bytes, str],
) -> PolicyPreview:
    """The effect in shapes; `titles` by chart."""
    before, after = effect.before.tolist(), effect.after.tolist()
    total_before, total_after = rounded(sum(before)), rounded(sum(after))
    changes = whole_amounts([one[2] for one in effect.steps], total_after - total_before)
    return PolicyPreview(
        policy=view,
        amount_ujam=sum(coin.amount_ujam for coin in purse.coins),
        before_ujam=total_before,
        after_ujam=total_after,
        changed=sum(abs(new - old) > SAME_UJAM for old, new in zip(before, after, strict=True)),
        coins=[
            PreviewedCoin(
                lot=purse.coins[place].key.origin.hex(),
                path=[holder.hex() for holder in purse.coins[place].key.path],
                song=titles.get(purse.coins[place].chart or b"", ""),
                amount_ujam=purse.coins[place].amount_ujam,
                before_ujam=rounded(before[place]),
                after_ujam=rounded(after[place]),
                rules=_said(outlook, purse.table.lots[place], eyes, policy),
            )
            for place in effect.most_changed
        ],
        changes=[
            ChangeView(words, coins, change)
            for (words, coins, _), change in zip(effect.steps, changes, strict=True)
        ],
    )


def _said(outlook: Outlook, lot: LotView, eyes: Eyes, policy: Policy) -> list[str]:
    valuation = value_of(lot, eyes.proximity, policy, eyes.stance, eyes.surroundings)
    told = outlook.reasons(valuation, outlook.me)
    by_rule = (Part.RULE, Part.PLUGIN)
    return [one.words for one in told if one.part in by_rule or "by your rule" in one.words]
