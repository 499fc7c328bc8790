"""Coins over any history with everything in it: mints, crowds, payments, stakes, forks, burns.

`test_orders` and `test_stakes` hold this of stories and of lives with stakes; here whole lives are
lived, with concerts in them, and what enters and comes back is followed entry by entry.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from consensus.entries.appreciation import Concert, Rating, voice_of
from consensus.entries.performance import Mint
from consensus.entries.transfer import Decline, Receive, Transfer
from consensus.identifiers import EntryId, LotId
from consensus.ledger import Ledger
from consensus.lots import Claim, LotKey
from consensus.rejections import RejectionError, RejectionReason
from consensus.statement import Statement
from consensus.units import Ppm
from simulations import scribe
from simulations.scribe import Author
from simulations.stories import Story, Witnessed
from tests.properties.test_orders import COURT, FESTIVAL, VILLAGE, balance, chosen_branches
from tests.properties.test_statements import check_statements

SEEDS = st.integers(0, 2**64)
STEPS = 48
NAMES = ("ann", "ben", "cat", "dan", "eve")


@dataclass
class Life:
    """What happens to five people who play, listen and pay."""

    chance: Random
    story: Story = field(default_factory=Story)
    devices: list[Author] = field(default_factory=list)
    played: list[Witnessed] = field(default_factory=list)

    def live(self) -> Story:
        self.story.now_ms = BEGINNING.story.now_ms
        self.story.tell(*BEGINNING.story.told)
        self.devices = [scribe.restored(who) for who in BEGINNING.devices]
        self.played = list(BEGINNING.played)
        for _ in range(STEPS):
            self.step(self.chance.choice(self.devices))
        return self.story

    def step(self, who: Author) -> None:
        """One thing is tried; what law turns down leaves its authors where they were."""
        before = [(device.head, device.number) for device in self.devices]
        action: Callable[[Author], None] = self.chance.choice(
            [self.rate, self.rate, self.gather, self.gather, self.give, self.give, self.give,
             self.take, self.take, self.take, self.stake, self.unstake, self.unstake,
             self.lose_a_disk, self.perform]
        )  # fmt: skip
        with suppress(RejectionError):
            action(who)
        for device, (head, number) in zip(self.devices, before, strict=False):
            if device.head not in self.story.ledger.applied:
                device.head, device.number = head, number

    def perform(self, who: Author) -> None:
        """A jam of two, or alone; only a device that is up to date can."""
        state = self.story.ledger.state(who.id)
        if state is None or state.head != who.head or self.chance.random() < 0.7:
            return
        others = [one for one in BEGINNING.devices if one.id != who.id]
        mate, *witnesses = self.chance.sample(others, len(others))
        shares = tuple(sorted(((who.id, Ppm(700_001)), (mate.id, Ppm(299_999)))))
        tellers = [self.device_of(one) for one in witnesses]
        if all(one.head == self.story.ledger.state(one.id).head for one in tellers):  # type: ignore[union-attr]
            self.played += self.story.performed(who, tellers, shares=shares)

    def device_of(self, who: Author) -> Author:
        return next(one for one in self.devices if one.id == who.id)

    def rate(self, who: Author) -> None:
        session = self.chance.choice(self.played).show.session
        guest = self.chance.choice(["", "", "a guest", "another"])
        self.story.rates(who, session, self.chance.randint(0, 1_000_000), guest)

    def gather(self, who: Author) -> None:
        """Some ratings of an own session, one of each voice, those of earlier pages too."""
        own = [one for one in self.played if one.show.performer.id == who.id]
        if not own:
            return
        show = self.chance.choice(own).show
        by_voice = {
            voice_of(item.entry.author, item.body): item
            for item in self.story.told
            if isinstance(item.body, Rating) and item.body.opinion.session == show.session.id
        }
        ratings = list(by_voice.values())
        chosen = self.chance.sample(ratings, min(len(ratings), self.chance.randint(1, 3)))
        if chosen:
            self.story.gathers(replace(show, performer=who), *chosen)

    def give(self, who: Author) -> None:
        """Often the largest part, so that two devices move the same."""
        purse = self.state(who).purse
        if purse:
            key, held = self.chance.choice(sorted(purse.items()))
            if self.chance.random() < 0.6:
                key, held = max(purse.items(), key=lambda item: (item[1], item[0]))
            to = self.chance.choice([one for one in self.devices if one.id != who.id])
            amount = held if self.chance.random() < 0.3 else self.chance.randint(1, held)
            self.story.gives(who, key, amount, to)

    def take(self, who: Author) -> None:
        """Receives or declines something, also what was taken before, which law turns down."""
        claims = self.story.ledger.claims
        found = sorted(source for source, takers in claims.items() if who.id in takers)
        if not found:
            return
        source = self.story.ledger.statements[self.chance.choice(found)]
        if isinstance(source.body, Transfer) and self.chance.random() < 0.3:
            self.story.declines(who, source)
        else:
            self.story.receives(who, source)

    def stake(self, who: Author) -> None:
        purse = self.state(who).purse
        if purse:
            key, held = self.chance.choice(sorted(purse.items()))
            self.story.stakes(who, key, self.chance.randint(1, held))

    def unstake(self, who: Author) -> None:
        stakes = sorted(self.state(who).stakes)
        if stakes:
            self.story.unstakes(who, self.story.ledger.statements[self.chance.choice(stakes)])

    def lose_a_disk(self, who: Author) -> None:
        """A backup comes to life: two devices write one chain from here on."""
        if self.chance.random() < 0.7:
            self.devices.append(scribe.restored(who))

    def state(self, who: Author):  # type: ignore[no-untyped-def]
        tips = self.story.ledger.tips[who.id]
        return tips.get(who.head) or self.story.ledger._folded(who.id, who.head)


def beginning() -> Life:
    """Everybody is there, and two of them have played a jam."""
    life = Life(Random(0))
    life.devices = list(life.story.people(*NAMES))
    ann, ben, *others = life.devices
    for performer, mate in ((ann, ben), (ben, ann)):
        shares = tuple(sorted(((performer.id, Ppm(600_000)), (mate.id, Ppm(400_000)))))
        life.played += life.story.performed(performer, others, windows=2, shares=shares)
    return life


BEGINNING = beginning()


def lived(seed: int) -> Ledger:
    return Life(Random(seed)).live().ledger


def check_conserved(ledger: Ledger) -> None:
    """Whatever branch of everybody is chosen, nothing was made but by mints and pages."""
    for heads in chosen_branches(ledger)[:48]:
        minted, there, foreign = balance(ledger, heads)
        assert there == minted + foreign


def check_entered_once(ledger: Ledger) -> None:
    """On each branch each source is taken once, and purse and stakes are what entered less what
    left, part of a lot by part of a lot."""
    for author, tips in ledger.tips.items():
        for head, state in tips.items():
            there: Counter[LotKey] = Counter()
            taken: Counter[EntryId] = Counter()
            for item in ledger.chain(head):
                if isinstance(item.body, Receive | Decline):
                    taken[item.entry.refs[0]] += 1
                for key, amount in entering(ledger, item):
                    there[key] += amount
                if isinstance(item.body, Transfer):
                    there[item.body.lot] -= item.body.amount_ujam
                if item.entry.kind == "unstake":
                    claim = ledger.claims[item.id][author]
                    there[claim.key] -= claim.amount_ujam
            assert set(taken.values()) <= {1}
            held = Counter({key: int(amount) for key, amount in state.purse.items()})
            for record in state.stakes.values():
                held[record.key] += record.amount_ujam
            assert +there == +held
            assert min(there.values(), default=0) >= 0


def entering(ledger: Ledger, item: Statement) -> list[tuple[LotKey, int]]:
    """What an entry puts into its author's purse."""
    author = item.entry.author
    if isinstance(item.body, Mint | Concert):
        handed = sum(claim.amount_ujam for claim in ledger.claims.get(item.id, {}).values())
        return [(LotKey(LotId(item.id), (author,)), item.body.amount_ujam - handed)]
    if isinstance(item.body, Receive):
        claim = ledger.claims[item.body.source][author]
        return [(claim.key, claim.amount_ujam)]
    return []


def check_declines_return_whole(ledger: Ledger) -> int:
    """A decline hands its giver what left, as it stood; returns how many there were."""
    declines = [
        item
        for entry in ledger.applied
        if isinstance((item := ledger.statements[entry]).body, Decline)
    ]
    for item in declines:
        assert isinstance(item.body, Decline)
        given = ledger.statements[item.body.transfer]
        assert isinstance(given.body, Transfer)
        claim = Claim(item.id, given.body.lot, given.body.amount_ujam)
        assert ledger.claims[item.id] == {given.entry.author: claim}
    return len(declines)


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_any_life_conserves_coins_and_takes_nothing_twice(seed: int) -> None:
    ledger = lived(seed)
    check_conserved(ledger)
    check_entered_once(ledger)
    check_declines_return_whole(ledger)
    check_statements(ledger)


def test_stories_conserve_coins_and_take_nothing_twice() -> None:
    for story in (VILLAGE, COURT, FESTIVAL):
        check_entered_once(story.ledger)
        check_declines_return_whole(story.ledger)
        check_statements(story.ledger)


def test_lives_have_everything_in_them() -> None:
    """The properties above would hold of lives in which nothing happens too."""
    ledgers = [lived(seed) for seed in range(80)]
    applied = [ledger.statements[entry] for ledger in ledgers for entry in ledger.applied]
    kinds = Counter(item.entry.kind for item in applied)
    wanted = {"mint", "rating", "concert", "transfer", "receive", "decline", "stake", "unstake"}
    assert all(kinds[kind] >= 10 for kind in wanted)
    again = [RejectionReason.ALREADY_TAKEN in ledger.rejected.values() for ledger in ledgers]
    burnt = [bool(ledger.slashed) for ledger in ledgers]
    shared = [
        any(isinstance(ledger.statements[source].body, Concert) and claims
            for source, claims in ledger.claims.items())
        for ledger in ledgers
    ]  # fmt: skip
    assert (sum(again) >= 5, sum(burnt) >= 2, sum(shared) >= 5) == (True, True, True)


def test_a_declined_transfer_comes_back_whole_and_enters_once() -> None:
    story = Story()
    story.tell(*BEGINNING.story.told)
    story.now_ms = BEGINNING.story.now_ms
    ann, ben = (scribe.restored(who) for who in BEGINNING.devices[:2])
    key, held = min(story.ledger.tips[ann.id][ann.head].purse.items())
    given_away = story.gives(ann, key, held, ben)
    assert key not in story.ledger.tips[ann.id][ann.head].purse
    back = story.declines(ben, given_away)
    story.receives(ann, back)
    assert story.ledger.tips[ann.id][ann.head].purse[key] == held
    twice = story.receives(ann, back)
    late = story.receives(ben, given_away)
    assert story.ledger.rejected[twice.id] is RejectionReason.ALREADY_TAKEN
    assert story.ledger.rejected[late.id] is RejectionReason.ALREADY_TAKEN
