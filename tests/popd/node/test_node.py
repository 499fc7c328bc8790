"""The node as its peers meet it: what it takes in, defers, bounds, answers and blames."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consensus.identifiers import ChartId, ContentId
from consensus.parameters import MAIN, PRACTICE
from consensus.signing import Domain, sign
from consensus.statement import Statement
from popd.node.admission import MAX_DEFERRED, MAX_WAITING
from popd.node.context import NodeSettings
from popd.node.effects import WakeAt
from popd.node.events import (
    MessageReceived,
    Woke,
)
from popd.node.messages import to_bytes
from popd.node.messages.fresh import Entries
from popd.node.messages.greeting import Hello, hello_digest
from popd.node.messages.live import Invite, Offer
from popd.node.messages.pulling import WantEntries
from popd.node.node import Node
from simulations.scribe import Author, author, begin
from tests.popd.node.driven import HELLO_MS, NOW_MS, PEER, Driven, parted, sent, stored


def test_a_node_begins_its_chain_with_a_profile_and_keeps_it_before_it_speaks() -> None:
    driven = Driven()
    state = driven.node.ledger.state(driven.author.id)
    assert state is not None
    assert (state.number, len(driven.applied)) == (0, 1)


def test_an_entry_ahead_of_the_clock_waits_without_blame_until_its_time() -> None:
    driven = Driven()
    early = begin(PRACTICE, author("early"), NOW_MS + 5_000)
    effects = driven.hear(early)
    assert stored(effects) == []
    assert driven.incidents == []
    assert early.id not in driven.node.ledger.statements
    assert any(isinstance(e, WakeAt) and e.time_us <= (NOW_MS + 5_000) * 1_000 for e in effects)
    driven.now_ms += 5_000
    assert early.id in stored(driven.give(Woke()))
    assert early.id in driven.applied


def test_the_pool_of_deferred_entries_is_bounded() -> None:
    driven = Driven()
    for number in range(MAX_DEFERRED + 20):
        driven.hear(begin(PRACTICE, author(f"e{number}"), NOW_MS + 60_000))
    assert len(driven.node.admission.deferred) == MAX_DEFERRED


def test_the_pool_of_waiting_entries_is_bounded() -> None:
    driven = Driven()
    for number in range(MAX_WAITING + 20):
        writer = author(f"w{number}")
        begin(PRACTICE, writer, NOW_MS)
        driven.hear(begin_again(writer))
    assert len(driven.node.admission.waiting) == MAX_WAITING
    assert len(driven.node.ledger.statements) == MAX_WAITING + 1


def begin_again(writer: Author) -> Statement:
    """An entry whose predecessor nobody was told of."""
    return begin(PRACTICE, writer, NOW_MS)


def test_an_entry_that_waits_makes_the_node_ask_for_what_is_missing() -> None:
    driven = Driven()
    writer = author("w")
    first = begin(PRACTICE, writer, NOW_MS)
    effects = driven.hear(begin_again(writer))
    assert WantEntries(1, (first.id,)) in sent(effects)
    driven.hear(first)
    assert len(driven.applied) == 3


@pytest.mark.parametrize(
    "wire",
    [
        b"\0" * 70,
        begin(MAIN, author("x"), NOW_MS).wire,
        bytes(64) + begin(PRACTICE, author("x"), NOW_MS).wire[64:],
    ],
    ids=["malformed", "of another network", "wrong signature"],
)
def test_what_the_bytes_show_to_be_wrong_costs_the_deliverer(
    wire: bytes,
) -> None:
    driven = Driven()
    before = driven.node.ledger.digest()
    effects = driven.give(MessageReceived(PEER, to_bytes(Entries((wire,)))))
    assert parted(effects) == [PEER]
    assert driven.node.ledger.digest() == before


def test_an_entry_that_breaks_a_rule_costs_its_author_and_not_the_deliverer() -> None:
    driven = Driven()
    writer = author("w")
    first = begin(PRACTICE, writer, NOW_MS)
    broken = begin(PRACTICE, writer, NOW_MS - 1_000)
    driven.hear(first, broken)
    assert driven.incidents == []
    assert broken.id in driven.node.ledger.rejected


def test_an_invitation_is_answered_only_to_the_performer_who_sends_it() -> None:
    driven = Driven()
    performer = author("performer")
    chart = ChartId(ContentId(bytes(32)))
    invite = Invite(performer.id, bytes(16), chart, 1)
    assert sent(driven.give(MessageReceived(PEER, to_bytes(invite)))) == []
    subject = hello_digest(performer.id, PEER, HELLO_MS)
    signature = sign(performer.seed, PRACTICE.name, Domain.HELLO, subject)
    hello = Hello(performer.id, "P", False, HELLO_MS, signature)
    driven.give(MessageReceived(PEER, to_bytes(hello)))
    (offer,) = sent(driven.give(MessageReceived(PEER, to_bytes(invite))))
    assert isinstance(offer, Offer)
    assert offer.candidate == driven.author.id


def test_a_hello_for_somebody_else_is_blamed() -> None:
    driven = Driven()
    hello = Hello(author("other").id, "O", False, HELLO_MS, bytes(64))
    effects = driven.give(MessageReceived(PEER, to_bytes(hello)))
    assert parted(effects) == [PEER]


@settings(max_examples=300)
@given(st.binary(max_size=300))
def test_no_message_whatsoever_raises_or_changes_the_ledger(noise: bytes) -> None:
    driven = Driven()
    before = driven.node.ledger.digest()
    driven.give(MessageReceived(PEER, noise))
    assert driven.node.ledger.digest() == before


def test_what_is_stored_comes_back_after_a_restart() -> None:
    driven = Driven()
    driven.hear(begin(PRACTICE, author("a"), NOW_MS), begin(PRACTICE, author("b"), NOW_MS))
    ledger = driven.node.ledger
    again = Node(
        PRACTICE,
        NodeSettings(),
        driven.author.id,
        driven.author.node,
        bytes(32),
        Random(1),
        [ledger.statements[entry] for entry in sorted(ledger.applied)],
    )
    assert again.ledger.digest() == ledger.digest()
