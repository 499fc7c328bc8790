"""Several devices write one chain, and it never forks: one holds the pen, the others ask it."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consensus.encoding import digest
from consensus.entries.chains import Profile
from consensus.entry import sealed
from consensus.identifiers import ContentId, EntryId
from consensus.parameters import PRACTICE
from consensus.rejections import RejectionError, RejectionReason
from consensus.signing import Domain
from consensus.units import Milliseconds
from popd.node.effects import Sign
from popd.node.events import TakeBack, Woke
from popd.node.lending import MAX_AHEAD_MS
from popd.node.notices import OwnEntryRejected, OwnEntryTakenBack, OwnEntryWritten
from popd.node.own_effects import Confide, Confided, DeviceForgotten, Unsign
from popd.node.own_words import read_word, word_bytes
from popd.node.pen_words import (
    PenAsked,
    PenGiven,
    PenLeft,
    PenRefused,
    PenStale,
    PenUnasked,
    PenWord,
)
from simulations.players import judge_play
from simulations.virtual_network import Faults, VirtualNetwork, VirtualNode

HOLDER, LAPTOP, PHONE = range(3)
STEP = st.sampled_from(["write"] * 5 + ["wait"] * 3 + ["crash", "restart", "cut", "heal"])
WISH = st.sampled_from(["wish", "wish", "take back", "take back", "wait", "cut", "heal"])


def devices(seed: int, faults: Faults) -> tuple[VirtualNetwork, list[VirtualNode]]:
    network = VirtualNetwork(PRACTICE, judge_play, seed=seed, faults=faults)
    holder = network.add("ann")
    mine = [holder, network.add_companion(holder, "laptop"), network.add_companion(holder, "phone")]
    for virtual in (*mine, network.add("a stranger")):
        network.start(virtual)
    return network, mine


def mark(name: str) -> ContentId:
    return ContentId(digest(name.encode()))


def write(
    network: VirtualNetwork, virtual: VirtualNode, name: str, *, is_command: bool = False
) -> None:
    assert virtual.node is not None
    draft = lambda time_ms: Profile(mark(name), is_automated=False)  # noqa: E731
    virtual.node.pen.write(draft, is_command=is_command)
    network.give(virtual, Woke())


def chain(virtual: VirtualNode) -> list[Profile]:
    assert virtual.node is not None
    ledger = virtual.node.ledger
    assert len(ledger.tips[virtual.identity]) == 1
    assert not ledger.forks
    state = ledger.state(virtual.identity)
    assert state is not None
    return [s.body for s in ledger.chain(state.head) if isinstance(s.body, Profile)]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.lists(st.tuples(STEP, st.integers(0, 2)), max_size=40))
def test_there_is_one_chain_and_nothing_is_written_twice_or_lost(
    seed: int, steps: list[tuple[str, int]]
) -> None:
    faults = Faults(latency_us=(1_000, 900_000), loss=0.15, duplication=0.15)
    network, mine = devices(seed, faults)
    holder, asked, may_be_lost = mine[HOLDER], set(), set()
    for number, (step, which) in enumerate(steps):
        virtual = mine[which]
        match step:
            case "write" if virtual.node is not None:
                write(network, virtual, str(number))
                asked.add((which, str(number)))
            case "crash" if virtual.node is not None:
                may_be_lost |= {one for one in asked if one[0] == which}
                network.crash(virtual)
            case "restart" if virtual.node is None:
                network.start(virtual)
            case "cut":
                network.partition([holder], mine[LAPTOP:])
            case "heal":
                network.heal()
        network.run(0.7)
    network.faults = Faults()
    network.heal()
    for virtual in mine:
        if virtual.node is None:
            network.start(virtual)
    network.run(90)
    chains = [chain(virtual) for virtual in mine]
    assert chains[HOLDER] == chains[LAPTOP] == chains[PHONE]
    names = Counter(body.name for body in chains[HOLDER] if body.name is not None)
    assert set(names.values()) <= {1}
    assert {mark(name) for _, name in asked - may_be_lost} <= names.keys()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.lists(st.tuples(WISH, st.integers(0, 2)), max_size=30))
def test_what_is_taken_back_is_written_or_told_to_be_left_and_never_both(
    seed: int, steps: list[tuple[str, int]]
) -> None:
    faults = Faults(latency_us=(1_000, 900_000), loss=0.15, duplication=0.15)
    network, mine = devices(seed, faults)
    network.run(5)
    wishes: list[list[str]] = [[] for _ in mine]
    for number, (step, which) in enumerate(steps):
        virtual = mine[which]
        match step:
            case "wish" if outcomes(virtual, wishes[which]) == len(wishes[which]):
                write(network, virtual, str(number), is_command=True)
                wishes[which].append(str(number))
            case "take back":
                network.give(virtual, TakeBack())
            case "cut":
                network.partition([mine[HOLDER]], mine[LAPTOP:])
            case "heal":
                network.heal()
        network.run(0.7)
    for virtual in mine:
        network.give(virtual, TakeBack())
    network.faults = Faults()
    network.heal()
    network.run(60)
    for virtual, names in zip(mine, wishes, strict=True):
        assert chain(virtual) == chain(mine[HOLDER])
        assert outcomes(virtual, names) == len(names)


def outcomes(virtual: VirtualNode, names: list[str]) -> int:
    """How many wishes are written, and how many are told to be left."""
    written = {body.name for body in chain(virtual)}
    left = sum(isinstance(notice, OwnEntryTakenBack) for notice in virtual.notices)
    return left + sum(mark(name) in written for name in names)


def test_a_companion_that_begins_with_nothing_writes_no_chain_of_its_own() -> None:
    network, mine = devices(1, Faults())
    network.run(5)
    assert [body.name for body in chain(mine[PHONE])] == [None]
    network.crash(mine[HOLDER])
    write(network, mine[PHONE], "waits")
    network.run(30)
    assert len(chain(mine[PHONE])) == 1
    network.start(mine[HOLDER])
    network.run(10)
    assert [body.name for body in chain(mine[LAPTOP])] == [None, mark("waits")]
    written = [n for n in mine[PHONE].notices if isinstance(n, OwnEntryWritten)]
    assert len(written) == 1


class Asking:
    """A holder's node, and whatever a stolen companion says to it."""

    def __init__(self) -> None:
        self.network, self.mine = devices(3, Faults())
        self.network.run(5)
        self.holder, self.thief = self.mine[HOLDER], self.mine[PHONE]
        node = self.thief.node
        assert node is not None
        node.pen.write(lambda time_ms: Profile(mark("x"), is_automated=False))
        effects = node.handle(Woke(), self.network.now_us)
        said, *_ = [e.word for e in effects if isinstance(e, Confide)]
        assert isinstance(said, PenAsked)
        assert node.pen.asked is not None
        self.word, self.entry = said, node.pen.asked.entry

    def answer(self, word: PenAsked | PenUnasked) -> list[object]:
        assert self.holder.node is not None
        done = self.holder.node.handle(Confided(self.thief.key, word), self.network.now_us)
        told = [effect.word for effect in done if isinstance(effect, Confide)]
        return [*told, *(effect for effect in done if isinstance(effect, Sign))]


def test_what_is_no_next_entry_of_the_own_chain_is_never_signed() -> None:
    asking = Asking()
    entry, now_ms = asking.entry, asking.network.now_us // 1_000
    late = Milliseconds(now_ms + MAX_AHEAD_MS + 1)
    for wrong, reason in (
        (replace(entry, author=asking.mine[0].key), RejectionReason.BROKEN_CHAIN),
        (replace(entry, version=entry.version + 1), RejectionReason.BROKEN_CHAIN),
        (replace(entry, time_ms=late), RejectionReason.TOO_EARLY),
        (replace(entry, time_ms=Milliseconds(1)), RejectionReason.TIME_RUNS_BACKWARDS),
    ):
        (refused,) = asking.answer(PenAsked(wrong.to_bytes()))
        assert isinstance(refused, PenRefused)
        assert (refused.asked, refused.reason) == (sealed(wrong, b"").id, reason)
    for stale in (replace(entry, number=7), replace(entry, prev=EntryId(bytes(32)))):
        (told,) = asking.answer(PenAsked(stale.to_bytes()))
        assert told == PenStale(sealed(stale, b"").id, entry.prev)
    for noise in (
        b"",
        b"\xff" * 40,
        entry.to_bytes()[:-1],
        replace(entry, network="main").to_bytes(),
    ):
        assert asking.answer(PenAsked(noise)) == []
    (sign,) = asking.answer(asking.word)
    assert isinstance(sign, Sign)
    assert (sign.domain, sign.subject) == (Domain.ENTRY, sealed(entry, b"").id)


def test_while_one_entry_is_signed_another_waits_and_is_then_stale() -> None:
    asking = Asking()
    (sign,) = asking.answer(asking.word)
    assert isinstance(sign, Sign)
    other = replace(asking.entry, time_ms=Milliseconds(asking.entry.time_ms + 1))
    assert asking.answer(PenAsked(other.to_bytes())) == []
    assert asking.answer(asking.word) == []
    asking.network._carry_out(asking.holder, sign)
    asking.network.run(2)
    node = asking.holder.node
    assert node is not None
    assert sealed(asking.entry, b"").id in node.ledger.applied
    assert sealed(other, b"").id not in node.ledger.statements
    (given_,) = asking.answer(asking.word)
    assert isinstance(given_, PenGiven)


def test_a_wish_that_the_holder_never_heard_of_can_be_taken_back_and_made_again() -> None:
    network, mine = devices(2, Faults())
    network.run(5)
    network.crash(mine[HOLDER])
    write(network, mine[PHONE], "wish", is_command=True)
    write(network, mine[PHONE], "no wish")
    network.give(mine[PHONE], TakeBack())
    assert outcomes(mine[PHONE], ["wish"]) == 0, "it is not certain yet"
    network.start(mine[HOLDER])
    network.run(10)
    assert mine[PHONE].notices.count(OwnEntryTakenBack()) == 1
    assert [body.name for body in chain(mine[PHONE])] == [None, mark("no wish")]
    write(network, mine[PHONE], "wish", is_command=True)
    network.run(5)
    assert [body.name for body in chain(mine[LAPTOP])][2:] == [mark("wish")]


def test_what_was_taken_back_is_not_signed_even_where_the_question_comes_late() -> None:
    asking = Asking()
    unasked, left = (kind(sealed(asking.entry, b"").id) for kind in (PenUnasked, PenLeft))
    (sign,) = asking.answer(asking.word)  # it is held: the keys were locked just before
    assert isinstance(sign, Sign)
    told = asking.answer(unasked)
    assert told == [left]
    assert asking.answer(asking.word) == []
    asking.network._carry_out(asking.holder, sign)
    asking.network.run(2)
    node = asking.holder.node
    assert node is not None
    assert sealed(asking.entry, b"").id not in node.ledger.statements
    assert not node.pen.is_busy


def test_what_is_already_written_can_not_be_taken_back() -> None:
    asking = Asking()
    (sign,) = asking.answer(asking.word)
    assert isinstance(sign, Sign)
    asking.network._carry_out(asking.holder, sign)
    asking.network.run(1)
    (given_,) = asking.answer(PenUnasked(sealed(asking.entry, b"").id))
    assert isinstance(given_, PenGiven)


def test_nothing_of_a_forgotten_device_is_signed_and_the_pen_is_free_for_others() -> None:
    asking = Asking()
    node, now_us, laptop = asking.holder.node, asking.network.now_us, asking.mine[LAPTOP].key
    assert node is not None
    (sign,) = asking.answer(asking.word)  # the keys were locked just before: it is held
    assert isinstance(sign, Sign)
    later = replace(asking.entry, time_ms=Milliseconds(asking.entry.time_ms + 1))
    others = replace(asking.entry, time_ms=Milliseconds(asking.entry.time_ms + 2))
    assert asking.answer(PenAsked(later.to_bytes())) == []
    node.handle(Confided(laptop, PenAsked(others.to_bytes())), now_us)
    done = node.handle(DeviceForgotten(asking.thief.key), now_us)
    (next_,) = [effect for effect in done if isinstance(effect, Sign)]
    assert Unsign(sealed(asking.entry, b"").id) in done
    assert next_.subject == sealed(others, b"").id
    asking.network._carry_out(asking.holder, sign)
    asking.network._carry_out(asking.holder, next_)
    asking.network.run(2)
    assert sealed(others, b"").id in node.ledger.applied
    for entry in (asking.entry, later):
        assert sealed(entry, b"").id not in node.ledger.statements


def test_forgetting_a_device_leaves_alone_what_is_signed_for_others() -> None:
    asking = Asking()
    node, now_us = asking.holder.node, asking.network.now_us
    assert node is not None
    (sign,) = asking.answer(asking.word)
    assert isinstance(sign, Sign)
    done = node.handle(DeviceForgotten(asking.mine[LAPTOP].key), now_us)
    assert not any(isinstance(effect, Unsign) for effect in done)
    asking.network._carry_out(asking.holder, sign)
    asking.network.run(2)
    assert sealed(asking.entry, b"").id in node.ledger.applied


def test_a_rule_that_the_holder_sees_broken_is_told_to_the_user() -> None:
    network, mine = devices(5, Faults())
    network.run(5)
    phone = mine[PHONE]
    network.crash(mine[HOLDER])
    rejected: list[RejectionError] = []
    assert phone.node is not None
    phone.node.pen.write(lambda t: Profile(mark("no"), is_automated=False), rejected.append)
    network.give(phone, Woke())
    assert phone.node.pen.asked is not None
    word = PenRefused(phone.node.pen.asked.id, RejectionReason.DUPLICATE, "said before")
    stranger = next(key for key in network.nodes if key not in {one.key for one in mine})
    network.give(phone, Confided(stranger, word))
    assert phone.node.pen.asked is not None, "only the device that holds the pen is believed"
    network.give(phone, Confided(mine[HOLDER].key, word))
    assert [error.reason for error in rejected] == [RejectionReason.DUPLICATE]
    assert OwnEntryRejected(RejectionReason.DUPLICATE, "said before") in phone.notices
    assert phone.node.pen.asked is None


@pytest.mark.parametrize(
    "word",
    [
        PenAsked(b"entry"),
        PenGiven(b"wire"),
        PenStale(EntryId(bytes(32)), EntryId(bytes(32))),
        PenUnasked(EntryId(bytes(32))),
        PenLeft(EntryId(bytes(32))),
        PenRefused(EntryId(bytes(32)), RejectionReason.DUPLICATE, "said"),
    ],
)
def test_words_come_back_from_their_bytes(word: PenWord) -> None:
    assert read_word(word_bytes(word)) == word


@given(st.binary(max_size=200))
def test_whatever_a_box_holds_is_a_word_or_refused(data: bytes) -> None:
    try:
        word = read_word(data)
    except RejectionError:
        return
    assert word_bytes(word) == data
