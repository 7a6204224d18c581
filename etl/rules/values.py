"""Texts to typed values, one function per kind of field; all problems as Swedish sentences with the remedy.

Contract.md, "Files as they really come". A reader takes one text without blanks around it, never a blank one, and
returns the value or raises `BadValue`. Readers run once per distinct text of a column.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time

from etl.rules.problem import CODES, quoted
from warehouse.contract import Field, Kind

Value = str | int | float | bool | date

_DAY = re.compile(
    r"(?:([0-9]{4})-([0-9]{2})-([0-9]{2})(?: ([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?)?|([0-9]{4})([0-9]{2})([0-9]{2}))"
)
_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_THOUSANDS = re.compile(r"(?<=[0-9])[ \xa0\u202f\u2009](?=[0-9]{3}(?:[^0-9]|$))")
_INTEGER = re.compile(r"[0-9]{1,9}")
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:[.,][0-9]{1,15})?")
_MUNICIPALITY = re.compile(r"[0-9]{4}")
_TRUE = frozenset({"ja", "j", "sant", "true", "1"})
_FALSE = frozenset({"nej", "n", "falskt", "false", "0"})
LONGEST_CODE = 200


class BadValue(Exception):
    """The text is no value of the field: the broken rule's name and a Swedish sentence."""

    def __init__(self, rule: str, sentence: str) -> None:
        super().__init__(sentence)
        self.rule = rule
        self.sentence = sentence


FORMULA = BadValue(
    "formula",
    "formel i cellen – värdet beror på när filen senast räknades om. Klistra in cellens värde i stället för formeln.",
)


def read_day(text: str) -> date:
    """`2024-03-07`, `20240307`, `2024-03-07 14:30[:00]`; nothing else."""
    match = _DAY.fullmatch(text)
    if match is None:
        raise BadValue(
            "bad_date",
            f"felaktigt datum – {quoted(text)} går inte att läsa. Skriv dagen som 2024-03-07 eller 20240307.",
        )
    year, month, day = match.group(1, 2, 3) if match[1] else match.group(7, 8, 9)
    try:
        if match[4]:
            time(int(match[4]), int(match[5]), int(match[6] or 0))
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise BadValue(
            "impossible_date", f"omöjligt datum – {quoted(text)} finns inte i kalendern. Rätta dagen i källan."
        ) from error


def read_month(text: str) -> str:
    """`2024-03`."""
    if _MONTH.fullmatch(text) is None:
        raise BadValue("bad_month", f"felaktig månad – {quoted(text)} går inte att läsa. Skriv månaden som 2024-03.")
    return text


def read_boolean(text: str) -> bool:
    """ja/nej, j/n, sant/falskt, true/false, 1/0, in any case."""
    word = text.casefold()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise BadValue(
        "bad_boolean",
        f"okänt ja/nej-värde – {quoted(text, CODES)}. Skriv ja eller nej, eller lägg till ordet i mappningen.",
    )


def read_integer(text: str) -> int:
    """A whole number from 0, with thousands apart or not."""
    digits = _THOUSANDS.sub("", text)
    if _INTEGER.fullmatch(digits) is None:
        raise BadValue(
            "bad_integer", f"felaktigt antal – {quoted(text)} är inget helt tal från 0. Rätta talet i källan."
        )
    return int(digits)


def read_number(text: str) -> float:
    """A decimal number with comma or point, with thousands apart or not."""
    digits = _THOUSANDS.sub("", text).replace("\u2212", "-")
    if _NUMBER.fullmatch(digits) is None:
        raise BadValue("bad_number", f"felaktigt tal – {quoted(text)} går inte att läsa. Skriv talet som 12,5.")
    return float(digits.replace(",", "."))


def read_code(text: str) -> str:
    """Any text of a code's length, as it stands."""
    if len(text) > LONGEST_CODE:
        raise BadValue("too_long", f"för lång kod – fler än {LONGEST_CODE} tecken. Kontrollera kolumnen i källan.")
    return text


def read_municipality(text: str) -> str:
    """Four digits: a lost zero is told, not guessed."""
    if _MUNICIPALITY.fullmatch(text) is None:
        raise BadValue(
            "bad_municipality",
            f"felaktig kommunkod – {quoted(text)} är inte fyra siffror. Leverera koden som text, med nollor först.",
        )
    return text


def choice_reader(field: Field) -> Callable[[str], str]:
    """One of the field's codes, exactly."""

    def read(text: str) -> str:
        if text not in field.codes:
            raise unknown_code(text, f"Tillåtna är {', '.join(field.codes)}.")
        return text

    return read


def unknown_code(text: str, allowed: str) -> BadValue:
    """The sentence for a code that neither the contract nor the mapping knows."""
    return BadValue(
        "unknown_code",
        f"okänd kod – {quoted(text, CODES)} finns inte. {allowed} "
        "Rätta koden i källan eller lägg till den i mappningen.",
    )


def reader_of(field: Field) -> Callable[[str], Value]:
    """The reader of a field's kind (persons are read by `etl.identity`)."""
    if field.name == "municipality_code":
        return read_municipality
    match field.kind:
        case Kind.DAY:
            return read_day
        case Kind.MONTH:
            return read_month
        case Kind.BOOLEAN:
            return read_boolean
        case Kind.INTEGER:
            return read_integer
        case Kind.NUMBER:
            return read_number
        case Kind.CHOICE:
            return choice_reader(field)
        case Kind.CODE:
            return read_code
        case _:
            return str
