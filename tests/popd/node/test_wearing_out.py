"""No peer wears a node out: what one makes it do, remember or wait for has an end."""

from consensus.entries.performance import Opening, opening_digest
from consensus.identifiers import EntryId, IdentityId, NodeKey
from consensus.parameters import PRACTICE
from consensus.presence import Presence
from consensus.signing import Domain, sign
from popd.node.admission import Taken
from popd.node.effects import Send, Tell
from popd.node.events import PeerBlamed, PeerConnected, PeerDisconnected, StartSession
from popd.node.mates import MAX_SESSIONS
from popd.node.messages.comparing import Head, Heads
from popd.node.messages.greeting import Hello, hello_digest
from popd.node.messages.live import Offer
from popd.node.messages.pulling import MAX_ANSWER_BYTES, Served, WantChains, WantedChain
from popd.node.offences import Offence
from popd.node.pulling import MAX_ANSWER_MS, MAX_NAMED, MAX_WANTED_HEADS
from popd.node.serving import Walk
from popd.node.standing import MAX_GONE, PARTING_POINTS
from simulations.scribe import Performance, announce, author, begin, restored, small_chart
from tests.popd.node.conversations import people, written
from tests.popd.node.driven import HELLO_MS, NOW_MS, PEER, Driven, parted, sent

OTHER = NodeKey(b"\2" * 32)
PAST_MS = NOW_MS - 1_000_000


def made_up(count: int, seed: int = 0) -> Heads:
    numbers = range(seed, seed + count)
    heads = tuple(Head(IdentityId(n.to_bytes(32)), EntryId(n.to_bytes(32))) for n in numbers)
    return Heads(bytes(16), heads, ())


def asked(effects: object) -> WantChains:
    assert isinstance(effects, list)
    (want,) = (message for message in sent(effects) if isinstance(message, WantChains))
    return want


def test_heads_that_a_crowd_makes_up_push_out_nobody_elses() -> None:
    driven = Driven()
    crowd = [NodeKey(bytes([9, number]) + bytes(30)) for number in range(16)]
    driven.meet(OTHER, *crowd)
    for number, rogue in enumerate(crowd):
        driven.say(made_up(MAX_NAMED, number * MAX_NAMED), rogue)
        driven.say(made_up(MAX_NAMED, (100 + number) * MAX_NAMED), rogue)
        assert len(driven.node.pulling.named[rogue]) <= MAX_NAMED
    assert len(driven.node.pulling.wanted) == MAX_WANTED_HEADS
    (chain,) = [written([who], 2, PAST_MS) for who in people(1)]
    effects = driven.say(Heads(bytes(16), (Head(chain[0].entry.author, chain[1].id),), ()), OTHER)
    assert asked(effects).chains == (WantedChain(chain[1].id, ()),)
    assert len(driven.node.pulling.wanted) == MAX_WANTED_HEADS
    for rogue in (*crowd, OTHER):
        driven.give(PeerDisconnected(rogue))
    assert (driven.node.pulling.wanted, driven.node.pulling.named) == ({}, {})


def test_an_answer_without_an_end_ends_with_its_peer() -> None:
    driven = Driven()
    want = asked(driven.say(made_up(1)))
    wires = tuple(bytes(64) + number.to_bytes(16_000) for number in range(20))
    with_same = Served(want.request, wires, is_end=False, has_more=False)
    driven.node.pulling.take = lambda peer, wires: Taken([], 0, 0)
    said = 0
    while not parted(driven.say(with_same)):
        said += sum(map(len, wires))
        assert said <= MAX_ANSWER_BYTES
    (incident,) = driven.node.standings.bans[PEER].incidents
    assert incident.offence is Offence.ENDLESS


def test_an_answer_that_trickles_does_not_keep_others_from_being_asked() -> None:
    driven = Driven()
    driven.meet(OTHER)
    chain = written(people(1), 40, PAST_MS)
    named = Heads(bytes(16), (Head(chain[0].entry.author, chain[-1].id),), ())
    want = asked(driven.say(named))
    assert not any(isinstance(m, WantChains) for m in sent(driven.say(named, OTHER)))
    others: list[object] = []
    for statement in chain[: MAX_ANSWER_MS // 5_000]:
        driven.say(Served(want.request, (statement.wire,), is_end=False, has_more=False))
        effects = driven.wait(5_000)
        others += sent([e for e in effects if isinstance(e, Send) and e.peer == OTHER])
    assert any(isinstance(message, WantChains) for message in others)


def test_who_has_more_for_ever_and_brings_nothing_is_parted_from() -> None:
    driven = Driven()
    for number in range(200):
        want = asked(driven.say(made_up(1, number)))
        if parted(driven.say(Served(want.request, (), is_end=True, has_more=True))):
            break
    assert driven.node.standings.bans[PEER].incidents[-1].offence is Offence.FRUITLESS


def test_fetching_sets_no_more_alarms_the_more_often_it_is_made_to() -> None:
    driven = Driven()
    before = len(driven.node.context._alarms)
    for number in range(500):
        driven.node.standings.of[PEER].points = 0
        want = asked(driven.say(made_up(1, number)))
        driven.say(Served(want.request, (), is_end=True, has_more=True))
    assert len(driven.node.context._alarms) <= before + 1


def test_a_chain_that_is_asked_for_many_times_at_once_is_walked_once() -> None:
    chain = written(people(1), 300, PAST_MS)
    walk = Walk({statement.id: statement for statement in chain})
    for _ in range(100):
        walk.take(WantedChain(chain[-1].id, ()))
        walk.take(WantedChain(chain[150].id, ()))
    assert list(walk.lacking) == [statement.id for statement in reversed(chain)]
    assert walk.steps == len(chain)


def test_heads_of_other_chains_are_not_followed() -> None:
    one, other = (written([who], 50, PAST_MS) for who in people(2))
    walk = Walk({statement.id: statement for statement in (*one, *other)})
    walk.take(WantedChain(one[0].id, (other[-1].id,)))
    assert (list(walk.lacking), walk.steps) == ([one[0].id], 1)


def test_who_knows_an_entry_that_waits_here_is_served_what_is_before_the_gap() -> None:
    driven = Driven()
    chain = written(people(1), 9, PAST_MS)
    driven.hear(*chain[:4], *chain[6:])
    effects = driven.say(WantChains(1, (WantedChain(chain[3].id, (chain[8].id,)),)))
    (served,) = (message for message in sent(effects) if isinstance(message, Served))
    assert served.wires == tuple(statement.wire for statement in chain[:4])


def test_long_walks_are_paid_for() -> None:
    driven = Driven()
    chain = written(people(1), 400, PAST_MS)
    driven.hear(*chain)
    work = driven.node.standings.of[PEER].work
    before = work.level
    known = (chain[-1].id,)
    driven.say(WantChains(1, tuple(WantedChain(s.id, known) for s in chain[:10])))
    assert before - work.level > 10 * (len(chain) - 10)


def test_forks_of_a_long_chain_are_paid_for_by_who_brings_them() -> None:
    driven = Driven()
    (who,) = people(1)
    driven.hear(*written([who], 400, PAST_MS))
    twins = [restored(who) for _ in range(40)]
    written([who], 1, PAST_MS + 400)
    driven.hear(*written([who], 1, PAST_MS + 401))
    work = driven.node.standings.of[PEER].work
    forks = [begin(PRACTICE, twin, PAST_MS + 500 + n) for n, twin in enumerate(twins)]
    driven.hear(forks[0])
    before = work.level
    driven.hear(*forks[1:11])
    assert before - work.level > 10 * 400
    work.level = 1
    driven.hear(*forks[11:])
    assert len(driven.applied & {fork.id for fork in forks}) <= 12


def test_coming_back_makes_nothing_undone_and_wears_nobody_out() -> None:
    driven = Driven()
    driven.node.standings.note(PEER, Offence.SILENT)
    driven.node.standings.spend(PEER, 1_000_000)
    level = driven.node.standings.of[PEER].work.level
    driven.give(PeerDisconnected(PEER))
    driven.meet(PEER)
    assert driven.node.standings.of[PEER].work.level <= level
    assert [i.offence for i in driven.incidents] == [Offence.SILENT, Offence.RESTLESS]
    for _ in range(PARTING_POINTS):
        driven.give(PeerDisconnected(PEER))
        if parted(driven.give(PeerConnected(PEER, Presence.REMOTE))):
            break
    assert driven.node.standings.bans[PEER].incidents[-1].offence is Offence.RESTLESS
    assert PEER not in driven.node.context.peers


def test_a_link_that_fails_now_and_then_is_no_offence() -> None:
    driven = Driven()
    for _ in range(60):
        driven.give(PeerDisconnected(PEER))
        driven.wait(6_000)
        driven.meet(PEER)
    assert driven.node.standings.points(PEER) <= 2 * Offence.RESTLESS.points


def test_what_the_edge_sees_is_held_against_whoever_is_not_there_any_more() -> None:
    driven = Driven()
    driven.give(PeerDisconnected(PEER))
    effects = driven.give(PeerBlamed(PEER, Offence.MALFORMED, "a frame of an unknown kind"))
    assert parted(effects) == [PEER]
    (incident,) = driven.node.standings.bans[PEER].incidents
    assert (incident.offence, incident.detail) == (Offence.MALFORMED, "a frame of an unknown kind")
    for number in range(2 * MAX_GONE):
        driven.give(PeerBlamed(NodeKey(number.to_bytes(32)), Offence.NOT_READING, ""))
    assert len(driven.node.standings.gone) == MAX_GONE
    assert list(driven.node.standings.of) == []


def test_sessions_that_only_name_this_nodes_key_push_out_none_that_it_is_in() -> None:
    driven = Driven()
    friend = author("friend")
    driven.hear(begin(PRACTICE, friend, PAST_MS))
    honest = announce(PRACTICE, friend, [driven.author], NOW_MS - 1_000, 2, small_chart(10))
    driven.hear(honest.session)
    assert driven.node.mates.are_mates(friend.node, honest.session.id)
    for number in range(MAX_SESSIONS + 5):
        driven.hear(naming_the_node(driven, number).session)
    assert driven.node.mates.are_mates(friend.node, honest.session.id)
    again = announce(PRACTICE, friend, [driven.author], NOW_MS - 900, 2, small_chart(10))
    driven.hear(again.session)
    assert list(driven.node.mates.nodes) == [again.session.id]


def naming_the_node(driven: Driven, number: int) -> Performance:
    """A session whose only witness, one of the performer's own, claims the node's key."""
    performer, puppet = author(f"performer {number}"), author(f"puppet {number}")

    class Borrowing(type(puppet)):  # type: ignore[misc]
        node = driven.author.node

    puppet = Borrowing(puppet.seed)
    driven.hear(begin(PRACTICE, performer, PAST_MS))
    return announce(PRACTICE, performer, [puppet], NOW_MS - 1_000, 1, small_chart(10))


def test_one_peer_offers_one_witness() -> None:
    driven = Driven()
    driven.meet(OTHER)
    driven.give(StartSession(small_chart(10), bytes(16), bytes(32), ()))
    for number in range(30):
        driven.say(offer(driven, f"puppet {number}", PEER))
    driven.say(offer(driven, "honest", OTHER), OTHER)
    invitation = driven.node.performing.invitation
    openings: list[Opening] = [] if invitation is None else list(invitation.offers.values())
    show = driven.node.performing.show
    if show is not None:
        openings = list(show.session.openings)
    assert {o.candidate for o in openings} == {author("puppet 0").id, author("honest").id}


def offer(driven: Driven, name: str, peer: NodeKey) -> Offer:
    who = author(name)
    me = driven.author
    subject = opening_digest(me.id, me.node, bytes(16), who.id, peer, bytes(32))
    signature = sign(who.seed, PRACTICE.name, Domain.OPENING, subject)
    return Offer(bytes(16), who.id, bytes(32), signature)


def test_who_says_hello_again_is_no_news() -> None:
    driven = Driven()
    who = author("Ana")
    signature = sign(who.seed, PRACTICE.name, Domain.HELLO, hello_digest(who.id, PEER, HELLO_MS))
    hello = Hello(who.id, "Ana", is_automated=False, time_ms=HELLO_MS, signature=signature)
    assert any(isinstance(effect, Tell) for effect in driven.say(hello))
    assert not any(isinstance(effect, Tell) for effect in driven.say(hello))
