"""Which edge cases of Ed25519 count as signatures: libsodium's strict choice, once for all."""

import json
from pathlib import Path

import pytest
from nacl import bindings, exceptions

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
