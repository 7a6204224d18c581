"""Simulated identity numbers are right in every digit and belong to nobody."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from personnummer.personnummer import Personnummer, valid

from etl.simulate.days import age_on, birthday
from etl.simulate.people import draw

_DAYS = np.datetime64("2024-02-28") + np.arange(900).astype("timedelta64[D]")
_CHILDREN = draw(np.random.default_rng(7), _DAYS)


def test_every_number_passes_an_independent_check_and_has_a_test_serial() -> None:
    numbers = _CHILDREN.person[_CHILDREN.has_number]
    assert len(numbers) > 800
    for number in numbers:
        assert valid(number), "a simulated number fails the check"
        assert 980 <= int(number[8:11]) <= 999


def test_sex_is_the_numbers() -> None:
    for number, sex in zip(_CHILDREN.person[_CHILDREN.has_number], _CHILDREN.sex[_CHILDREN.has_number], strict=True):
        assert Personnummer(number).is_female() == (sex == "K")


def test_some_have_coordination_numbers_and_some_local_ids() -> None:
    numbers = _CHILDREN.person[_CHILDREN.has_number]
    assert 5 < sum(int(number[6:8]) > 60 for number in numbers) < 60
    assert 5 < (~_CHILDREN.has_number).sum() < 60


def test_children_are_under_18_and_some_come_again() -> None:
    assert _CHILDREN.age.min() >= 0
    assert _CHILDREN.age.max() == 17
    assert 0.04 < 1 - len(set(_CHILDREN.person)) / len(_CHILDREN.person) < 0.15


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        ("2008-03-07", "2026-03-06", 17),
        ("2008-03-07", "2026-03-07", 18),
        ("2008-02-29", "2026-02-28", 17),
        ("2008-02-29", "2026-03-01", 18),
        ("2024-12-31", "2025-01-01", 0),
    ],
)
def test_age_is_completed_years(birth: str, day: str, age: int) -> None:
    assert age_on(np.array([birth], "datetime64[D]"), np.array([day], "datetime64[D]"))[0] == age


def test_the_birthday_is_the_first_day_of_the_age() -> None:
    turns = birthday(_CHILDREN.birth, 18)
    assert (age_on(_CHILDREN.birth, turns) == 18).all()
    assert (age_on(_CHILDREN.birth, turns - np.timedelta64(1, "D")) == 17).all()
    assert birthday(np.array(["2008-02-29"], "datetime64[D]"), 18)[0].astype(date) == date(2026, 3, 1)
