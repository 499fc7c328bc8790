"""The rulebook of each kind of entry: the rules that it must pass, and what it then does.

A rule takes a `Case` and returns nothing or raises `RejectionError`. Nothing is changed until
all rules of an entry have passed; then one `apply_` function changes the author's state.
"""

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from consensus.chain import check_follows
from consensus.entries.appreciation import Concert, Rating
from consensus.entries.attestation import Attestation
from consensus.entries.chains import Profile, Reconcile
from consensus.entries.dispute import Diverge, Report
from consensus.entries.performance import Block, Mint, Session
from consensus.entries.staking import Stake, Unstake
from consensus.entries.transfer import Decline, Receive, Transfer
from consensus.lots import Claim
from consensus.rulebooks.attesting import (
    ATTESTATION_RULES,
    apply_attestation,
    has_false_declaration,
)
from consensus.rulebooks.case import Case
from consensus.rulebooks.chains import (
    PROFILE_RULES,
    RECONCILE_RULES,
    apply_nothing,
    apply_reconcile,
)
from consensus.rulebooks.disputing import (
    DIVERGE_RULES,
    REPORT_RULES,
    apply_diverge,
    apply_report,
)
from consensus.rulebooks.gathering import CONCERT_RULES, apply_concert
from consensus.rulebooks.minting import MINT_RULES, apply_mint
from consensus.rulebooks.performing import (
    BLOCK_RULES,
    SESSION_RULES,
    apply_block,
    apply_session,
)
from consensus.rulebooks.rating import RATING_RULES, apply_rating, has_false_rating
from consensus.rulebooks.staking import STAKE_RULES, UNSTAKE_RULES, apply_stake, apply_unstake
from consensus.rulebooks.transferring import (
    DECLINE_RULES,
    RECEIVE_RULES,
    TRANSFER_RULES,
    apply_decline,
    apply_receive,
    apply_transfer,
)

Rule = Callable[[Case[Any]], None]
Application = Callable[[Case[Any]], tuple[Claim, ...]]
Test = Callable[[Case[Any]], bool]


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What one kind of entry must pass, and what it does."""

    rules: tuple[Rule, ...]
    """In order; the first that fails names the reason."""
    apply: Application
    """Changes the author's state; returns what the entry hands over."""
    is_false: Test | None = None
    """Whether an entry that passed declares what its author's chain belies."""


RULEBOOKS: Final = MappingProxyType(
    {
        Profile: Rulebook(PROFILE_RULES, apply_nothing),
        Session: Rulebook(SESSION_RULES, apply_session),
        Block: Rulebook(BLOCK_RULES, apply_block),
        Attestation: Rulebook(ATTESTATION_RULES, apply_attestation, has_false_declaration),
        Mint: Rulebook(MINT_RULES, apply_mint),
        Rating: Rulebook(RATING_RULES, apply_rating, has_false_rating),
        Concert: Rulebook(CONCERT_RULES, apply_concert),
        Transfer: Rulebook(TRANSFER_RULES, apply_transfer),
        Receive: Rulebook(RECEIVE_RULES, apply_receive),
        Decline: Rulebook(DECLINE_RULES, apply_decline),
        Stake: Rulebook(STAKE_RULES, apply_stake),
        Unstake: Rulebook(UNSTAKE_RULES, apply_unstake),
        Report: Rulebook(REPORT_RULES, apply_report),
        Diverge: Rulebook(DIVERGE_RULES, apply_diverge),
        Reconcile: Rulebook(RECONCILE_RULES, apply_reconcile),
    }
)


def check_rules(case: Case[Any]) -> None:
    """Raises RejectionError with the first rule that the entry breaks; changes nothing."""
    times_ms = [case.named.statement(ref).entry.time_ms for ref in case.entry.refs]
    check_follows(case.state, case.entry, times_ms)
    for rule in RULEBOOKS[type(case.body)].rules:
        rule(case)


def belies_itself(case: Case[Any]) -> bool:
    """Whether an entry that passed declares what its author's chain before it belies.

    It invalidates nothing, since others build on the entry without that chain; it is marked.
    """
    is_false = RULEBOOKS[type(case.body)].is_false
    return is_false is not None and is_false(case)


def apply_entry(case: Case[Any]) -> tuple[Claim, ...]:
    """Carries out an entry that passed; returns what it hands to others."""
    claims = RULEBOOKS[type(case.body)].apply(case)
    case.state.head = case.id
    case.state.number = case.entry.number
    case.state.time_ms = case.entry.time_ms
    case.state.version = case.entry.version
    return claims
