"""Whatever is written is read back the same, and no other bytes mean the same."""

import dataclasses
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consensus.chart import Chart, Note, TimingPoint, chart_from_bytes
from consensus.encoding import (
    Canonical,
    decode,
    digest,
    encode,
    pack_varints,
    unpack_varints,
)
from consensus.entries import KINDS, read_body
from consensus.entries.chains import Profile
from consensus.evidence import (
    INNER_DOMAIN,
    LEAF_DOMAIN,
    Evidence,
    KeyEvent,
    NonceEvent,
    evidence_from_bytes,
    merkle_root,
)
from consensus.identifiers import (
    EntryId,
    IdentityId,
    from_base58,
    from_did,
    to_base58,
    to_did,
)
from consensus.lots import extended_path
from consensus.rejections import RejectionError
from consensus.statement import read_statement
from simulations.festival import festival
from simulations.stories import court

COURT = court()
FESTIVAL = festival()
SCALARS = st.integers(-(2**63), 2**64 - 1) | st.binary(max_size=40) | st.text(max_size=20)
VALUES: st.SearchStrategy[Canonical] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=5).map(tuple), max_leaves=12
).filter(lambda value: depth(value) <= 6)


def depth(value: Canonical) -> int:
    return 1 + max(map(depth, value), default=0) if isinstance(value, tuple) else 0


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    keys = draw(st.integers(1, 18))
    places = draw(
        st.lists(
            st.tuples(st.integers(0, 10**9), st.integers(0, keys - 1)), unique=True, max_size=20
        )
    )
    notes = [Note(*place, draw(st.integers(0, 10**6))) for place in sorted(places)]
    times = sorted(draw(st.sets(st.integers(0, 10**9), min_size=1, max_size=4)))
    timing = [TimingPoint(time, draw(st.integers(1_000, 60_000_000))) for time in times]
    pitches = draw(st.binary(min_size=len(notes), max_size=len(notes)) | st.just(b""))
    names = st.text(st.characters(codec="utf-8"), max_size=60)
    return Chart(draw(names), draw(names), keys, tuple(timing), tuple(notes), pitches)


@st.composite
def evidences(draw: st.DrawFn) -> Evidence:
    duration_us = draw(st.integers(1, 60_000_000))
    times = st.lists(st.integers(0, duration_us - 1), max_size=30).map(sorted)
    keys = [KeyEvent(t, draw(st.integers(0, 17)), draw(st.booleans())) for t in draw(times)]
    nonces = [
        NonceEvent(t, draw(st.integers(0, 255)), draw(st.binary(min_size=16, max_size=16)))
        for t in draw(times)[:10]
    ]
    session = EntryId(draw(st.binary(min_size=32, max_size=32)))
    window = draw(st.integers(0, 29))
    return Evidence(session, window, duration_us, tuple(keys), tuple(nonces))


@given(VALUES)
def test_values_are_read_back(value: Canonical) -> None:
    assert decode(encode(value), 10_000) == value


@given(VALUES, VALUES)
def test_two_values_are_equal_exactly_when_their_bytes_are(a: Canonical, b: Canonical) -> None:
    assert (a == b) == (encode(a) == encode(b))


@given(VALUES, st.data())
def test_changed_bytes_are_rejected_or_mean_something_else(
    value: Canonical, data: st.DataObject
) -> None:
    encoded = bytearray(encode(value))
    position = data.draw(st.integers(0, len(encoded) - 1))
    encoded[position] ^= data.draw(st.integers(1, 255))
    try:
        other = decode(bytes(encoded), 10_000)
    except RejectionError:
        return
    assert other != value
    assert encode(other) == encoded


@settings(max_examples=500)
@given(st.binary(max_size=60))
def test_any_bytes_are_rejected_or_canonical(data: bytes) -> None:
    try:
        value = decode(data, 60)
    except RejectionError:
        return
    assert encode(value) == data


@given(st.lists(st.integers(0, 2**63 - 1), max_size=30))
def test_columns_are_read_back(values: list[int]) -> None:
    assert unpack_varints(pack_varints(values), 30) == tuple(values)


@given(st.binary(max_size=40))
def test_any_column_is_rejected_or_the_only_form(data: bytes) -> None:
    try:
        values = unpack_varints(data, 40)
    except RejectionError:
        return
    assert pack_varints(values) == data


@pytest.mark.parametrize("kind", KINDS)
def test_every_body_is_read_back(kind: str) -> None:
    found = [item for item in (*COURT.told, *FESTIVAL.told) if item.entry.kind == kind]
    assert found
    for item in found:
        assert item.body is not None
        assert read_body(kind, item.entry.body) == item.body
        assert item.body.to_body() == item.entry.body
        assert item.body.named() == item.entry.refs


def test_every_entry_is_read_back_from_its_wire() -> None:
    for item in COURT.told:
        assert read_statement(item.wire, "practice") == item
        assert item.entry.to_bytes() == item.wire[64:]
        assert item.id == digest(item.wire[64:])


@settings(max_examples=300)
@given(st.sampled_from(sorted(KINDS)), VALUES)
def test_any_body_is_rejected_or_written_back_the_same(kind: str, value: Canonical) -> None:
    try:
        body = read_body(kind, value)
    except RejectionError:
        return
    assert body is not None
    assert body.to_body() == value


@settings(max_examples=400)
@given(st.data())
def test_a_body_with_one_field_changed_is_rejected_or_written_back_the_same(
    data: st.DataObject,
) -> None:
    item = data.draw(st.sampled_from(COURT.told))
    body = data.draw(mutations(item.entry.body))
    try:
        changed = read_body(item.entry.kind, body)
    except RejectionError:
        return
    if changed is not None:
        assert changed.to_body() == body


@st.composite
def mutations(draw: st.DrawFn, value: Canonical) -> Canonical:
    """The value with one thing somewhere in it replaced."""
    if not isinstance(value, tuple) or not value or draw(st.integers(0, 5)) == 0:
        return draw(VALUES)
    position = draw(st.integers(0, len(value) - 1))
    changed = draw(mutations(value[position]))
    return (*value[:position], changed, *value[position + 1 :])


@given(st.binary(min_size=32, max_size=32) | st.none(), st.booleans())
def test_profiles_are_read_back(name: bytes | None, is_automated: bool) -> None:
    profile = Profile(name, is_automated)  # type: ignore[arg-type]
    assert Profile.from_body(profile.to_body()) == profile


@given(charts())
def test_charts_are_read_back(chart: Chart) -> None:
    assert chart_from_bytes(chart.to_bytes()) == chart


@given(evidences())
def test_evidence_is_read_back(evidence: Evidence) -> None:
    assert evidence_from_bytes(evidence.to_bytes()) == evidence


Reader = Callable[[bytes], Chart] | Callable[[bytes], Evidence]


def check_only_form(read: Reader, data: bytes) -> None:
    try:
        found = read(data)
    except RejectionError:
        return
    assert found.to_bytes() == data


@settings(max_examples=300)
@given(charts(), st.data())
def test_changed_charts_are_rejected_or_other_charts(chart: Chart, data: st.DataObject) -> None:
    fields = decode(chart.to_bytes(), 10**6)
    check_only_form(chart_from_bytes, encode(data.draw(mutations(fields))))
    mutated = bytearray(chart.to_bytes())
    mutated[data.draw(st.integers(0, len(mutated) - 1))] ^= data.draw(st.integers(1, 255))
    check_only_form(chart_from_bytes, bytes(mutated))


@settings(max_examples=300)
@given(evidences(), st.data())
def test_changed_evidence_is_rejected_or_other_evidence(
    evidence: Evidence, data: st.DataObject
) -> None:
    version, session, window, duration, chunks = decode(evidence.to_bytes(), 10**6)  # type: ignore[misc]
    assert isinstance(chunks, tuple)
    position = data.draw(st.integers(0, len(chunks) - 1))
    chunk = encode(data.draw(mutations(decode(chunks[position], 10**6))))  # type: ignore[arg-type]
    changed = (*chunks[:position], chunk, *chunks[position + 1 :])
    check_only_form(evidence_from_bytes, encode((version, session, window, duration, changed)))
    mutated = bytearray(evidence.to_bytes())
    mutated[data.draw(st.integers(0, len(mutated) - 1))] ^= data.draw(st.integers(1, 255))
    check_only_form(evidence_from_bytes, bytes(mutated))


@given(st.binary(max_size=300))
def test_any_bytes_for_a_chart_or_evidence_are_rejected_properly(data: bytes) -> None:
    check_only_form(chart_from_bytes, data)
    check_only_form(evidence_from_bytes, data)


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=9))
def test_a_merkle_root_has_domains_and_promotes_the_odd_one(leaves: list[bytes]) -> None:
    def root(level: list[bytes]) -> bytes:
        if len(level) == 1:
            return level[0]
        pairs = [level[i : i + 2] for i in range(0, len(level), 2)]
        return root([digest(INNER_DOMAIN + b"".join(p)) if len(p) == 2 else p[0] for p in pairs])

    assert merkle_root(leaves) == root([digest(LEAF_DOMAIN + leaf) for leaf in leaves])


def test_a_leaf_is_never_taken_for_an_inner_node() -> None:
    one, two = digest(LEAF_DOMAIN + b"a"), digest(LEAF_DOMAIN + b"b")
    assert merkle_root([b"a", b"b"]) != merkle_root([one + two])
    with pytest.raises(ValueError, match="needs a leaf"):
        merkle_root([])


@given(st.binary(min_size=32, max_size=32))
def test_an_identity_is_read_back_from_its_did(key: bytes) -> None:
    did = to_did(IdentityId(key))
    assert did.startswith("did:key:z6Mk")
    assert from_did(did) == key


@given(st.binary(max_size=40))
def test_base58_is_read_back(data: bytes) -> None:
    assert from_base58(to_base58(data)) == data


@given(st.text(max_size=70))
def test_any_text_for_a_did_is_refused_or_the_only_form(text: str) -> None:
    for did in (text, "did:key:z" + text, "did:key:z6Mk" + text):
        try:
            key = from_did(did)
        except ValueError:
            continue
        assert to_did(key) == did


@given(st.lists(st.integers(0, 5), max_size=30))
def test_a_path_never_names_a_holder_twice(recipients: list[int]) -> None:
    path = (IdentityId(b"0"),)
    for recipient in recipients:
        path = extended_path(path, IdentityId(str(recipient).encode()))
        assert path[-1] == str(recipient).encode()
        assert len(set(path)) == len(path)


def test_what_holds_no_lists_can_be_a_key() -> None:
    for item in COURT.told:
        assert dataclasses.is_dataclass(item)
        hash(item)
