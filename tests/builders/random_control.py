"""Random rows of the product's own datasets, for `tests.builders.random_warehouse`; dice of their own, so that no other
row changes."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from warehouse.contract import DATASETS

Row = dict[str, Any]
_ABOUT = DATASETS["assessments"].field("about").codes
_SIDES = DATASETS["assessments"].field("assessor").codes


class RandomControl:
    """Rows as they are on a day; a key that comes again has changed."""

    def __init__(self, seed: int, municipalities: Sequence[str]) -> None:
        self._random = random.Random(f"control {seed}")
        self._municipalities = municipalities

    def rows(self, day: date, *, everything: bool) -> dict[str, list[Row]]:
        """Some rows of some datasets, each key once."""
        found = {}
        for name, most in (("controls", 12), ("actions", 12), ("action_effects", 10), ("board_reports", 10),
                           ("assessments", 25)):  # fmt: skip
            if everything or self._random.random() < 0.7:
                made = [self._row(name, day) for _ in range(most if everything else self._random.randrange(1, most))]
                key = [field.name for field in DATASETS[name].key]
                found[name] = list({tuple(row[one] for one in key): row for row in made}.values())
        return found

    def _row(self, name: str, day: date) -> Row:
        municipality = self._random.choice(self._municipalities)
        row: Row = {"municipality_code": municipality, "unit_code": self._place(municipality)}
        number = str(self._random.randrange(20))
        if name == "action_effects":
            judged = self._random.choice(DATASETS[name].field("effect").codes)
            return row | {"action_no": number, "assessed_on": self._past(day, 150), "effect": judged}
        if name == "assessments":
            about = self._random.choice(_ABOUT)
            begins = f"{self._past(day, 300)[:7]}-01"
            grade = self._random.randrange(1, 6 if about == "maturity" else 4)
            sides = {"about": about, "assessor": self._random.choice(_SIDES), "grade": grade}
            return row | {"assessment_no": number, "period_begins_on": begins} | sides
        key, due_on, done_on = {
            "controls": ("control_no", "due_on", "done_on"),
            "actions": ("action_no", "due_on", "done_on"),
            "board_reports": ("report_no", "planned_on", "delivered_on"),
        }[name]
        due = date.fromisoformat(self._past(day, 150)) + timedelta(days=self._random.choice((0, 0, 30)))
        moments = [min(due + timedelta(days=self._random.randrange(-9, 9)), day).isoformat() for _ in range(2)]
        done, cancelled = self._random.choice(
            ((moments[0], None), (moments[0], None), (None, moments[1]), (None, None))
        )
        return row | {key: number, due_on: due.isoformat(), done_on: done, "cancelled_on": cancelled}

    def _place(self, municipality: str) -> str:
        ends = ("soc", "soc", "bild", "bild", "1", "2", "3")
        return self._random.choice((*(f"{municipality}-{one}" for one in ends), "okänd"))

    def _past(self, day: date, days: int) -> str:
        return (day - timedelta(days=self._random.randrange(days))).isoformat()
