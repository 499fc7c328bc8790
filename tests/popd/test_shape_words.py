"""What is wrong with the shape of data is said in words, with the place, and amounts in JAM."""

from typing import Annotated, Any, Literal

import msgspec
import pytest
from msgspec import Meta

from popd.shape_words import shape_in_words


class Part(msgspec.Struct):
    """A part."""

    amount_ujam: Annotated[int, Meta(ge=1, le=2_500_000)]


class Body(msgspec.Struct, forbid_unknown_fields=True):
    """Everything that a body may have."""

    parts: Annotated[list[Part], Meta(max_length=1)] = msgspec.field(default_factory=list)
    note: Annotated[str, Meta(max_length=3, pattern="^x")] = "x"
    after_s: Annotated[int, Meta(ge=0)] | None = None
    which: Literal["all", "none"] = "all"


def part(amount_ujam: object) -> dict[str, object]:
    return {"parts": [{"amount_ujam": amount_ujam}]}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"note": "xxxx"}, "note: it takes text of at most 3 characters"),
        ({"note": "a"}, "note: it takes another kind of text"),
        ({"note": 5}, "note: it takes text, and has a whole number"),
        ({"after_s": "5"}, "after_s: it takes a whole number or nothing, and has text"),
        ({"after_s": -1}, "after_s: it takes a whole number of at least 0"),
        (part(0), "parts[0].amount: it takes an amount of at least 0.000001 JAM"),
        (part(9**9), "parts[0].amount: it takes an amount of at most 2.5 JAM"),
        (part("1"), "parts[0].amount: it takes an amount in JAM, and has text"),
        ({"parts": [{}]}, "parts[0]: amount is missing"),
        ({"parts": [{"amount_ujam": 1}] * 2}, "parts: it takes a list of at most 1 items"),
        ({"which": "some"}, "which: 'some' is none of those there are"),
        ({"more": 1}, "there is nothing called 'more'"),
        ([], "it takes named values, and has a list"),
    ],
)  # fmt: skip
def test_every_mistake_has_a_place_and_words(body: Any, words: str) -> None:
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.json.decode(msgspec.json.encode(body), type=Body)
    assert shape_in_words(caught.value) == words


def test_a_sentence_that_nobody_knows_is_left_as_it_is() -> None:
    assert shape_in_words("Input data was truncated") == "Input data was truncated"
    assert shape_in_words("Odd - at `$.x`") == "x: Odd"
