"""Random deliveries, seeded: units that move, plans and meetings that are corrected, deleted, late or homeless.

Small on purpose, so that same-day events, month ends, leap days, 18th birthdays and withdrawn consent all meet.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Engine

from tests.builders.warehouse import deliver

Row = dict[str, Any]
_FIRST = date(2023, 11, 1)
_ACTORS = ("socialtjanst", "skola", "elevhalsa", "forskola", "bup", "barnet", "vardnadshavare")
_MUNICIPALITIES = ("1287", "1263")


class RandomWarehouse:
    """Deliveries one after the other, each later than or the same day as the one before."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._day = _FIRST + timedelta(days=self._random.randrange(60, 120))
        self._keys: dict[str, list[Row]] = {}

    @property
    def day(self) -> date:
        """The latest delivery's day."""
        return self._day

    def start(self, engine: Engine) -> None:
        """The organisation and the first rows."""
        deliver(engine, self._day.isoformat(), org_units=self._organisation(), population=self._population())
        self.deliver_some(engine)

    def deliver_some(self, engine: Engine) -> None:
        """A delivery of a few datasets of some municipalities: new rows, corrections and deletions."""
        self._day += timedelta(days=self._random.choice((0, 1, 3, 17, 31, 45)))
        datasets: dict[str, list[Row]] = {}
        gone: dict[str, list[Row]] = {}
        makers = {
            "sips": self._sip,
            "sip_participants": self._participant,
            "sip_follow_ups": self._follow_up,
            "deviations": self._deviation,
            "referrals": self._referral,
            "referral_counts": self._referral_count,
        }
        for name, make in makers.items():
            if self._random.random() < 0.3:
                continue
            rows = {self._key(name, row): row for row in (make() for _ in range(self._random.randrange(1, 25)))}
            datasets[name] = list(rows.values())
            known = [row for row in self._keys.get(name, []) if self._key(name, row) not in rows]
            if known and self._random.random() < 0.4:
                gone[name] = self._random.sample(known, min(len(known), 3))
            self._keys[name] = [row for row in known if row not in gone.get(name, [])] + datasets[name]
        if self._random.random() < 0.15:
            datasets["org_units"] = [self._moved_unit()]
        if self._random.random() < 0.15:
            datasets["population"] = [self._children(self._random.choice(_MUNICIPALITIES), 2024)]
        deliver(engine, self._day.isoformat(), gone=gone, **datasets)

    # --- rows

    def _organisation(self) -> list[Row]:
        units = [_unit("12", "region"), _unit("SV", "delregional", "12"), _unit("BUP", "unit", "12", actor="bup")]
        for code in _MUNICIPALITIES:
            units.append(_unit(f"K{code}", "municipality", "SV" if code == "1287" else "12", code))
            units.append(_unit(f"{code}-soc", "board", f"K{code}", code, area="social"))
            units.append(_unit(f"{code}-bild", "board", f"K{code}", code, area="education"))
            units += [_unit(f"{code}-{number}", "unit", f"{code}-soc", code) for number in (1, 2)]
            units.append(_unit(f"{code}-3", "unit", f"{code}-bild", code, valid_from="2024-01-15"))
        units.append(_unit("1287-2", "unit", "1287-bild", "1287", valid_from="2024-02-29"))
        units.append(_unit("1263-4", "unit", "saknas", "1263", valid_to="2024-06-30"))
        return units

    def _moved_unit(self) -> Row:
        code = self._random.choice(_MUNICIPALITIES)
        board = self._random.choice(("soc", "bild"))
        moved_on = self._past(60)
        return _unit(f"{code}-1", "unit", f"{code}-{board}", code, valid_from=moved_on)

    def _population(self) -> list[Row]:
        ages = [_children_of("1287", 2023, str(age), 300 + age) for age in range(18)]
        some = [_children_of("1263", 2023, str(age), 300 + age) for age in range(5)]
        return [*ages, *some, self._children("1263", 2025)]

    def _children(self, municipality: str, year: int) -> Row:
        return _children_of(municipality, year, "0-17", self._random.randrange(3000, 9000))

    def _sip(self) -> Row:
        municipality = self._municipality()
        initiated = self._past(150)
        called = self._maybe(0.8, self._after(initiated, 20))
        met = self._maybe(0.8, self._after(called or initiated, 40))
        consent = self._random.choice(("given", "given", "given", "withdrawn", "unknown", "declined"))
        met = None if consent == "declined" else met
        born = self._random.choice(
            (None, "2006-02-28", "2008-02-29", "2005-12-31", "2006-03-31", "2012-05-05", self._birthday())
        )
        return {
            "sip_id": f"s{self._random.randrange(40)}",
            "municipality_code": municipality,
            "unit_code": self._unit_of(municipality),
            "initiator_actor": self._random.choice(_ACTORS[:5]),
            "calling_actor": self._maybe(0.5, self._random.choice(_ACTORS[:5])),
            "initiated_on": initiated,
            "birth_date": born,
            "consent": consent,
            "consent_on": self._maybe(0.7, self._after(met or initiated, 40)),
            "called_on": called,
            "purpose_stated": self._random.random() < 0.7,
            "question_stated": self._random.random() < 0.7,
            "met_on": met,
            "agreed_follow_up_on": self._maybe(0.6, _plus(met or initiated, self._random.randrange(10, 120))),
            "followed_up_on": self._maybe(0.5, self._after(met or initiated, 120)),
            "closed_on": self._maybe(0.4, self._after(met or initiated, 90)),
        }

    def _participant(self) -> Row:
        return {
            "sip_id": f"s{self._random.randrange(45)}",
            "municipality_code": self._municipality(),
            "meeting_no": self._random.randrange(1, 3),
            "actor": self._random.choice(_ACTORS),
            "met_on": self._past(90),
            "attended": self._random.random() < 0.7,
        }

    def _follow_up(self) -> Row:
        agreed = _plus(self._past(120), self._random.randrange(0, 150))
        return {
            "sip_id": f"s{self._random.randrange(45)}",
            "municipality_code": self._municipality(),
            "follow_up_no": self._random.randrange(1, 4),
            "agreed_on": agreed,
            "held_on": self._maybe(0.6, min(_plus(agreed, self._random.randrange(-10, 25)), self._day.isoformat())),
        }

    def _deviation(self) -> Row:
        municipality = self._municipality()
        reported = self._past(150)
        return {
            "deviation_id": f"d{self._random.randrange(60)}",
            "municipality_code": municipality,
            "unit_code": self._unit_of(municipality),
            "reported_on": reported,
            "reporting_actor": "skola",
            "counterpart_actor": "bup",
            "category": "annan",
            "feedback_on": self._maybe(0.7, self._after(reported, 80)),
        }

    def _referral(self) -> Row:
        return {
            "referral_id": f"r{self._random.randrange(60)}",
            "municipality_code": "1287",
            "centre_code": "1287-1",
            "from_actor": self._random.choice(("bvc", "mvc")),
            "to_actor": "socialtjanst",
            "referred_on": self._past(90),
        }

    def _referral_count(self) -> Row:
        return {
            "municipality_code": "1263",
            "centre_code": self._random.choice(("1263-1", "1263-9")),
            "month": self._past(90)[:7],
            "from_actor": self._random.choice(("bvc", "mvc")),
            "to_actor": "socialtjanst",
            "referred": self._random.randrange(0, 9),
        }

    # --- pieces

    def _municipality(self) -> str:
        return self._random.choice(_MUNICIPALITIES)

    def _unit_of(self, municipality: str) -> str:
        own = f"{municipality}-{self._random.randrange(1, 5)}"
        return self._random.choices((own, "BUP", "okänd"), (18, 1, 1))[0]

    def _past(self, days: int) -> str:
        return (self._day - timedelta(days=self._random.randrange(days))).isoformat()

    def _after(self, day: str, days: int) -> str:
        return min(_plus(day, self._random.randrange(days)), self._day.isoformat())

    def _birthday(self) -> str:
        """Someone who turns 18 within the months at hand."""
        turns = self._day - timedelta(days=self._random.randrange(-60, 120))
        return date(turns.year - 18, turns.month, min(turns.day, 28)).isoformat()

    def _maybe(self, chance: float, value: Any) -> Any:
        return value if self._random.random() < chance else None

    def _key(self, name: str, row: Row) -> tuple[Any, ...]:
        keys = {
            "sips": ("sip_id", "municipality_code"),
            "sip_participants": ("sip_id", "municipality_code", "meeting_no", "actor"),
            "sip_follow_ups": ("sip_id", "municipality_code", "follow_up_no"),
            "deviations": ("deviation_id", "municipality_code"),
            "referrals": ("referral_id", "municipality_code"),
            "referral_counts": ("municipality_code", "centre_code", "month", "from_actor", "to_actor"),
        }
        return tuple(row[key] for key in keys[name])


def deliveries(engine: Engine, seed: int, count: int) -> Iterator[int]:
    """Start a warehouse and give the number of each delivery as it is written."""
    world = RandomWarehouse(seed)
    world.start(engine)
    for number in range(count):
        yield number
        world.deliver_some(engine)
    yield count


def _unit(code: str, level: str, parent: str | None = None, municipality: str | None = None, **more: Any) -> Row:
    own = {"unit_code": code, "name": code, "level": level, "parent_code": parent, "municipality_code": municipality}
    return own | more


def _children_of(municipality: str, year: int, age: str, children: int) -> Row:
    return {"municipality_code": municipality, "year": year, "age": age, "children": children}


def _plus(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
