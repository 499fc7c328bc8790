"""Attestations and mints that break a rule, false declarations, floors and tiers."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from consensus.chain import ChainState
from consensus.entries.attestation import Attestation, Decision
from consensus.entries.performance import Mint, NamedVerdict
from consensus.forks import ForkProof
from consensus.identifiers import EntryId, IdentityId
from consensus.ledger import Applied
from consensus.presence import Presence
from consensus.quality import Metrics
from consensus.rejections import RejectionError, RejectionReason
from consensus.reward import tier_ppm
from consensus.rulebooks.minting import quorum
from consensus.statement import Statement
from consensus.units import MILLISECONDS_PER_DAY, Day, MicroJam, Ppm
from simulations import scribe
from simulations.scribe import Author, Performance
from simulations.stories import Story
from tests.consensus.conftest import Refuse, TurnDown

CHART = scribe.small_chart(20)


class Case:
    """A sealed block of ann's with nine candidates, of whom eight are drawn."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.ann, *self.others = story.people("ann", *"bcdefghij")
        self.show = self.announced()
        self.block = scribe.seal(story.params, self.show, 0, 0)
        story.tell(self.block)
        story.now_ms = self.block.entry.time_ms
        self.drawn = scribe.drawn_verifiers(story.params, self.show, self.block)
        (self.spare,) = [who for who in self.others if who not in self.drawn]

    def announced(self) -> Performance:
        show = scribe.announce(
            self.story.params, self.ann, self.others, self.story.tick(), 2, CHART
        )
        self.story.tell(show.session)
        return show

    def attested(
        self,
        decision: Decision = Decision.ACCEPT,
        anomaly_ppm: int = 100_000,
        verifiers: Sequence[Author] | None = None,
        **fields: object,
    ) -> list[Statement]:
        """One attestation of each verifier (of all drawn), with these fields."""
        found = []
        for who in self.drawn if verifiers is None else verifiers:
            draft = scribe.attest(
                self.story.params, scribe.restored(who), [self.block], self.story.now_ms,
                decision, anomaly_ppm,
            ).body  # fmt: skip
            assert isinstance(draft, Attestation)
            verdict = replace(draft.verdicts[0], **fields)  # type: ignore[arg-type]
            body = Attestation(draft.model, (verdict,))
            found.append(who.write(self.story.params, self.story.now_ms, body))
        self.story.tell(*found)
        return found

    def body(self, attestations: Sequence[Statement], amount: int = 1) -> Mint:
        named = tuple(NamedVerdict(a.id, 0, Presence.SAME_LINK) for a in attestations)
        return Mint(self.block.id, named, MicroJam(amount))

    def minted(self, attestations: Sequence[Statement]) -> int:
        """How much the law mints for these; raises RejectionError when nothing."""
        named = [(attestation, 0) for attestation in attestations]
        mint = scribe.mint(
            self.story.ledger, scribe.restored(self.ann), self.block, named, self.story.tick()
        )
        (change,) = self.story.ledger.add(mint)
        assert isinstance(change, Applied), change
        assert isinstance(mint.body, Mint)
        return mint.body.amount_ujam

    def unminted(self, attestations: Sequence[Statement]) -> RejectionReason:
        with pytest.raises(RejectionError) as caught:
            self.minted(attestations)
        return caught.value.reason


@pytest.fixture
def case(story: Story) -> Case:
    return Case(story)


def changed_metrics(**fields: int) -> Metrics:
    return replace(scribe.GOOD_METRICS, **fields)  # type: ignore[arg-type]


def test_eight_good_verdicts_mint(case: Case) -> None:
    assert case.minted(case.attested()) > 1_000_000


def test_the_amount_is_the_laws(case: Case, refuse: Refuse) -> None:
    attestations = case.attested()
    amount = case.minted(attestations)
    for wrong in (amount - 1, amount + 1, 1):
        reason = refuse(case.story, case.ann, case.body(attestations, wrong))
        assert reason is RejectionReason.WRONG_AMOUNT


def test_a_block_mints_once(case: Case, refuse: Refuse) -> None:
    attestations = case.attested()
    mint = scribe.mint(
        case.story.ledger, case.ann, case.block, [(a, 0) for a in attestations], case.story.tick()
    )
    case.story.tell(mint)
    assert isinstance(mint.body, Mint)
    for again in (mint.body, case.body(attestations[:6], 1)):
        assert refuse(case.story, case.ann, again) is RejectionReason.ALREADY_MINTED


def test_nobody_mints_somebody_elses_block(case: Case, refuse: Refuse) -> None:
    attestations = case.attested()
    body = case.body(attestations)
    assert refuse(case.story, case.spare, body) is RejectionReason.UNKNOWN_BLOCK
    odd = replace(body, block=case.show.session.id)
    assert refuse(case.story, case.ann, odd) is RejectionReason.UNKNOWN_BLOCK


def test_a_verdict_by_somebody_who_was_not_drawn_does_not_check(case: Case, refuse: Refuse) -> None:
    attestations = [*case.attested()[:7], *case.attested(verifiers=[case.spare])]
    reason = refuse(case.story, case.ann, case.body(attestations))
    assert reason is RejectionReason.NOT_DRAWN


def test_a_verdict_counts_once(case: Case, refuse: Refuse) -> None:
    attestations = case.attested()
    twice = case.body([*attestations, attestations[0]])
    assert refuse(case.story, case.ann, twice) is RejectionReason.DUPLICATE
    again = case.attested(verifiers=[case.drawn[0]])
    twice = case.body([*attestations, *again])
    assert refuse(case.story, case.ann, twice) is RejectionReason.DUPLICATE


def test_a_verdict_is_about_the_block_and_exists(case: Case, story: Story, refuse: Refuse) -> None:
    attestations = case.attested()
    body = case.body(attestations)
    beyond = replace(body, verdicts=(replace(body.verdicts[0], position=1),))
    assert refuse(story, case.ann, beyond) is RejectionReason.WRONG_VERDICT
    second = scribe.seal(story.params, case.show, 1, 1)
    story.tell(second)
    story.now_ms = second.entry.time_ms
    other = scribe.attest(story.params, case.drawn[0], [second], story.tick())
    story.tell(other)
    elsewhere = case.body([other, *attestations[1:]])
    assert refuse(story, case.ann, elsewhere) is RejectionReason.WRONG_VERDICT


def test_a_mint_names_attestations_only(case: Case, refuse: Refuse) -> None:
    body = case.body([case.show.session])
    assert refuse(case.story, case.ann, body) is RejectionReason.WRONG_REFERENCE_KIND


def test_verdicts_count_for_a_day_and_blocks_for_a_week(case: Case, refuse: Refuse) -> None:
    story = case.story
    attestations = case.attested()
    end_ms = case.show.start_ms + story.params.window_ms
    story.now_ms = end_ms + story.params.verdict_deadline_ms
    in_time = case.attested(verifiers=[case.drawn[0]])
    story.now_ms += 1
    late = case.attested(verifiers=[case.drawn[1]])
    rest = attestations[2:]
    reason = refuse(story, case.ann, case.body([in_time[0], late[0], *rest]))
    assert reason is RejectionReason.TOO_LATE
    reason = refuse(story, case.ann, case.body([in_time[0], *rest]))
    assert reason is RejectionReason.WRONG_AMOUNT
    story.now_ms = end_ms + story.params.mint_deadline_ms - 1_000
    reason = refuse(story, case.ann, case.body(attestations))
    assert reason is RejectionReason.WRONG_AMOUNT
    reason = refuse(story, case.ann, case.body(attestations))
    assert reason is RejectionReason.TOO_LATE


@pytest.mark.parametrize(("drawn", "needed"), [(1, 1), (2, 2), (3, 2), (4, 3), (6, 4), (8, 6)])
def test_two_thirds_of_the_drawn_are_a_quorum(drawn: int, needed: int) -> None:
    assert quorum(drawn) == needed


def test_without_a_quorum_nothing_is_minted(case: Case) -> None:
    accepted = case.attested(verifiers=case.drawn[:5])
    flagged = case.attested(Decision.FLAG, verifiers=case.drawn[5:7])
    rejected = case.attested(Decision.REJECT, verifiers=case.drawn[7:])
    assert case.unminted([*accepted, *flagged, *rejected]) is RejectionReason.NO_QUORUM


def test_nobody_drawn_is_no_quorum(story: Story) -> None:
    case = Case(story)
    lone = scribe.seal(story.params, case.show, 1, 1, revealed=[])
    story.tell(lone)
    story.now_ms = lone.entry.time_ms
    case.block = lone
    by_hand = case.attested(verifiers=[case.drawn[0]])
    with pytest.raises(RejectionError) as caught:
        case.minted(by_hand)
    assert caught.value.reason is RejectionReason.NO_QUORUM


@pytest.mark.parametrize(
    "fields",
    [
        {"events": 9},
        {"accuracy_ppm": 599_999},
        {"riffs_seen": 4, "riffs_answered": 2},
        {"riffs_seen": 0, "riffs_answered": 0},
        {"diversity_ppm": 0},
    ],
)
def test_below_a_floor_nothing_is_minted(case: Case, fields: dict[str, int]) -> None:
    poor = case.attested(verifiers=case.drawn[:4], metrics=changed_metrics(**fields))
    good = case.attested(verifiers=case.drawn[4:])
    assert case.unminted([*poor, *good]) is RejectionReason.BELOW_FLOOR


@pytest.mark.parametrize(
    "fields",
    [
        {"events": 10},
        {"accuracy_ppm": 600_000},
        {"riffs_seen": 4, "riffs_answered": 3},
    ],
)
def test_at_a_floor_something_is_minted(case: Case, fields: dict[str, int]) -> None:
    assert case.minted(case.attested(metrics=changed_metrics(**fields))) > 0


def test_three_poor_verdicts_of_eight_do_not_sink_a_block(case: Case) -> None:
    poor = case.attested(verifiers=case.drawn[:3], metrics=changed_metrics(events=0))
    assert case.minted([*poor, *case.attested(verifiers=case.drawn[3:])]) > 0


@pytest.mark.parametrize(
    ("suspicious", "anomaly_ppm", "share"),
    [(3, 900_000, 2), (4, 499_999, 2), (4, 500_000, 1), (4, 899_999, 1), (8, 500_000, 1)],
)
def test_the_worse_median_halves_what_is_paid(
    case: Case, suspicious: int, anomaly_ppm: int, share: int
) -> None:
    odd = case.attested(anomaly_ppm=anomaly_ppm, verifiers=case.drawn[:suspicious])
    plain = case.attested(verifiers=case.drawn[suspicious:])
    amount = case.minted([*odd, *plain])
    full = Case(Story())
    whole_amount = full.minted(full.attested())
    assert abs(2 * amount - share * whole_amount) <= 16


def test_a_worse_median_of_nine_tenths_pays_nothing(case: Case) -> None:
    odd = case.attested(anomaly_ppm=900_000, verifiers=case.drawn[:4])
    plain = case.attested(verifiers=case.drawn[4:])
    assert case.unminted([*odd, *plain]) is RejectionReason.NOT_BELIEVED


def test_silence_counts_as_certainty_of_a_fake(case: Case) -> None:
    accepted = case.attested(verifiers=case.drawn[:6])
    flagged = case.attested(Decision.FLAG, 950_000, verifiers=case.drawn[6:])
    assert case.minted([*accepted, *flagged]) == case.minted(accepted)
    params = case.story.params
    assert tier_ppm(params, [0] * 5, 8) == 1_000_000
    assert tier_ppm(params, [0] * 4, 8) == 0
    assert tier_ppm(params, [0, 0, 0, 600_000], 5) == 1_000_000
    assert tier_ppm(params, [0, 600_000], 3) == 500_000
    assert tier_ppm(params, [], 1) == 0


def test_nobody_witnesses_their_own_block(case: Case, turn_down: TurnDown) -> None:
    own = scribe.attest(
        case.story.params, scribe.restored(case.ann), [case.block], case.story.tick()
    )
    assert turn_down(case.story, own) is RejectionReason.OWN_BLOCK


def test_a_verdict_is_about_a_block_and_each_block_once(case: Case, refuse: Refuse) -> None:
    (good,) = case.attested(verifiers=case.drawn[:1])
    assert isinstance(good.body, Attestation)
    verdict = good.body.verdicts[0]
    ben = case.drawn[1]
    twice = Attestation(bytes(32), (verdict, verdict))
    assert refuse(case.story, ben, twice) is RejectionReason.DUPLICATE
    odd = Attestation(bytes(32), (replace(verdict, block=case.show.session.id),))
    assert refuse(case.story, ben, odd) is RejectionReason.WRONG_REFERENCE_KIND


def test_a_verdict_states_the_day_of_its_entry(case: Case, refuse: Refuse) -> None:
    (good,) = case.attested(verifiers=case.drawn[:1])
    assert isinstance(good.body, Attestation)
    verdict = good.body.verdicts[0]
    wrong = Attestation(bytes(32), (replace(verdict, day=Day(verdict.day + 1)),))
    assert refuse(case.story, case.drawn[1], wrong) is RejectionReason.WRONG_DAY


def test_a_false_budget_is_marked_and_invalidates_nothing(case: Case) -> None:
    (lie,) = case.attested(verifiers=case.drawn[:1], budget_ppm=5)
    rest = case.attested(verifiers=case.drawn[1:])
    ledger = case.story.ledger
    assert lie.id in ledger.applied
    assert ledger.forks == {case.drawn[0].id: ForkProof(lie.entry.number, (lie.id,))}
    assert case.minted([lie, *rest]) > 0


def test_a_second_verdict_is_marked_and_invalidates_nothing(case: Case) -> None:
    first = case.attested()
    ben = case.drawn[0]
    ben.accepted.append((scribe.day_of(case.block.entry.time_ms), 1_000_000))
    second = scribe.attest(case.story.params, ben, [case.block], case.story.tick(), Decision.REJECT)
    case.story.tell(second)
    ledger = case.story.ledger
    assert second.id in ledger.applied
    assert ledger.forks == {ben.id: ForkProof(second.entry.number, (second.id,))}
    assert case.minted([second, *first[1:]]) > 0


def test_the_lowest_number_proves_a_fork_and_a_pair_outranks_a_lie(case: Case) -> None:
    ben = case.drawn[0]
    before = scribe.restored(ben)
    (lie,) = case.attested(verifiers=[ben], budget_ppm=5)
    other = before.write(case.story.params, case.story.tick(), case_profile())
    case.story.tell(other)
    pair = tuple(sorted((lie.id, other.id)))
    assert case.story.ledger.forks == {ben.id: ForkProof(1, pair)}


def case_profile() -> scribe.Profile:
    return scribe.Profile(None, is_automated=False)


def test_budgets_add_up_within_an_attestation_and_expire_after_a_week(story: Story) -> None:
    case = Case(story)
    second = scribe.seal(story.params, case.show, 1, 1)
    story.tell(second)
    ben = case.others[0]
    both = scribe.attest(story.params, ben, [case.block, second], second.entry.time_ms)
    assert isinstance(both.body, Attestation)
    assert [verdict.budget_ppm for verdict in both.body.verdicts] == [0, 1_000_000]
    story.tell(both)
    for days, spent in ((6, 1_900_000), (7, 1_000_000)):
        story.now_ms = second.entry.time_ms + days * MILLISECONDS_PER_DAY
        show = case.announced()
        block = scribe.seal(story.params, show, 0, 0)
        story.tell(block)
        third = scribe.attest(story.params, ben, [block], block.entry.time_ms)
        assert isinstance(third.body, Attestation)
        assert third.body.verdicts[0].budget_ppm == spent
        story.tell(third)
        assert third.id in story.ledger.applied
    assert ben.id not in story.ledger.forks


def test_an_attestation_of_64_verdicts_fits_an_entry() -> None:
    metrics = Metrics(10_000, Ppm(999_999), Ppm(999_999), Ppm(999_999), 64, 64)
    story = Story()
    case = Case(story)
    (one,) = case.attested(verifiers=case.drawn[:1])
    assert isinstance(one.body, Attestation)
    full = replace(one.body.verdicts[0], metrics=metrics, budget_ppm=2**48, day=Day(2**24))
    verdicts = tuple(replace(full, block=EntryId(bytes([i]) * 32)) for i in range(64))
    written = case.spare.write(story.params, story.tick(), Attestation(bytes(32), verdicts))
    assert len(written.wire) <= 64 + 16 * 1024


def test_acquaintance_counts_the_thirty_days_before_and_not_the_day_itself() -> None:
    ben = IdentityId(b"b" * 32)
    days = [Day(day) for day in (70, 71, 80, 99, 100)]
    state = ChainState(IdentityId(bytes(32)), drawn_days={ben: days})
    assert [state.familiarity_days(ben, Day(day), 30) for day in (70, 71, 100, 101, 102)] == [
        0, 1, 4, 4, 3,
    ]  # fmt: skip
    assert state.familiarity_days(IdentityId(bytes(32)), Day(100), 30) == 0
