"""A guest's browser signs exactly what the ledger checks: the same bytes, digests and words."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from consensus.encoding import Canonical, encode, tagged_digest
from consensus.entries.appreciation import Modality, Opinion, opinion_digest
from consensus.identifiers import ContentId, EntryId, IdentityId
from consensus.signing import Domain, check_signature, public_key, sign
from consensus.units import Ppm
from tests.game.client.theatre import Theatre
from wallet.mnemonic import seed_from_words, words_from_seed

pytestmark = pytest.mark.browser

ALPHABET = "aZ09 .ßé√漢🎹\n\u202e\0"
SIGN = """
async (cases) => {
  const signing = await import("/client/concert/signing.js");
  const { fromHex, opinionDigest, publicKey, signAsGuest, toHex } = signing;
  return cases.map(({ opinion, teller, seed, network }) => {
    const key = publicKey(fromHex(seed));
    const digest = opinionDigest(opinion, teller, toHex(key));
    return [toHex(key), toHex(digest), signAsGuest(fromHex(seed), network, digest)];
  });
}
"""
ENCODE = """
async (values) => {
  const { encode, fromHex, toHex } = await import("/client/concert/signing.js");
  const revive = (value) => {
    if (Array.isArray(value)) return value.map(revive);
    return value?.hex === undefined ? value : fromHex(value.hex);
  };
  return values.map((value) => toHex(encode(revive(value))));
}
"""
REFUSE = """
async () => {
  const { encode, fromHex } = await import("/client/concert/signing.js");
  const odd = [-1, 0.5, NaN, 2 ** 53, null, undefined, true, {}, 1n];
  const outcome = (what) => (value) => {
    try { return String(what(value)); } catch (error) { return error.name; }
  };
  return [...odd.map(outcome(encode)), ...["0", "zz", "0x00", " 00"].map(outcome(fromHex))];
}
"""
DOOR = """
async ([concert, teller, key, challenge]) => {
  const { doorDigest, toHex } = await import("/client/concert/signing.js");
  return toHex(doorDigest(concert, teller, key, challenge));
}
"""
WORDS = """
async ([seeds, list]) => {
  const { fromHex } = await import("/client/concert/signing.js");
  const { wordsOf } = await import("/client/concert/guest-key.js");
  return seeds.map((seed) => wordsOf(fromHex(seed), list).join(" "));
}
"""


def words(chance: random.Random, most: int) -> str:
    return "".join(chance.choices(ALPHABET, k=chance.randrange(most + 1)))


def opinion(chance: random.Random) -> dict[str, Any]:
    """What the page has in its hands."""
    return {
        "session": chance.randbytes(32).hex(), "performer": chance.randbytes(32).hex(),
        "score_ppm": chance.choice((0, 127, 128, 255, 65_536, 1_000_000, chance.randrange(10**6))),
        "tags": sorted({words(chance, 12) for _ in range(chance.randrange(5))}),
        "modality": chance.choice(list(Modality)).name.lower(), "method": words(chance, 20),
        "comment": words(chance, 280), "comment_salt": chance.randbytes(16).hex(),
        "salt": chance.randbytes(16).hex(),
    }  # fmt: skip


def as_ledger(said: dict[str, Any]) -> Opinion:
    """The same as the ledger has it."""
    comment = None
    if said["comment"]:
        salt = bytes.fromhex(said["comment_salt"])
        comment = ContentId(tagged_digest("words", salt, said["comment"]))
    return Opinion(
        EntryId(bytes.fromhex(said["session"])),
        IdentityId(bytes.fromhex(said["performer"])),
        Ppm(said["score_ppm"]),
        tuple(said["tags"]),
        Modality[said["modality"].upper()],
        said["method"],
        comment,
        bytes.fromhex(said["salt"]),
    )


@pytest.fixture
def stage(raise_curtain: Callable[..., Theatre]) -> Theatre:
    theatre = raise_curtain("--no-riffs")
    theatre.open()
    return theatre


def test_the_page_signs_opinions_as_the_ledger_checks_them(stage: Theatre) -> None:
    chance = random.Random(8)
    cases = [
        {
            "opinion": opinion(chance), "teller": chance.randbytes(32).hex(),
            "seed": chance.randbytes(32).hex(), "network": chance.choice(("main", "practice-7")),
        }
        for _ in range(120)
    ]  # fmt: skip
    answers = stage.page.evaluate(SIGN, cases)
    for case, (key, digest, signature) in zip(cases, answers, strict=True):
        seed, voice = bytes.fromhex(case["seed"]), bytes.fromhex(key)
        teller = IdentityId(bytes.fromhex(case["teller"]))
        wanted = opinion_digest(as_ledger(case["opinion"]), teller, voice)
        assert (key, digest) == (public_key(seed).hex(), wanted.hex())
        assert signature == sign(seed, case["network"], Domain.GUEST, wanted).hex()
        signed = bytes.fromhex(signature)
        check_signature(voice, signed, case["network"], Domain.GUEST, wanted)


def test_the_page_writes_canonical_bytes_at_every_size(stage: Theatre) -> None:
    sizes = (0, 1, 15, 16, 31, 32, 255, 256, 65_535, 65_536)
    numbers = (0, 127, 128, 255, 256, 65_535, 65_536, 2**32 - 1, 2**32, 2**53 - 1)
    values: list[Canonical] = [*numbers, *("x" * size for size in sizes)]
    values += [*(bytes(size) for size in sizes), *(tuple([7] * size) for size in sizes[:8])]
    values += [("door", b"\1", (b"", "", ())), "漢🎹"]
    shown = [revivable(value) for value in values]
    assert stage.page.evaluate(ENCODE, shown) == [encode(value).hex() for value in values]
    assert stage.page.evaluate(REFUSE) == ["TypeError"] * 9 + ["RangeError"] * 4


def revivable(value: Canonical) -> Any:
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    return [revivable(item) for item in value] if isinstance(value, tuple) else value


def test_the_door_and_the_words_are_those_of_the_ledger(stage: Theatre) -> None:
    chance = random.Random(9)
    concert, teller, key = chance.randbytes(16), chance.randbytes(32), chance.randbytes(32)
    parts = concert, teller, key, chance.randbytes(16)
    asked = [part.hex() for part in parts]
    wanted = tagged_digest("door", *parts)
    assert stage.page.evaluate(DOOR, asked) == wanted.hex()
    seeds = [bytes(32), b"\xff" * 32, *(chance.randbytes(32) for _ in range(40))]
    listed = stage.page.evaluate(WORDS, [[seed.hex() for seed in seeds], word_list()])
    assert listed == [words_from_seed(seed) for seed in seeds]
    assert [seed_from_words(text) for text in listed] == seeds


def word_list() -> list[str]:
    """The list, in order, by the words of seeds that count: entropy k in the first eleven bits."""
    return [words_from_seed((word << 245).to_bytes(32)).split()[0] for word in range(2_048)]
