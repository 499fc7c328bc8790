from dataclasses import replace

import pytest

from consensus.encoding import MAX_DEPTH, Canonical, decode, encode, unpack_varints
from consensus.entries.chains import Profile
from consensus.entry import Entry, read_signed_entry
from consensus.identifiers import NO_ENTRY, EntryId
from consensus.parameters import MAX_ENTRY_SIZE, PRACTICE
from consensus.rejections import RejectionError, RejectionReason
from consensus.statement import read_statement, stated
from consensus.units import Milliseconds
from simulations import scribe

ANN = scribe.author("ann")
PROFILE = Entry(
    1, "practice", ANN.id, 0, NO_ENTRY, (), Milliseconds(5), "profile", (b"", 0)
)  # fmt: skip


def reason_for(wire: bytes) -> RejectionReason:
    with pytest.raises(RejectionError) as caught:
        read_statement(wire, PRACTICE.name)
    assert caught.value.reason.is_in_the_bytes
    return caught.value.reason


def signed(entry: Entry) -> bytes:
    return scribe.signed(PRACTICE, ANN, entry)


def signed_bytes(data: bytes) -> bytes:
    """Any bytes under a signature that would be right for them."""
    unsigned = scribe.sealed(PROFILE, b"")
    signature = scribe.sign(ANN.seed, "practice", scribe.Domain.ENTRY, unsigned.id)
    return signature + data


def test_a_whole_entry_is_read() -> None:
    statement = read_statement(signed(PROFILE), "practice")
    assert (statement.entry, statement.body) == (PROFILE, Profile(None, is_automated=False))


def test_every_truncation_is_malformed() -> None:
    wire = signed(PROFILE)
    assert {reason_for(wire[:size]) for size in range(len(wire))} == {RejectionReason.MALFORMED}


def test_trailing_bytes_are_malformed() -> None:
    assert reason_for(signed(PROFILE) + b"\0") is RejectionReason.MALFORMED


def test_an_oversized_entry_is_too_large_before_it_is_read() -> None:
    assert reason_for(bytes(64 + MAX_ENTRY_SIZE + 1)) is RejectionReason.TOO_LARGE


def test_an_entry_of_exactly_the_largest_size_is_read() -> None:
    empty = len(replace(PROFILE, kind="poem", body=bytes(300)).to_bytes()) - 300
    room = MAX_ENTRY_SIZE - empty
    entry = replace(PROFILE, kind="poem", body=bytes(room))
    assert len(entry.to_bytes()) == MAX_ENTRY_SIZE
    assert read_statement(signed(entry), "practice").body is None
    over = replace(PROFILE, kind="poem", body=bytes(room + 1))
    assert reason_for(signed(over)) is RejectionReason.TOO_LARGE


NOT_ALLOWED = {
    "nil": b"\xc0",
    "never used": b"\xc1",
    "false": b"\xc2",
    "true": b"\xc3",
    "empty map": b"\x80",
    "map": b"\x81\xa1a\x01",
    "map with a key of bytes": b"\x81\xc4\x01a\x01",
    "map with a key of integer": b"\x81\x01\x01",
    "float 32": b"\xca\x3f\x80\x00\x00",
    "float 64": b"\xcb" + bytes(8),
    "extension": b"\xd4\x05\x00",
    "timestamp": b"\xd6\xff\x00\x00\x00\x00",
    "ill-formed utf-8": b"\xa2\xc3\x28",
    "surrogate": b"\xa3\xed\xa0\x80",
    "array longer than the data": b"\xdd\xff\xff\xff\xff",
    "bytes longer than the data": b"\xc6\xff\xff\xff\xff",
}


@pytest.mark.parametrize("name", NOT_ALLOWED)
def test_types_without_a_canonical_form_are_malformed(name: str) -> None:
    whole = PROFILE.to_bytes()
    assert whole.endswith(b"\x92\xc4\x00\x00")
    data = whole[:-1] + NOT_ALLOWED[name]
    assert reason_for(signed_bytes(data)) is RejectionReason.MALFORMED


NOT_SHORTEST = {
    "uint 8 for a fixint": (b"\x01", b"\xcc\x01"),
    "uint 16": (b"\x01", b"\xcd\x00\x01"),
    "uint 32": (b"\x01", b"\xce\x00\x00\x00\x01"),
    "uint 64": (b"\x01", b"\xcf" + bytes(7) + b"\x01"),
    "int 8": (b"\x01", b"\xd0\x01"),
    "int 64": (b"\x01", b"\xd3" + bytes(7) + b"\x01"),
    "bin 16": (b"\xc4\x01a", b"\xc5\x00\x01a"),
    "str 8": (b"\xa1a", b"\xd9\x01a"),
    "str 32": (b"\xa1a", b"\xdb\x00\x00\x00\x01a"),
    "array 16": (b"\x91\x01", b"\xdc\x00\x01\x01"),
    "array 32": (b"\x91\x01", b"\xdd\x00\x00\x00\x01\x01"),
}


@pytest.mark.parametrize("name", NOT_SHORTEST)
def test_longer_bytes_of_the_same_value_are_not_canonical(name: str) -> None:
    shortest, longer = NOT_SHORTEST[name]
    assert encode(decode(shortest, 99)) == shortest
    with pytest.raises(RejectionError) as caught:
        decode(longer, 99)
    assert caught.value.reason is RejectionReason.NOT_CANONICAL
    data = PROFILE.to_bytes()
    overlong = data[:1] + b"\xcc\x01" + data[2:]
    assert reason_for(signed_bytes(overlong)) is RejectionReason.NOT_CANONICAL


def test_arrays_nest_to_a_depth_and_no_deeper() -> None:
    def nested(depth: int) -> bytes:
        return b"\x91" * depth + b"\x01"

    assert encode(decode(nested(MAX_DEPTH), 99)) == nested(MAX_DEPTH)
    for depth in (MAX_DEPTH + 1, 15_000):
        with pytest.raises(RejectionError) as caught:
            decode(nested(depth), MAX_ENTRY_SIZE)
        assert caught.value.reason is RejectionReason.MALFORMED


@pytest.mark.parametrize("value", [None, True, 1.0, {}, {1: 2}, [1], bytearray(b"a"), (1, (None,))])
def test_we_never_encode_what_nobody_would_read(value: Canonical) -> None:
    with pytest.raises(TypeError):
        encode(value)


@pytest.mark.parametrize("value", [2**64, -(2**63) - 1])
def test_we_never_encode_integers_beyond_64_bits(value: int) -> None:
    with pytest.raises(OverflowError):
        encode(value)


WRONG_FIELDS = {
    "bytes for text": (RejectionReason.MALFORMED, {"network": b"practice"}),
    "text for bytes": (RejectionReason.MALFORMED, {"author": "a" * 32}),
    "a short key": (RejectionReason.OUT_OF_RANGE, {"author": bytes(31)}),
    "a long prev": (RejectionReason.OUT_OF_RANGE, {"prev": bytes(33)}),
    "a negative number": (RejectionReason.OUT_OF_RANGE, {"number": -1}),
    "version nought": (RejectionReason.OUT_OF_RANGE, {"version": 0}),
    "a time beyond the end of time": (RejectionReason.OUT_OF_RANGE, {"time_ms": 2**48 + 1}),
    "a reference of 31 bytes": (RejectionReason.MALFORMED, {"refs": (bytes(31),)}),
    "65 references": (RejectionReason.OUT_OF_RANGE, {"refs": (bytes(32),) * 65}),
    "a kind of 33 bytes": (RejectionReason.OUT_OF_RANGE, {"kind": "é" * 16 + "e"}),
    "an integer for an array": (RejectionReason.MALFORMED, {"refs": 7}),
    "half a name": (RejectionReason.OUT_OF_RANGE, {"body": (bytes(5), 0)}),
    "a boolean beyond 1": (RejectionReason.OUT_OF_RANGE, {"body": (b"", 2)}),
    "a field too many": (RejectionReason.MALFORMED, {"body": (b"", 0, 0)}),
    "a body that is no array": (RejectionReason.MALFORMED, {"body": 5}),
    "references that the body does not name": (
        RejectionReason.WRONG_REFERENCES,
        {"refs": (bytes(32),)},
    ),
    "another network": (RejectionReason.WRONG_NETWORK, {"network": "main"}),
}


@pytest.mark.parametrize("name", WRONG_FIELDS)
def test_wrong_fields_are_named(name: str) -> None:
    reason, fields = WRONG_FIELDS[name]
    assert reason_for(signed(replace(PROFILE, **fields))) is reason


def test_a_signature_by_somebody_else_is_bad() -> None:
    wire = scribe.signed(PRACTICE, scribe.author("ben"), PROFILE)
    assert reason_for(wire) is RejectionReason.BAD_SIGNATURE


def test_a_signature_for_another_purpose_or_network_is_bad() -> None:
    unsigned = scribe.sealed(PROFILE, b"")
    for network, domain in (("practice", scribe.Domain.FRAME), ("main", scribe.Domain.ENTRY)):
        signature = scribe.sign(ANN.seed, network, domain, unsigned.id)
        assert reason_for(signature + unsigned.wire) is RejectionReason.BAD_SIGNATURE


def test_every_flipped_bit_of_an_entry_is_turned_down() -> None:
    wire = signed(PROFILE)
    for position in range(len(wire)):
        for bit in range(8):
            mutated = bytearray(wire)
            mutated[position] ^= 1 << bit
            assert reason_for(bytes(mutated))


def test_what_our_own_store_checked_is_not_verified_again() -> None:
    wire = bytes(64) + PROFILE.to_bytes()
    assert read_signed_entry(wire, "practice", is_signature_known=True).entry == PROFILE


def test_unknown_versions_keep_their_header_and_are_never_judged() -> None:
    for entry in (
        replace(PROFILE, version=2, body=(1, 2, 3), refs=(EntryId(bytes(32)),)),
        replace(PROFILE, kind="haiku", body="old pond"),
    ):
        assert read_statement(signed(entry), "practice").body is None


def test_stating_our_own_nonsense_is_refused() -> None:
    with pytest.raises(RejectionError):
        stated(scribe.sealed(replace(PROFILE, body=()), b""))


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        (b"\x80", RejectionReason.MALFORMED),
        (b"\x80\x00", RejectionReason.NOT_CANONICAL),
        (b"\x81\x80\x00", RejectionReason.NOT_CANONICAL),
        (b"\xff" * 9 + b"\x01", RejectionReason.MALFORMED),
        (b"\x01\x02\x03\x04", RejectionReason.TOO_LARGE),
    ],
)
def test_columns_of_numbers_have_one_form(column: bytes, reason: RejectionReason) -> None:
    with pytest.raises(RejectionError) as caught:
        unpack_varints(column, 3)
    assert caught.value.reason is reason
