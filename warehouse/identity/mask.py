"""Masks personal identity numbers, e-mail addresses and telephone numbers inside any text."""

from __future__ import annotations

import re

from warehouse.identity.spelling import SIEVE_FORM, SIEVE_WRITTEN, numbers_in, plainly

NUMBER_MASK = "[personnummer]"
EMAIL_MASK = "[e-post]"
PHONE_MASK = "[telefon]"

_EMAIL_CHARACTER = r"[^\s@<>\"',;:()\[\]]"
_EMAIL = re.compile(rf"{_EMAIL_CHARACTER}{{1,64}}@{_EMAIL_CHARACTER}{{1,255}}")

_GAP = "[ \xa0\u202f]?"
_AFTER_AREA = r"[ \xa0\u202f]?[ \xa0\u202f/\u2010-\u2013-][ \xa0\u202f]?"
_PHONES = (
    # +46 70-123 45 67, 0046701234567, +46 (0)70 …
    r"(?:\+|00)[1-9](?:[ \xa0()/\u2010-\u2013-]{0,3}[0-9]){6,13}",
    # 0701234567
    r"0[1-9][0-9]{5,8}",
    # 08-12 34 56, 040/123456, 070-123 45 67, 0410-123 45: an area of two to four digits, seven to ten in all
    *(rf"0[1-9][0-9]{{{more}}}{_AFTER_AREA}[0-9](?:{_GAP}[0-9]){{4,{7 - more}}}" for more in range(3)),
    # 070-123-45-67; an area of two digits would take the (wrong) date 07-03-2024
    r"0[1-9][0-9]{1,2}-[0-9]{2,3}-[0-9]{2,3}-[0-9]{2}",
)
_PHONE = re.compile(r"(?<![\w+])(?<![0-9][-.])(?:" + "|".join(_PHONES) + r")(?!\w)")

_PHONE_SIEVE = "(?:^|[^0-9A-Za-z])(?:[+]|00|0)[1-9](?:[ \xa0\u202f()/\u2010-\u2013-]{0,3}[0-9]){5}"
SIEVE_ANY = f"@|{_PHONE_SIEVE}|{SIEVE_FORM}|{SIEVE_WRITTEN}"
"""RE2: a text without a match holds nothing that `mask_text` masks."""


def mask_text(text: str) -> str:
    """The text with what identifies a person masked. Masking twice changes nothing more."""
    if "@" in text:
        text = _EMAIL.sub(EMAIL_MASK, text)
    text = mask_numbers(text)
    return _PHONE.sub(PHONE_MASK, text)


def mask_numbers(text: str) -> str:
    """The text with identity numbers masked, mistyped and interim ones too. A text with a number that only shows when
    it is plainly written is written so."""
    masked = _masked(text)
    plain = plainly(masked)
    again = _masked(plain)
    return masked if again == plain else again


def _masked(text: str) -> str:
    pieces: list[str] = []
    kept = 0
    for start, end, _ in numbers_in(text, by_form=True):
        pieces += [text[kept:start], NUMBER_MASK]
        kept = end
    return "".join([*pieces, text[kept:]]) if pieces else text
