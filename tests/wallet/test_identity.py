import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from wallet.identity import Identity

SEEDS = st.binary(min_size=32, max_size=32)


def test_the_first_vector_of_rfc_8032_holds() -> None:
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    identity = Identity.from_seed(seed)
    assert (identity.public_key.hex(), identity.sign(b"").hex()) == (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701c"
        "f9b46bd25bf5f0595bbe24655141438e7a100b",
    )


@given(SEEDS, st.binary(max_size=200))
def test_a_signature_verifies_for_its_message_and_no_other(seed: bytes, message: bytes) -> None:
    identity = Identity.from_seed(seed)
    signature = identity.sign(message)
    assert len(signature) == 64
    verify_key = VerifyKey(identity.public_key)
    assert verify_key.verify(message, signature) == message
    with pytest.raises(BadSignatureError):
        verify_key.verify(message + b"\0", signature)


@given(SEEDS)
def test_an_identity_comes_back_from_its_words(seed: bytes) -> None:
    identity = Identity.from_seed(seed)
    assert identity.seed == seed
    assert Identity.from_words(identity.words) == identity


def test_printing_an_identity_shows_no_secret() -> None:
    assert repr(Identity.from_seed(b"\x07" * 32)) == "Identity()"
