"""Seven actions: three with a shown effect (one has given a new usual level), one late, one due soon, one planned, one
given up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import Engine, select

from control.actions.content import CostClass, Effect, Origin, Status
from control.actions.form import ActionForm
from control.actions.judging import accept_rebase, sign_effect
from control.actions.store import read_action
from control.actions.work import comment_action, move_action, start_action
from etl.demo_control.cast import BOARD, CHIEF, CONTROLLER, DEVELOPER
from etl.demo_steps import Step, moment
from kpi.access import Viewer
from kpi.definition import Catalogue
from warehouse import clock
from warehouse.action_tables import action
from warehouse.database import reading
from warehouse.errors import UserError

_FIRST_JUDGED, _JUDGED = timedelta(days=240), timedelta(days=310)
"""So long after its beginning an effect is judged: with seven whole months, and with the summer after it."""


@dataclass(frozen=True)
class _Told:
    """An action to be. Days and expected values as a form has them are made of the rest."""

    what: str
    root_cause: str
    responsible: str
    begins: date
    due: date
    kpi_id: str
    expected: tuple[str, str] = ("", "")
    unit_code: str | None = None
    origin: Origin = Origin.FIGURE
    reference: str = ""
    cost_class: CostClass = CostClass.LOW
    by: Viewer = CHIEF

    @property
    def form(self) -> ActionForm:
        """As it is written."""
        return ActionForm(
            self.what, self.root_cause, self.responsible, self.begins.isoformat(), self.due.isoformat(),
            *self.expected, self.cost_class, self.origin, self.reference,
        )  # fmt: skip


def action_steps(
    engine: Engine, catalogue: Catalogue, today: date, *, unit_code: str, recovers_on: date, checklist_on: date,
    calls_back_on: date,
) -> Iterator[Step]:  # fmt: skip
    """`recovers_on`: when follow-up at the unit was put right; `checklist_on`: when calls got a checklist;
    `calls_back_on`: the first month in which the familjecentral called every family back."""

    def days(number: int) -> timedelta:
        return timedelta(days=number)

    turnover = _Told(
        "Dela uppföljningarna på Barn och familj söder mellan två handläggare och gå igenom listan varje vecka",
        "När handläggare slutade fördes deras uppföljningar inte över till någon annan.",
        "Enhetschefen Barn och familj söder", recovers_on, recovers_on + days(90), "sip_followed_up_in_time",
        ("55", "85"), unit_code, Origin.CONTROL, "Uppföljning i tid, månadskontrollen",
    )  # fmt: skip
    yield from _begun(engine, catalogue, turnover, -days(20))
    yield from _commented(engine, turnover, recovers_on + days(35), "Alla öppna planer har fått en ny handläggare.")
    yield from _done(engine, turnover, recovers_on + days(84))
    why = "Fler uppföljningar hålls i tid, men månaderna skiljer sig mycket. Vi ser om sommaren klaras."
    yield _judged(engine, catalogue, turnover, _FIRST_JUDGED, Effect.PARTLY, why)
    why = "Uppföljningarna hålls i tid sedan arbetet delades, också under sommaren. Veckolistan blir kvar."
    yield _judged(engine, catalogue, turnover, _JUDGED, Effect.YES, why)

    checklist = _Told(
        "Inför en checklista för kallelser med syfte och frågeställning",
        "Kallelserna skrevs på olika sätt, och mottagaren visste inte varför just den behövdes.",
        "Verksamhetsutvecklaren", checklist_on, checklist_on + days(120), "sip_call_complete", ("60", "95"),
    )  # fmt: skip
    yield from _begun(engine, catalogue, checklist, -days(30))
    yield from _done(engine, checklist, checklist_on + days(140))
    why = "Kallelserna är klart bättre än före checklistan, men några enheter glömmer frågeställningen."
    yield _judged(engine, catalogue, checklist, _FIRST_JUDGED, Effect.PARTLY, why)

    starts_on = calls_back_on - days(12)  # before the month, so that the whole of it comes after
    back = _Told(
        "Ring upp varje familj inom en vecka efter en hänvisning och fråga om kontakten har blivit av",
        "Ingen märkte när en hänvisning inte kom fram. Under ett halvår gick många till vårdcentralen förlorade.",
        "Enhetschefen Familjecentralen", starts_on, starts_on + days(120), "referral_contact_30d", ("75", "90"),
    )  # fmt: skip
    yield from _begun(engine, catalogue, back, -days(25))
    yield from _done(engine, back, starts_on + days(110))
    why = "Nästan alla familjer har nu kontakt inom en månad, och så har det varit varje månad sedan vi började ringa."
    yield _judged(engine, catalogue, back, _FIRST_JUDGED, Effect.YES, why)

    late = _Told(
        "Avtala fasta mötestider för SIP med barn- och ungdomspsykiatrin och skolan",
        "Möten blir sena när fem verksamheter ska hitta en gemensam tid för varje barn.",
        "Förvaltningschefen", today - days(190), today - days(18), "sip_met_30d", ("60", "80"),
        cost_class=CostClass.NONE,
    )  # fmt: skip
    yield from _begun(engine, catalogue, late, days(0))
    yield from _commented(engine, late, today - days(40), "Skolan är med. Regionen svarar efter sitt ledningsmöte.")

    soon = _Told(
        "Utse en ansvarig för varje avvikelse samma vecka som den kommer in",
        "Avvikelser som rör flera parter blev liggande, eftersom ingen visste vem som skulle svara.",
        "Verksamhetsutvecklaren", today - days(75), today + days(9), "deviation_answered_60d", ("70", "90"),
        origin=Origin.DEVIATIONS, reference="Avvikelser om utebliven återkoppling", by=DEVELOPER,
    )  # fmt: skip
    yield from _begun(engine, catalogue, soon, days(0))

    planned = _Told(
        "Utbilda nämndens ledamöter och nya chefer i överenskommelserna med regionen",
        "Utbildningen har inte omfattat ledamöter, och nya chefer får ingen introduktion.",
        "Förvaltningschefen", today + days(24), today + days(140), "training_coverage",
        origin=Origin.DECISION, reference=f"SN {(today - days(14)).year}/301", cost_class=CostClass.MEDIUM,
        by=CONTROLLER,
    )  # fmt: skip
    yield from _begun(engine, catalogue, planned, -(planned.begins - today) - days(12))

    given_up = _Told(
        "Ta fram en egen blankett för samtycke",
        "Samtycke antecknas på olika ställen och går inte alltid att hitta.",
        "Verksamhetsutvecklaren", today - days(260), today - days(120), "sip_consent_documented",
        origin=Origin.CONTROL, reference="Dokumenterat samtycke, kvartalskontrollen",
    )  # fmt: skip
    yield from _begun(engine, catalogue, given_up, days(0))
    why = "Regionen och kommunerna har enats om en gemensam blankett. En egen behövs inte."
    at = moment(today - days(170), 11)
    yield Step(at, partial(_move, engine, given_up, Status.CANCELLED, why))


def _begun(engine: Engine, catalogue: Catalogue, one: _Told, before: timedelta) -> Iterator[Step]:
    """Written so long from its day of beginning, and begun then."""
    yield Step(moment(one.begins + before, 14), partial(_start, engine, catalogue, one))
    if before:
        yield Step(moment(one.begins, 8, 30), partial(_move, engine, one, Status.STARTED, ""))


def _done(engine: Engine, one: _Told, day: date) -> Iterator[Step]:
    yield Step(moment(day, 15), partial(_move, engine, one, Status.DONE, ""))


def _commented(engine: Engine, one: _Told, day: date, text: str) -> Iterator[Step]:
    yield Step(moment(day, 10, 20), lambda at: comment_action(engine, one.by, _number(engine, one), text, at=at))


def _judged(
    engine: Engine, catalogue: Catalogue, one: _Told, after: timedelta, effect: Effect, why: str
) -> Step:  # fmt: skip
    """Signed so long after it began; the usual level is counted anew where the numbers allow it."""

    def judge(at: datetime) -> None:
        number = _number(engine, one)
        sign_effect(engine, one.by, catalogue, number, effect, why, today=clock.local(at).date(), at=at)
        with suppress(UserError):
            accept_rebase(engine, one.by, catalogue, number, at=at)

    return Step(moment(one.begins + after, 13, 40), judge)


def _start(engine: Engine, catalogue: Catalogue, one: _Told, at: datetime) -> None:
    start_action(
        engine, one.by, catalogue, BOARD, one.form, today=clock.local(at).date(), unit_code=one.unit_code,
        kpi_id=one.kpi_id, at=at,
    )  # fmt: skip


def _move(engine: Engine, one: _Told, to: Status, text: str, at: datetime) -> None:
    number, today = _number(engine, one), clock.local(at).date()
    with reading(engine) as connection:
        seen = read_action(connection, one.by, number).edits
    move_action(engine, one.by, number, seen, to, on=today, today=today, text=text, at=at)


def _number(engine: Engine, one: _Told) -> int:
    with reading(engine) as connection:
        found = select(action.c.action_no).where(action.c.board_code == BOARD, action.c.what == one.what)
        return int(connection.execute(found).scalar_one())
