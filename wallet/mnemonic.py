"""Twenty-four BIP39 words are a seed written down, and the seed is exactly their entropy.

BIP39 goes on to stretch the words into a 64-byte seed for wallets of many keys. An identity has
one key and needs 32 bytes, which is what 24 words carry, so nothing is stretched: words and seed
can be turned into each other, in both directions, with pen, paper and any BIP39 word list.
"""

import unicodedata

from mnemonic import Mnemonic

SEED_BYTES = 32
WORD_COUNT = 24

_ENGLISH = Mnemonic("english")
_KNOWN_WORDS = frozenset(_ENGLISH.wordlist)


class MnemonicError(Exception):
    """Words that are not a seed. The sentence says what to look at, and repeats no word."""


def all_words() -> tuple[str, ...]:
    """The 2,048 words of the list, in order."""
    return tuple(_ENGLISH.wordlist)


def words_from_seed(seed: bytes) -> str:
    """Return the 24 words, separated by single spaces, of a seed of 32 bytes."""
    assert len(seed) == SEED_BYTES
    return _ENGLISH.to_mnemonic(seed)


def seed_from_words(text: str) -> bytes:
    """Return the 32 bytes that 24 words stand for; case and spacing do not matter.

    Raises MnemonicError when the number of words, a word or the checksum is wrong.
    """
    words = unicodedata.normalize("NFKD", text).lower().split()
    check_words(words)
    return bytes(_ENGLISH.to_entropy(words))


def check_words(words: list[str]) -> None:
    """Raise MnemonicError unless these are 24 known words whose checksum agrees."""
    if len(words) != WORD_COUNT:
        raise MnemonicError(f"There are {len(words)} words; a recovery phrase has {WORD_COUNT}.")
    for place, word in enumerate(words, start=1):
        if word not in _KNOWN_WORDS:
            raise MnemonicError(f"Word {place} is not in the BIP39 list; check its spelling.")
    if not _ENGLISH.check(" ".join(words)):
        raise MnemonicError("Every word exists, but together they do not fit; check their order.")
