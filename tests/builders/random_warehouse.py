"""Random deliveries, seeded: units that move, plans and meetings that are corrected, deleted, late or homeless.

Small on purpose, so that same-day events, month ends, leap days, 18th birthdays and withdrawn consent all meet. Some
plans are old and forgotten, and at least one municipality's deviations reach more than a year back.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Engine

from tests.builders.random_control import RandomControl
from tests.builders.warehouse import deliver
from warehouse.contract import DATASETS, DEVIATION_CATEGORIES

Row = dict[str, Any]
_FIRST = date(2023, 11, 1)
_ACTORS = ("socialtjanst", "skola", "elevhalsa", "forskola", "bup", "barnet", "vardnadshavare")
_MUNICIPALITIES = ("1287", "1263")
_MOST = {
    "sips": 45,
    "sip_participants": 80,
    "deviations": 45,
    "survey_answers": 90,
    "agreements": 12,
    "context_values": 30,
}
_CALLED = (*_ACTORS, "habilitering", "primarvard", "polis")
_BIRTHDAYS = ("2006-02-28", "2008-02-29", "2005-12-31", "2006-03-31", "2012-05-05")
_QUESTIONS = {
    "insight_agreements": ("board_members", "staff"),
    "secrecy_confidence": ("board_members", "staff"),
    "responsibility_clear": ("board_members", "staff"),
    "follow_up_happens": ("board_members", "staff", "staff", "guardians"),
    "child_took_part": ("children", "guardians"),
    "guardian_relieved": ("guardians", "staff"),
}


class RandomWarehouse:
    """Deliveries one after the other, each later than or the same day as the one before."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._control = RandomControl(seed, _MUNICIPALITIES)
        self._day = _FIRST + timedelta(days=self._random.randrange(60, 120))
        self._keys: dict[str, list[Row]] = {}
        self._survey_days = [(self._day + timedelta(days=days)).isoformat() for days in (-420, -75, 20)]
        self._region_code = self._random.choice(("12", "0012"))
        longest = self._random.choice(_MUNICIPALITIES)
        self._reported_days = {
            code: 550 if code == longest else self._random.choice((150, 550)) for code in _MUNICIPALITIES
        }

    @property
    def day(self) -> date:
        """The latest delivery's day."""
        return self._day

    def start(self, engine: Engine) -> None:
        """The organisation and the first rows."""
        deliver(engine, self._day.isoformat(), org_units=self._organisation(), population=self._population())
        self.deliver_some(engine, everything=True)

    def deliver_some(self, engine: Engine, *, everything: bool = False) -> None:
        """A delivery of a few datasets of some municipalities: new rows, corrections and deletions."""
        self._day += timedelta(days=self._random.choice((0, 1, 3, 17, 31, 45)))
        datasets: dict[str, list[Row]] = {}
        gone: dict[str, list[Row]] = {}
        for name, make in self._makers().items():
            if not everything and self._random.random() < 0.3:
                continue
            most = _MOST.get(name, 25)
            made = [make() for _ in range(most if everything else self._random.randrange(1, most))]
            rows = {self._key(name, row): row for row in made}
            datasets[name] = list(rows.values())
            known = [row for row in self._keys.get(name, []) if self._key(name, row) not in rows]
            if known and self._random.random() < 0.4:
                gone[name] = self._random.sample(known, min(len(known), 3))
            self._keys[name] = [row for row in known if row not in gone.get(name, [])] + datasets[name]
        if self._random.random() < 0.15:
            datasets["org_units"] = [self._moved_unit()]
        if self._random.random() < 0.15:
            datasets["population"] = [self._children(self._random.choice(_MUNICIPALITIES), 2024)]
        datasets |= self._control.rows(self._day, everything=everything)
        deliver(engine, self._day.isoformat(), gone=gone, **datasets)

    def _makers(self) -> dict[str, Callable[[], Row]]:
        return {
            "sips": self._sip,
            "sip_participants": self._participant,
            "sip_follow_ups": self._follow_up,
            "sip_activities": self._activity,
            "sip_reviews": self._review,
            "deviations": self._deviation,
            "referrals": self._referral,
            "referral_counts": self._referral_count,
            "training": self._training,
            "survey_answers": self._survey_answers,
            "agreements": self._agreement,
            "meetings": self._meeting,
            "context_values": self._context_value,
        }

    # --- rows

    def _organisation(self) -> list[Row]:
        units = [_unit("12", "region"), _unit("SV", "delregional", "12"), _unit("BUP", "unit", "12", actor="bup")]
        for code in _MUNICIPALITIES:
            units.append(_unit(f"K{code}", "municipality", "SV" if code == "1287" else "12", code))
            units.append(_unit(f"{code}-soc", "board", f"K{code}", code, area="social"))
            units.append(_unit(f"{code}-bild", "board", f"K{code}", code, area="education"))
            units += [_unit(f"{code}-{number}", "unit", f"{code}-soc", code) for number in (1, 2)]
            units.append(_unit(f"{code}-3", "unit", f"{code}-bild", code, valid_from="2024-01-15"))
            units.append(_unit(f"{code}-5", "unit", f"{code}-bild", code))
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
        sip_id = self._sip_id(known=True)
        initiated = self._past(150)
        if sip_id.startswith("old"):
            initiated = _plus(self._day.isoformat(), -self._random.randrange(240, 500))
        called = self._maybe(0.8, self._after(initiated, 20))
        met = self._maybe(0.8, self._after(called or initiated, 40))
        consent = self._random.choice(("given", "given", "given", "withdrawn", "unknown", "declined"))
        met = None if consent == "declined" else met
        begun = met or initiated
        return {
            "sip_id": sip_id,
            "municipality_code": municipality,
            "unit_code": self._unit_of(municipality),
            "initiator_actor": self._random.choice(_ACTORS[:5]),
            "calling_actor": self._maybe(0.5, self._random.choice(_ACTORS[:5])),
            "initiated_on": initiated,
            "birth_date": self._random.choice((None, *_BIRTHDAYS, self._birthday())),
            "consent": consent,
            "consent_on": self._maybe(0.7, self._after(begun, 40)),
            "called_on": called,
            "purpose_stated": self._random.random() < 0.7,
            "question_stated": self._random.random() < 0.7,
            "mapped_on": self._maybe(0.3, self._after(initiated, 40)),
            "met_on": met,
        } | self._how_it_went(begun, old=sip_id.startswith("old"))

    def _how_it_went(self, begun: str, *, old: bool) -> Row:
        """A plan's life after its meeting; little happens to old ones."""
        often = 0.15 if old else 0.5
        return {
            "coordinator_named": self._random.random() < 0.7,
            "lead_principal": self._random.choice((None, "municipality", "region")),
            "child_voice": self._random.choice((None, "attended", "statement", "asked_declined", "observed", "none")),
            "agreed_follow_up_on": self._maybe(often + 0.1, _plus(begun, self._random.randrange(10, 120))),
            "activity_followed_up_on": self._maybe(often / 2, self._after(begun, 120)),
            "evaluated_on": self._maybe(often, self._after(begun, 150)),
            "goal_attainment": self._random.choice((None, "full", "partial", "none", "not_assessed")),
            "followed_up_on": self._maybe(often, self._after(begun, 120)),
            "closed_on": self._maybe(often - 0.1, self._after(begun, 90)),
            "closed_reason": self._random.choice((None, "goals_met", "moved", "consent_withdrawn", "age_18", "other")),
        }

    def _participant(self) -> Row:
        return {
            "sip_id": self._sip_id(),
            "municipality_code": self._municipality(),
            "meeting_no": self._random.randrange(1, 3),
            "actor": self._random.choice(_CALLED),
            "met_on": self._past(self._random.choice((90, 90, 450))),
            "attended": self._random.random() < 0.7,
            "absence": self._maybe(0.6, self._random.choice(("announced", "unannounced"))),
            "mandate": self._random.random() < 0.6,
        }

    def _follow_up(self) -> Row:
        agreed = _plus(self._past(120), self._random.randrange(0, 150))
        return {
            "sip_id": self._sip_id(),
            "municipality_code": self._municipality(),
            "follow_up_no": self._random.randrange(1, 4),
            "agreed_on": agreed,
            "moved_to": self._maybe(0.2, _plus(agreed, self._random.randrange(1, 60))),
            "held_on": self._maybe(0.6, min(_plus(agreed, self._random.randrange(-10, 25)), self._day.isoformat())),
        }

    def _activity(self) -> Row:
        due = _plus(self._past(150), self._random.randrange(0, 90))
        return {
            "sip_id": self._sip_id(),
            "municipality_code": self._municipality(),
            "activity_no": self._random.randrange(1, 4),
            "principal": self._random.choice(("municipality", "region", "private")),
            "actor": self._random.choice(_CALLED),
            "due_on": due,
            "completed_on": self._maybe(0.6, min(_plus(due, self._random.randrange(-10, 25)), self._day.isoformat())),
            "cancelled_on": self._maybe(0.15, self._past(60)),
        }

    def _review(self) -> Row:
        municipality = self._municipality()
        return {
            "review_id": f"g{self._random.randrange(40)}",
            "municipality_code": municipality,
            "unit_code": self._unit_of(municipality),
            "reviewed_on": self._past(200),
            "sip_id": self._maybe(0.5, self._sip_id()),
            "needs_stated": self._random.random() < 0.9,
            "responsibilities_stated": self._random.random() < 0.9,
            "other_measures_stated": self._random.random() < 0.8,
            "lead_principal_stated": self._random.random() < 0.8,
        }

    def _deviation(self) -> Row:
        municipality = self._municipality()
        reported = self._past(self._random.choice((150, self._reported_days[municipality])))
        decided = self._maybe(0.6, self._after(reported, 60))
        return {
            "deviation_id": f"d{self._random.randrange(60)}",
            "municipality_code": municipality,
            "unit_code": self._unit_of(municipality),
            "reported_on": reported,
            "reporting_actor": "skola",
            "counterpart_actor": self._random.choice(("bup", "bup", "socialtjanst", "oppen_forskola")),
            "category": self._random.choice((*DEVIATION_CATEGORIES, *["annan"] * 6, *["oklart_ansvar"] * 3)),
            "level": self._random.choice((None, "managers", "working_group", "steering_group")),
            "feedback_on": self._maybe(0.7, self._after(reported, 80)),
            "action_decided_on": decided,
            "effect_assessed_on": self._maybe(0.5, self._after(decided or reported, 120)),
            "closed_on": self._maybe(0.5, self._after(reported, 160)),
        }

    def _referral(self) -> Row:
        referred = self._past(200)
        return {
            "referral_id": f"r{self._random.randrange(60)}",
            "municipality_code": "1287",
            "centre_code": self._random.choice(("1287-1", "1287-1", "1287-2", "okänd")),
            "from_actor": self._random.choice(("bvc", "mvc")),
            "to_actor": self._random.choice(("socialtjanst", "socialtjanst", "oppen_forskola")),
            "referred_on": referred,
            "first_contact_on": self._maybe(0.7, self._after(referred, 80)),
            "outcome": self._random.choice((None, "received", "declined", "no_contact")),
        }

    def _referral_count(self) -> Row:
        referred = self._random.randrange(0, 9)
        return {
            "municipality_code": "1263",
            "centre_code": self._random.choice(("1263-1", "1263-9")),
            "month": self._past(200)[:7],
            "from_actor": self._random.choice(("bvc", "mvc")),
            "to_actor": self._random.choice(("socialtjanst", "socialtjanst", "oppen_forskola")),
            "referred": referred,
            "contact_within_30d": self._maybe(0.6, self._random.randrange(referred + 1)),
            "no_contact_60d": self._maybe(0.6, self._random.randrange(referred + 1)),
        }

    def _training(self) -> Row:
        municipality = self._municipality()
        staff = self._random.randrange(0, 20)
        return {
            "unit_code": self._random.choice(
                (self._unit_of(municipality), f"{municipality}-soc", f"{municipality}-bild")
            ),
            "month": self._past(300)[:7],
            "subject": self._random.choice(("agreements", "sip_routine", "secrecy")),
            "staff": staff,
            "trained": self._random.randrange(staff + 1),
        }

    def _survey_answers(self) -> Row:
        municipality = self._municipality()
        question = self._random.choice(tuple(_QUESTIONS))
        answered = self._random.choice([day for day in self._survey_days if day <= self._day.isoformat()])
        return {
            "survey": f"enkat-{answered[:4]}",
            "municipality_code": municipality,
            "board_code": self._board_of(municipality) or "",
            "respondents": self._random.choice(_QUESTIONS[question]),
            "answered_on": answered,
            "question": question,
            "answer": self._random.choice(("large", "large", "some", "small", "none", "dont_know")),
            "answers": self._random.randrange(0, 12),
        }

    def _agreement(self) -> Row:
        begins = _plus(self._past(700), self._random.randrange(0, 100))
        return {
            "agreement_id": f"a{self._random.randrange(14)}",
            "municipality_code": self._municipality(),
            "kind": self._random.choice(("agreement", "group_mandate")),
            "valid_from": begins,
            "valid_to": self._maybe(0.6, _plus(begins, self._random.randrange(0, 600))),
            "signed_on": self._maybe(0.7, min(_plus(begins, self._random.randrange(-30, 60)), self._day.isoformat())),
        }

    def _meeting(self) -> Row:
        municipality = self._municipality()
        planned = _plus(self._past(250), self._random.randrange(0, 60))
        held = self._maybe(0.8, min(_plus(planned, self._random.choice((0, 0, 7))), self._day.isoformat()))
        return {
            "meeting_id": f"m{self._random.randrange(40)}",
            "municipality_code": municipality,
            "forum": self._random.choice(("central", "delregional", "local", "steering", "information", "information")),
            "board_code": self._board_of(municipality),
            "planned_on": planned,
            "held_on": held,
            "minutes_on": self._maybe(0.7, self._after(held, 30)) if held else None,
            "children_on_agenda": self._random.random() < 0.5,
        }

    def _context_value(self) -> Row:
        series = self._random.choice(("U72552", "N15608", "N15638", "U33578"))
        return {
            "kpi_id": series,
            "municipality_code": self._region_code if series == "U72552" else self._municipality(),
            "year": self._random.randrange(2021, 2024),
            "sex": self._random.choice(("T", "T", "K", "M")),
            "value": self._maybe(0.8, self._random.randrange(1000) / 10),
        }

    # --- pieces

    def _municipality(self) -> str:
        return self._random.choice(_MUNICIPALITIES)

    def _sip_id(self, *, known: bool = False) -> str:
        """A plan's id; what hangs on a plan may name one that was never delivered."""
        if self._random.random() < (0.3 if known else 0.03):
            return f"old{self._random.randrange(15)}"
        return f"s{self._random.randrange(40 if known else 45)}"

    def _board_of(self, municipality: str) -> str | None:
        boards = (None, f"{municipality}-soc", f"{municipality}-bild", "okänd")
        return self._random.choices(boards, (6, 6, 6, 1))[0]

    def _unit_of(self, municipality: str) -> str:
        """Mostly one of a few; unit 5 is nearly silent."""
        own = f"{municipality}-{self._random.choice('11122234')}"
        return self._random.choices((own, f"{municipality}-5", "BUP", "okänd"), (36, 1, 2, 2))[0]

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
        return tuple(row[field.name] for field in DATASETS[name].key)


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
