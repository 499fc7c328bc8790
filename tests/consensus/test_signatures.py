"""Which edge cases of Ed25519 count as signatures: libsodium's strict choice, once for all."""

import json
from pathlib import Path

import pytest
from nacl import bindings, exceptions

from consensus.signing import is_public_key, public_key

VECTORS = json.loads(
    (Path(__file__).parents[1] / "vectors" / "ed25519_edge_cases.json").read_text()
)


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["about"])
def test_an_edge_case_is_judged_as_recorded(case: dict[str, str | bool]) -> None:
    key, message, signature = (
        bytes.fromhex(str(case[name])) for name in ("key", "message", "signature")
    )
    try:
        bindings.crypto_sign_open(signature + message, key)
        valid = True
    except exceptions.BadSignatureError:
        valid = False
    assert valid is case["valid"]


def test_only_a_canonical_point_of_large_order_is_a_key() -> None:
    key = public_key(bytes(32))
    one, order_two, not_canonical = (
        b"\1" + bytes(31),
        b"\xec" + b"\xff" * 30 + b"\x7f",
        b"\xff" * 32,
    )
    candidates = (key, key[:31], key + b"\0", b"", bytes(32), one, order_two, not_canonical)
    assert [is_public_key(candidate) for candidate in candidates] == [True] + [False] * 7
