"""Reports, divergences and reconciles that break a rule, and that none of them moves a coin."""

import pytest

from consensus.entries.chains import Reconcile
from consensus.entries.dispute import Diverge, DivergeReason, Report, ReportReason
from consensus.rejections import RejectionError, RejectionReason
from simulations import scribe
from simulations.scribe import Author
from simulations.stories import Story, Witnessed
from tests.consensus.conftest import Refuse

BLOCK = bytes(32)


@pytest.fixture
def people(story: Story) -> tuple[Author, ...]:
    return story.people("ann", "ben", "cat", "dan")


@pytest.fixture
def played(story: Story, people: tuple[Author, ...]) -> Witnessed:
    (witnessed,) = story.performed(people[0], people[1:])
    return witnessed


def test_a_report_is_about_somebody_elses_block_and_given_once(
    story: Story, people: tuple[Author, ...], played: Witnessed, refuse: Refuse
) -> None:
    ann, ben, cat, _ = people
    report = Report(played.block.id, ReportReason.COPIED, None)
    assert refuse(story, ann, report) is RejectionReason.OWN_BLOCK
    mint = Report(played.mint.id, ReportReason.COPIED, None)
    assert refuse(story, ben, mint) is RejectionReason.WRONG_REFERENCE_KIND
    story.reports(ben, played.block)
    again = Report(played.block.id, ReportReason.STOLEN, None)
    assert refuse(story, ben, again) is RejectionReason.DUPLICATE
    story.reports(cat, played.block)


def test_reports_and_divergences_move_no_coin_and_set_no_mark(
    story: Story, people: tuple[Author, ...], played: Witnessed
) -> None:
    before = story.ledger.holdings()
    for who in people[1:]:
        story.reports(who, played.block)
        story.diverges(who, people[0])
    assert story.ledger.holdings() == before
    marks = (story.ledger.forks, story.ledger.contested, story.ledger.slashed)
    assert marks == ({}, frozenset(), frozenset())


def test_a_divergence_is_from_somebody_else_stands_once_and_is_taken_back_once(
    story: Story, people: tuple[Author, ...], refuse: Refuse
) -> None:
    ann, ben, cat, _ = people
    own = Diverge(ann.id, DivergeReason.OTHER)
    assert refuse(story, ann, own) is RejectionReason.ABOUT_ONESELF
    first = story.diverges(ann, ben)
    theirs = story.diverges(cat, ben)
    again = Diverge(ben.id, DivergeReason.STOLEN)
    assert refuse(story, ann, again) is RejectionReason.DUPLICATE
    for head in (theirs.id, first.entry.prev):
        reason = refuse(story, ann, Reconcile((head,)))
        assert reason is RejectionReason.NOTHING_TO_RECONCILE
    story.takes_back(ann, first)
    reason = refuse(story, ann, Reconcile((first.id,)))
    assert reason is RejectionReason.NOTHING_TO_RECONCILE
    second = story.diverges(ann, ben, DivergeReason.FALSE_WITNESS)
    state = story.ledger.state(ann.id)
    assert state is not None
    assert (state.divergences, state.reconciled) == ({ben.id: second.id}, {first.id})


def test_a_divergence_of_another_branch_is_not_taken_back(
    story: Story, people: tuple[Author, ...], refuse: Refuse
) -> None:
    ann, ben, _, _ = people
    backup = scribe.restored(ann)
    parted = story.diverges(ann, ben)
    reason = refuse(story, backup, Reconcile((parted.id,)))
    assert reason is RejectionReason.NOTHING_TO_RECONCILE


def test_heads_that_hold_a_divergence_are_reconciled_and_it_stands(
    story: Story, people: tuple[Author, ...]
) -> None:
    ann, ben, cat, _ = people
    backup = scribe.restored(ann)
    parted = story.diverges(ann, ben)
    story.diverges(backup, cat)
    mended = story.reconciles(ann, backup.head)
    state = story.ledger.state(ann.id)
    assert state is not None
    assert (state.head, state.divergences) == (mended.id, {ben.id: parted.id})


@pytest.mark.parametrize(
    ("kind", "body", "reason"),
    [
        (Report, (BLOCK, 5, b""), "out_of_range"),
        (Report, (BLOCK, 0, b"words"), "out_of_range"),
        (Report, (BLOCK, 0, bytes(33)), "out_of_range"),
        (Report, (BLOCK, 0, "words"), "malformed"),
        (Report, (BLOCK, 0), "malformed"),
        (Report, (b"", 0, b""), "out_of_range"),
        (Report, (BLOCK, b"\0", b""), "malformed"),
        (Diverge, (BLOCK, 5), "out_of_range"),
        (Diverge, (BLOCK, -1), "out_of_range"),
        (Diverge, (BLOCK[:31], 0), "out_of_range"),
        (Diverge, (BLOCK,), "malformed"),
        (Diverge, ("did:key:z6Mk", 0), "malformed"),
        (Reconcile, ((),), "out_of_range"),
        (Reconcile, ((BLOCK,) * 17,), "out_of_range"),
        (Reconcile, (BLOCK,), "malformed"),
    ],
)
def test_a_hostile_body_is_turned_down(
    kind: type[Report] | type[Diverge] | type[Reconcile], body: object, reason: str
) -> None:
    with pytest.raises(RejectionError) as caught:
        kind.from_body(body)  # type: ignore[arg-type]
    assert caught.value.reason == reason
