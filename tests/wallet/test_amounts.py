"""Amounts are read strictly, and written so that they are read as the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallet.amounts import MAX_AMOUNT_UJAM, AmountError, amount_in, in_jam


@given(st.integers(1, MAX_AMOUNT_UJAM))
def test_what_is_written_is_read_as_the_same(amount_ujam: int) -> None:
    assert amount_in(in_jam(amount_ujam)) == amount_ujam


@pytest.mark.parametrize(
    ("text", "amount_ujam"), [("1.5", 1_500_000), ("0.000001", 1), ("10", 10_000_000)]
)
def test_amounts_are_digits_and_a_point(text: str, amount_ujam: int) -> None:
    assert (amount_in(text), in_jam(amount_ujam)) == (amount_ujam, text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "1_0", "\u0661\u066b\u0665", "\u0661", "1e3", "0x10", " 1", "1 ", "+1", "-1", "1\n"),
        *("1,5", "1.", ".5", "01", "0", "0.0000001", "1.0000000", "9223372036854.775808"),
        *("inf", "nan", "9" * 400),
    ],
)
def test_anything_else_is_no_amount(text: str) -> None:
    with pytest.raises(AmountError):
        amount_in(text)
