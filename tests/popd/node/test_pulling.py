"""What is lacking comes from whoever holds it; who promises and does not keep is parted from."""

from consensus.identifiers import EntryId, IdentityId, NodeKey
from consensus.statement import Statement
from popd.node.effects import Effect, Send
from popd.node.events import PeerDisconnected
from popd.node.messages.comparing import Head, Heads
from popd.node.messages.pulling import Served, WantChains, WantEntries
from popd.node.offences import Offence
from popd.node.pulling import ANSWER_WAIT_MS, GRACE_MS, MAX_WANTED_HEADS, PRESSING_MS
from tests.popd.node.conversations import people, written
from tests.popd.node.driven import NOW_MS, PEER, Driven, parted, sent

OTHER = NodeKey(b"\2" * 32)
PAST_MS = NOW_MS - 1_000_000


def heads_of(chains: list[list[Statement]]) -> Heads:
    heads = tuple(Head(chain[-1].entry.author, chain[-1].id) for chain in chains)
    return Heads(bytes(16), heads, ())


def wanted_of(effects: list[Effect], peer: NodeKey) -> list[WantChains]:
    mine = [e for e in effects if isinstance(e, Send) and e.peer == peer]
    return [message for message in sent(list(mine)) if isinstance(message, WantChains)]


def chains(count: int, length: int = 2) -> list[list[Statement]]:
    return [written([who], length, PAST_MS) for who in people(count)]


def test_what_a_peer_names_is_asked_for_and_taken_in() -> None:
    driven = Driven()
    given = chains(3)
    (want,) = wanted_of(driven.say(heads_of(given)), PEER)
    assert {chain.head for chain in want.chains} == {chain[-1].id for chain in given}
    wires = tuple(statement.wire for chain in given for statement in chain)
    driven.say(Served(want.request, wires, is_end=True, has_more=False))
    assert {s.id for chain in given for s in chain} <= driven.applied
    assert driven.incidents == []
    assert not driven.node.pulling.wanted


def test_what_one_peer_owes_is_not_asked_of_another_until_the_first_is_gone() -> None:
    driven = Driven()
    driven.meet(OTHER)
    given = chains(4)
    (first,) = wanted_of(driven.say(heads_of(given), PEER), PEER)
    assert wanted_of(driven.say(heads_of(given), OTHER), OTHER) == []
    driven.say(Served(first.request, (given[0][0].wire, given[0][1].wire), False, False), PEER)
    (second,) = wanted_of(driven.give(PeerDisconnected(PEER)), OTHER)
    assert {c.head for c in second.chains} == {chain[-1].id for chain in given[1:]}


def test_a_peer_that_falls_silent_gives_way_and_it_is_held_against_it() -> None:
    driven = Driven()
    driven.meet(OTHER)
    given = chains(2)
    driven.say(heads_of(given), PEER)
    driven.say(heads_of(given), OTHER)
    effects = driven.wait(ANSWER_WAIT_MS)
    (again,) = wanted_of(effects, OTHER)
    assert {c.head for c in again.chains} == {chain[-1].id for chain in given}
    assert [incident.offence for incident in driven.incidents] == [Offence.SILENT]


def test_an_answer_that_goes_on_slowly_is_waited_for() -> None:
    driven = Driven()
    (chain,) = chains(1, length=6)
    (want,) = wanted_of(driven.say(heads_of([chain])), PEER)
    for statement in chain[:-1]:
        driven.wait(ANSWER_WAIT_MS - 1)
        driven.say(Served(want.request, (statement.wire,), is_end=False, has_more=False))
    driven.say(Served(want.request, (chain[-1].wire,), is_end=True, has_more=False))
    assert {statement.id for statement in chain} <= driven.applied
    assert driven.incidents == []


def test_a_peer_that_names_heads_which_do_not_exist_is_parted_from() -> None:
    driven = Driven()
    parting: list[NodeKey] = []
    for number in range(20):
        head = Head(IdentityId(number.to_bytes(32)), EntryId(number.to_bytes(32)))
        (want,) = wanted_of(driven.say(Heads(bytes(16), (head,), ())), PEER)
        parting = parted(driven.say(Served(want.request, (), is_end=True, has_more=False)))
        if parting:
            break
    assert parting == [PEER]
    ban = driven.node.standings.bans[PEER]
    assert {incident.offence for incident in ban.incidents} == {Offence.BROKEN_PROMISE}


def test_an_answer_to_nothing_counts_against_its_sender_and_changes_nothing() -> None:
    driven = Driven()
    (chain,) = chains(1)
    before = driven.node.ledger.digest()
    driven.say(Served(99, tuple(s.wire for s in chain), is_end=True, has_more=False))
    assert driven.node.ledger.digest() == before
    assert [incident.offence for incident in driven.incidents] == [Offence.UNASKED]


def test_what_is_lacking_is_bounded_whatever_is_promised() -> None:
    driven = Driven()
    for start in range(0, 2 * MAX_WANTED_HEADS, 2_000):
        heads = tuple(
            Head(IdentityId(n.to_bytes(32)), EntryId(n.to_bytes(32)))
            for n in range(start, start + 2_000)
        )
        driven.say(Heads(bytes(16), heads, ()))
    assert len(driven.node.pulling.wanted) <= MAX_WANTED_HEADS


def test_what_a_served_entry_builds_on_is_asked_for_next() -> None:
    driven = Driven()
    (chain,) = chains(1, length=3)
    (want,) = wanted_of(driven.say(heads_of([chain])), PEER)
    effects = driven.say(Served(want.request, (chain[2].wire,), is_end=True, has_more=False))
    asked = [message for message in sent(effects) if isinstance(message, WantEntries)]
    assert [message.ids for message in asked] == [(chain[1].id,)]


def test_what_a_waiting_head_waits_for_is_asked_of_whoever_holds_that_head() -> None:
    driven = Driven()
    (chain,) = chains(1, length=3)
    driven.meet(OTHER)
    driven.hear(chain[0], chain[2])
    driven.wait(ANSWER_WAIT_MS)
    driven.say(heads_of([chain]), OTHER)
    asked = [m for m in sent(driven.wait(GRACE_MS)) if isinstance(m, WantEntries)]
    assert [message.ids for message in asked] == [(chain[1].id,)]


def test_what_is_on_its_way_from_elsewhere_is_not_fetched_as_well() -> None:
    driven = Driven()
    driven.wait(PRESSING_MS)
    given = chains(2)
    assert wanted_of(driven.say(heads_of(given)), PEER) == []
    driven.hear(*given[0])
    (want,) = wanted_of(driven.wait(GRACE_MS), PEER)
    assert [chain.head for chain in want.chains] == [given[1][-1].id]
