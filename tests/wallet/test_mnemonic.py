import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallet.mnemonic import MnemonicError, seed_from_words, words_from_seed

# From the test vectors of BIP39 (https://github.com/trezor/python-mnemonic/blob/master/vectors.json).
BIP39_VECTORS = [
    ("00" * 32, "abandon " * 23 + "art"),
    (
        "7f" * 32,
        "legal winner thank year wave sausage worth useful legal winner thank year wave sausage "
        "worth useful legal winner thank year wave sausage worth title",
    ),
    (
        "80" * 32,
        "letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd amount "
        "doctor acoustic avoid letter advice cage absurd amount doctor acoustic bless",
    ),
    ("ff" * 32, "zoo " * 23 + "vote"),
    (
        "68a79eaca2324873eacc50cb9c6eca8cc68ea5d936f98787c60c7ebc74e6ce7c",
        "hamster diagram private dutch cause delay private meat slide toddler razor book happy "
        "fancy gospel tennis maple dilemma loan word shrug inflict delay length",
    ),
    (
        "f585c11aec520db57dd353c69554b21a89b20fb0650966fa0a9d6f74fd989d8f",
        "void come effort suffer camp survey warrior heavy shoot primary clutch crush open amazing "
        "screen patrol group space point ten exist slush involve unfold",
    ),
]


@pytest.mark.parametrize(("seed", "words"), BIP39_VECTORS)
def test_the_words_are_those_of_bip39(seed: str, words: str) -> None:
    assert words_from_seed(bytes.fromhex(seed)) == words
    assert seed_from_words(words) == bytes.fromhex(seed)


@given(st.binary(min_size=32, max_size=32))
def test_every_seed_comes_back_from_its_words(seed: bytes) -> None:
    assert seed_from_words(words_from_seed(seed)) == seed


def test_case_and_spacing_do_not_matter() -> None:
    assert seed_from_words("\n Zoo " * 23 + "\tVOTE ") == b"\xff" * 32


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("zoo " * 11 + "wrong", "There are 12 words; a recovery phrase has 24."),
        ("", "There are 0 words; a recovery phrase has 24."),
        ("zoo zooo " + "zoo " * 22, "Word 2 is not in the BIP39 list; check its spelling."),
        (
            "vote " + "zoo " * 23,
            "Every word exists, but together they do not fit; check their order.",
        ),
    ],
)
def test_wrong_words_are_refused_with_the_next_step(words: str, sentence: str) -> None:
    with pytest.raises(MnemonicError) as refusal:
        seed_from_words(words)
    assert str(refusal.value) == sentence
