"""Small ledgers in which everything happens: for property tests and vectors."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from consensus.encoding import digest
from consensus.entries import Body
from consensus.entries.attestation import Attestation
from consensus.entries.chains import Profile, Reconcile
from consensus.entries.dispute import Diverge, DivergeReason, Report, ReportReason
from consensus.entries.performance import Mint
from consensus.entries.staking import Stake, Unstake
from consensus.entries.transfer import Decline, Receive, Transfer
from consensus.entry import Entry
from consensus.identifiers import ContentId, EntryId, IdentityId, LotId
from consensus.ledger import Ledger
from consensus.lots import LotKey
from consensus.parameters import PRACTICE, NetworkParams
from consensus.statement import Statement, read_statement
from consensus.units import MILLISECONDS_PER_DAY, MicroJam, Milliseconds, Ppm, day_of
from simulations import crowd_scribe, scribe
from simulations.scribe import Author, Performance

FIRST_MS: Final = 20_000 * MILLISECONDS_PER_DAY
"""Midnight UTC, when every story begins."""


@dataclass(frozen=True, slots=True)
class Witnessed:
    """A block that was performed, sealed, witnessed and minted."""

    show: Performance
    """The session."""
    block: Statement
    """The seal of its window."""
    attestations: tuple[Statement, ...]
    """One of each verifier drawn, lowest rank first."""
    mint: Statement
    """The coins."""

    def share(self, holder: Author) -> LotKey:
        """The lot of the mint as `holder` gets it."""
        return LotKey(LotId(self.mint.id), (holder.id,))


@dataclass(slots=True)
class Story:
    """Entries in the order in which they were written, and the ledger that they make."""

    params: NetworkParams = PRACTICE
    """The law."""
    now_ms: int = FIRST_MS
    """The time of the next entry."""
    told: list[Statement] = field(default_factory=list)
    """Everything, valid or not."""
    ledger: Ledger = field(init=False)
    """What it has come to."""

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.params)

    def tell(self, *statements: Statement) -> None:
        """Adds entries, whatever becomes of them."""
        for statement in statements:
            self.told.append(statement)
            self.ledger.add(statement)

    def tick(self, by_ms: int = 1_000) -> int:
        """Lets time pass, and says what time it is."""
        self.now_ms += by_ms
        return self.now_ms

    def people(self, *names: str) -> tuple[Author, ...]:
        """New authors with their profiles."""
        people = tuple(scribe.author(name) for name in names)
        self.tell(*(scribe.begin(self.params, who, self.now_ms) for who in people))
        return people

    def performed(
        self,
        performer: Author,
        candidates: Sequence[Author],
        windows: int = 1,
        shares: tuple[tuple[IdentityId, Ppm], ...] = (),
    ) -> list[Witnessed]:
        """A session whose windows are all sealed, accepted by everybody drawn, and minted."""
        chart = scribe.small_chart(self.params.window_ms // 1_000)
        show = scribe.announce(
            self.params, performer, candidates, self.tick(), windows, chart, shares
        )
        self.tell(show.session)
        self.now_ms += windows * self.params.window_ms
        sealed = [self._seal(show, window) for window in range(windows)]
        return [self._witnessed(show, block) for block in sealed]

    def _seal(self, show: Performance, window: int) -> Statement:
        state = self.ledger.state(show.performer.id)
        assert state is not None
        day = day_of(Milliseconds(show.start_ms + window * self.params.window_ms))
        index = state.blocks_on_last_day if day == state.last_day else 0
        block = scribe.seal(self.params, show, window, index)
        self.tell(block)
        return block

    def _witnessed(self, show: Performance, block: Statement) -> Witnessed:
        time_ms = self.tick()
        attestations = tuple(
            scribe.attest(self.params, verifier, [block], time_ms)
            for verifier in scribe.drawn_verifiers(self.params, show, block)
        )
        self.tell(*attestations)
        named = [(attestation, 0) for attestation in attestations]
        mint = scribe.mint(self.ledger, show.performer, block, named, self.tick())
        self.tell(mint)
        return Witnessed(show, block, attestations, mint)

    def gives(self, giver: Author, lot: LotKey, amount: int, to: Author) -> Statement:
        """A transfer."""
        body = Transfer(lot, MicroJam(amount), to.id, None)
        return self._writes(giver, body)

    def receives(self, who: Author, source: Statement) -> Statement:
        """A receive."""
        return self._writes(who, Receive(source.id))

    def declines(self, who: Author, transfer: Statement) -> Statement:
        """A decline."""
        return self._writes(who, Decline(transfer.id))

    def rates(
        self, who: Author, session: Statement, score_ppm: int = 800_000, guest: str = ""
    ) -> Statement:
        """A rating of whose session it is, by the author's own voice or a guest's of this name."""
        said = crowd_scribe.opinion(session, score_ppm)
        time_ms = self.tick()
        body = crowd_scribe.rating(self.ledger, who, said, time_ms, guest)
        rating = who.write(self.params, time_ms, body)
        self.tell(rating)
        return rating

    def gathers(self, show: Performance, *ratings: Statement) -> Statement:
        """A page of a concert of one session."""
        body = crowd_scribe.page(self.ledger, show.performer, [show.session], ratings)
        return self._writes(show.performer, body)

    def stakes(self, who: Author, lot: LotKey, amount: int) -> Statement:
        """A stake."""
        return self._writes(who, Stake(lot, MicroJam(amount)))

    def unstakes(self, who: Author, stake: Statement) -> Statement:
        """An unstake, once the lock is over."""
        self.now_ms = max(self.now_ms, stake.entry.time_ms + self.params.stake_lock_ms)
        return self._writes(who, Unstake(stake.id))

    def reports(
        self, who: Author, block: Statement, reason: ReportReason = ReportReason.NOT_PLAYED_LIVE
    ) -> Statement:
        """A report."""
        return self._writes(who, Report(block.id, reason, None))

    def diverges(
        self, who: Author, other: Author, reason: DivergeReason = DivergeReason.UNFAIR_PLAY
    ) -> Statement:
        """A divergence."""
        return self._writes(who, Diverge(other.id, reason))

    def takes_back(self, who: Author, diverge: Statement) -> Statement:
        """A reconcile that takes a divergence back."""
        return self._writes(who, Reconcile((diverge.id,)))

    def reconciles(self, who: Author, *other_heads: EntryId) -> Statement:
        """A reconcile that goes on from the head of `who`."""
        return self._writes(who, Reconcile((who.head, *other_heads)))

    def attests_falsely(self, who: Author, block: Statement) -> Statement:
        """A verdict whose declared budget is one more than the chain says."""
        state = self.ledger.state(who.id)
        assert state is not None
        draft = scribe.attest(self.params, scribe.restored(who), [block], self.now_ms).body
        assert isinstance(draft, Attestation)
        lie = replace(draft.verdicts[0], budget_ppm=draft.verdicts[0].budget_ppm + 1)
        return self._writes(who, Attestation(draft.model, (lie,)))

    def of_the_future(self, who: Author, kind: str) -> Statement:
        """An entry of a kind that this release does not know; it goes on in the chain."""
        entry = Entry(
            1, self.params.name, who.id, who.number + 1, who.head, (),
            Milliseconds(self.tick()), kind, (1, b"?"),
        )  # fmt: skip
        statement = read_statement(
            scribe.signed(self.params, who, entry), self.params.name, is_signature_known=True
        )
        who.head, who.number = statement.id, entry.number
        self.tell(statement)
        return statement

    def _writes(self, who: Author, body: Body) -> Statement:
        statement = who.write(self.params, self.tick(), body)
        self.tell(statement)
        return statement


def village() -> Story:
    """Plays, payments, loops, declines, a restored backup mended, nothing dishonest."""
    story = Story()
    people = story.people(*"abcdefghij")
    ann, ben, cat, dan = people[:4]
    for performer in (ann, ben):
        others = [who for who in people if who is not performer]
        for witnessed in story.performed(performer, others, windows=2):
            for attestation in witnessed.attestations[:3]:
                verifier = next(who for who in people if who.id == attestation.entry.author)
                story.receives(verifier, witnessed.mint)
    key = next(iter(story.ledger.tips[ann.id][ann.head].purse))
    there = story.gives(ann, key, 5_000, ben)
    story.receives(ben, there)
    loop = story.gives(ben, LotKey(key.origin, (ann.id, ben.id)), 2_000, ann)
    story.receives(ann, loop)
    refused = story.gives(ann, key, 3_000, cat)
    back = story.declines(cat, refused)
    story.receives(ann, back)
    onward = story.gives(ben, LotKey(key.origin, (ann.id, ben.id)), 1_000, cat)
    story.receives(cat, onward)
    story.gives(cat, LotKey(key.origin, (ann.id, ben.id, cat.id)), 400, dan)
    backup = scribe.restored(dan)
    story.tell(dan.write(story.params, story.tick(), _name("one disk")))
    story.tell(backup.write(story.params, story.tick(), _name("another disk")))
    story.reconciles(dan, backup.head)
    return story


def _name(text: str) -> Profile:
    return Profile(ContentId(digest(text.encode())), is_automated=False)


def court() -> Story:
    """A village with every kind of wrong in it: forks, lies, broken rules, and loose ends."""
    story = village()
    people = [*story.people(*"klmnop")]
    kim, leo, mia, noa, oli, pat = people
    (played,) = story.performed(kim, people[1:])
    lot = played.share(kim)
    backup = scribe.restored(kim)
    one = story.gives(kim, lot, 10_000, leo)
    story.receives(leo, one)
    passed = story.gives(leo, LotKey(lot.origin, (kim.id, leo.id)), 4_000, mia)
    story.receives(mia, passed)
    other = story.gives(backup, lot, 20_000, noa)
    story.receives(noa, other)
    story.gives(noa, LotKey(lot.origin, (kim.id, noa.id)), 1_000, oli)
    gift = story.gives(backup, lot, 5_000, oli)
    old_oli = scribe.restored(oli)
    story.receives(oli, gift)
    story.receives(backup, story.declines(old_oli, gift))
    story.attests_falsely(pat, played.block)
    (second,) = story.performed(mia, [who for who in people if who is not mia])
    story.attests_falsely(pat, second.block)
    _break_rules(story, people, second)
    _dispute(story, played)
    return story


def _dispute(story: Story, other: Witnessed) -> None:
    """Stakes that stand, come back and burn; reports; a divergence that is taken back."""
    quin, rae, sam, tess = story.people(*"qrst")
    (played,) = story.performed(quin, (rae, sam, tess))
    lot = played.share(quin)
    burnt, gone, _ = (story.stakes(quin, lot, amount) for amount in (30_000, 20_000, 10_000))
    early = story.unstakes(quin, gone)
    backup = scribe.restored(quin)
    story.receives(quin, early)
    story.gives(quin, lot, 1_000, rae)
    story.receives(quin, story.unstakes(quin, burnt))
    story.stakes(backup, lot, 500)
    story.receives(rae, played.mint)
    own = story.stakes(rae, played.share(rae), 1_000)
    story.receives(rae, story.unstakes(rae, own))
    story.stakes(rae, played.share(rae), 2_000)
    for who in (rae, sam):
        story.reports(who, other.block)
    story.takes_back(sam, story.diverges(sam, quin))
    story.diverges(sam, quin, DivergeReason.MOVED_TWICE)


def _break_rules(story: Story, people: Sequence[Author], played: Witnessed) -> None:
    mia = people[2]
    honest = scribe.restored(mia)
    lot = played.share(mia)
    story.gives(mia, lot, 10**9, people[3])
    story.receives(mia, played.block)
    mia = scribe.restored(honest)
    assert isinstance(played.mint.body, Mint)
    again = replace(played.mint.body, amount_ujam=MicroJam(1))
    story.tell(mia.write(story.params, story.tick(), again))
    mia = scribe.restored(honest)
    story.of_the_future(mia, "haiku")
    story.gives(mia, lot, 1, people[3])
    unknown = EntryId(digest(b"nobody wrote this"))
    people[4].number += 1
    story.tell(people[4].write(story.params, story.tick(), Receive(unknown)))
