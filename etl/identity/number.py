"""Personal identity numbers in a person column: read in any spelling, checked, with birth date and sex.

Works on arrays of distinct cells, so a million rows cost one pass over bytes. Rules as in
`warehouse.identity.spelling`; a serial of 000 is never given. A number of ten digits belongs to the latest century in
which the birth date is not after the given day ("+": a century earlier).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from warehouse.identity.spelling import INTERIM_LETTERS, SEPARATORS

_ANY_SEPARATOR = "[" + SEPARATORS.replace("-", "") + "-]+"
_EXCEL_FLOAT = r"^([0-9]{10,12})[.,]0+$"
_WEIGHTS = np.array([2, 1, 2, 1, 2, 1, 2, 1, 2, 1], dtype=np.int32)
_DAYS_IN_MONTH = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], dtype=np.int32)
_NO_DAY = np.datetime64("NaT", "D")


class PersonKind(IntEnum):
    """What a cell in a person column is."""

    BLANK = 0
    NUMBER = 1  # a valid personal identity or coordination number
    LOCAL = 2  # the source's own id (interim numbers too)
    INVALID = 3  # has a number's form, but is none


@dataclass(frozen=True)
class Persons:
    """Per distinct cell: its kind, the 12 digits or the local id, the birth day (NaT: unknown) and the sex.

    `identity` is clear text: it goes into the pseudonym and nowhere else.
    """

    kind: NDArray[np.int8]
    identity: list[str]
    birth: NDArray[np.datetime64]
    sex: NDArray[np.str_]


def read_persons(cells: pa.Array, latest: date) -> Persons:
    """What the cells of a person column hold; `latest` is the day after which nobody is born."""
    texts = pc.utf8_trim_whitespace(cells)
    texts = pc.replace_substring_regex(texts, pattern=_EXCEL_FLOAT, replacement=r"\1")
    bare = pc.replace_substring_regex(texts, pattern=_ANY_SEPARATOR, replacement="")
    size = len(texts)
    ten = _mask(pc.match_substring_regex(bare, "^[0-9]{10}$"))
    twelve = _mask(pc.match_substring_regex(bare, "^[0-9]{12}$"))
    kind = np.full(size, PersonKind.LOCAL, dtype=np.int8)
    kind[_mask(pc.equal(texts, ""))] = PersonKind.BLANK
    identity = texts.to_pylist()
    birth = np.full(size, _NO_DAY)
    sex = np.full(size, "", dtype="<U1")
    interim = np.flatnonzero(
        _mask(pc.match_substring_regex(bare, f"^(?:[0-9]{{2}})?[0-9]{{6}}[{INTERIM_LETTERS}][0-9]{{3}}$"))
    )
    for at in interim.tolist():
        identity[at] = bare[at].as_py()
    numbered = np.flatnonzero(ten | twelve)
    if len(numbered):
        digits = _digits(bare, ten, twelve)
        earlier = _mask(pc.match_substring(texts, "+"))[numbered]
        full, valid, days = _check(digits, ten[numbered], earlier, latest)
        kind[numbered] = np.where(valid, PersonKind.NUMBER, PersonKind.INVALID)
        birth[numbered] = np.where(valid, days, _NO_DAY)
        sex[numbered] = np.where(valid, np.where(full[:, 10] % 2 == 1, "M", "K"), "")
        joined = (full + ord("0")).astype(np.uint8).tobytes().decode("ascii")
        for position, index in enumerate(numbered.tolist()):
            identity[index] = joined[position * 12 : position * 12 + 12]
    return Persons(kind, identity, birth, sex)


def _mask(found: pa.BooleanArray) -> NDArray[np.bool_]:
    mask: NDArray[np.bool_] = found.to_numpy(zero_copy_only=False)
    return mask


def _digits(bare: pa.Array, ten: NDArray[np.bool_], twelve: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Twelve digits a row for the cells that are numbers, in order; the century of the short ones is 00."""
    either = pa.array(ten | twelve)
    padded = pc.utf8_lpad(bare.filter(either), 12, "0")
    text = "".join(padded.to_pylist()).encode("ascii")
    return (np.frombuffer(text, dtype=np.uint8).reshape(-1, 12) - ord("0")).astype(np.int32)


def _check(
    digits: NDArray[np.int32], short: NDArray[np.bool_], earlier: NDArray[np.bool_], latest: date
) -> tuple[NDArray[np.int32], NDArray[np.bool_], NDArray[np.datetime64]]:
    """The digits with their century, which of them are valid numbers, and their birth days."""
    month = digits[:, 4] * 10 + digits[:, 5]
    day = digits[:, 6] * 10 + digits[:, 7]
    day = np.where(day > 60, day - 60, day)
    year = digits[:, 0] * 1000 + digits[:, 1] * 100 + digits[:, 2] * 10 + digits[:, 3]
    this = latest.year - latest.year % 100 + year
    after = (this * 10_000 + month * 100 + day) > latest.year * 10_000 + latest.month * 100 + latest.day
    year = np.where(short, this - 100 * after - 100 * (short & earlier), year)
    leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    length = _DAYS_IN_MONTH[np.where((month >= 1) & (month <= 12), month, 0)] + (leap & (month == 2))
    products = digits[:, 2:] * _WEIGHTS
    checksum = np.where(products > 9, products - 9, products).sum(axis=1) % 10 == 0
    serial = digits[:, 8] * 100 + digits[:, 9] * 10 + digits[:, 10]
    valid = checksum & (serial > 0) & (day >= 1) & (day <= length) & (year >= 1800) & (year < 2100)
    full = digits.copy()
    full[:, 0], full[:, 1] = year // 1000, year // 100 % 10
    days = np.full(len(digits), _NO_DAY)
    months = (year[valid].astype(np.int64) - 1970) * 12 + month[valid] - 1
    days[valid] = months.astype("datetime64[M]").astype("datetime64[D]") + (day[valid] - 1).astype(np.int64)
    valid &= ~(days > np.datetime64(latest))
    return full, valid, days
