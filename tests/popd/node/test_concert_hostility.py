"""What strangers can and can't do to concerts."""

from dataclasses import replace

import pytest

from consensus.entries.appreciation import Guest, Modality, Opinion, opinion_digest
from consensus.identifiers import EntryId, IdentityId, NodeKey
from consensus.parameters import PRACTICE
from consensus.signing import Domain, sign
from consensus.units import MILLION, Ppm
from popd.node.concert_ballots import MAX_STRANGERS_OF_PEER, MAX_VOICES_OF_STRANGER, ballots_mark
from popd.node.concert_cards import FORGOTTEN_MS, MAX_CONCERTS, MAX_OF_PEER
from popd.node.concert_commands import GiveOpinion, OpenConcert, SetConcertPhase
from popd.node.concert_live import STALE_MS, LiveConcert
from popd.node.concert_notes import ballots_note
from popd.node.concert_opinions import MAX_VOICES, OpinionState
from popd.node.effects import Effect, KeepNote, Send
from popd.node.events import PeerDisconnected, TrustChanged
from popd.node.messages import from_bytes, to_bytes
from popd.node.messages.concerts import (
    MAX_BALLOTS,
    MAX_TELLERS,
    ConcertCard,
    Phase,
    concert_id,
)
from popd.node.messages.crowds import (
    MAX_BATCH,
    BallotRefusal,
    BallotsRefused,
    ConcertBallots,
    ConcertWords,
)
from popd.node.messages.greeting import Hello, hello_digest
from popd.node.offences import Offence
from simulations.scribe import Author, author
from tests.popd.node.concert_rogues import SALT, ballots_of, card_of
from tests.popd.node.driven import HELLO_MS, NOW_MS, PEER, Driven

FIRST = EntryId(b"\1" * 32)
GATHERER = author("gatherer")
THEIRS = concert_id(GATHERER.id, SALT)
OWN = concert_id(author("me").id, SALT)
OTHER = NodeKey(b"\6" * 32)


class Listener(Driven):
    """A node that heard of a concert, with two peers around it."""

    def __init__(self) -> None:
        super().__init__("listener")
        self.meet(OTHER)

    def hear_card(self, number: int = NOW_MS, **says: object) -> list[Effect]:
        """The gatherer's next card arrives by the first peer."""
        return self.say(card_of(GATHERER, number, **says))

    @property
    def live(self) -> LiveConcert:
        return self.node.concerting.concerts[THEIRS]


class Gatherer(Driven):
    """A node with an own concert that is open."""

    def __init__(self) -> None:
        super().__init__("me")
        self.give(OpenConcert(OWN, "Night", SALT, ("jazz",), 9))
        self.give(SetConcertPhase(OWN, Phase.OPEN))
        self.number = NOW_MS

    def tell(
        self, who: Author, ballots: list[tuple[bytes, bytes]], peer: NodeKey = PEER
    ) -> list[object]:
        """Somebody's ballots arrive; returns what is answered."""
        self.number += 1
        message = ballots_of(who, OWN, self.number, ballots)
        return said_to(self.say(message, peer), peer)

    def greet(self, who: Author) -> None:
        """Somebody's own node connects, and says who it is."""
        self.meet(who.node)
        signature = sign(
            who.seed,
            PRACTICE.name,
            Domain.HELLO,
            hello_digest(who.id, who.node, HELLO_MS),
        )
        self.say(Hello(who.id, "", False, HELLO_MS, signature), who.node)

    @property
    def live(self) -> LiveConcert:
        return self.node.concerting.concerts[OWN]

    @property
    def tellers(self) -> set[IdentityId]:
        assert self.live.own is not None
        return set(self.live.own.box.tellers)


def said_to(effects: list[Effect], peer: NodeKey) -> list[object]:
    return [from_bytes(e.data) for e in effects if isinstance(e, Send) and e.peer == peer]


def cards(effects: list[Effect], peer: NodeKey) -> list[object]:
    return [message for message in said_to(effects, peer) if isinstance(message, ConcertCard)]


def crowd(count: int) -> list[tuple[bytes, bytes]]:
    """Ballots of so many voices."""
    return [(number.to_bytes(32), bytes(32)) for number in range(1, count + 1)]


def test_a_forged_card_costs_its_deliverer_and_changes_nothing() -> None:
    node = Listener()
    forged = replace(card_of(GATHERER, NOW_MS), name="Mine")
    node.say(forged)
    assert node.node.concerting.concerts == {}
    assert PEER not in node.node.standings.of, "forging costs all that a peer has"
    incidents = node.node.standings.bans[PEER].incidents
    assert incidents[-1].offence is Offence.FORGED


def test_nobody_else_can_take_over_a_concert() -> None:
    node = Listener()
    node.hear_card()
    before = node.live.card
    node.say(card_of(author("thief"), NOW_MS + 5, concert=THEIRS), OTHER)
    assert node.live.card == before
    assert OTHER not in node.node.standings.of, "nobody honest passes it on"


def test_nobody_can_take_a_concert_s_id_before_its_gatherer_does() -> None:
    node = Listener()
    node.say(card_of(author("squatter"), NOW_MS, concert=THEIRS), OTHER)
    assert node.node.concerting.concerts == {}
    node.hear_card()
    assert node.live.card.gatherer == GATHERER.id


def test_an_own_concert_s_id_is_that_of_its_user() -> None:
    node = Driven()
    node.give(OpenConcert(THEIRS, "Night", SALT, (), 9))
    assert node.node.concerting.concerts == {}
    node.give(OpenConcert(OWN, "Night", SALT, (), 9))
    assert set(node.node.concerting.concerts) == {OWN}


@pytest.mark.parametrize(
    "says",
    [
        {"number": NOW_MS - 1},
        {"number": NOW_MS},
        {"phase": Phase.WAITING},
        {"sessions": ()},
        {"sessions": (EntryId(b"\2" * 32),)},
        {"pages": ()},
        {"name": "Another"},
        {"tags": ()},
        {"node": OTHER},
        {"performers": ((GATHERER.id, Ppm(MILLION)),)},
        {"number": NOW_MS + 3 * 86_400_000},
    ],
    ids=lambda says: next(iter(says)),
)
def test_a_card_that_goes_back_or_tells_of_something_else_is_not_taken(
    says: dict[str, object],
) -> None:
    node = Listener()
    node.hear_card(phase=Phase.REVEALED, sessions=(FIRST,), pages=(FIRST,))
    node.wait(1_000)
    before = node.live.card
    new = {"phase": Phase.REVEALED, "sessions": (FIRST,), "pages": (FIRST,)}
    effects = node.hear_card(**{"number": NOW_MS + 1, **new, **says})  # type: ignore[arg-type]
    assert node.live.card == before
    assert not cards(effects + node.wait(2_000), OTHER)


def test_a_locked_concert_may_be_opened_again_but_not_a_revealed_one() -> None:
    node = Listener()
    node.hear_card(phase=Phase.LOCKED)
    node.hear_card(NOW_MS + 1, phase=Phase.OPEN)
    assert node.live.phase is Phase.OPEN
    node.hear_card(NOW_MS + 2, phase=Phase.REVEALED)
    node.hear_card(NOW_MS + 3, phase=Phase.OPEN)
    assert node.live.phase is Phase.REVEALED


def test_cards_are_passed_on_to_others_but_not_faster_than_the_bound() -> None:
    node = Listener()
    effects: list[Effect] = []
    for turn in range(100):
        effects += node.hear_card(NOW_MS + turn)
        effects += node.wait(10)
    effects += node.wait(500)
    passed = cards(effects, OTHER)
    assert len(passed) == 3, "one each 400 ms"
    assert cards(effects, PEER) == []
    assert passed[-1] == node.live.card


def test_ten_thousand_concerts_of_fresh_keys_leave_the_trusted_their_place() -> None:
    node = Listener()
    friend = author("friend")
    node.give(TrustChanged(frozenset({friend.id})))
    for number in range(10_000):
        who = author(f"fresh {number % 300}")
        peer = PEER if number % 2 else OTHER
        node.say(card_of(who, NOW_MS + number, name_salt=number.to_bytes(16)), peer)
        node.wait(20)
        if number == 5_000:
            node.say(card_of(friend, NOW_MS))
    assert concert_id(friend.id, SALT) in node.node.concerting.concerts
    assert len(node.node.concerting.concerts) <= 2 * MAX_OF_PEER + 1 <= MAX_CONCERTS
    gatherers = [live.card.gatherer for live in node.node.concerting.concerts.values()]
    assert len(set(gatherers)) == len(gatherers), "one that is on of each"


def test_a_concert_whose_gatherer_vanished_is_stale_and_then_forgotten() -> None:
    node = Listener()
    node.hear_card()
    node.wait(1_500)
    node.wait(STALE_MS)
    assert node.live.is_stale
    node.wait(FORGOTTEN_MS)
    node.wait(2_000)
    assert node.node.concerting.concerts == {}


def test_forged_ballots_cost_their_deliverer() -> None:
    node = Gatherer()
    message = ballots_of(GATHERER, OWN, 5, crowd(1))
    node.say(replace(message, number=6))
    assert node.tellers == set()
    assert PEER not in node.node.standings.of


def test_a_later_ballot_of_a_voice_replaces_the_earlier_whatever_comes_first() -> None:
    node = Gatherer()
    who = author("teller")
    later = ballots_of(who, OWN, 8, [(who.id, b"\2" * 32)])
    earlier = ballots_of(who, OWN, 7, [(who.id, b"\1" * 32), (b"\7" * 32, b"\3" * 32)])
    for message in (later, earlier, later, earlier):
        node.say(message)
    assert node.live.own is not None
    box = node.live.own.box
    assert box.digest(who.id, who.id) == b"\2" * 32
    assert box.digest(who.id, b"\7" * 32) == b"\3" * 32
    assert box.count == 2


def test_ballots_after_the_lock_are_refused_but_for_those_that_were_held() -> None:
    node = Gatherer()
    who = author("teller")
    node.tell(who, [(who.id, b"\1" * 32)])
    node.give(SetConcertPhase(OWN, Phase.LOCKED))
    answer = node.tell(who, [(who.id, b"\1" * 32), (b"\7" * 32, b"\3" * 32)])
    refused = BallotsRefused(OWN, who.id, node.number, (b"\7" * 32,), BallotRefusal.NOT_OPEN)
    assert answer == [refused]
    assert node.live.ballots == 1


def test_a_hundred_thousand_ballots_of_fresh_keys_push_nobody_near_out() -> None:
    node = Gatherer()
    friend, here = author("friend"), author("here")
    node.give(TrustChanged(frozenset({friend.id})))
    node.greet(here)
    peers = [NodeKey(bytes([number]) * 32) for number in range(10, 20)]
    node.meet(*peers)
    fresh = [author(f"fresh {number}") for number in range(1_600)]
    flood = crowd(MAX_VOICES_OF_STRANGER)
    for number, who in enumerate(fresh):
        node.tell(who, flood, peers[number % len(peers)])
        node.wait(5)
        if number == 1_500:
            assert node.tell(friend, crowd(60)) == []
            assert node.tell(here, crowd(60), here.node) == []
    assert node.live.own is not None
    box = node.live.own.box
    assert box.count <= MAX_BALLOTS
    assert len(box.tellers) <= MAX_TELLERS
    assert len(box.tellers) <= len(peers) * MAX_STRANGERS_OF_PEER + 2
    assert len(box.tellers[friend.id].held) == len(box.tellers[here.id].held) == 60
    late = author("late friend")
    node.give(TrustChanged(frozenset({friend.id, late.id})))
    assert node.tell(late, crowd(64)) == []
    assert late.id in node.tellers, "a stranger gave way"


def test_what_gave_way_is_not_written_down_any_more() -> None:
    node = Gatherer()
    mills = [author(f"mill {number}") for number in range(-(-MAX_BALLOTS // MAX_VOICES))]
    late = author("late")
    for who in (*mills, late):
        node.greet(who)
    for who in mills:
        for start in range(0, MAX_VOICES, MAX_BATCH):
            node.tell(who, crowd(MAX_VOICES)[start : start + MAX_BATCH], who.node)
            node.wait(50)
    node.number += 1
    effects = node.say(ballots_of(late, OWN, node.number, crowd(3)), late.node)
    assert said_to(effects, late.node) == []
    assert node.live.own is not None
    kept = [ballots_note(node.live, *item) for item in node.live.own.box.tellers.items()]
    written = {(e.name, e.data) for e in effects if isinstance(e, KeepNote)}
    assert written <= set(kept)
    assert len(written) == 2, "of who gave way, and of who came"


def test_a_teller_without_a_place_leaves_nothing_behind_however_near_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("popd.node.concert_ballots.MAX_TELLERS", 1)
    monkeypatch.setattr("popd.node.concert_hosting.MAX_TELLERS", 1)
    node = Gatherer()
    people = [author(f"near {number}") for number in range(4)]
    for who in people:
        node.greet(who)
    assert node.tell(people[0], crowd(1), people[0].node) == []
    for who in people[1:]:
        [refused] = node.tell(who, crowd(1), who.node)
        assert isinstance(refused, BallotsRefused)
        assert refused.why is BallotRefusal.FULL
    assert set(node.live.numbers) == node.tellers == {people[0].id}


def test_a_stranger_s_voices_are_bounded_and_it_learns_which_are_refused() -> None:
    node = Gatherer()
    who = author("mill")
    assert node.tell(who, crowd(MAX_VOICES_OF_STRANGER)) == []
    [refused] = node.tell(who, [(b"\7" * 32, bytes(32))])
    assert refused == BallotsRefused(OWN, who.id, node.number, (b"\7" * 32,), BallotRefusal.FULL)


def test_words_for_a_comment_that_no_rating_names_are_not_shown_nor_passed_on() -> None:
    node = Listener()
    node.hear_card(phase=Phase.REVEALED, sessions=(FIRST,))
    node.wait(1_000)
    effects = node.say(ConcertWords(THEIRS, SALT, "Buy this."))
    effects += node.wait(1_000)
    assert node.live.words == {}
    assert not [m for m in said_to(effects, OTHER) if isinstance(m, ConcertWords)]


@pytest.mark.parametrize("text", ["", "x" * 281, "ü" * 281])
def test_words_that_are_empty_or_too_long_are_malformed(text: str) -> None:
    node = Listener()
    node.hear_card(phase=Phase.REVEALED)
    node.say(ConcertWords(THEIRS, SALT, text))
    assert PEER not in node.node.standings.of
    incidents = node.node.standings.bans[PEER].incidents
    assert incidents[-1].offence is Offence.MALFORMED


@pytest.mark.parametrize(
    "says",
    [
        {"performers": ((GATHERER.id, Ppm(999_999)),)},
        {"performers": ((author("else").id, Ppm(MILLION)),)},
        {"performers": ((GATHERER.id, Ppm(500_000)), (GATHERER.id, Ppm(500_000)))},
        {"tags": ("b", "a")},
        {"sessions": (FIRST, FIRST)},
        {"sessions": tuple(EntryId(bytes([n]) * 32) for n in range(17))},
        {"heard": (b"\2" * 8, b"\1" * 8)},
        {"name": "n" * 65},
        {"expected": 100_001},
        {"ballots": MAX_BALLOTS + 1},
    ],
    ids=lambda says: next(iter(says)),
)
def test_a_card_that_no_honest_node_signs_is_malformed(says: dict[str, object]) -> None:
    node = Listener()
    node.hear_card(**says)  # type: ignore[arg-type]
    assert node.node.concerting.concerts == {}
    assert PEER not in node.node.standings.of


def test_a_refusal_by_anybody_but_the_gatherer_is_not_believed() -> None:
    node = Listener()
    node.hear_card(phase=Phase.OPEN)
    refused = BallotsRefused(THEIRS, node.author.id, 1, (node.author.id,), BallotRefusal.FULL)
    node.say(refused)
    assert node.live.opinions == {}
    assert node.incidents == []


def test_what_was_refused_keeps_nobody_else_waiting() -> None:
    node = Listener()
    node.meet(GATHERER.node)
    node.hear_card(phase=Phase.OPEN, sessions=(FIRST,))
    me, guests = node.author.id, [author(f"guest {number}") for number in range(3)]
    for guest in guests:
        node.give(opinion_by(guest, me))
    [told] = said_to(node.wait(1_000), GATHERER.node)
    assert isinstance(told, ConcertBallots)
    assert {ballot.voice for ballot in told.ballots} == {guest.id for guest in guests}
    full = BallotsRefused(THEIRS, me, told.number, (guests[0].id,), BallotRefusal.FULL)
    node.say(full, GATHERER.node)
    held = [(ballot.voice, ballot.digest) for ballot in told.ballots]
    mark = ballots_mark(me, [ballot for ballot in held if ballot[0] != guests[0].id])
    node.hear_card(NOW_MS + 9, phase=Phase.OPEN, sessions=(FIRST,), heard=(mark,), ballots=2)
    states = [node.live.opinions[guest.id].state for guest in guests]
    assert states == [OpinionState.REFUSED, OpinionState.TOLD, OpinionState.TOLD]
    assert said_to(node.wait(5_000), GATHERER.node) == [], "nothing is told again"


def opinion_by(guest: Author, host: IdentityId) -> GiveOpinion:
    manual = Modality.MANUAL
    said = Opinion(FIRST, GATHERER.id, Ppm(MILLION), (), manual, "", None, SALT)
    digest = opinion_digest(said, host, guest.id)
    signature = sign(guest.seed, PRACTICE.name, Domain.GUEST, digest)
    return GiveOpinion(
        concert=THEIRS,
        performer=GATHERER.id,
        score_ppm=Ppm(MILLION),
        tags=(),
        modality=manual,
        method="",
        comment_text="",
        comment_salt=SALT,
        salt=SALT,
        guest=Guest(guest.id, signature),
    )


def test_ballots_go_to_the_gatherer_alone_where_it_is_connected() -> None:
    node = Listener()
    node.meet(GATHERER.node)
    node.hear_card(phase=Phase.OPEN)
    message = ballots_of(author("teller"), THEIRS, 5, crowd(3))
    effects = node.say(message)
    assert said_to(effects, GATHERER.node) == [message]
    assert said_to(effects, OTHER) == []
    assert said_to(node.say(message), GATHERER.node) == [], "passed on once"
    node.give(PeerDisconnected(GATHERER.node))
    again = ballots_of(author("teller"), THEIRS, 6, crowd(3))
    assert said_to(node.say(again), OTHER) == [again]


def test_what_strangers_say_is_passed_on_only_so_fast() -> None:
    node = Listener()
    node.hear_card(phase=Phase.OPEN)
    passed = 0
    for number in range(1_000):
        message = ballots_of(author(f"fresh {number}"), THEIRS, 5, crowd(1))
        peer = NodeKey(bytes([20 + number % 20]) * 32)
        if number < 20:
            node.meet(peer)
        effects = node.say(message, peer)
        passed += any(isinstance(m, ConcertBallots) for m in said_to(effects, PEER))
    assert passed <= 512
    assert len(node.live.numbers) <= MAX_TELLERS


def test_a_concert_that_the_same_person_hosts_on_another_device_is_heard_of() -> None:
    node = Gatherer()
    desk, salt = NodeKey(b"\x0e" * 32), b"\1" * 16
    elsewhere = concert_id(node.author.id, salt)
    node.say(card_of(node.author, NOW_MS, node=desk, name_salt=salt))
    assert set(node.node.concerting.concerts) == {OWN, elsewhere}
    assert node.node.concerting.concerts[elsewhere].card.node == desk
    assert not node.node.concerting.concerts[elsewhere].is_mine


def test_a_card_of_the_own_node_is_not_taken_from_others() -> None:
    node = Driven()
    node.say(card_of(node.author, NOW_MS))
    assert node.node.concerting.concerts == {}


def test_no_own_concert_begins_with_shares_that_are_no_whole() -> None:
    node = Driven()
    performers = ((node.author.id, Ppm(MILLION - 1)),)
    node.give(OpenConcert(OWN, "Night", SALT, (), 9, performers))
    assert node.node.concerting.concerts == {}
    assert [type(notice).__name__ for notice in node.notices][-1] == "ConcertRefused"
    node.give(OpenConcert(OWN, "Night", SALT, (), 9))
    other = b"\1" * 16
    node.give(OpenConcert(concert_id(node.author.id, other), "Day", other, (), 9))
    assert set(node.node.concerting.concerts) == {OWN}, "one at a time"


def test_every_card_of_a_full_concert_fits_into_a_message() -> None:
    many = tuple(EntryId(number.to_bytes(32)) for number in range(64))
    heard = tuple(number.to_bytes(8) for number in range(MAX_TELLERS))
    says = {"pages": many, "hidden": many, "heard": heard, "sessions": many[:16]}
    assert len(to_bytes(card_of(GATHERER, NOW_MS, **says))) < 16_384
