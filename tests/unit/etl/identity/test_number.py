"""Identity numbers against official test numbers and against the `personnummer` package, written by others."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from personnummer import personnummer

from etl.identity.number import PersonKind, read_persons

TODAY = date(2026, 6, 1)
# Official test numbers (Skatteverket), never given to anybody.
OFFICIAL = ["189508029817", "189601109805", "197602142395", "198405302384", "200002292399"]


def _one(cell: str, latest: date = TODAY) -> tuple[PersonKind, str, str, str]:
    persons = read_persons(pa.array([cell]), latest)
    return PersonKind(persons.kind[0]), persons.identity[0], str(persons.birth[0]), str(persons.sex[0])


@pytest.mark.parametrize("number", OFFICIAL)
def test_official_numbers_in_every_spelling(number: str) -> None:
    birth = f"{number[:4]}-{number[4:6]}-{number[6:8]}"
    sex = "M" if int(number[10]) % 2 else "K"
    for cell in (
        number, f"{number[:8]}-{number[8:]}", f"{number[:8]}–{number[8:]}", f" {number[:8]} {number[8:]} ",
        f"{number[:8]}\xa0{number[8:]}", f"{number}.0", f"{number},0", f"{birth} {number[8:]}",
        f"{number[:8]} - {number[8:]}",
    ):  # fmt: skip
        assert _one(cell) == (PersonKind.NUMBER, number, birth, sex), cell


def test_ten_digits_belong_to_the_latest_possible_century() -> None:
    assert _one("000229-2399")[1] == "200002292399"
    assert _one("950802-9817")[1] == "199508029817"
    assert _one("950802+9817")[1] == "189508029817"
    assert _one("000229-2399", date(2000, 2, 28))[1] != "200002292399"


def test_coordination_number_has_the_day_plus_sixty() -> None:
    kind, number, birth, _ = _one("19701063-2391")
    assert (kind, number, birth) == (PersonKind.NUMBER, "197010632391", "1970-10-03")


@pytest.mark.parametrize(
    "cell",
    ["195508029810", "19901301-2384", "19900230-2384", "20150916-0006", "121212-1213", "1234567890", "29900101-2384"],
)
def test_a_number_that_fails_its_checks_is_invalid(cell: str) -> None:
    assert _one(cell)[0] is PersonKind.INVALID


@pytest.mark.parametrize("cell", ["L-17", "elev 4711", "20000101-T220", "A1", "12345"])
def test_what_has_no_numbers_form_is_a_local_id(cell: str) -> None:
    assert _one(cell)[0] is PersonKind.LOCAL


def test_blank_is_blank() -> None:
    assert _one("  ")[0] is PersonKind.BLANK


def test_nobody_is_born_after_the_day() -> None:
    assert _one("200002292399", date(2000, 2, 28))[0] is PersonKind.INVALID


@settings(deadline=None)
@given(
    st.dates(date(1900, 1, 1), date(2026, 5, 31)),
    st.integers(980, 999),
    st.integers(0, 9),
    st.sampled_from(["", "-", "–", " "]),
)
def test_agrees_with_the_personnummer_package(born: date, serial: int, check: int, separator: str) -> None:
    digits = f"{born:%Y%m%d}{serial}{check}"
    kind, number, birth, sex = _one(f"{digits[:8]}{separator}{digits[8:]}")
    assert (kind is PersonKind.NUMBER) == personnummer.valid(digits)
    if kind is PersonKind.NUMBER:
        theirs = personnummer.parse(digits)
        assert (number, birth) == (digits, born.isoformat())
        assert (sex == "M") == theirs.is_male()
