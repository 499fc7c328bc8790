"""What a token allows, and for how long."""

import pytest

from consensus.units import Microseconds
from popd.api.answers import ApiError
from popd.api.routing import check_scope
from popd.api.tokens import GUESTS, IMPLIED, LENT_US, MAX_LENT, NOBODY, TICKET_US, Scope, Tokens

OWNER = "o" * 43


class Hand:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now_us = 0

    def __call__(self) -> Microseconds:
        return Microseconds(self.now_us)


@pytest.fixture
def clock() -> Hand:
    return Hand()


@pytest.fixture
def tokens(clock: Hand) -> Tokens:
    return Tokens(OWNER, clock)


def test_the_owners_token_allows_everything_and_any_other_nothing(tokens):
    assert tokens.scopes_of(OWNER) == {
        Scope.OWNER, Scope.PLAY, Scope.RATE, Scope.READ, Scope.LISTEN,
    }  # fmt: skip
    for other in ("", "o" * 42, "o" * 44, "ü", "\udcff"):
        assert tokens.scopes_of(other) == NOBODY


def test_a_route_is_closed_to_lesser_scopes():
    check_scope(IMPLIED[Scope.PLAY], Scope.READ)
    with pytest.raises(ApiError, match="lacks the scope 'owner'") as caught:
        check_scope(IMPLIED[Scope.PLAY], Scope.OWNER)
    assert caught.value.status == 403


def test_a_ticket_is_good_once_and_for_nothing_but_a_token_that_plays(tokens):
    ticket = tokens.ticket()
    assert tokens.scopes_of(ticket.token) == {Scope.JOIN}
    lent = tokens.redeem(ticket.token)
    assert tokens.scopes_of(lent.token) == IMPLIED[Scope.PLAY]
    assert (tokens.redeem(ticket.token), tokens.scopes_of(ticket.token)) == (None, NOBODY)


def test_neither_a_token_nor_nonsense_is_a_ticket(tokens):
    lent = tokens.redeem(tokens.ticket().token)
    assert [tokens.redeem(other) for other in (lent.token, OWNER, "", "\udcff")] == [None] * 4
    assert tokens.scopes_of(lent.token) == IMPLIED[Scope.PLAY]


def test_a_ticket_is_void_after_minutes_and_a_token_after_an_evening(tokens, clock):
    ticket, other = tokens.ticket(), tokens.ticket()
    clock.now_us += TICKET_US - 1
    lent = tokens.redeem(ticket.token)
    clock.now_us += 1
    assert tokens.redeem(other.token) is None
    clock.now_us += LENT_US - 2
    assert tokens.scopes_of(lent.token) == IMPLIED[Scope.PLAY]
    clock.now_us += 1
    assert tokens.scopes_of(lent.token) == NOBODY


def test_what_was_lent_can_be_revoked_and_the_owner_stays(tokens):
    lent = tokens.redeem(tokens.ticket().token)
    tokens.revoke_all()
    assert tokens.scopes_of(lent.token) == NOBODY
    assert Scope.OWNER in tokens.scopes_of(OWNER)


def test_beyond_the_bound_the_oldest_is_void(tokens):
    tickets = [tokens.ticket() for _ in range(MAX_LENT + 1)]
    assert [tokens.redeem(ticket.token) is None for ticket in tickets[:2]] == [True, False]


def test_no_guest_is_ever_the_owner():
    assert Scope.OWNER not in GUESTS
