"""What a performer who cheats gets for it: nothing, or less than for playing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consensus.chain import BlockRecord
from consensus.chart import Note
from consensus.entries.attestation import Decision, Verdict
from consensus.entries.performance import Block, Mint
from consensus.evidence import KeyEvent
from consensus.identifiers import EntryId
from consensus.parameters import PRACTICE
from consensus.presence import Presence
from consensus.rejections import RejectionError
from consensus.rulebooks.minting import GivenVerdict, contributions
from consensus.units import Day, MicroJam, Milliseconds, Ppm
from game.bots.responder import Responder
from game.bots.strokes import Stroke
from popd.node.budgets import MAX_STRANGER_ENTRIES
from popd.node.events import MessageReceived, PeerConnected
from popd.node.messages import to_bytes
from popd.node.messages.fresh import Entries
from popd.node.notices import WindowChanged
from simulations import scribe
from simulations.players import VirtualPlayer
from simulations.swarm import study
from tests.popd.node.driven import NOW_MS, Driven
from tests.popd.node.shows import LENGTH_S, ShowTown
from tests.simulations.rewards_by_hand import contributions_by_hand


def last_words(town: ShowTown) -> WindowChanged:
    return town.words()[-1]


def test_who_streams_one_log_and_seals_another_is_believed_by_nobody() -> None:
    town = ShowTown()
    town.begin()
    town.run(LENGTH_S - 2)
    assert town.performer.node is not None
    show = town.performer.node.performing.show
    assert show is not None
    window = show.windows[0]
    window.keys = [
        KeyEvent(note.start_us + after_us, note.lane, is_press)
        for note in show.chart.notes
        for after_us, is_press in ((0, True), (60_000, False))
    ]
    window.keys.sort()
    town.run(30)
    assert town.mint() is None
    assert last_words(town).why == (
        "What 3 of your 3 witnesses saw live is not all in what was sealed."
    )
    duties = [v.node.judging.duties for v in town.witnesses if v.node is not None]
    words = [duty.verdict for duty_of in duties for duty in duty_of.values()]
    assert [(w.decision, w.has_seen_frames) for w in words if w is not None] == [
        (Decision.REJECT, False)
    ] * 3


def test_who_hides_a_challenge_that_was_streamed_is_believed_by_nobody() -> None:
    town = ShowTown()
    town.begin()
    town.run(LENGTH_S)
    assert town.performer.node is not None
    show = town.performer.node.performing.show
    assert show is not None
    assert show.windows[0].nonces
    show.windows[0].nonces.clear()
    town.run(30)
    assert town.mint() is None


@dataclass(frozen=True, slots=True)
class Table(Responder):
    """Answers every riff as it was looked up beforehand, whatever it is."""

    def strokes(self, riff: Sequence[Note], rng: Random) -> tuple[Stroke, ...]:
        return tuple(
            Stroke(note.start_us, number % 4, note.start_us + 80_000)
            for number, note in enumerate(riff)
        )


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_riffs_answered_from_a_table_are_not_answered(seed: int) -> None:
    town = ShowTown(seed=seed)
    player = VirtualPlayer(town, town.performer, study(LENGTH_S, Random(1)))
    player.begin()
    town.run(2.5)
    assert player.autoplay is not None
    player.autoplay.responder = Table()
    town.run(LENGTH_S + 30)
    assert town.mint() is None
    assert "riffs" in last_words(town).why


class Forgetful(dict[int, bytes]):
    """Tickets, of which the first positions are never listed."""

    def __init__(self, left_out: int) -> None:
        super().__init__()
        self.left_out = left_out

    def __setitem__(self, position: int, ticket: bytes) -> None:
        if position >= self.left_out:
            super().__setitem__(position, ticket)


def test_leaving_out_candidates_costs_their_part_to_the_unit() -> None:
    paid = []
    for left_out in (0, 2):
        town = ShowTown(witnesses=6)
        town.begin()
        assert town.performer.node is not None
        show = town.performer.node.performing.show
        assert show is not None
        show.windows[0].tickets = Forgetful(left_out)
        town.run(LENGTH_S + 20)
        mint = next(
            town.performer.node.ledger.statements[entry]
            for entry in town.performer.node.ledger.applied
            if isinstance(town.performer.node.ledger.statements[entry].body, Mint)
        )
        assert isinstance(mint.body, Mint)
        block = town.performer.node.ledger.statements[mint.body.block].body
        assert isinstance(block, Block)
        assert len(block.tickets) == 6 - left_out
        parts = contributions_by_hand(town.performer.node.ledger, mint)
        assert mint.body.amount_ujam == sum(parts.values())
        paid.append(max(parts.values()))
    assert abs(paid[1] - paid[0] * 4 / 6) <= 1


STORE_BYTES = 2_000_000
SESSIONS = 1_000


def spam(count: int) -> list[bytes]:
    """One stranger opens one session after another, all of them now."""
    spammer, accomplice = scribe.author("spammer"), scribe.author("accomplice")
    chart = scribe.small_chart(10)
    shows = [scribe.begin(PRACTICE, spammer, NOW_MS)]
    for number in range(count):
        show = scribe.announce(PRACTICE, spammer, [accomplice], NOW_MS + number, 30, chart)
        shows.append(show.session)
    return [statement.wire for statement in shows]


def test_a_thousand_sessions_of_one_stranger_are_one_performance_within_its_budget() -> None:
    driven = Driven()
    driven.node.context.settings = replace(driven.node.context.settings, store_bytes=STORE_BYTES)
    peer = scribe.author("spammer").node
    driven.give(PeerConnected(peer, Presence.REMOTE, "203.0.113.0/24"))
    wires = spam(SESSIONS)
    for first in range(0, len(wires), 50):
        driven.now_ms += 100
        driven.give(MessageReceived(peer, to_bytes(Entries(tuple(wires[first : first + 50])))))
    driven.wait(5_000)
    node = driven.node
    assert len(node.air.performances) == 1
    assert len(node.watching.watches) == 0
    assert len(node.mates.nodes) == 0
    assert len(node.spectating.audience) == 0
    kept = [s for s in node.ledger.statements.values() if s.entry.author != driven.author.id]
    assert 0 < len(kept) <= MAX_STRANGER_ENTRIES


def test_a_performer_that_opens_one_session_after_another_is_witnessed_in_two_at_most() -> None:
    town = ShowTown()
    for _ in range(20):
        VirtualPlayer(town, town.performer, study(LENGTH_S, Random(1))).begin()
        town.run(2.5)
        assert town.performer.node is not None
        town.performer.node.performing.show = None
    for witness in town.witnesses:
        assert witness.node is not None
        assert len(witness.node.air.performances) == 1
        assert len(witness.node.watching.watches) <= 2


VERDICTS = st.lists(
    st.tuples(
        st.sampled_from(Decision), st.sampled_from([0, 400_000, 600_000, 950_000, 1_000_000])
    ),
    min_size=8,
    max_size=8,
)


@given(VERDICTS, st.integers(0, 7))
def test_leaving_out_a_verdict_that_does_not_accept_never_pays(
    said: list[tuple[Decision, int]], left_out: int
) -> None:
    record, given_verdicts = witnessed(said)
    if said[left_out][0] is Decision.ACCEPT:
        return
    rest = tuple(v for number, v in enumerate(given_verdicts) if number != left_out)
    assert amount(record, rest) <= amount(record, given_verdicts)


@given(VERDICTS)
def test_more_than_a_third_that_does_not_accept_cannot_be_left_out_at_all(
    said: list[tuple[Decision, int]],
) -> None:
    record, given_verdicts = witnessed(said)
    accepting = tuple(v for v in given_verdicts if v.verdict.decision is Decision.ACCEPT)
    if len(accepting) < 6:
        assert amount(record, accepting) == 0


def witnessed(said: list[tuple[Decision, int]]) -> tuple[BlockRecord, tuple[GivenVerdict, ...]]:
    """A block with eight drawn, and what they say."""
    drawn = tuple(scribe.author(f"witness {number}").id for number in range(len(said)))
    record = BlockRecord(
        session=EntryId(bytes(32)),
        window=0,
        start_ms=Milliseconds(0),
        end_ms=Milliseconds(PRACTICE.window_ms),
        day=Day(0),
        day_index=0,
        drawn=drawn,
        familiarity_days=(0,) * len(drawn),
        revealed=8,
        opened=8,
    )
    verdicts = (
        Verdict(
            block=EntryId(bytes(32)),
            decision=decision,
            anomaly_ppm=Ppm(anomaly_ppm),
            metrics=scribe.GOOD_METRICS,
            has_seen_frames=True,
            custody=bytes(32),
            presence=Presence.SAME_LINK,
            is_by_hand=False,
            day=Day(0),
            budget_ppm=0,
        )
        for decision, anomaly_ppm in said
    )
    return record, tuple(
        GivenVerdict(who, Milliseconds(1), verdict, Presence.SAME_LINK)
        for who, verdict in zip(drawn, verdicts, strict=True)
    )


def amount(record: BlockRecord, given_verdicts: tuple[GivenVerdict, ...]) -> int:
    """What the block would mint."""
    try:
        parts = contributions(PRACTICE, record, Milliseconds(PRACTICE.window_ms), given_verdicts)
    except RejectionError:
        return 0
    return MicroJam(sum(part.amount_ujam for part in parts))
