"""How near a witness was is what both ends of the link say, whoever would like it nearer."""

from dataclasses import replace

import pytest

from consensus.presence import Presence
from consensus.signing import Domain, sign
from consensus.units import Milliseconds
from popd.node.events import PathChanged, RoundTripMeasured
from popd.node.messages.greeting import Hello, hello_digest
from popd.node.messages.presence import Near, near_digest
from popd.node.nearness import MAX_MEASURED, NEAR_ROUND_TRIP_US
from simulations.scribe import Author, author
from tests.popd.node.driven import HELLO_MS, NOW_MS, PRACTICE, Driven, sent
from tests.popd.node.shows import ShowTown


def met() -> tuple[Driven, Author]:
    """A node, and somebody who said hello to it."""
    driven, other = Driven(), author("other")
    driven.meet(other.node)
    greet(driven, other)
    return driven, other


def greet(driven: Driven, other: Author) -> None:
    subject = hello_digest(other.id, other.node, HELLO_MS)
    signature = sign(other.seed, PRACTICE.name, Domain.HELLO, subject)
    driven.say(Hello(other.id, "Other", False, HELLO_MS, signature), other.node)


def claim(who: Author, driven: Driven, presence: Presence, by: Author | None = None) -> Near:
    draft = Near(presence, 800, 300, Milliseconds(NOW_MS), bytes(64))
    subject = near_digest(draft, who.node, driven.author.node)
    signer = by or who
    return replace(draft, signature=sign(signer.seed, PRACTICE.name, Domain.PRESENCE, subject))


@pytest.mark.parametrize("theirs", list(Presence))
@pytest.mark.parametrize("own", list(Presence))
def test_the_lower_of_both_claims_counts(own: Presence, theirs: Presence) -> None:
    driven, other = met()
    driven.give(PathChanged(other.node, own))
    driven.say(claim(other, driven, theirs), other.node)
    assert driven.node.nearby.agreed(other.node) is min(own, theirs)


def test_without_a_claim_of_theirs_a_peer_is_remote() -> None:
    driven, other = met()
    assert driven.node.nearby.agreed(other.node) is Presence.REMOTE


def test_a_claim_that_comes_before_its_signer_is_known_counts_from_then_on() -> None:
    driven, other = Driven(), author("other")
    driven.meet(other.node)
    driven.say(claim(other, driven, Presence.SAME_LINK), other.node)
    assert driven.node.nearby.agreed(other.node) is Presence.REMOTE
    greet(driven, other)
    assert driven.node.nearby.agreed(other.node) is Presence.SAME_LINK


def test_a_claim_that_somebody_else_signed_counts_for_nothing_and_against_its_bearer() -> None:
    driven, other = met()
    driven.say(claim(other, driven, Presence.SAME_LINK, by=author("forger")), other.node)
    assert driven.node.nearby.agreed(other.node) is Presence.REMOTE
    assert other.node in driven.node.standings.bans


def test_a_claim_about_another_link_counts_for_nothing() -> None:
    driven, other = met()
    elsewhere = Driven("elsewhere")
    driven.say(claim(other, elsewhere, Presence.SAME_LINK), other.node)
    assert driven.node.nearby.agreed(other.node) is Presence.REMOTE


def test_who_takes_long_to_answer_is_not_near_however_it_is_reached() -> None:
    driven, other = met()
    driven.say(claim(other, driven, Presence.SAME_LINK), other.node)
    driven.give(RoundTripMeasured(other.node, NEAR_ROUND_TRIP_US))
    assert driven.node.nearby.agreed(other.node) is Presence.REMOTE
    driven.give(RoundTripMeasured(other.node, 700))
    assert driven.node.nearby.agreed(other.node) is Presence.SAME_LINK
    driven.give(RoundTripMeasured(other.node, 900))
    nearness = driven.node.nearby.of(other.node)
    assert (nearness.round_trip_us, nearness.uncertainty_us) == (700, 200)
    for _ in range(MAX_MEASURED):
        driven.give(RoundTripMeasured(other.node, NEAR_ROUND_TRIP_US))
    assert driven.node.nearby.agreed(other.node) is Presence.REMOTE


def test_a_claim_is_signed_when_it_is_news_and_not_again() -> None:
    driven, other = met()
    assert sent(driven.give(RoundTripMeasured(other.node, 700))) == []
    told = sent(driven.give(PathChanged(other.node, Presence.REMOTE)))
    assert [m.presence for m in told if isinstance(m, Near)] == [Presence.REMOTE]


def test_a_witness_behind_a_relay_pays_as_remote_though_it_claims_the_same_link() -> None:
    town = ShowTown()
    relayed = town.witnesses[0]
    town.give(town.performer, PathChanged(relayed.key, Presence.REMOTE))
    town.begin()
    assert town.run_until(lambda: town.mint() is not None, 30)
    mint = town.mint()
    assert mint is not None
    claims = {
        (named.presence, verdict.presence)
        for named, verdict in zip(mint.verdicts, town.named(mint), strict=True)
    }
    assert (Presence.REMOTE, Presence.REMOTE) in claims
    assert (Presence.SAME_LINK, Presence.SAME_LINK) in claims
