"""A demo whose history was broken off is made again from nothing, so that it is always whole, and never twice."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from control.audit.actions import Action
from control.audit.log import record
from control.definitions import history
from etl import demo
from etl.demo import UNFINISHED, prepare_demo
from etl.demo_steps import Step
from kpi.access import OPERATOR
from warehouse import clock
from warehouse.audit_tables import audit_event
from warehouse.database import reading, writing
from warehouse.errors import UserError
from warehouse.settings import Settings

FIRST, SECOND = datetime(2025, 3, 3, 9, tzinfo=UTC), datetime(2025, 3, 4, 9, tzinfo=UTC)


@pytest.fixture
def broken(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of a demo of two steps, that has been broken off at the second."""
    breaks = [True]

    def do(at: datetime) -> None:
        if at == SECOND and breaks:
            breaks.clear()
            raise KeyboardInterrupt
        with writing(engine) as connection:
            record(connection, OPERATOR, Action.PERIOD_CLOSED, "1287-SN 2025-01", municipality_code="1287", at=at)

    def steps(*_given: Any, **_named: Any) -> list[Step]:
        return [Step(SECOND, do), Step(FIRST, do)]

    def nothing(*_given: Any, **_named: Any) -> tuple[()]:
        return ()

    monkeypatch.setattr(demo, "_simulate_whole", lambda folder, _progress: folder.mkdir(parents=True))
    monkeypatch.setattr(demo, "control_steps", steps)
    monkeypatch.setattr(demo, "has_history", lambda given: len(recorded(given)) > 1)  # a step has been taken
    for name in ("_reach", "log_steps", "_close_periods", "_exchange_packages", "write_papers"):
        monkeypatch.setattr(demo, name, nothing)
    settings = Settings(data_dir=tmp_path / "var")
    with pytest.raises(KeyboardInterrupt):
        prepare_demo(engine, settings)
    assert recorded(engine) == [FIRST, FIRST]
    return settings


def recorded(engine: Engine) -> list[datetime]:
    with reading(engine) as connection:
        found = connection.scalars(select(audit_event.c.at).order_by(audit_event.c.event_no))
        return [clock.utc(one) for one in found]


def test_it_is_made_again_from_nothing_and_once(engine: Engine, broken: Settings) -> None:
    if engine.dialect.name != "sqlite":
        for _ in range(2):
            with pytest.raises(UserError, match="Töm databasen"):
                prepare_demo(engine, broken)
        assert recorded(engine) == [FIRST, FIRST]
        return
    for _ in range(2):
        prepare_demo(engine, broken)
        assert recorded(engine) == [FIRST, FIRST, SECOND]
        assert not (broken.data_dir / UNFINISHED).exists()
    with reading(engine) as connection:
        (kept,) = history(connection)
    assert (clock.utc(kept.saved_at), kept.reason) == (FIRST, "Första kända versionen")
    (broken.data_dir / UNFINISHED).write_text("sqlite:///another.db", encoding="utf-8")
    with writing(engine) as connection:
        record(connection, OPERATOR, Action.PERIOD_CLOSED, "1287-SN 2025-02", municipality_code="1287", at=SECOND)
    prepare_demo(engine, broken)
    assert recorded(engine) == [FIRST, FIRST, SECOND, SECOND], "only the warehouse that is named is thrown away"
