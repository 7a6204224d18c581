"""What changes something tells the log in the same transaction, and `samkoll audit` speaks of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DatabaseError

import cli_audit
from control.audit.actions import Action
from control.audit.log import record
from control.release.rule import rules, set_rule
from control.requests import ask
from etl.jobs import keep_log
from kpi.access import OPERATOR, Grant, Role, Viewer
from kpi.period import PeriodType
from tests.builders.warehouse import deliver
from tests.integration.test_views import ORGANISATION
from warehouse.audit_tables import audit_event
from warehouse.database import open_engine, reading, writing
from warehouse.errors import UserError
from warehouse.migrate import upgrade
from warehouse.settings import Settings
from warehouse.tables import job_request

CONTROLLER = Viewer("Controller", (Grant(Role.CONTROLLER, "1287", frozenset({"1287-SN"})),))


def events(engine: Engine) -> list[tuple[str, str, str]]:
    with reading(engine) as connection:
        rows = connection.execute(select(audit_event).order_by(audit_event.c.event_no)).all()
    return [(row.actor, row.action, row.resource) for row in rows]


def test_a_rule_and_a_request_are_told(sqlite_engine: Engine) -> None:
    deliver(sqlite_engine, "2025-01-31", org_units=ORGANISATION)
    set_rule(sqlite_engine, CONTROLLER, "1287-SN", PeriodType.TERTIAL)
    ask(sqlite_engine, CONTROLLER, "replay")
    ask(sqlite_engine, CONTROLLER, "replay")
    assert events(sqlite_engine) == [
        ("Controller", "closing_rule_set", "1287-SN stänger tertial"),
        ("Controller", "delivery_requested", "alla rader i karantän"),
    ]


def test_what_cannot_be_recorded_is_not_done(sqlite_engine: Engine) -> None:
    deliver(sqlite_engine, "2025-01-31", org_units=ORGANISATION)
    with writing(sqlite_engine) as connection:
        connection.execute(text("drop table audit_event"))
    with pytest.raises(DatabaseError):
        set_rule(sqlite_engine, CONTROLLER, "1287-SN", PeriodType.TERTIAL)
    with pytest.raises(DatabaseError):
        ask(sqlite_engine, CONTROLLER, "replay")
    with reading(sqlite_engine) as connection:
        assert rules(connection) == {}
        assert connection.execute(select(job_request)).all() == []


# --- the command and the nightly job -----------------------------------------


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An installation whose log begins in January 2026 and keeps two months by a decision."""
    settings = Settings(data_dir=tmp_path, audit_retention_months=2, audit_retention_decision="KS § 45")
    monkeypatch.setattr(cli_audit, "open_settings", lambda: settings)
    engine = open_engine(settings.warehouse_url)
    upgrade(engine)
    record(engine, OPERATOR, Action.READ, "sip_active", at=datetime(2026, 1, 7, tzinfo=UTC))
    record(engine, CONTROLLER, Action.EXPORT, "fil.csv")
    engine.dispose()
    return settings


def test_the_command_verifies_anchors_lists_and_purges(
    installed: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    anchor = tmp_path / "ankare.txt"
    cli_audit.anchor_log(anchor)
    cli_audit.verify_log(anchor)
    assert "Loggen är hel: 3 händelser prövade mot varandra och mot 1 ankarrader." in capsys.readouterr().out
    cli_audit.list_events(actor="controller", as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert [(one["actor"], one["action"], one["resource"]) for one in told] == [("Controller", "export", "fil.csv")]
    with pytest.raises(UserError, match="--action: ”läsa” finns inte"):
        cli_audit.list_events(action="läsa")
    cli_audit.purge_log()
    assert "1 händelser är gallrade, till och med händelse 1, enligt KS § 45." in capsys.readouterr().out
    cli_audit.verify_log(anchor, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["events"], told["purged_to"], told["problems"]) == (4, 1, [])


def test_a_broken_log_ends_with_1_and_fails_the_nightly_job(
    installed: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = open_engine(installed.warehouse_url)
    with writing(engine) as connection:
        connection.execute(text("drop trigger audit_event_is_never_changed"))
        connection.execute(text("update audit_event set actor = 'någon' where event_no = 1"))
    with pytest.raises(typer.Exit) as ended:
        cli_audit.verify_log()
    assert ended.value.exit_code == 1
    assert capsys.readouterr().out.startswith("Händelse 1 är ändrad")
    with pytest.raises(UserError, match="Loggen håller inte: Händelse 1 är ändrad"):
        keep_log(engine, installed)
    engine.dispose()


def test_the_nightly_job_verifies_and_purges(installed: Settings) -> None:
    engine = open_engine(installed.warehouse_url)
    assert keep_log(engine, installed) == "Loggen är hel: 2 händelser. 1 av dem är gallrade enligt KS § 45."
    assert keep_log(engine, installed) == "Loggen är hel: 2 händelser."
    assert events(engine)[-1][:2] == ("schemaläggaren", "audit_purged")
    engine.dispose()
