"""A session keeps what was not acknowledged, sheds only live messages, and believes no lie."""

import pytest

from popd.net.frames import BrokenFramingError, FrameKind, FrameReader
from popd.net.session import (
    MAX_KEPT_BYTES,
    MAX_KEPT_MESSAGES,
    MAX_WAITING_LIVE,
    MAX_WAITING_LIVE_BYTES,
    PeerDoesNotReadError,
    Session,
)


def numbers(frames: list[bytes]) -> list[int]:
    read = list(FrameReader().feed(b"".join(frames)))
    assert all(kind is FrameKind.MESSAGE for kind, _ in read)
    return [int.from_bytes(content[:8]) for _, content in read]


def session_with(count: int) -> Session:
    session = Session()
    for number in range(count):
        session.put(bytes([number]), is_live=False)
    return session


def test_messages_are_numbered_from_one_and_sent_once() -> None:
    session = session_with(3)
    assert numbers(session.take(1_000)) == [1, 2, 3]
    assert session.take(1_000) == []
    assert not session.has_waiting


def test_a_batch_ends_when_it_is_full() -> None:
    session = session_with(3)
    assert numbers(session.take(20)) == [1, 2]
    assert numbers(session.take(20)) == [3]


def test_what_is_not_acknowledged_is_sent_again_on_another_path() -> None:
    session = session_with(4)
    session.take(1_000)
    assert session.acknowledge(2) == 2
    session.start_again()
    assert numbers(session.take(1_000)) == [3, 4]


def test_an_acknowledgement_that_overtakes_a_new_start_spares_the_repetition() -> None:
    session = session_with(4)
    session.take(1_000)
    session.start_again()
    session.acknowledge(3)
    assert session.traffic.waiting_bytes == 1
    assert numbers(session.take(1_000)) == [4]
    session.acknowledge(2)
    assert session.traffic.messages_out == 3


def test_acknowledging_what_was_never_sent_breaks_the_path() -> None:
    session = session_with(4)
    session.take(20)
    with pytest.raises(BrokenFramingError, match="never sent"):
        session.acknowledge(3)


def test_a_double_is_dropped_and_a_gap_breaks_the_path() -> None:
    session = Session()
    assert session.receive(1, b"a") == b"a"
    assert session.receive(1, b"a") is None
    for number in (0, 3, 2**62):
        with pytest.raises(BrokenFramingError, match="missing"):
            session.receive(number, b"c")
    assert (session.received, session.traffic.doubles_in) == (1, 1)


def test_live_messages_are_shed_when_many_wait_and_others_are_not() -> None:
    session = session_with(MAX_WAITING_LIVE - 1)
    session.put(b"live", is_live=True)
    session.put(b"shed", is_live=True)
    session.put(b"kept", is_live=False)
    assert (session.traffic.live_shed, session.traffic.waiting_messages) == (1, 257)


def test_live_messages_are_shed_when_large_ones_wait() -> None:
    session = Session()
    session.put(bytes(MAX_WAITING_LIVE_BYTES), is_live=False)
    session.put(b"shed", is_live=True)
    session.take(MAX_WAITING_LIVE_BYTES)
    session.put(b"sent", is_live=True)
    assert (session.traffic.live_shed, session.traffic.waiting_messages) == (1, 1)


def test_a_peer_that_acknowledges_nothing_is_cut_off_by_items_and_by_bytes() -> None:
    session = Session()
    for _ in range(MAX_KEPT_MESSAGES):
        session.put(b"", is_live=False)
    session.take(2**30)
    with pytest.raises(PeerDoesNotReadError):
        session.put(b"", is_live=False)
    large = Session()
    for _ in range(MAX_KEPT_BYTES // 2**20):
        large.put(bytes(2**20), is_live=False)
    with pytest.raises(PeerDoesNotReadError):
        large.put(b"a", is_live=False)
