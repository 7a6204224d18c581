"""How a personal identity number may be spelled inside a text: patterns for `re` and, as a first sieve, for RE2.

All patterns are made of digits and separators, which never overlap, with bounded repeats: they run in linear time.
Rules: Skatteverket, SKV 704 (personnummer: six or eight digits of birth, three of serial, one check digit after Luhn,
"+" for those over a hundred) and SKV 707 (samordningsnummer: the day plus 60).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

SEPARATORS = (
    " \t\r\n\xa0\xad/._+-\u2007\u2009\u200b\u200c\u200d\u2010\u2011\u2012\u2013\u2014\u2015"
    "\u202f\u2060\u2212\ufe63\ufeff\uff0b\uff0d"
)
_HYPHENS = "+\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0b\uff0d-"
INTERIM_LETTERS = "TRSUWXJKLMN"

_S = "[" + SEPARATORS.replace("-", "") + "-]{0,3}"
_D = "[0-9]"
_MONTH = f"(?:0{_S}[1-9]|1{_S}[0-2])"
_DAY = f"(?:0{_S}[1-9]|[12]{_S}[0-9]|3{_S}[01]|6{_S}[1-9]|[78]{_S}[0-9]|9{_S}[01])"
_TEN = _S.join([_D, _D, _MONTH, _DAY, _D, _D, _D, _D])
_TWELVE = f"(?:1{_S}[89]|2{_S}0){_S}{_TEN}"

_BIRTH = "[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]|6[1-9]|[78][0-9]|9[01])"
_CENTURY = "(?:18|19|20)"
_FORM = (
    f"(?:{_CENTURY}?{_BIRTH} ?[{_HYPHENS}] ?[0-9]{{4}}"
    f"|{_CENTURY}{_BIRTH}[:,]?[0-9]{{4}}"
    f"|{_CENTURY}?{_BIRTH} ?[{_HYPHENS}]?[{INTERIM_LETTERS}][0-9]{{3}})"
)

BEYOND_SCRIPTS = 0x20000
"""Ideographs and private use: no digits stand there, and to look would cost every start a tenth of a second."""
_OTHER_DIGITS = "".join(
    f"{chr(zero)}-{chr(zero + 9)}" for zero in range(0x80, BEYOND_SCRIPTS) if unicodedata.decimal(chr(zero), None) == 0
)
SIEVE_WRITTEN = f"[{_OTHER_DIGITS}]|%2[0BDbd]|&#(?:45|x2[Dd]);"
"""RE2: a text without a match is as `plainly` writes it."""

SIEVE_NUMBER = f"(?:^|[^0-9])(?:{_TWELVE}|{_TEN})(?:$|[^0-9])"
"""RE2: a text without a match holds no identity number; one with a match is looked at by `numbers_in`."""
SIEVE_FORM = f"(?:^|[^0-9])(?:{_TWELVE}|{_TEN}|{_FORM})(?:$|[^0-9])"
"""RE2: as SIEVE_NUMBER, and what has a number's form though the check digit may be wrong."""

_START = re.compile(r"(?<![0-9])[0-9]")
_PATTERNS = tuple(re.compile(f"{pattern}(?![0-9])") for pattern in (_TWELVE, _TEN))
_FORM_PATTERN = re.compile(f"{_FORM}(?![0-9])")
_DECODED = {"%20": " ", "%2B": "+", "%2D": "-", "&#45;": "-", "&#X2D;": "-"}
_ENCODED = re.compile("%2[0BDbd]|&#(?:45|[xX]2[Dd]);")
_NOT_DIGITS = re.compile("[^0-9]")


def numbers_in(text: str, *, by_form: bool) -> Iterator[tuple[int, int, str]]:
    """Start, end and digits (10 or 12; '' for an interim number) of every identity number in the text, in order.

    With `by_form` a mistyped number counts too: a possible birth date and four more digits, joined as numbers are
    written. Without it only what passes the check digit does, since a key may look like anything.
    """
    position = 0
    while (start := _START.search(text, position)) is not None:
        position = start.end()
        for pattern in _PATTERNS:
            match = pattern.match(text, start.start())
            if match is not None and luhn_holds(digits := _NOT_DIGITS.sub("", match[0])[-10:]):
                yield match.start(), match.end(), _NOT_DIGITS.sub("", match[0]) if digits else digits
                position = match.end()
                break
        else:
            match = _FORM_PATTERN.match(text, start.start()) if by_form else None
            if match is not None:
                yield match.start(), match.end(), ""
                position = match.end()


def plainly(text: str) -> str:
    """The text with every script's digits as 0–9, and separators that an address or a page has encoded decoded."""
    if not text.isascii():
        text = "".join(str(unicodedata.decimal(sign, sign)) for sign in text)
    return _ENCODED.sub(lambda found: _DECODED[found[0].upper()], text)


def luhn_holds(ten: str) -> bool:
    """Whether the last of ten digits is the check digit of the nine before (Luhn, weights 2 1 2 …)."""
    total = 0
    for index, digit in enumerate(ten):
        product = int(digit) * (2 - index % 2)
        total += product - 9 if product > 9 else product
    return total % 10 == 0
