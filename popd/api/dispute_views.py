"""Disputes around the user: pure functions from an outlook to shapes."""

from collections.abc import Mapping
from typing import Final

from consensus.entries.dispute import Diverge, Report
from consensus.entries.performance import Mint
from consensus.holdings import Holding
from consensus.identifiers import EntryId, IdentityId
from consensus.lots import LotKey
from consensus.statement import Statement
from consensus.trust.acknowledged import stands
from consensus.units import MILLION, Milliseconds
from consensus.value.appraisal import holding_view
from consensus.value.branches import is_mended
from consensus.value.counting import Branch
from consensus.value.explain import rounded
from consensus.value.fork_words import MovedTwice, entry_words, fork_words, moved_twice
from popd.api.dispute_shapes import (
    ContestedView,
    Disputes,
    DivergenceView,
    ForkView,
    ReportedView,
    StakeView,
    StoryView,
    WordAgainst,
)
from popd.api.dispute_words import (
    DIVERGE_WORDS,
    consequences_for_you,
    consequences_of_theirs,
    report_words,
    stake_words,
)
from popd.api.outlook import Outlook

MAX_SHOWN: Final = 200
"""Of each kind of dispute, the nearest to the user."""


def disputes_view(outlook: Outlook, now_ms: Milliseconds, lock_ms: Milliseconds) -> Disputes:
    """Everything that is disputed around the user."""
    return Disputes(
        stakes=_stakes(outlook, now_ms, lock_ms),
        reports=_reports(outlook),
        divergences=_own_divergences(outlook),
        diverged_from_you=_divergences_from(outlook),
        forks=_forks(outlook),
        contested=_contested(outlook),
    )


def in_ppm(share: float) -> int:
    """A share of one, in whole millionths."""
    return round(share * MILLION)


def _stakes(outlook: Outlook, now_ms: Milliseconds, lock_ms: Milliseconds) -> list[StakeView]:
    ledger, me = outlook.ledger, outlook.me
    state = ledger.state(me)
    found = []
    for stake, record in ({} if state is None else state.stakes).items():
        is_burnt = stake in ledger.slashed
        is_contested = record.key in ledger.contested
        held = Holding(record.key, record.amount_ujam, is_contested, stake, is_burnt)
        valuation = outlook.opinions.value(holding_view(ledger, held), me)
        free_ms = record.since_ms + lock_ms
        word = "burnt" if is_burnt else "locked" if now_ms < free_ms else "free"
        found.append(
            StakeView(
                stake=stake.hex(),
                lot=record.key.origin.hex(),
                path=[holder.hex() for holder in record.key.path],
                amount_ujam=record.amount_ujam,
                value_ujam=rounded(valuation.value_ujam),
                why=outlook.why(valuation, me),
                state=word,
                since_ms=record.since_ms,
                free_ms=free_ms,
                words=stake_words(word, record.amount_ujam),
            )
        )
    return sorted(found, key=lambda stake: stake.free_ms)[:MAX_SHOWN]


def _reports(outlook: Outlook) -> list[ReportedView]:
    """Blocks that the user reported, performed, or believes reports of; then all others."""
    opinions, me = outlook.opinions, outlook.me
    scores, believed = opinions.scores(me), opinions.stance(me).believed

    def order(block: EntryId) -> tuple[bool, float, EntryId]:
        reporters = opinions.reported[block].reporters
        is_own = me in reporters or outlook.ledger.statements[block].entry.author == me
        nearness = sum(scores.get(person, 0.0) for person in reporters)
        return (not (is_own or block in believed), -nearness, block)

    standing = opinions.reporters_standing(me)
    shown = sorted(opinions.reported, key=order)[:MAX_SHOWN]
    return [_reported(outlook, block, standing) for block in shown]


def _reported(
    outlook: Outlook, block: EntryId, standing: Mapping[IdentityId, float]
) -> ReportedView:
    """A reported block; `standing` is what contradicted reporters have left."""
    opinions, me = outlook.opinions, outlook.me
    about, performer = opinions.reported[block], outlook.ledger.statements[block].entry.author
    is_believed = block in opinions.stance(me).believed
    is_denied = any(person in standing for person in about.reporters)
    return ReportedView(
        block=block.hex(),
        performer=outlook.person(performer),
        minted_ujam=_minted_ujam(outlook, performer, block),
        is_mine=performer == me,
        is_reported_by_me=me in about.reporters,
        is_believed=is_believed,
        reports=_words_against(outlook, block, standing),
        vouchers=[outlook.person(one) for one in sorted(about.vouchers)],
        words=report_words(len(about.reporters), is_believed, me in about.reporters, is_denied),
    )


def _words_against(
    outlook: Outlook, block: EntryId, standing: Mapping[IdentityId, float]
) -> list[WordAgainst]:
    """The reports of a block, of many the nearest reporters'."""
    scores = outlook.opinions.scores(outlook.me)
    found = [
        WordAgainst(
            id=word.entry.author.hex(),
            name=outlook.names.of(word.entry.author),
            reason=body.reason.name.lower(),
            since_ms=word.entry.time_ms,
            proximity_ppm=in_ppm(scores.get(word.entry.author, 0.0)),
            standing_ppm=in_ppm(standing.get(word.entry.author, 1.0)),
        )
        for word in outlook.opinions.reports_of(block)
        if isinstance(body := word.body, Report)
    ]
    return sorted(found, key=lambda one: (-one.proximity_ppm, one.since_ms, one.id))[:MAX_SHOWN]


def _minted_ujam(outlook: Outlook, performer: IdentityId, block: EntryId) -> int:
    for state in outlook.ledger.tips.get(performer, {}).values():
        mint = state.mints.get(block)
        body = None if mint is None else outlook.ledger.statements[mint].body
        if isinstance(body, Mint):
            return body.amount_ujam
    return 0


def _own_divergences(outlook: Outlook) -> list[DivergenceView]:
    state = outlook.ledger.state(outlook.me)
    entries = [] if state is None else state.divergences.values()
    views = [
        _divergence(outlook, statement, body.identity, is_own=True)
        for entry in entries
        if isinstance(body := (statement := outlook.ledger.statements[entry]).body, Diverge)
    ]
    return sorted(views, key=lambda view: -view.since_ms)[:MAX_SHOWN]


def _divergences_from(outlook: Outlook) -> list[DivergenceView]:
    views = [
        _divergence(outlook, statement, statement.entry.author, is_own=False)
        for statement in standing_divergences(outlook)
        if isinstance(statement.body, Diverge) and statement.body.identity == outlook.me
    ]
    return views[:MAX_SHOWN]


def standing_divergences(outlook: Outlook) -> list[Statement]:
    """All divergences that were not taken back, those of the people nearest to the user first."""
    scores = outlook.opinions.scores(outlook.me)
    found = (outlook.ledger.statements[entry] for entry in outlook.opinions.divergences)
    kept = [statement for statement in found if stands(outlook.ledger, statement)]
    return sorted(
        kept,
        key=lambda item: (-scores.get(item.entry.author, 0.0), -item.entry.time_ms, item.id),
    )


def _divergence(
    outlook: Outlook, statement: Statement, person: IdentityId, *, is_own: bool
) -> DivergenceView:
    assert isinstance(statement.body, Diverge)
    name = outlook.names.of(person)
    reason = statement.body.reason
    return DivergenceView(
        person=outlook.person(person),
        entry=statement.id.hex(),
        since_ms=statement.entry.time_ms,
        reason=reason.name.lower(),
        why=DIVERGE_WORDS[reason],
        consequences=consequences_for_you(name) if is_own else consequences_of_theirs(name),
    )


def _forks(outlook: Outlook) -> list[ForkView]:
    scores = outlook.opinions.scores(outlook.me)
    nearest = sorted(outlook.ledger.forks, key=lambda one: (-scores.get(one, 0.0), one))
    return [_fork(outlook, author) for author in nearest[:MAX_SHOWN]]


def _fork(outlook: Outlook, author: IdentityId) -> ForkView:
    proof = outlook.ledger.forks[author]
    return ForkView(
        person=outlook.person(author),
        number=proof.number,
        entries=[entry.hex() for entry in proof.entries],
        is_mended=is_mended(outlook.ledger, author),
        words=list(fork_words(outlook.ledger, author, outlook.names.of)),
    )


def _contested(outlook: Outlook) -> list[ContestedView]:
    ledger = outlook.ledger
    state = ledger.state(outlook.me)
    purse = {} if state is None else state.purse
    own = {key: held for key, held in purse.items() if key in ledger.contested}
    roots = {key: outlook.opinions.contests.roots(key) for key in sorted(own)[:MAX_SHOWN]}
    forkers = {root.holder for found in roots.values() for root in found}
    nearest = sorted(ledger.forks, key=lambda one: (one not in forkers, one))[:MAX_SHOWN]
    doubled = [item for author in nearest for item in moved_twice(ledger, author)]
    views = [
        _doubled(outlook, item, {key: own[key] for key in roots if item.key in roots[key]})
        for item in doubled
    ]
    return sorted(views, key=lambda view: (-view.yours_ujam, view.lot, view.path))[:MAX_SHOWN]


def _doubled(outlook: Outlook, item: MovedTwice, own: dict[LotKey, int]) -> ContestedView:
    counted_lots = outlook.opinions.stance(outlook.me).counted
    scores = outlook.opinions.scores(outlook.me)
    counted = outlook.opinions.contests.counted_branch(item.author, scores)
    name = outlook.names.of(item.author)
    return ContestedView(
        person=outlook.person(item.author),
        lot=item.key.origin.hex(),
        path=[holder.hex() for holder in item.key.path],
        stories=[_story(outlook, item, head, entry, counted) for head, entry in item.branches],
        yours_ujam=sum(own.values()),
        yours_counted_ujam=sum(amount for key, amount in own.items() if key in counted_lots),
        words=f"{name} moved this lot on two branches. You count the one whose later coins people "
        "you trust have witnessed most; of equals, the one with the lower id.",
    )


def _story(
    outlook: Outlook, item: MovedTwice, head: EntryId, entry: EntryId, counted: Branch | None
) -> StoryView:
    ledger, scores = outlook.ledger, outlook.opinions.scores(outlook.me)
    branches = outlook.opinions.contests.branches.get(item.author, ())
    weight = next((one.weight_ujam(scores) for one in branches if one.head == head), 0.0)
    return StoryView(
        head=head.hex(),
        entry=entry.hex(),
        at_ms=ledger.statements[entry].entry.time_ms,
        words=entry_words(ledger, entry, outlook.names.of),
        is_counted=counted is not None and head == counted.head,
        weight_ujam=rounded(weight),
    )
