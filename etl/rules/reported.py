"""Readers of single fields with a form of their own."""

from __future__ import annotations

import re

from etl.rules.problem import quoted
from etl.rules.values import BadValue
from kpi.period import Period

_AGE = re.compile(r"(?:0?[0-9]|1[0-7])|0-17")
_YEAR = re.compile(r"(?:19|20|21)[0-9]{2}")
ALL_AGES = "0-17"


def read_age(text: str) -> str:
    """An age 0–17, or `0-17` for the sum."""
    if _AGE.fullmatch(text) is None:
        raise BadValue(
            "bad_age", f"felaktig ålder – {quoted(text)} är inte 0 till 17 eller 0-17. Rätta åldern i källan."
        )
    return text if text == ALL_AGES else str(int(text))


def read_year(text: str) -> int:
    """A year of four digits."""
    if _YEAR.fullmatch(text) is None:
        raise BadValue("bad_year", f"felaktigt år – {quoted(text)}. Skriv året med fyra siffror, som 2024.")
    return int(text)


def read_period(text: str) -> str:
    """A month, tertial or year."""
    try:
        return str(Period.parse(text))
    except ValueError as error:
        raise BadValue(
            "bad_period", f"felaktig period – {quoted(text)}. Skriv den som 2025-03, 2025-T1 eller 2025."
        ) from error


def read_split(text: str) -> str:
    """`actor=bup`, several with semicolons between: in one order, so that a cell has one key."""
    return ";".join(sorted(part.strip() for part in text.split(";") if part.strip()))
