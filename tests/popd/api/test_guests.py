"""The door of a concert: who finds a seat, who has to wait, and what a code can't be tried for."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consensus.encoding import tagged_digest
from consensus.identifiers import IdentityId
from consensus.signing import Domain, public_key, sign
from consensus.units import Microseconds
from popd.api.answers import ApiError
from popd.api.challenges import CHALLENGE_US, CHALLENGES_PER_ADDRESS, MAX_CHALLENGES
from popd.api.guests import (
    CODE_LENGTH,
    CODE_LETTERS,
    IDLE_US,
    JOIN_BURST,
    MAX_SEATS,
    SEATED_US,
    SEATS_PER_ADDRESS,
    GuestBook,
    GuestSeat,
    Knock,
)
from popd.api.knocks import ALL, ALL_NEWCOMERS, MAX_ADDRESSES, OWN, Knocks
from popd.api.tokens import IMPLIED, NOBODY, Scope, Tokens

HOST = IdentityId(b"h" * 32)
CONCERT = b"c" * 16


class Clock:
    def __init__(self) -> None:
        self.us = 1_000_000_000

    def __call__(self) -> Microseconds:
        return Microseconds(self.us)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def book(clock: Clock) -> GuestBook:
    found = GuestBook(clock)
    found.open(CONCERT)
    return found


def comes(book: GuestBook, name: str, address: str = "") -> GuestSeat:
    seed = tagged_digest("guest", name)
    address = address or f"10.0.{name}"
    return book.enter("practice", HOST, knock_of(seed, book, address))


def knock_of(seed: bytes, book: GuestBook, address: str) -> Knock:
    """What a page answers to the door."""
    key, challenge = public_key(seed), book.challenges.ask(address)
    subject = tagged_digest("door", book.concert, HOST, key, challenge)
    return Knock(key, challenge, sign(seed, "practice", Domain.GUEST, subject), address)


def why_refused(book: GuestBook, knock: Knock) -> str:
    with pytest.raises(ApiError) as caught:
        book.enter("practice", HOST, knock)
    return caught.value.problem.error


def refusal(book: GuestBook, name: str, address: str = "") -> str:
    """Why a guest is not let in; empty where they are."""
    try:
        comes(book, name, address)
    except ApiError as error:
        return error.problem.error
    return ""


def test_the_same_key_finds_its_seat_again_and_its_old_token_is_void(book: GuestBook) -> None:
    first = comes(book, "ann", "10.0.0.1")
    before = first.token
    again = comes(book, "ann", "10.0.0.9")
    assert again is first
    assert (book.seat_of(before), book.seat_of(again.token)) == (None, first)
    assert (again.address, len(book.seats)) == ("10.0.0.9", 1)


def test_a_token_is_void_after_an_evening_and_its_key_finds_the_seat_again(
    book: GuestBook, clock: Clock
) -> None:
    seat = comes(book, "ann")
    clock.us += SEATED_US - 1
    assert book.seat_of(seat.token) is seat
    clock.us += 1
    assert book.seat_of(seat.token) is None
    assert comes(book, "ann") is seat
    assert book.seat_of(seat.token) is seat


def test_nobody_sits_down_in_somebody_elses_name(book: GuestBook) -> None:
    ann = comes(book, "ann")
    for shown, signature in ((ann.key, bytes(64)), (bytes(32), bytes(64)), (b"", b"")):
        challenge = book.challenges.ask("10.0.0.2")
        knock = Knock(shown, challenge, signature, "10.0.0.2")
        assert why_refused(book, knock) == "bad_guest"
    seed = tagged_digest("guest", "ben")
    key, other = public_key(seed), IdentityId(bytes(32))
    for tag, concert, host in (
        ("door", b"d" * 16, HOST),
        ("door", CONCERT, other),
        ("opinion", CONCERT, HOST),
    ):
        challenge = book.challenges.ask("10.0.0.2")
        subject = tagged_digest(tag, concert, host, key, challenge)
        knock = Knock(key, challenge, sign(seed, "practice", Domain.GUEST, subject), "10.0.0.2")
        assert why_refused(book, knock) == "bad_guest"


def test_a_knock_that_was_overheard_opens_nothing_and_takes_nobodys_seat(book: GuestBook) -> None:
    seed = tagged_digest("guest", "ann")
    knock = knock_of(seed, book, "10.0.0.1")
    seat = book.enter("practice", HOST, knock)
    token = seat.token
    for replay in (
        knock,
        knock._replace(address="10.0.0.66"),
        knock._replace(challenge=book.challenges.ask("10.0.0.1")),
        knock._replace(challenge=book.challenges.ask("10.0.0.66"), address="10.0.0.66"),
        knock._replace(challenge=b""),
    ):
        assert why_refused(book, replay) in {"old_knock", "bad_guest"}
    assert book.seat_of(token) is seat
    unused = knock_of(seed, book, "10.0.0.1")
    assert why_refused(book, unused._replace(address="10.0.0.66")) == "old_knock"
    assert book.enter("practice", HOST, unused) is seat


def test_a_challenge_is_void_after_a_while_and_with_the_door(book: GuestBook, clock: Clock) -> None:
    seed = tagged_digest("guest", "ann")
    late, other = knock_of(seed, book, "10.0.0.1"), knock_of(seed, book, "10.0.0.1")
    clock.us += CHALLENGE_US
    assert why_refused(book, late) == "old_knock"
    book.challenges.ask("10.0.0.2")
    assert len(book.challenges) == 1
    book.shut()
    book.open(CONCERT)
    assert (why_refused(book, other), len(book.challenges)) == ("old_knock", 0)


def test_challenges_are_few_for_one_address_and_bounded_for_all(book: GuestBook) -> None:
    seed = tagged_digest("guest", "ann")
    own = knock_of(seed, book, "10.0.0.1")
    for _ in range(MAX_CHALLENGES):
        book.challenges.ask("10.0.0.66")
    assert len(book.challenges) == 1 + CHALLENGES_PER_ADDRESS
    book.enter("practice", HOST, own)
    for n in range(2 * MAX_CHALLENGES):
        book.challenges.ask(f"10.0.{n // 256}.{n % 256}")
    assert len(book.challenges) == MAX_CHALLENGES


def test_a_thousand_keys_of_one_address_get_no_more_seats_than_a_household(
    book: GuestBook, clock: Clock
) -> None:
    refusals = []
    for n in range(1_000):
        clock.us += 50_000
        refusals.append(refusal(book, f"bot {n}", "10.0.0.66"))
    assert refusals == [""] * SEATS_PER_ADDRESS + ["full"] * (1_000 - SEATS_PER_ADDRESS)
    assert len(book.seats) == SEATS_PER_ADDRESS
    comes(book, "somebody else", "10.0.0.7")


def test_a_seat_that_stood_empty_is_given_away_and_one_with_an_opinion_never(
    book: GuestBook, clock: Clock
) -> None:
    first, *others = [comes(book, f"{n}", "10.0.0.1") for n in range(SEATS_PER_ADDRESS)]
    first.has_opinion = True
    others[0].sockets = 1
    clock.us += IDLE_US + 1
    comes(book, "a new phone", "10.0.0.1")
    assert first.key in book.seats
    assert others[0].key in book.seats
    assert others[1].key not in book.seats
    assert book.seat_of(others[1].token) is None


def test_a_full_hall_says_so_and_a_rush_waits_some_seconds(book: GuestBook, clock: Clock) -> None:
    rush = [refusal(book, f"{n}") for n in range(MAX_SEATS)]
    assert rush[:JOIN_BURST] == [""] * JOIN_BURST
    assert rush[-1] == "too_fast"
    for n in range(MAX_SEATS):
        clock.us += 1_000_000
        assert refusal(book, f"{n}") == ""
    for seat in book.seats.values():
        seat.has_opinion = True
    assert (refusal(book, "one more"), len(book.seats)) == ("full", MAX_SEATS)


def test_tokens_of_guests_rate_and_read_and_nothing_else_and_end_with_the_concert(
    clock: Clock,
) -> None:
    tokens = Tokens("owner's", clock)
    tokens.book.open(CONCERT)
    seat = comes(tokens.book, "ann")
    assert tokens.scopes_of(seat.token) == IMPLIED[Scope.RATE]
    assert tokens.guest_of(seat.token) is seat
    for key in (tokens.book.secret, tokens.book.code, tokens.book.code.lower()):
        assert tokens.scopes_of(key) == {Scope.DOOR}
        assert tokens.redeem(key) is None
    secret, code = tokens.book.secret, tokens.book.code
    tokens.book.open(CONCERT)
    assert (tokens.book.secret, tokens.guest_of(seat.token)) == (secret, seat)
    tokens.book.open(b"another concert!")
    assert [tokens.scopes_of(key) for key in (secret, code, seat.token)] == [NOBODY] * 3
    tokens.revoke_all()
    assert [tokens.scopes_of(key) for key in ("", tokens.book.code)] == [NOBODY] * 2


@given(st.text(max_size=60))
def test_no_text_opens_a_shut_door(text: str) -> None:
    tokens = Tokens("owner's", Clock())
    assert tokens.scopes_of(text) == NOBODY or text == "owner's"


def test_codes_are_easily_typed(book: GuestBook) -> None:
    assert len(book.code) == CODE_LENGTH
    assert set(book.code) <= set(CODE_LETTERS)


def test_codes_can_be_tried_a_few_times_and_then_at_the_pace_of_patience(clock: Clock) -> None:
    knocks = Knocks(clock)
    for _ in range(OWN.free + 1):
        assert not knocks.is_barred("10.0.0.1")
        knocks.miss("10.0.0.1")
    assert knocks.is_barred("10.0.0.1")
    assert not knocks.is_barred("10.0.0.2")
    clock.us += OWN.pause_us
    assert not knocks.is_barred("10.0.0.1")


def guesses(knocks: Knocks, address: str) -> bool:
    """Whether a wrong code is looked at."""
    if knocks.is_barred(address):
        return False
    knocks.miss(address)
    return True


def test_a_whole_network_of_guessers_keeps_no_newcomer_out(clock: Clock) -> None:
    knocks, network = Knocks(clock), [f"10.0.0.{n}" for n in range(254)]
    looked_at = 0
    for _ in range(400):
        looked_at += sum(guesses(knocks, address) for address in network)
        assert not knocks.is_barred("192.0.2.1")
        clock.us += 1_000_000
    assert knocks.is_barred("10.0.0.1")
    knocks.miss("192.0.2.1")
    assert not knocks.is_barred("192.0.2.1"), "somebody who mistypes once is no guesser yet"
    assert looked_at <= 254 * 3 + ALL.free + 400 * 1_000_000 // ALL.pause_us + 254


@given(st.lists(st.tuples(st.integers(0, 9_000), st.integers(0, 400_000)), max_size=3_000))
@settings(max_examples=20)
def test_all_guesses_together_stay_within_both_purses(tries: list[tuple[int, int]]) -> None:
    clock = Clock()
    knocks, begin_us = Knocks(clock), clock.us
    looked_at = 0
    for number, pause_us in tries:
        looked_at += guesses(knocks, f"{number}")
        clock.us += pause_us
    refilled = 2 * (1 + (clock.us - begin_us) // ALL.pause_us)
    assert looked_at <= ALL.free + ALL_NEWCOMERS.free + refilled + 2


def test_guessing_takes_as_long_as_the_docstring_says() -> None:
    codes, evening_s = len(CODE_LETTERS) ** CODE_LENGTH, 12 * 3_600
    one_s, all_s = OWN.pause_us / 1_000_000, ALL.pause_us / 2_000_000
    assert round(codes / 2 * one_s / (365 * 86_400)) == 18
    assert round(codes / 2 * all_s / 86_400) == 166
    assert codes // (evening_s / all_s + ALL.free + ALL_NEWCOMERS.free) == 660


def test_many_addresses_together_wait_as_well_and_are_not_remembered_without_end(
    clock: Clock,
) -> None:
    knocks = Knocks(clock)
    for n in range(3 * MAX_ADDRESSES):
        knocks.miss(f"10.0.{n // 256}.{n % 256}")
        if n > ALL_NEWCOMERS.free:
            assert knocks.is_barred("192.0.2.1")
    assert len(knocks._free_us) == MAX_ADDRESSES
