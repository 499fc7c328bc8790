"""Payment requests: what is asked for comes back out, and nothing else is read."""

import string
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consensus.identifiers import IdentityId, to_did
from consensus.signing import public_key
from consensus.units import MicroJam
from wallet.links import MAX_LINK, LinkError
from wallet.requests import (
    MAX_NOTE,
    PaymentRequest,
    clean_note,
    from_link,
    to_link,
)

BEN = IdentityId(public_key(bytes(31) + b"b"))
DID = to_did(BEN)
GOOD = f"popd:pay?to={DID}&jam=1.5&note=for%20you&network=practice"


@given(st.integers(1, 2**63 - 1), st.text(max_size=MAX_NOTE), st.sampled_from(["main", "practice"]))
def test_a_request_comes_back_out_of_its_link(amount: int, note: str, network: str) -> None:
    try:
        note.encode()
    except UnicodeEncodeError:
        return
    request = PaymentRequest(BEN, MicroJam(amount), clean_note(note), network)
    link = to_link(request)
    assert link.isascii()
    assert len(link) <= MAX_LINK
    assert from_link(link) == request


def test_a_link_reads_as_it_is_written() -> None:
    request = PaymentRequest(BEN, MicroJam(1_500_000), "for you", "practice")
    assert from_link(GOOD) == request
    assert to_link(request) == GOOD
    assert from_link(GOOD.replace("%20", "+")) == request
    assert to_link(PaymentRequest(BEN, MicroJam(3_000_000), "", "main")) == (
        f"popd:pay?to={DID}&jam=3&network=main"
    )


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("", "does not begin"),
        ("POPD:pay?" + GOOD[9:], "does not begin"),
        ("https://popd:pay?" + GOOD[9:], "does not begin"),
        (" " + GOOD, "does not begin"),
        (GOOD + "&", "it takes to, jam"),
        (GOOD + "&lot=aa", "it takes to, jam"),
        (GOOD + "&jam", "it takes to, jam"),
        (GOOD + "&jam=2", "jam: stands there more than once"),
        (GOOD + "\n", "network: has a character"),
        (GOOD.replace("jam=1.5", "jam=1.5#x"), "jam: has a character"),
        (GOOD.replace("%20", " "), "note: has a character"),
        (GOOD.replace("%20", "%2"), "note: has a character"),
        (GOOD.replace("%20", "%zz"), "note: has a character"),
        (GOOD.replace("%20", "ü"), "note: has a character"),
        (GOOD.replace("%20", "%ff"), "note: is not UTF-8"),
        (GOOD.replace("%20", "a" * 80), "note: longer than 80"),
        (GOOD.replace("%20", "a" * 2_000), "longer than 1200"),
        (GOOD.replace("&jam=1.5", ""), "jam: is missing"),
        (GOOD.replace("jam=1.5", "jam="), "jam: is no amount"),
        (GOOD.replace("jam=1.5", "jam=-1"), "jam: is no amount"),
        (GOOD.replace("jam=1.5", "jam=1e3"), "jam: is no amount"),
        (GOOD.replace("jam=1.5", "jam=.5"), "jam: is no amount"),
        (GOOD.replace("jam=1.5", "jam=01"), "jam: is no amount"),
        (GOOD.replace("jam=1.5", "jam=0.0000001"), "jam: is no amount"),
        (GOOD.replace("jam=1.5", "jam=%31"), "jam: is no amount"),
        (GOOD.replace("jam=1.5", "jam=0"), "jam: is not between"),
        (GOOD.replace("jam=1.5", "jam=9999999999999"), "jam: is not between"),
        (GOOD.replace("practice", "mainnet"), "network: there is no such"),
        (GOOD.replace(DID, BEN.hex()), "to: is nobody's"),
        (GOOD.replace(DID, DID[:-1]), "to: is nobody's"),
        (GOOD.replace(DID, to_did(IdentityId(bytes(32)))), "to: is nobody's"),
    ],
)
def test_what_is_no_request_is_refused_with_the_place(link: str, words: str) -> None:
    with pytest.raises(LinkError, match=words):
        from_link(link)


@given(st.text(alphabet=string.printable, max_size=200))
def test_no_letters_do_anything_but_make_a_request_or_an_error(text: str) -> None:
    for link in (text, f"popd:pay?{text}", GOOD + text):
        with suppress(LinkError):
            assert isinstance(from_link(link), PaymentRequest)


def test_a_note_has_nothing_in_it_that_moves_a_cursor() -> None:
    assert clean_note("  for\x1b[2J\u202e you\n ") == "for [2J you"
