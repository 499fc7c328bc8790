"""Many lots at once: what does not depend on the observer is laid out once, as columns.

The clear version is `valuation.value_of`; this one gives the same numbers faster, for totals, for
previews while somebody moves a slider, and for many observers of the same lots.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from consensus.identifiers import IdentityId
from consensus.value.lot import LotView
from consensus.value.plugins import asked
from consensus.value.policy import MAX_FACTOR, RAW_CONTINUITY, Policy, Rule
from consensus.value.rules import coin_conditions, is_about_witness
from consensus.value.stance import NO_STANCE, Stance
from consensus.value.surroundings import NOWHERE, Surroundings
from consensus.value.valuation import holders_seen, stake_factor

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Met = Mapping[Rule, npt.NDArray[np.bool_]]
NOTHING_KNOWN: Final[Met] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class LotTable:
    """Lots as columns. Build it once, with `lot_table`; it holds for every observer."""

    lots: tuple[LotView, ...]
    """The lots, in order."""
    people: tuple[IdentityId, ...]
    """All verifiers and holders; the columns below name them by their place here."""
    word_lots: Places
    """For each word, the place of its lot."""
    word_people: Places
    """For each word, the place of its verifier."""
    word_shares: Floats
    """For each word, the lot's part of what it added, in uJAM."""
    path_lots: Places
    """For each holder of a path, the first included, the place of the lot."""
    path_people: Places
    """For each of them, the place of the holder."""
    way_lots: Places
    """For each holder that continuity looks at, the place of the lot; ascending."""
    way_people: Places
    """For each of them, the place of the holder."""


def lot_table(lots: Sequence[LotView]) -> LotTable:
    """The columns of some lots."""
    places: dict[IdentityId, int] = {}
    words: list[tuple[int, int, float]] = []
    ways: list[tuple[int, int]] = []
    paths: list[tuple[int, int]] = []
    for number, lot in enumerate(lots):
        part = lot.amount_ujam / lot.minted_ujam if lot.minted_ujam else 0.0
        for verifier, contribution_ujam in lot.contributions:
            place = places.setdefault(verifier, len(places))
            words.append((number, place, contribution_ujam * part))
        paths += [(number, places.setdefault(holder, len(places))) for holder in lot.path]
        seen = holders_seen(lot.path)
        ways += [(number, places.setdefault(holder, len(places))) for holder in seen]
    word_lots, word_people, shares = zip(*words, strict=True) if words else ((), (), ())
    path_lots, path_people = zip(*paths, strict=True) if paths else ((), ())
    way_lots, way_people = zip(*ways, strict=True) if ways else ((), ())
    return LotTable(
        tuple(lots),
        tuple(places),
        np.array(word_lots, np.int64),
        np.array(word_people, np.int64),
        np.array(shares, np.float64),
        np.array(path_lots, np.int64),
        np.array(path_people, np.int64),
        np.array(way_lots, np.int64),
        np.array(way_people, np.int64),
    )


def values_of(
    table: LotTable,
    proximity: Mapping[IdentityId, float],
    policy: Policy = RAW_CONTINUITY,
    stance: Stance = NO_STANCE,
    surroundings: Surroundings = NOWHERE,
    known: Met = NOTHING_KNOWN,
) -> Floats:
    """What each lot is worth to the observer, in uJAM: the clear version's `value_ujam`.

    `known` are answers of `met_by` in the same surroundings, of rules that were asked before.
    """
    trust = np.array([proximity.get(who, 0.0) for who in table.people], np.float64)
    met = {**known, **met_by(table, set(policy.rules) - known.keys(), surroundings)}
    support = _support(table, trust, policy, met, surroundings)
    factors = np.ones(len(table.lots))
    for rule in policy.rules:
        if not rule.is_about_word:
            factors = _times(factors, np.where(met[rule], rule.times, 1.0))
    for use in policy.plugins:
        said = [asked(use, lot, proximity, surroundings).factor for lot in table.lots]
        factors = _times(factors, np.array(said, np.float64))
    for column in _disputes(table.lots, policy, stance):
        factors = _times(factors, column)
    value: Floats = support * _continuity(table, trust, policy, surroundings) * factors + 0.0
    return value


def met_by(table: LotTable, rules: Iterable[Rule], surroundings: Surroundings) -> Met:
    """Of which lots each rule's conditions on coins hold: shape (lots,), by rule."""
    return {rule: _met(table, rule, surroundings) for rule in rules}


def _support(
    table: LotTable,
    trust: Floats,
    policy: Policy,
    met: Met,
    surroundings: Surroundings,
) -> Floats:
    close = np.minimum(1.0, trust / policy.close_at) if policy.close_at > 0 else 1.0
    counted = policy.stranger_trust + (1 - policy.stranger_trust) * trust * close
    factors = np.ones(len(table.word_lots))
    for rule in policy.rules:
        if rule.is_about_word:
            about = _about(table, rule, surroundings)[table.word_people]
            applies = about & met[rule][table.word_lots]
            factors = _times(factors, np.where(applies, rule.times, 1.0))
    words = table.word_shares * counted[table.word_people] * factors
    return np.bincount(table.word_lots, words, len(table.lots)).astype(np.float64)


def _continuity(
    table: LotTable, trust: Floats, policy: Policy, surroundings: Surroundings
) -> Floats:
    shares = [
        surroundings.shares.get(surroundings.clusters.get(who, ""), 0.0) for who in table.people
    ]
    known = np.maximum(trust, policy.cluster_credit * np.array(shares, np.float64))
    least = np.ones(len(table.lots))
    if len(table.way_lots):
        moved, starts = np.unique(table.way_lots, return_index=True)
        least[moved] = np.minimum.reduceat(known[table.way_people], starts)
    floor = np.where(
        np.isin(np.arange(len(table.lots)), table.way_lots), policy.continuity_floor, 1.0
    )
    factors: Floats = floor + (1 - floor) * least
    return factors


def _met(table: LotTable, rule: Rule, surroundings: Surroundings) -> npt.NDArray[np.bool_]:
    """The conditions that the rule has, looked up once for all lots; the slowest as columns."""
    found = np.ones(len(table.lots), np.bool_)
    for name, condition in coin_conditions(rule).items():
        if name == "holder_cluster":
            cluster = rule.holder_cluster or ""
            inside = np.array([surroundings.is_in(who, cluster) for who in table.people], np.bool_)
            through = inside[table.path_people]
            found &= np.bincount(table.path_lots, through, len(table.lots)) > 0
        else:
            found &= np.array([condition(rule, lot, surroundings) for lot in table.lots], np.bool_)
    return found


def _about(table: LotTable, rule: Rule, surroundings: Surroundings) -> npt.NDArray[np.bool_]:
    found = [is_about_witness(rule, who, surroundings) for who in table.people]
    return np.array(found, np.bool_)


def _disputes(lots: Sequence[LotView], policy: Policy, stance: Stance) -> list[Floats]:
    columns: list[list[Any]] = [[], [], [], []]
    for lot in lots:
        is_counted = lot.contested and lot.key in stance.counted
        columns[0].append(policy.contested_factor if lot.contested and not is_counted else 1.0)
        columns[1].append(policy.forked_factor if lot.forked else 1.0)
        columns[2].append(policy.reported_factor if lot.block in stance.believed else 1.0)
        columns[3].append(stake_factor(lot, policy, stance))
    return [np.array(column, np.float64) for column in columns]


def _times(product: Floats, factor: Floats) -> Floats:
    return np.clip(product * factor, -MAX_FACTOR, MAX_FACTOR)
