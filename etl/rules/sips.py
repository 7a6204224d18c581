"""The rules of plans alone: birth and sex from the number, age at the event, consent.

Contract.md, "sips": 18 or older at `initiated_on` is out of scope; a plan with consent declined has no `met_on`.
"""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from etl.identity.number import Persons
from etl.rules.problem import Problem
from etl.rules.typed import NO_DAY, Typed

_EPOCH = date(1970, 1, 1).toordinal()
_OF_AGE = 18


def derive(typed: dict[str, Typed], persons: Persons, codes: NDArray[np.int32]) -> None:
    """Fill in blank birth days and sexes from the number, and the calling actor from the initiator."""
    days = persons.birth.astype("datetime64[D]")
    ordinals = np.where(np.isnat(days), NO_DAY, days.astype(np.int64) + _EPOCH)[codes]
    given = typed["birth_date"].ordinals
    typed["birth_date"] = Typed.of_ordinals(np.where(given == NO_DAY, ordinals, given))
    sexes = Typed(_sex_codes(persons)[codes], [None, "K", "M"])
    typed["sex"] = typed["sex"].where_null(sexes)
    typed["calling_actor"] = typed["calling_actor"].where_null(typed["initiator_actor"])


def _sex_codes(persons: Persons) -> NDArray[np.int32]:
    return np.where(persons.sex == "K", 1, np.where(persons.sex == "M", 2, 0)).astype(np.int32)


def is_grown(typed: dict[str, Typed]) -> NDArray[np.bool_]:
    """Per row: 18 or older when the plan was initiated (an unknown birth day counts as under)."""
    born, begun = typed["birth_date"].ordinals, typed["initiated_on"].ordinals
    known = (born != NO_DAY) & (begun != NO_DAY)
    grown = np.zeros(len(born), dtype=np.bool_)
    birth_year, birth_day = _year_and_day(born[known])
    year, day = _year_and_day(begun[known])
    grown[known] = year - birth_year - (day < birth_day) >= _OF_AGE
    return grown


def _year_and_day(ordinals: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Year, and month × 100 + day."""
    days = (ordinals - _EPOCH).astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    number = months.astype(np.int64)
    return number // 12 + 1970, (number % 12 + 1) * 100 + (days - months).astype(np.int64) + 1


def check(typed: dict[str, Typed]) -> list[Problem]:
    """Consent declined with a meeting held."""
    declined = typed["consent"].of_values([value == "declined" for value in typed["consent"].values])
    rows = np.flatnonzero(declined & ~typed["met_on"].is_null)
    sentence = (
        "möte trots nekat samtycke – en plan med consent declined har inget met_on. "
        "Rätta samtycket eller mötesdagen i källan."
    )
    return [Problem("met_on", "declined_but_met", rows, lambda _: sentence)]
