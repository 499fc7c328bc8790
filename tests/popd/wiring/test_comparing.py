"""What a node judges is compared with what it judged before, and with what its store has."""

from dataclasses import replace
from random import Random

import trio

from consensus.anomaly.copies.library import Library
from consensus.anomaly.history import Histories, shipped_axes
from consensus.calibration import UNCALIBRATED
from consensus.chart import Chart, Note, TimingPoint
from consensus.entries.performance import Block
from consensus.evidence import Evidence, evidence_from_bytes
from consensus.identifiers import ContentId, EntryId
from consensus.units import Microseconds
from game.bots.human_like import HumanLike
from popd.node.effects import JudgePlay
from popd.node.purposes import ForReading, ForVerdict, OwnWindow
from popd.wiring.comparing import Memory, author_of, examined, take_up_known
from simulations.stories import village

WINDOW_US = 60_000_000
NOTES = tuple(Note(1_000_000 + 150_000 * i, i * i % 7 % 4) for i in range(380))
CHART = Chart("", "", 4, (TimingPoint(0, 400_000),), NOTES)
EVENTS = [HumanLike().play(CHART, WINDOW_US, Random(seed)) for seed in range(3)]
VILLAGE = village()


def nothing_known() -> Memory:
    return Memory(Library(), Histories(shipped_axes()))


def judged(session: int, events, purpose=None) -> JudgePlay:
    entry = EntryId(bytes([session]) * 32)
    evidence = Evidence(entry, 0, WINDOW_US, tuple(events), ())
    purpose = purpose or ForVerdict(entry)
    return JudgePlay(purpose, CHART, evidence, Microseconds(0), UNCALIBRATED)


def is_copy(memory: Memory, effect: JudgePlay, author: str) -> bool:
    """Whether it is told as a copy, with all that follows from it."""
    advice = examined(memory, author, effect).assessment
    is_told = advice.nearest is not None and advice.nearest.kind == "copy"
    assert is_told == any("press for press" in reason for reason in advice.reasons)
    assert advice.anomaly_ppm >= 990_000 * is_told
    return is_told


def test_a_copy_of_a_judged_play_is_told_and_no_other_play_is():
    memory = nothing_known()
    late = [event._replace(time_us=event.time_us + 3_000) for event in EVENTS[0]]
    assert not is_copy(memory, judged(1, EVENTS[0]), "a")
    assert not is_copy(memory, judged(2, EVENTS[1]), "b")
    assert is_copy(memory, judged(3, late), "c")
    assert is_copy(memory, judged(4, late), "a")
    assert len(memory.library) == 4


def test_the_same_window_is_no_copy_of_itself():
    memory = nothing_known()
    entry = EntryId(bytes([1]) * 32)
    for purpose in (OwnWindow(entry, 0), ForVerdict(entry), ForReading(entry, 0)):
        assert not is_copy(memory, judged(1, EVENTS[0], purpose), "a")
    assert len(memory.library) == 1


def test_what_goes_on_is_compared_and_not_kept():
    memory = nothing_known()
    reading = ForReading(EntryId(bytes(32)), 0)
    assert not is_copy(memory, judged(1, EVENTS[0], reading), "a")
    assert len(memory.library) == 0
    assert not is_copy(memory, judged(2, EVENTS[0]), "b")
    assert is_copy(memory, judged(1, EVENTS[0], reading), "a")


def test_the_author_of_a_session_is_known_where_the_session_is():
    sessions = [s for s in VILLAGE.told if s.entry.kind == "session"]
    assert author_of(VILLAGE.ledger, sessions[0].id) == sessions[0].entry.author.hex()
    assert author_of(VILLAGE.ledger, EntryId(bytes(32))) == ""


def stored(broken: int | None = None) -> dict[ContentId, bytes]:
    """What a store has for the village's blocks: each window played by somebody else."""
    blocks = [s.body for s in VILLAGE.told if isinstance(s.body, Block)]
    window_us = VILLAGE.params.window_ms * 1_000
    blobs: dict[ContentId, bytes] = {}
    for number, block in enumerate(blocks):
        heard = CHART.cut(block.window * window_us, window_us)
        events = HumanLike().play(heard, window_us, Random(number))
        evidence = Evidence(block.session, block.window, window_us, events, ())
        blobs[block.evidence] = b"broken" if number == broken else evidence.to_bytes()
        blobs[block.chart] = CHART.to_bytes()
    return blobs


def taken_up(blobs: dict[ContentId, bytes]) -> Memory:
    memory = nothing_known()
    trio.run(take_up_known, VILLAGE.ledger, blobs.get, memory, trio.CapacityLimiter(1))
    return memory


def test_what_the_store_has_is_known_from_the_start():
    blobs = stored()
    blocks = [s.body for s in VILLAGE.told if isinstance(s.body, Block)]
    memory = taken_up(blobs)
    assert len(memory.library) == len(blocks) == 4
    window_us = VILLAGE.params.window_ms * 1_000
    for block in blocks:
        evidence = evidence_from_bytes(blobs[block.evidence])
        other = replace(evidence, session=EntryId(bytes(32)))
        start_us = Microseconds(block.window * window_us)
        effect = JudgePlay(ForVerdict(other.session), CHART, other, start_us, UNCALIBRATED)
        nearest = examined(memory, "", effect).assessment.nearest
        assert nearest is not None
        assert (nearest.kind, nearest.id) == ("copy", (block.session, block.window))
        assert nearest.similarity_ppm == 1_000_000


def test_what_can_not_be_read_is_left_out():
    assert len(taken_up(stored(broken=2)).library) == 3
    assert len(taken_up({}).library) == 0
