"""Identity numbers of children who do not exist: right in every digit, but never given to anybody.

The serials 980–999 are kept by Skatteverket for test numbers. A few children have a coordination number (day + 60) or
only a local id, as newcomers do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from etl.simulate.days import age_on, birthday, texts
from etl.simulate.story import Days, Flags, Texts

ADULT = 18
_AGE_WEIGHTS = np.array([1, 1, 2, 2, 3, 4, 5, 6, 6, 7, 7, 7, 8, 9, 10, 11, 11, 9], dtype=float)
"""Of plans begun by age 0–17: teenagers most."""


@dataclass(frozen=True)
class Children:
    """One child per plan: `person` as a case system writes it; `has_number`: it is an identity number."""

    person: Texts
    has_number: Flags
    birth: Days
    sex: Texts
    age: np.ndarray


def check_digit(nine: np.ndarray) -> np.ndarray:
    """The Luhn digit after nine digits YYMMDDNNN (integers)."""
    total = np.zeros_like(nine)
    for place in range(9):
        digit = nine // 10**place % 10
        doubled = digit * 2 if place % 2 == 0 else digit
        total += doubled // 10 + doubled % 10
    return -total % 10


def identity_numbers(birth: Days, serial: np.ndarray, coordination: Flags) -> Texts:
    """Twelve digits per child; `serial` 980–999 (even: girl), `coordination`: day of birth + 60."""
    day = texts(birth, "%Y%m%d").astype(np.int64) + np.where(coordination, 60, 0)
    nine = day % 1_000_000 * 1000 + serial
    number: Texts = (day * 10_000 + serial * 10 + check_digit(nine)).astype(str).astype(object)
    return number


def draw(rng: np.random.Generator, initiated_on: Days, *, again: float = 0.1) -> Children:
    """A child aged 0–17 for each plan; a share `again` of the plans is for a child who had one before."""
    count = len(initiated_on)
    age = rng.choice(ADULT, size=count, p=_AGE_WEIGHTS / _AGE_WEIGHTS.sum())
    years = np.round((age + rng.random(count)) * 365.25).astype("timedelta64[D]")
    birth = np.minimum(initiated_on - years, initiated_on - np.timedelta64(1, "D"))
    birth = np.where(age_on(birth, initiated_on) < ADULT, birth, birth + np.timedelta64(30, "D"))
    serial = 980 + rng.integers(0, 20, count)
    kind = rng.random(count)
    local = kind > 0.98
    numbers = identity_numbers(birth, serial, kind < 0.03)
    local_ids = np.array([f"TF{number:06}" for number in range(1, count + 1)], dtype=object)

    earlier = np.floor(rng.random(count) * np.arange(count)).astype(np.int64)
    returns = (rng.random(count) < again) & (np.arange(count) > 0)
    returns &= age_on(birth[earlier], initiated_on) < ADULT
    who = np.where(returns, earlier, np.arange(count))
    return Children(
        person=np.where(local, local_ids, numbers)[who],
        has_number=~local[who],
        birth=birth[who],
        sex=np.where(serial % 2 == 0, "K", "M").astype(object)[who],
        age=age_on(birth[who], initiated_on),
    )


def adult_on(children: Children) -> Days:
    """The day each turns 18."""
    return birthday(children.birth, ADULT)
