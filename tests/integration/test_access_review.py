"""The recurring review on both databases: what waits, signing once, and the page for each role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, delete, insert, select, update

from control.audit.actions import Action
from control.audit.log import record
from control.audit.reading import first_event_at
from control.audit.review_store import due_on, findings, sign, standing
from control.audit.signed import hash_of
from control.audit.verify import verify
from dashboard.components.access_review import signed_section
from dashboard.login.demo import PERSONAS, demo_viewer
from dashboard.routes import render
from etl.demo_log import log_steps
from etl.demo_steps import run_steps
from kpi.access import OPERATOR, AccessDenied, Grant, Role, Viewer
from kpi.live import LiveCatalogue
from kpi.organisation import Organisation
from kpi.period import Period
from tests.builders.audit import CHIEF, DPO
from tests.builders.rendered import told
from tests.builders.warehouse import deliver
from tests.integration.test_views import ORGANISATION
from warehouse import clock
from warehouse.audit_tables import access_review, audit_event
from warehouse.database import reading, writing
from warehouse.errors import UserError
from warehouse.settings import Settings

SEPTEMBER, OCTOBER = Period.parse("2026-09"), Period.parse("2026-10")
TODAY = date(2026, 11, 27)
NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)


@pytest.fixture
def logged(engine: Engine) -> Engine:
    """Since September; in October somebody read late at night."""
    record(engine, CHIEF, Action.EXPORT, "fil", at=datetime(2026, 9, 2, 9, tzinfo=UTC))
    record(engine, CHIEF, Action.ROWS_READ, "avvikelser", rows=["D1"], at=datetime(2026, 10, 7, 21, tzinfo=UTC))
    return engine


def stands(engine: Engine, months: int = 1, today: date = TODAY) -> Any:
    with reading(engine) as connection:
        return standing(connection, DPO, "1287", months, today=today)


def texts(engine: Engine, period: Period = OCTOBER, words: str = "Frågat.") -> dict[str, str]:
    with reading(engine) as connection:
        return {one.id: words for one in findings(connection, DPO, "1287", period)}


def test_every_period_that_is_over_waits_the_oldest_first(logged: Engine) -> None:
    assert stands(logged).waiting == (SEPTEMBER, OCTOBER)
    assert stands(logged, today=date(2026, 10, 31)).waiting == (SEPTEMBER,)
    assert stands(logged, months=3).waiting == (Period.parse("2026-K3"),)
    assert due_on(OCTOBER) == date(2026, 11, 30)
    assert due_on(Period.parse("2026-T3")) == date(2027, 1, 31)


def test_nothing_waits_where_nothing_is_logged(engine: Engine) -> None:
    assert stands(engine).waiting == ()


def test_a_log_of_readers_in_several_municipalities_waits_in_each(engine: Engine) -> None:
    boards = {code: frozenset({f"{code}-SN"}) for code in ("1287", "1263")}
    both = Viewer("chef i två", tuple(Grant(Role.CHIEF, code, board) for code, board in boards.items()))
    record(engine, OPERATOR, Action.READ, "sip_active", at=datetime(2026, 8, 2, 9, tzinfo=UTC))
    record(engine, both, Action.EXPORT, "fil", at=datetime(2026, 9, 2, 9, tzinfo=UTC))
    assert stands(engine).waiting == (SEPTEMBER, OCTOBER)
    with reading(engine) as connection:
        assert first_event_at(connection, "1214") is None


def test_a_review_is_signed_once_with_what_was_found_and_the_log_tells(logged: Engine) -> None:
    sign(logged, DPO, "1287", SEPTEMBER, {}, now=NOW)
    done = sign(logged, DPO, "1287", OCTOBER, texts(logged), now=NOW)
    found = stands(logged)
    assert found.waiting == ()
    assert found.signed[0] == done
    assert done.is_intact
    assert [one.text for one in done.outcome] == ["Frågat."]
    with reading(logged) as connection:
        event = connection.execute(select(audit_event).order_by(audit_event.c.event_no.desc()).limit(1)).one()
    assert (event.action, event.details["hash"]) == ("access_reviewed", done.hash)
    with pytest.raises(UserError, match="Någon annan har signerat"):
        sign(logged, DPO, "1287", OCTOBER, texts(logged), now=NOW)
    assert stands(logged, months=3, today=date(2026, 10, 1)).waiting == (), "the quarter's end is reviewed"
    assert verify(logged).problems == ()


def test_what_is_not_whole_is_not_signed(logged: Engine) -> None:
    whole = texts(logged)
    assert len(whole) == 1
    with pytest.raises(UserError, match="Skriv vad du kom fram till"):
        sign(logged, DPO, "1287", OCTOBER, dict.fromkeys(whole, "  "), now=NOW)
    with pytest.raises(UserError, match="inte längre detsamma"):
        sign(logged, DPO, "1287", OCTOBER, {}, now=NOW)
    with pytest.raises(UserError, match="inte slut"):
        sign(logged, DPO, "1287", Period.parse("2026-11"), {}, now=NOW)
    assert stands(logged).signed == ()


@pytest.mark.parametrize(
    "viewer",
    [CHIEF, OPERATOR, Viewer("x", (Grant(Role.DPO, "1263"),)), Viewer("x", (Grant(Role.ADMIN, "1287"),))],
    ids=["chief", "operator", "another's dpo", "admin"],
)
def test_nobody_else_signs(sqlite_engine: Engine, viewer: Viewer) -> None:
    with pytest.raises(AccessDenied):
        sign(sqlite_engine, viewer, "1287", OCTOBER, {}, now=NOW)


def problems(engine: Engine) -> list[str]:
    return [one.sentence for one in verify(engine).problems]


def test_a_review_that_was_changed_afterwards_is_told_also_with_a_hash_of_its_own(logged: Engine) -> None:
    sign(logged, DPO, "1287", OCTOBER, texts(logged), now=NOW)
    outcome = [one | {"text": "Inget att anmärka."} for one in _row(logged).outcome]
    forged = {"outcome": outcome, "reviewer": "någon annan"}
    digest = hash_of("1287", OCTOBER, NOW, "någon annan", outcome)
    for changed in (forged, forged | {"hash": digest}):
        with writing(logged) as connection:
            connection.execute(update(access_review).values(**changed))
        assert not stands(logged).signed[0].is_intact
        assert problems(logged) == [
            "Granskningen av 2026-10 i 1287 är ändrad efter signeringen: den är inte den som händelse 3 berättar om."
        ]
    record(logged, DPO, Action.ACCESS_REVIEWED, "granskningen", details={"period": "2026-10", "hash": digest})
    assert not stands(logged).signed[0].is_intact, "an event that was added later does not replace the first"
    assert "Ändrad efter signeringen" in told(signed_section(stands(logged).signed))


def test_a_review_that_is_gone_is_told_and_not_signed_again(logged: Engine) -> None:
    sign(logged, DPO, "1287", OCTOBER, texts(logged), now=NOW)
    with writing(logged) as connection:
        connection.execute(delete(access_review))
    assert [one.is_missing for one in stands(logged).signed] == [True]
    assert OCTOBER not in stands(logged).waiting
    assert "Saknas" in told(signed_section(stands(logged).signed))
    assert problems(logged) == ["Granskningen av 2026-10 i 1287 saknas: händelse 3 berättar att den är signerad."]


def test_a_review_that_nobody_signed_is_told(logged: Engine) -> None:
    values = {"municipality_code": "1287", "period": OCTOBER.code, "reviewed_at": NOW, "reviewer": "x", "outcome": []}
    with writing(logged) as connection:
        connection.execute(insert(access_review).values(**values, hash=hash_of("1287", OCTOBER, NOW, "x", [])))
    assert not stands(logged).signed[0].is_intact
    assert problems(logged) == [
        "Granskningen av 2026-10 i 1287 är insatt eller ändrad: ingen händelse berättar att den är signerad."
    ]


def _row(engine: Engine) -> Any:
    with reading(engine) as connection:
        return connection.execute(select(access_review)).one()


# --- the page ----------------------------------------------------------------


@pytest.fixture
def organised(sqlite_engine: Engine) -> Engine:
    """An organisation and the demo's made-up log."""
    deliver(sqlite_engine, "2025-01-31", org_units=ORGANISATION)
    run_steps(log_steps(sqlite_engine, seed=1, since=clock.today()), clock.now())
    return sqlite_engine


Shown = Callable[..., str]


@pytest.fixture
def shown(organised: Engine, tmp_path: Path) -> Shown:
    """What the page says to a persona, or to a viewer."""
    settings = Settings(data_dir=tmp_path)
    live = LiveCatalogue(settings.definitions, settings.last_good_definitions)
    server = Flask("samkoll")
    server.config["SAMKOLL_SETTINGS"] = Settings()

    def show(who: str | Viewer, search: str = "") -> str:
        def viewer(found: Organisation) -> Viewer:
            return who if isinstance(who, Viewer) else demo_viewer(found, who)

        with server.app_context():
            page = render(organised, live, viewer, "/atkomst", search).page
        return told(page.children)

    return show


def test_an_officer_of_two_municipalities_chooses_and_of_one_reads_no_other(organised: Engine, shown: Shown) -> None:
    record(organised, OPERATOR, Action.EXPORT, "grannens-fil", municipality_code="1263")
    both = Viewer("ombud", (*DPO.grants, Grant(Role.DPO, "1263")))
    first, second = shown(both), shown(both, "?kommun=1287")
    assert "grannens-fil" in first
    assert "grannens-fil" not in second
    assert "Du granskar också:" in first
    assert "Du granskar också:" in second
    refused = shown(DPO, "?kommun=1263")
    assert "Loggen läses av kommunens dataskyddsombud." in refused
    assert "grannens-fil" not in refused
    assert "Du granskar också:" not in shown(DPO)


def test_the_page_begins_with_what_the_reviewer_must_do(shown: Shown) -> None:
    said = shown("dataskyddsombud")
    assert "är inte gjord. " in said
    assert " sticker ut." in said
    assert "Ledamot, Trelleborg nekades 3 gånger." in said
    assert "Tidigare granskningar" in said
    assert "Granskade åtkomsten" in said
    rows = shown("dataskyddsombud", "?vad=access_refused").partition("Loggen")[2]
    assert "Ledamot, Trelleborg" in rows
    assert "Enhetschef" not in rows.partition("När")[2]


def test_every_other_role_is_refused_and_the_log_tells(organised: Engine, shown: Shown) -> None:
    others = [one for one in PERSONAS if one.role is not Role.DPO]
    for persona in others:
        said = shown(persona.code)
        assert "Sidan Åtkomst ingår inte i din behörighet." in said
        assert "Enhetschef" not in said
    with reading(organised) as connection:
        newest = select(audit_event).order_by(audit_event.c.event_no.desc()).limit(len(others))
        events = connection.execute(newest).all()[::-1]
    assert [(one.actor, one.action, one.resource) for one in events] == [
        (one.label, "access_refused", "Sidan Åtkomst ingår inte i din behörighet.") for one in others
    ]


def test_the_made_up_log_says_that_it_is(organised: Engine) -> None:
    with reading(organised) as connection:
        events = connection.execute(select(audit_event).order_by(audit_event.c.event_no)).all()
    assert all(one.details.get("synthetic") for one in events if one.action != "access_reviewed")
    moments = [clock.utc(one.at) for one in events]
    assert moments == sorted(moments)
    assert max(moments) < clock.now()
    assert max(moments) - min(moments) > timedelta(days=30)
    assert verify(organised).problems == ()
