"""Charts and evidence come whole and right from whoever has them, and go to those who may."""

from dataclasses import replace
from random import Random

import pytest

from consensus.encoding import digest
from consensus.entries.performance import Block
from consensus.identifiers import ContentId, EntryId, NodeKey
from consensus.parameters import PRACTICE
from consensus.statement import Statement
from consensus.units import Milliseconds
from popd.node.blobs import (
    KEPT_MS,
    MAX_ATTEMPTS,
    MAX_WANTED_BLOBS,
    MAX_WANTED_OF_ONE,
    RETRY_MS,
    needed_evidence,
)
from popd.node.effects import Effect, Send, ServeBlob, StoreBlob
from popd.node.events import BlobLoaded, Woke
from popd.node.messages.blobs import PART_SIZE, BlobPart, HaveBlobs, WantBlob, blob_parts
from popd.node.offences import Offence
from simulations.players import VirtualPlayer, judge_play
from simulations.scribe import announce, author, begin, seal, small_chart
from simulations.swarm import study
from simulations.virtual_network import VirtualNetwork
from tests.popd.node.driven import NOW_MS, PEER, Driven, parted, sent

OTHER = NodeKey(b"\2" * 32)
DATA = Random(1).randbytes(3 * PART_SIZE + 500)
BLOB = ContentId(digest(DATA))


class Wanting(Driven):
    """A node that wants a blob."""

    def __init__(self) -> None:
        super().__init__()
        self.meet(OTHER)
        self.arrived: list[bytes] = []
        self.node.blobs.on_blob = lambda blob, data: self.arrived.append(data)

    def want(self, *sources: NodeKey) -> list[Effect]:
        self.node.blobs.want(BLOB, list(sources))
        return self.wait(0)


def asked(effects: list[Effect]) -> list[tuple[NodeKey, int]]:
    wants = [(e.peer, m) for e in effects if isinstance(e, Send) for m in sent([e])]
    return [(peer, want.offset) for peer, want in wants if isinstance(want, WantBlob)]


def test_a_blob_comes_in_parts_and_is_kept() -> None:
    driven = Wanting()
    assert asked(driven.want(PEER)) == [(PEER, 0)]
    effects: list[Effect] = []
    for part in blob_parts(BLOB, DATA, 0):
        effects = driven.say(part)
    assert driven.arrived == [DATA]
    assert StoreBlob(BLOB, DATA) in effects


def test_what_the_own_store_has_is_not_waited_for() -> None:
    driven = Wanting()
    driven.want(PEER)
    driven.give(BlobLoaded(BLOB, DATA))
    driven.say(blob_parts(BLOB, DATA, 0)[0])
    assert driven.arrived == [DATA]


def test_a_transfer_that_stalls_goes_on_where_it_was() -> None:
    driven = Wanting()
    driven.want(PEER)
    driven.say(blob_parts(BLOB, DATA, 0)[0])
    driven.wait(RETRY_MS)
    assert asked(driven.wait(RETRY_MS)) == [(PEER, PART_SIZE)]
    for part in blob_parts(BLOB, DATA, PART_SIZE):
        driven.say(part)
    assert driven.arrived == [DATA]


def test_a_silent_source_gives_way_to_the_next() -> None:
    driven = Wanting()
    driven.want(PEER, OTHER)
    assert asked(driven.wait(RETRY_MS)) == [(OTHER, 0)]
    for part in blob_parts(BLOB, DATA, 0):
        driven.say(part, PEER)
    assert driven.arrived == []
    for part in blob_parts(BLOB, DATA, 0):
        driven.say(part, OTHER)
    assert driven.arrived == [DATA]


@pytest.mark.parametrize("fake", [DATA[:-1] + b"?", DATA + b"?", b"?"])
def test_who_serves_something_else_is_parted_from_and_another_is_asked(fake: bytes) -> None:
    driven = Wanting()
    driven.want(PEER, OTHER)
    effects: list[Effect] = []
    for part in blob_parts(BLOB, fake, 0):
        effects += driven.say(part)
    assert parted(effects) == [PEER]
    assert driven.node.standings.bans[PEER].incidents[-1].offence is Offence.WRONG_BLOB
    assert asked(effects) == [(OTHER, 0)]


def test_more_bytes_than_were_promised_are_not_collected() -> None:
    driven = Wanting()
    driven.want(PEER)
    effects = driven.say(BlobPart(BLOB, 10, 0, bytes(PART_SIZE)))
    assert parted(effects) == [PEER]


def test_who_announced_what_it_does_not_have_loses_standing_and_is_parted_from_in_the_end() -> None:
    driven = Wanting()
    parting: list[NodeKey] = []
    for number in range(20):
        blob = ContentId(digest(bytes([number])))
        driven.node.blobs.want(blob, [])
        driven.say(HaveBlobs((blob,)))
        driven.wait(RETRY_MS)
        parting = parted(driven.say(BlobPart(blob, 0, 0, b"")))
        if parting:
            break
    assert parting == [PEER]
    offences = [incident.offence for incident in driven.node.standings.bans[PEER].incidents]
    assert set(offences) == {Offence.BROKEN_PROMISE}


def test_who_was_asked_without_having_announced_may_say_no() -> None:
    driven = Wanting()
    driven.want(PEER)
    driven.say(BlobPart(BLOB, 0, 0, b""))
    assert driven.incidents == []


def test_an_announcement_makes_a_source() -> None:
    driven = Wanting()
    driven.want()
    driven.say(HaveBlobs((BLOB,)), OTHER)
    assert asked(driven.wait(RETRY_MS)) == [(OTHER, 0)]


def test_nobody_is_served_what_no_session_named() -> None:
    driven = Wanting()
    assert driven.say(WantBlob(BLOB, 0)) == [driven_wake(driven)]
    driven.node.blobs.charts[BLOB] += 1
    assert ServeBlob(PEER, BLOB, 0) in driven.say(WantBlob(BLOB, 0))


def test_evidence_is_served_to_the_nodes_of_its_session_alone() -> None:
    driven = Wanting()
    driven.node.blobs.witnesses[BLOB] = EntryId(bytes(32)), frozenset({OTHER})
    assert not any(isinstance(e, ServeBlob) for e in driven.say(WantBlob(BLOB, 0), PEER))
    assert ServeBlob(OTHER, BLOB, 5) in driven.say(WantBlob(BLOB, 5), OTHER)


def test_what_arrived_is_announced_to_the_others_who_may_have_it() -> None:
    driven = Wanting()
    third = NodeKey(b"\3" * 32)
    driven.meet(third)
    mates = frozenset({PEER, OTHER, driven.author.node})
    driven.node.blobs.witnesses[BLOB] = EntryId(bytes(32)), mates
    driven.want(PEER)
    effects: list[Effect] = []
    for part in blob_parts(BLOB, DATA, 0):
        effects = driven.say(part)
    told = [e.peer for e in effects if isinstance(e, Send) and sent([e]) == [HaveBlobs((BLOB,))]]
    assert told == [OTHER]


def test_wishes_are_bounded_and_given_up_in_the_end() -> None:
    driven = Wanting()
    for number in range(2 * MAX_WANTED_BLOBS):
        driven.node.blobs.want(ContentId(number.to_bytes(32)), [PEER])
    assert len(driven.node.blobs.wanted) == MAX_WANTED_OF_ONE
    for number in range(2 * MAX_WANTED_BLOBS):
        driven.node.blobs.want(ContentId(number.to_bytes(32)), [NodeKey(number.to_bytes(32))])
    assert len(driven.node.blobs.wanted) == MAX_WANTED_BLOBS
    for _ in range(MAX_ATTEMPTS):
        driven.wait(RETRY_MS)
    assert driven.node.blobs.wanted == {}
    assert driven.incidents == []


def driven_wake(driven: Driven) -> Effect:
    """The wish to be woken that ends every answer."""
    (effect,) = driven.wait(0)
    return effect


def test_evidence_stays_while_its_block_may_be_minted_and_goes_a_month_later() -> None:
    network = VirtualNetwork(PRACTICE, judge_play, seed=6)
    performer, *witnesses = (network.add(f"node {i}") for i in range(4))
    for virtual in (performer, *witnesses):
        network.start(virtual)
    network.run(3)
    VirtualPlayer(network, performer, study(20, Random(1))).begin()
    assert performer.node is not None
    evidence: set[ContentId] = set()
    while not evidence:
        network.run(0.1)
        evidence = {
            statement.body.evidence
            for statement in performer.node.ledger.statements.values()
            if isinstance(statement.body, Block)
        }
    open_ms = Milliseconds(network.now_us // 1_000)
    assert needed_evidence(performer.node.ledger, open_ms) == evidence != set()
    late_ms = Milliseconds(open_ms + PRACTICE.mint_deadline_ms + 60_000)
    assert needed_evidence(performer.node.ledger, late_ms) == set()
    network.run(40)
    now_ms = Milliseconds(network.now_us // 1_000)
    assert needed_evidence(performer.node.ledger, now_ms) == set()
    assert evidence <= performer.blobs.keys()
    performer.blob_times_ms = dict.fromkeys(performer.blobs, now_ms - 2 * KEPT_MS)
    performer.node.blobs.prune()
    network.give(performer, Woke())
    assert not evidence & performer.blobs.keys()
    assert performer.node.blobs.charts.keys() <= performer.blobs.keys()


def test_who_names_the_evidence_of_others_in_a_block_of_their_own_does_not_get_it() -> None:
    driven = Wanting()
    performer, witness, thief = (author(name) for name in ("performer", "witness", "thief"))
    wires: list[Statement] = []
    for who in (performer, thief):
        driven.hear(begin(PRACTICE, who, NOW_MS - 400_000))
        show = announce(PRACTICE, who, [witness], NOW_MS - 300_000, 1, small_chart(10))
        wires += [show.session, seal(PRACTICE, show, 0, 0)]
    honest, stolen = wires[1].body, wires[3]
    assert isinstance(honest, Block)
    assert isinstance(stolen.body, Block)
    thief.head, thief.number = wires[2].id, 1
    body = replace(stolen.body, evidence=honest.evidence)
    wires[3] = thief.write(PRACTICE, stolen.entry.time_ms, body)
    driven.hear(*wires)
    assert {statement.id for statement in wires} <= driven.applied
    driven.meet(performer.node, thief.node)
    asked = WantBlob(honest.evidence, 0)
    assert not any(isinstance(e, ServeBlob) for e in driven.say(asked, thief.node))
    assert ServeBlob(performer.node, honest.evidence, 0) in driven.say(asked, performer.node)


def test_what_is_let_go_leaves_nothing_behind() -> None:
    driven = Wanting()
    performer, witness = author("performer"), author("witness")
    driven.hear(begin(PRACTICE, performer, NOW_MS - 400_000))
    shows = [
        announce(PRACTICE, performer, [witness], NOW_MS - 300_000, 1, small_chart(10))
        for _ in range(2)
    ]
    wires = [shows[0].session, shows[1].session, seal(PRACTICE, shows[1], 0, 0)]
    driven.hear(*wires)
    blobs = driven.node.blobs
    assert (len(blobs.charts), len(blobs.witnesses)) == (1, 1)
    driven.node.keeping.evicting.forget([wires[2].id])
    assert (len(blobs.charts), len(blobs.witnesses)) == (1, 0)
    driven.node.keeping.evicting.forget([statement.id for statement in wires[:2]])
    assert (len(blobs.charts), len(blobs.witnesses)) == (0, 0)
