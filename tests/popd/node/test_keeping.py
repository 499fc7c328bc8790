"""Who is kept, who pays for it, and what goes when room gets scarce."""

from collections import Counter
from dataclasses import dataclass, field
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consensus.entries.chains import Profile
from consensus.entries.transfer import Transfer
from consensus.identifiers import ContentId, EntryId, IdentityId, NodeKey
from consensus.ledger import folded
from consensus.parameters import PRACTICE
from consensus.statement import Statement
from popd.node.admission import Admission
from popd.node.budgets import MAX_STRANGER_ENTRIES, size_of
from popd.node.context import Context, NodeSettings, Peer
from popd.node.declined import DECLINED_MS, MAX_DECLINED, Declined, Refusal
from popd.node.effects import Forget, Store
from popd.node.keeping import TRUST_WAIT_MS, Keeping
from popd.node.standing import Standings
from popd.node.tiers import MAX_GIVERS, Tier, Tiers
from simulations import scribe
from simulations.scribe import Author
from simulations.stories import Story, court, village

NOW_US = 1_800_000_000_000_000
START_MS = 1_700_000_000_000
COURT = court()
VILLAGE = village()
ALICE = scribe.author("alice")


@dataclass
class Keeper:
    """Admission and keeping of one node, with its disk."""

    store_bytes: int
    own: Author = field(default_factory=lambda: ALICE)
    stored: list[Statement] = field(default_factory=list)
    disk: dict[EntryId, Statement] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.disk |= {item.id: item for item in self.stored}
        self.ledger = folded(PRACTICE, self.stored)
        own = self.own
        self.context = Context(
            PRACTICE, NodeSettings(store_bytes=self.store_bytes), own.id, own.node, bytes(32),
            Random(1), self.ledger, NOW_US,
        )  # fmt: skip
        self.keeping = Keeping(self.context, lambda authors: None)
        self.admission = Admission(
            self.context, Standings(self.context), self.keeping, lambda statement: None
        )
        self.keeping.start()

    def peer(self, name: str, subnet: str) -> NodeKey:
        key = scribe.author(name).node
        self.context.peers[key] = Peer(subnet=subnet)
        return key

    def deliver(self, peer: NodeKey, statements: list[Statement]) -> None:
        for first in range(0, len(statements), 200):
            part = statements[first : first + 200]
            self.admission.take(peer, [item.wire for item in part])
            list(self.admission.lacking())
            self.rest()

    def rest(self, seconds: float = 0.05) -> None:
        self.context.now_us += int(seconds * 1e6)
        self.context.ring_alarms()
        for effect in self.context.outbox:
            if isinstance(effect, Store):
                self.disk |= {item.id: item for item in effect.statements}
            elif isinstance(effect, Forget):
                for entry in effect.ids:
                    del self.disk[entry]
        self.context.outbox.clear()

    def numbers(self, who: Author) -> list[int]:
        ledger = self.ledger
        held = [item.entry for item in ledger.statements.values() if item.entry.author == who.id]
        return sorted(entry.number for entry in held)

    def audit(self) -> None:
        """Sums are what they should be, and the disk holds what the ledger keeps."""
        check_accounts(self.keeping)
        kept = {entry for entry in self.ledger.statements if not self.ledger.can_drop(entry)}
        assert kept == self.disk.keys()
        assert folded(PRACTICE, self.disk.values()).digest() == self.ledger.digest()


def check_accounts(keeping: Keeping) -> None:
    ledger, accounts = keeping.context.ledger, keeping.accounts
    settled = [item for item in ledger.statements.values() if not ledger.is_waiting(item.id)]
    by_author = Counter({})
    for item in settled:
        by_author[item.entry.author] += size_of(item)
    held = {author: a.bytes for author, a in accounts.authors.items() if a.entries}
    assert held == dict(by_author)
    assert {e for a in accounts.authors.values() for e in a.entries} == {i.id for i in settled}
    needed = {ref for item in settled for ref in item.entry.refs if ledger.is_waiting(ref)}
    assert set(accounts.named) == needed
    names = Counter()
    for entry, namer in accounts.named.items():
        names[namer] += size_of(ledger.statements[entry])
        assert any(entry in item.entry.refs for item in settled if item.entry.author == namer)
    assert {
        author: a.named_bytes for author, a in accounts.authors.items() if a.named_bytes
    } == names
    strangers = {
        author: account
        for author, account in accounts.authors.items()
        if account.tier is Tier.STRANGER
    }
    for author, account in accounts.authors.items():
        assert account.tier is keeping.tiers.tier(author)
    assert accounts.strangers_bytes == sum(a.bytes + a.named_bytes for a in strangers.values())
    assert accounts.long == {a for a, x in strangers.items() if len(x.entries) > 256}
    payers, peers, subnets = Counter(), Counter(), Counter()
    for account in strangers.values():
        payer, size = account.payer, account.bytes + account.named_bytes
        payers[payer.subnet, payer.peer] += size
        peers[payer.peer] += size
        subnets[payer.subnet] += size
    assert {key: payer.bytes for key, payer in accounts.payers.items()} == payers
    assert {key: total.bytes for key, total in accounts.peers.items()} == peers
    assert {key: total.bytes for key, total in accounts.subnets.items()} == subnets
    found = {a for payer in accounts.payers.values() for a in (*payer.authors, *payer.stuck)}
    assert set(strangers) - keeping.evicting.aside <= found <= set(strangers)
    for tier in Tier:
        of = [a for a in accounts.authors.values() if a.tier is tier]
        total = accounts.totals[tier]
        if tier is Tier.NAMED:
            assert (total.entries, total.authors) == (len(needed), 0)
            assert total.bytes == sum(size_of(ledger.statements[e]) for e in needed)
        else:
            assert total.authors == len(of)
            assert total.entries == sum(len(a.entries) for a in of)
            assert total.bytes == sum(a.bytes for a in of)


def chain(who: Author, length: int) -> list[Statement]:
    """A profile, again and again."""
    return [
        who.write(PRACTICE, START_MS + i, Profile(ContentId(bytes(32)), is_automated=False))
        for i in range(length)
    ]


def crowd(name: str, count: int, length: int = 2) -> list[Statement]:
    return [item for i in range(count) for item in chain(scribe.author(f"{name} {i}"), length)]


def test_on_a_small_network_everything_is_kept() -> None:
    keeper = Keeper(10_000_000)
    peer = keeper.peer("p", "s")
    strangers = crowd("stranger", 100)
    long = chain(scribe.author("long"), 400)
    keeper.deliver(peer, strangers + long)
    assert len(keeper.ledger.applied) == 600
    assert keeper.keeping.declined_authors == frozenset()
    keeper.audit()


def test_a_crowd_of_one_peer_fills_a_quarter_of_a_share_that_is_half_full() -> None:
    keeper = Keeper(2_000_000)
    mallory, honest = keeper.peer("mallory", "m"), keeper.peer("honest", "h")
    keeper.deliver(mallory, crowd("sybil", 1_000))
    share = keeper.keeping.evicting.share_bytes
    assert share == 200_000
    charged = keeper.keeping.accounts.peers
    assert share / 2 - 1_000 < charged[mallory].bytes <= share / 2
    keeper.deliver(honest, crowd("citizen", 200))
    assert share / 4 - 1_000 < charged[honest].bytes <= share / 4
    assert len(keeper.keeping.declined_authors) > 500
    keeper.audit()


def test_whoever_delivers_most_makes_room_for_others_with_their_youngest() -> None:
    keeper = Keeper(2_000_000)
    peers = [keeper.peer(f"peer {i}", f"subnet {i}") for i in range(6)]
    for i, peer in enumerate(peers):
        keeper.deliver(peer, crowd(f"crowd {i}", 300))
    keeper.rest(1)
    share, charged = keeper.keeping.evicting.share_bytes, keeper.keeping.accounts.peers
    assert keeper.keeping.accounts.strangers_bytes <= share
    assert min(charged[peer].bytes for peer in peers) > share / 10
    first = scribe.author("crowd 0 0")
    assert keeper.numbers(first) == [0, 1]
    keeper.audit()


def test_a_long_chain_is_cut_to_its_beginning_when_room_gets_scarce() -> None:
    keeper = Keeper(6_000_000)
    long = scribe.author("long")
    told = chain(long, 600)
    keeper.deliver(keeper.peer("p", "s"), told)
    assert len(keeper.numbers(long)) == 600
    for i in range(4):
        keeper.deliver(keeper.peer(f"q{i}", f"t{i}"), crowd(f"crowd {i}", 200))
    keeper.rest(1)
    assert keeper.numbers(long) == list(range(MAX_STRANGER_ENTRIES))
    assert not keeper.keeping.is_whole(long.id)
    keeper.audit()
    keeper.deliver(keeper.peer("p", "s"), told[256:])
    assert keeper.numbers(long) == list(range(MAX_STRANGER_ENTRIES))


def test_own_pinned_and_trusted_people_stay_and_come_in_when_strangers_are_full() -> None:
    keeper = Keeper(1_000_000)
    pinned, trusted = scribe.author("pinned"), scribe.author("trusted")
    peer = keeper.peer("p", "s")
    for i in range(6):
        keeper.deliver(keeper.peer(f"q{i}", f"t{i}"), crowd(f"crowd {i}", 200))
    mine, theirs, friends = (
        chain(scribe.restored(ALICE), 3),
        chain(pinned, 300),
        chain(trusted, 300),
    )
    for item in mine:
        keeper.admission.admit(item)
    keeper.deliver(peer, theirs + friends)
    assert len(keeper.numbers(pinned)) + len(keeper.numbers(trusted)) < 100
    keeper.keeping.pin(frozenset([pinned.id]))
    keeper.keeping.trust(frozenset([trusted.id]))
    assert keeper.keeping.is_whole(pinned.id)
    keeper.deliver(peer, theirs + friends)
    assert (len(keeper.numbers(pinned)), len(keeper.numbers(trusted))) == (300, 300)
    assert len(keeper.numbers(ALICE)) == 3
    keeper.audit()
    keeper.keeping.trust(frozenset())
    keeper.rest(1)
    assert len(keeper.numbers(trusted)) <= MAX_STRANGER_ENTRIES
    assert len(keeper.numbers(pinned)) == 300
    keeper.audit()


def test_trusted_people_come_in_until_the_store_is_full_and_strangers_make_room() -> None:
    keeper = Keeper(300_000)
    peer = keeper.peer("p", "s")
    keeper.deliver(peer, crowd("stranger", 30))
    friend = scribe.author("friend")
    keeper.keeping.trust(frozenset([friend.id]))
    keeper.deliver(peer, chain(friend, 1_000))
    keeper.rest(1)
    assert keeper.keeping.accounts.bytes <= 300_000
    assert keeper.keeping.accounts.strangers_bytes == 0
    assert not keeper.keeping.is_whole(friend.id)
    mine = chain(scribe.restored(ALICE), 2)
    keeper.deliver(peer, mine)
    assert keeper.numbers(ALICE) == [0, 1]
    keeper.audit()


def full_of_strangers(store_bytes: int = 3_000_000) -> tuple[Keeper, NodeKey]:
    keeper = Keeper(store_bytes)
    for i in range(6):
        keeper.deliver(keeper.peer(f"q{i}", f"t{i}"), crowd(f"crowd {i}", 300))
    keeper.rest(1)
    for subnet in range(2):
        keeper.deliver(keeper.peer("p", f"{subnet}"), crowd(f"more {subnet}", 400))
    return keeper, keeper.peer("p", "0")


def test_what_a_trusted_chain_names_is_kept_entry_by_entry_and_goes_with_it() -> None:
    story = Story(now_ms=VILLAGE.now_ms)
    friend, *others = story.people(*(f"newcomer {i}" for i in range(9)))
    (played,) = story.performed(friend, others)
    keeper, peer = full_of_strangers()
    keeper.keeping.trust(frozenset([friend.id]))
    for _ in range(12):
        keeper.deliver(peer, list(story.told))
    assert played.mint.id in keeper.ledger.applied
    waiting = {e.id for e in played.attestations if keeper.ledger.is_waiting(e.id)}
    assert waiting
    charged = keeper.keeping.accounts.named
    assert {charged[entry] for entry in waiting} == {friend.id}
    keeper.audit()
    keeper.keeping.trust(frozenset())
    keeper.keeping.evicting.forget(keeper.keeping.accounts.authors[friend.id].entries)
    keeper.rest()
    assert friend.id not in keeper.ledger.tips
    assert waiting.isdisjoint(keeper.ledger.statements)
    keeper.audit()


def test_a_friend_who_takes_a_strangers_coins_brings_the_strangers_chain_along() -> None:
    keeper, peer = full_of_strangers()
    ben = scribe.author("b")
    giver = scribe.author("a")
    keeper.keeping.trust(frozenset([ben.id]))
    for _ in range(20):
        keeper.deliver(peer, list(VILLAGE.told))
        keeper.rest(1)
    theirs = [item.id for item in VILLAGE.told if item.entry.author == ben.id]
    assert set(theirs) <= keeper.ledger.applied
    assert keeper.keeping.tiers.tier(giver.id) is Tier.TRUSTED
    assert giver.id in keeper.ledger.tips
    keeper.audit()


def test_after_a_restart_tiers_and_sums_are_the_same_and_too_much_goes_in_steps() -> None:
    keeper = Keeper(100_000_000)
    for i in range(4):
        keeper.deliver(keeper.peer(f"q{i}", f"t{i}"), crowd(f"crowd {i}", 500))
    again = Keeper(1_000_000, stored=list(keeper.disk.values()))
    assert again.keeping.accounts.totals == keeper.keeping.accounts.totals
    again.audit()
    again.rest(60)
    assert len(again.ledger.applied) == 4_000
    again.keeping.trust(frozenset())
    steps = 0
    while again.keeping.evicting.is_on:
        before = len(again.ledger.applied)
        again.rest(0.02)
        assert before - len(again.ledger.applied) <= 600
        steps += 1
    assert steps > 3
    assert again.keeping.accounts.strangers_bytes <= again.keeping.evicting.share_bytes
    again.audit()


@pytest.mark.parametrize("name", list("abcdj"))
def test_tiers_kept_entry_by_entry_are_those_of_a_restart(name: str) -> None:
    me = scribe.author(name)
    keeper = Keeper(10**9, own=me)
    keeper.deliver(keeper.peer("p", "s"), list(VILLAGE.told))
    assert len(keeper.ledger.applied) == len(VILLAGE.ledger.applied)
    again = Tiers(keeper.ledger, me.id)
    again.resume()
    assert (again.near, again.path, again.open) == (
        keeper.keeping.tiers.near, keeper.keeping.tiers.path, keeper.keeping.tiers.open,
    )  # fmt: skip
    state = keeper.ledger.state(me.id)
    assert state is not None
    for key in state.purse:
        minter = keeper.ledger.statements[EntryId(key.origin)].entry.author
        assert {again.tier(person) for person in (minter, *key.path)} == {Tier.OWN_AND_PATH}
    for transfer in state.sent:
        body = keeper.ledger.statements[transfer].body
        assert isinstance(body, Transfer)
        taken = keeper.ledger.state(body.recipient).taken
        assert (transfer in again.open) == (transfer not in taken)


@pytest.mark.parametrize("name", list("acklmnop"))
def test_tiers_of_forked_people_are_those_of_a_restart_too(name: str) -> None:
    me = scribe.author(name)
    keeper = Keeper(10**9, own=me)
    told = list(COURT.told)
    Random(name).shuffle(told)
    for _ in range(2):
        keeper.deliver(keeper.peer("p", "s"), told)
    assert keeper.ledger.applied == COURT.ledger.applied
    again = Tiers(keeper.ledger, me.id, givers=dict(keeper.keeping.tiers.givers))
    again.resume()
    assert again.path == keeper.keeping.tiers.path
    assert again.open == keeper.keeping.tiers.open


@settings(max_examples=60)
@given(st.integers(0, 2**64))
def test_sums_hold_whatever_comes_and_goes(seed: int) -> None:
    chance = Random(seed)
    people = sorted({item.entry.author for item in COURT.told})
    me = scribe.author(chance.choice("abckm"))
    keeper = Keeper(chance.choice([40_000, 150_000, 400_000, 10**8]), own=me)
    peers = [keeper.peer(f"p{i}", f"s{i % 2}") for i in range(3)]
    for _ in range(6):
        part = [item for item in COURT.told if chance.random() < 0.7]
        chance.shuffle(part)
        keeper.deliver(chance.choice(peers), part)
        if chance.random() < 0.5:
            keeper.keeping.trust(frozenset(chance.sample(people, chance.randint(0, 6))))
        if chance.random() < 0.3:
            keeper.keeping.pin(frozenset(chance.sample(people, chance.randint(0, 2))))
        keeper.rest(chance.choice([0.02, 1, 700]))
    check_accounts(keeper.keeping)
    assert {e for e in keeper.ledger.statements if not keeper.ledger.can_drop(e)} <= set(
        keeper.disk
    )
    for entry in keeper.ledger.applied:
        assert set(keeper.ledger.statements[entry].entry.refs) <= keeper.ledger.statements.keys()


def test_strangers_who_pay_each_other_do_not_fill_the_share_for_good() -> None:
    story = Story(now_ms=VILLAGE.now_ms)
    performer, *takers = story.people(*(f"ring {i}" for i in range(9)))
    for played in story.performed(performer, takers, windows=6):
        for attestation in played.attestations:
            who = next(one for one in takers if one.id == attestation.entry.author)
            story.receives(who, played.mint)
    ring = sum(size_of(item) for item in story.told)
    keeper = Keeper(22 * ring)
    rich, poor = keeper.peer("rich", "r"), keeper.peer("poor", "p")
    for _ in range(40):
        for peer, is_rich in ((rich, True), (poor, False)):
            part = [i for i in story.told if (i.entry.author == performer.id) is is_rich]
            keeper.deliver(peer, part)
    extra = [scribe.author(f"padding {i}") for i in range(2)]
    keeper.deliver(rich, [item for who in extra for item in chain(who, ring // 1_500)])
    assert set(story.ledger.applied) <= keeper.ledger.applied
    honest = [f"honest {i}" for i in range(6)]
    for name in honest:
        keeper.deliver(keeper.peer(name, name), crowd(name, ring // 2_500))
        keeper.rest(1)
    keeper.audit()
    assert keeper.keeping.evicting.entries
    assert performer.id not in keeper.ledger.tips
    assert all(keeper.numbers(scribe.author(f"{name} 0")) == [0, 1] for name in honest)


def test_strangers_never_pass_their_bound_by_more_than_a_tenth_even_when_nothing_can_go() -> None:
    known = Keeper(100_000_000)
    known.deliver(known.peer("p", "s"), crowd("known", 400))
    keeper = Keeper(1_000_000, stored=list(known.disk.values()))
    assert keeper.keeping.is_trust_unknown
    before = len(keeper.ledger.applied)
    for i in range(6):
        keeper.deliver(keeper.peer(f"q{i}", f"t{i}"), crowd(f"crowd {i}", 200))
    assert len(keeper.ledger.applied) == before
    keeper.rest(TRUST_WAIT_MS / 1_000)
    keeper.rest(1)
    assert keeper.keeping.accounts.strangers_bytes <= keeper.keeping.evicting.share_bytes
    keeper.audit()


def test_those_one_plays_with_are_near_and_only_the_latest_of_them() -> None:
    performer, *others = (scribe.author(name) for name in "abcdefghij")
    told = list(VILLAGE.told)
    mine, theirs = Keeper(10**9, own=performer), Keeper(10**9, own=others[5])
    for keeper in (mine, theirs):
        keeper.deliver(keeper.peer("p", "s"), told)
    assert set(mine.keeping.tiers.witnesses) == {who.id for who in others}
    assert performer.id in theirs.keeping.tiers.hosts
    assert min(mine.keeping.tiers.tier(who.id) for who in others) >= Tier.OWN_AND_PATH
    assert max(mine.keeping.tiers.tier(who.id) for who in others) <= Tier.TRUSTED
    strangers = [IdentityId(i.to_bytes(32)) for i in range(MAX_GIVERS + 10)]
    for stranger in strangers:
        mine.keeping.tiers.note_giver(stranger)
    near = [one for one in strangers if mine.keeping.tiers.tier(one) is Tier.TRUSTED]
    assert near == strangers[10:]


def test_whoever_is_declined_is_so_for_ten_minutes_and_at_most_so_many_are() -> None:
    marks = Declined()
    for i in range(MAX_DECLINED + 100):
        marks.note(IdentityId(i.to_bytes(32)), Refusal.EVICTED, i)
    assert len(marks.marks) == MAX_DECLINED
    last = IdentityId((MAX_DECLINED + 99).to_bytes(32))
    end_ms = MAX_DECLINED + 99 + DECLINED_MS
    marks.note(last, Refusal.CHAIN_IS_LONG, end_ms - 1)
    assert marks.mark(last, end_ms - 1) == (end_ms, Refusal.EVICTED)
    assert marks.authors(end_ms - 1) == {last}
    assert marks.authors(end_ms) == frozenset()
    assert marks.marks == {}
