"""Identity numbers as an address, a page or another script spells them."""

from __future__ import annotations

import sys

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from warehouse.identity.mask import NUMBER_MASK, SIEVE_ANY, mask_text
from warehouse.identity.spelling import BEYOND_SCRIPTS


def _in(zero: str, number: str) -> str:
    return "".join(chr(ord(zero) + int(sign)) if sign.isdigit() else sign for sign in number)


@pytest.mark.parametrize(
    "spelled",
    [
        "20120101%2D1234", "20120101%2d1234", "20120101&#45;1234", "20120101&#x2d;1234", "20120101:1234",
        "20120101,1234", "q=a%2020120101-1234", "20120101%201234", "20120101\uff0d1234", _in("\uff10", "20120101-1234"),
        _in("\u0660", "201201011234"), _in("\u0966", "120101-1234"),
    ],
)  # fmt: skip
def test_no_other_spelling_survives(spelled: str) -> None:
    masked = mask_text(f"Barnet {spelled} åt.")
    assert NUMBER_MASK in masked
    assert not {"1234"} & {masked[at : at + 4] for at in range(len(masked))}
    assert mask_text(masked) == masked
    assert pc.match_substring_regex(pa.array([spelled]), SIEVE_ANY)[0].as_py(), "the sieve lets it through to the mask"


@pytest.mark.parametrize(
    "text", ["kl. 2024-01-15 12:34:56,789", "a%20b%2Dc åäö", _in("\u0660", "12:34"), "20240115, 2024", "1287:20240115"]
)
def test_what_is_no_number_is_left_as_it_was(text: str) -> None:
    assert mask_text(text) == text


def test_no_digits_stand_where_they_are_not_looked_for() -> None:
    assert not any(chr(one).isdecimal() for one in range(BEYOND_SCRIPTS, sys.maxunicode + 1))
