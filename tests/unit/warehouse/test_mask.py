"""Masks: no valid number survives in any spelling, and codes and dates are left as they are."""

from __future__ import annotations

import re
from datetime import date
from time import process_time

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from personnummer import personnummer

from warehouse.identity.mask import EMAIL_MASK, NUMBER_MASK, PHONE_MASK, SIEVE_ANY, mask_text
from warehouse.identity.spelling import SIEVE_NUMBER, luhn_holds, numbers_in

GAPS = st.sampled_from(["", " ", "-", "–", "+", "\xa0", " - ", "  ", "\u202f"])
AROUND = st.text(alphabet="abc åö .,;:()-\n", max_size=8)


@st.composite
def _numbers(draw: st.DrawFn) -> str:
    """A valid test number of 12 digits: birth date, serial 980–999, check digit."""
    born = draw(st.dates(date(1900, 1, 1), date(2026, 5, 31)))
    nine = f"{born:%y%m%d}{draw(st.integers(980, 999))}"
    check = next(digit for digit in "0123456789" if luhn_holds(nine + digit))
    return f"{born:%Y}"[:2] + nine + check


@settings(deadline=None)
@given(_numbers(), st.booleans(), GAPS, GAPS, GAPS, AROUND, AROUND)
def test_no_valid_number_survives(
    number: str, short: bool, first: str, second: str, third: str, before: str, after: str
) -> None:
    digits = number[2:] if short else number
    spelled = digits[:-8] + first + digits[-8:-6] + second + digits[-6:-4] + third + digits[-4:]
    text = f"{before}{spelled}{after}"
    masked = mask_text(text)
    assert digits not in re.sub("[^0-9]", "", masked)
    assert pc.match_substring_regex(pa.array([text]), SIEVE_ANY)[0].as_py(), "the sieve must let it through to the mask"
    assert pc.match_substring_regex(pa.array([text]), SIEVE_NUMBER)[0].as_py()
    assert mask_text(masked) == masked


@settings(deadline=None)
@given(st.text(alphabet="0123456789 -+–/.abc@åö", max_size=60))
def test_the_sieve_never_hides_what_the_mask_would_take(text: str) -> None:
    if mask_text(text) != text:
        assert pc.match_substring_regex(pa.array([text]), SIEVE_ANY)[0].as_py()
    if list(numbers_in(text, by_form=False)):
        assert pc.match_substring_regex(pa.array([text]), SIEVE_NUMBER)[0].as_py()


@settings(deadline=None)
@given(st.text(alphabet="0123456789 -+–", max_size=40))
def test_every_number_found_is_valid(text: str) -> None:
    for _, _, digits in numbers_in(text, by_form=False):
        assert luhn_holds(digits[-10:])
        if len(digits) == 12 and not digits.endswith("0000") and digits[8:11] != "000" and int(digits[6:8]) <= 28:
            assert personnummer.valid(digits)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Ring 070-123 45 67.", f"Ring {PHONE_MASK}."),
        ("08-12 34 56, 040/123456; +46 (0)70 123 45 67", f"{PHONE_MASK}, {PHONE_MASK}; {PHONE_MASK}"),
        ("070-123-45-67 0046701234567", f"{PHONE_MASK} {PHONE_MASK}"),
        ("skriv till anna.b@exempel.se!", f"skriv till {EMAIL_MASK}"),
        ("barn 19900101-1234 (felskrivet)", f"barn {NUMBER_MASK} (felskrivet)"),
        ("reservnummer 20000101-T220", f"reservnummer {NUMBER_MASK}"),
        ("tel 0701234567 18950802-9817", f"tel {PHONE_MASK} {NUMBER_MASK}"),
    ],
)
def test_masks_by_example(text: str, masked: str) -> None:
    assert mask_text(text) == masked


@pytest.mark.parametrize(
    "text",
    ["20240307", "2024-03-07", "2024-03-07 14:30:00", "07/03/2024", "07-03-2024", "0180", "1287-101",
     "SIP-1287-00000123", "KS 2024/000123", "1 234 567", "0,25", "2024-T1", "12345678901234567890",
     "SIP 1, möte 2, 14 dagar"],
)  # fmt: skip
def test_codes_and_dates_are_left_alone(text: str) -> None:
    assert mask_text(text) == text


@pytest.mark.parametrize("text", ["1 " * 50_000, "9" * 200_000, "a" * 200_000 + "@", "+4" * 50_000, "0-" * 80_000])
def test_hostile_text_takes_linear_time(text: str) -> None:
    def cost(given: str) -> float:
        began = process_time()
        mask_text(given)
        return process_time() - began

    short, long = text[-(len(text) // 4) :], text
    assert min(cost(long) for _ in range(3)) < 12 * min(cost(short) for _ in range(3)) + 0.01
