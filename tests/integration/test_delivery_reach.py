"""Deliveries, rejected rows, jobs and requests of two municipalities: each grant reaches its own place by its own role,
whatever else the reader is granted. Both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, insert

from control.requests import ask
from kpi.access import OPERATOR, AccessDenied, Grant, Role, Viewer, can_edit_definitions
from kpi.views.deliveries import deliveries, rejects
from kpi.views.errors import NotFound
from kpi.views.freshness import freshness, latest_day, open_rejects
from kpi.views.jobs import latest_jobs, latest_requests
from tests.builders.warehouse import deliver
from warehouse.database import reading, writing
from warehouse.tables import delivery_scope, job_run, rejected_row

HOME, NEIGHBOUR = "1287", "1263"


def grant(role: Role, code: str, *, units: tuple[str, ...] = (), branches: tuple[str, ...] = ()) -> Grant:
    return Grant(role, code, frozenset({f"{code}-SN"}), frozenset(units), frozenset(branches))


def viewer(*grants: Grant) -> Viewer:
    return Viewer("prov", grants)


MANAGER_NEXT_DOOR = grant(Role.UNIT_MANAGER, NEIGHBOUR, units=("1263-A",))
CONTROLLER = grant(Role.CONTROLLER, HOME)
MIXED = viewer(CONTROLLER, MANAGER_NEXT_DOOR)
PRESIDIUM = grant(Role.PRESIDIUM, HOME)
BOTH = viewer(CONTROLLER, Grant(Role.CONTROLLER, NEIGHBOUR))


class World:
    """A held delivery and a loaded one of each municipality, with a rejected row in each."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.held = {code: deliver(engine, "2025-03-31", status="held") for code in (HOME, NEIGHBOUR)}
        self.loaded = {code: deliver(engine, "2025-03-31") for code in (HOME, NEIGHBOUR)}
        for code in (HOME, NEIGHBOUR):
            self.reject(self.held[code], code, f"väntar {code}")
            self.reject(self.loaded[code], code, f"inläst {code}")
            self.scope(self.loaded[code], code)

    def reject(self, number: int, code: str | None, message: str) -> None:
        row = {"delivery_id": number, "source_id": 1, "dataset": "sips", "municipality_code": code, "line": 2}
        more = {"rule": "day", "message": message, "other_problems": [], "row": {}}
        with writing(self.engine) as connection:
            connection.execute(insert(rejected_row).values(**row, **more))

    def scope(self, number: int, code: str) -> None:
        row = {"delivery_id": number, "dataset": "sips", "municipality_code": code, "source_id": 1}
        with writing(self.engine) as connection:
            connection.execute(insert(delivery_scope).values(**row, as_of=date(2025, 3, 31)))

    def messages(self, who: Viewer) -> set[str]:
        with reading(self.engine) as connection:
            return {row.message for row in rejects(connection, who).rows}

    def deliveries(self, who: Viewer) -> set[int]:
        with reading(self.engine) as connection:
            return {row.delivery_id for row in deliveries(connection, who)}


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine)


def test_a_grant_for_something_else_next_door_opens_no_deliveries_there(world: World) -> None:
    home = {world.held[HOME], world.loaded[HOME]}
    assert world.messages(MIXED) == {"väntar 1287", "inläst 1287"}
    for who in (MIXED, viewer(PRESIDIUM, MANAGER_NEXT_DOOR)):
        assert world.deliveries(who) == home
        with reading(world.engine) as connection:
            assert {one.municipality_code for one in freshness(connection, who)} == {HOME}
            assert {code for _, _, code in open_rejects(connection, who)} == {HOME}
    with pytest.raises(NotFound):
        ask(world.engine, MIXED, "refuse", world.held[NEIGHBOUR])
    onlooker = viewer(CONTROLLER, grant(Role.PRESIDIUM, NEIGHBOUR))
    assert world.messages(onlooker) == {"väntar 1287", "inläst 1287"}
    assert world.deliveries(onlooker) == home | {world.held[NEIGHBOUR], world.loaded[NEIGHBOUR]}
    with pytest.raises(AccessDenied, match="andra kommuner"):
        ask(world.engine, onlooker, "refuse", world.held[NEIGHBOUR])
    asked = ask(world.engine, BOTH, "refuse", world.held[NEIGHBOUR])
    with reading(world.engine) as connection:
        assert latest_requests(connection, MIXED) == latest_requests(connection, viewer(PRESIDIUM)) == ()
        assert [one.request_id for one in latest_requests(connection, onlooker)] == [asked]


def test_a_row_that_names_no_municipality_is_for_who_decides_in_all_that_its_delivery_names(world: World) -> None:
    for code in (HOME, NEIGHBOUR):
        world.reject(world.held[code], None, f"utan kommun {code}")
    world.reject(world.loaded[HOME], "", "delad")
    world.scope(world.loaded[HOME], NEIGHBOUR)
    nobodys = deliver(world.engine, "2025-03-31", status="held")
    world.reject(nobodys, None, "ingens")

    def unnamed(who: Viewer) -> set[str]:
        return {one for one in world.messages(who) if not one.startswith(("väntar", "inläst"))}

    assert unnamed(viewer(CONTROLLER)) == unnamed(MIXED) == {"utan kommun 1287"}
    assert unnamed(BOTH) == {"utan kommun 1287", "utan kommun 1263", "delad"}
    assert unnamed(OPERATOR) == {"utan kommun 1287", "utan kommun 1263", "delad", "ingens"}
    assert nobodys not in world.deliveries(BOTH)
    with reading(world.engine) as connection:
        counts = [sum(open_rejects(connection, who).values()) for who in (viewer(PRESIDIUM), BOTH, OPERATOR)]
    assert counts == [1, 3, 3], "of what is loaded"


@pytest.mark.parametrize("narrow", [{"units": ("1287-A",)}, {"branches": ("skola",)}])
def test_a_controller_of_a_part_decides_nothing(world: World, narrow: dict[str, tuple[str, ...]]) -> None:
    part = viewer(grant(Role.CONTROLLER, HOME, **narrow))
    assert not can_edit_definitions(part)
    assert can_edit_definitions(viewer(Grant(Role.CONTROLLER, HOME))), "the whole municipality's watch"
    for kind, number in (("approve", world.held[HOME]), ("replay", None)):
        with pytest.raises(AccessDenied):
            ask(world.engine, part, kind, number)
    with reading(world.engine) as connection, pytest.raises(AccessDenied):
        rejects(connection, part)


def test_a_replay_is_for_who_decides_for_every_row_that_waits(world: World) -> None:
    for part in (viewer(CONTROLLER), MIXED):
        with pytest.raises(AccessDenied, match="andra kommuners rader"):
            ask(world.engine, part, "replay")
    assert ask(world.engine, BOTH, "replay") > 0


def test_what_a_job_tells_is_for_who_sees_every_municipality(world: World) -> None:
    now = datetime(2025, 3, 31, 6, tzinfo=UTC)
    run = {"slot": "1", "attempts": 1, "started_at": now, "worker": "w"}
    with writing(world.engine) as connection:
        connection.execute(insert(job_run).values(job="pickup", state="done", result="grannens.csv väntar.", **run))
        connection.execute(insert(job_run).values(job="check", state="failed", error="grannens.csv saknas.", **run))
    with reading(world.engine) as connection:
        for who in (OPERATOR, BOTH):
            assert "grannens" in repr(latest_jobs(connection, who))
        for who in (viewer(PRESIDIUM), MIXED):
            check, pickup = latest_jobs(connection, who)
            assert (check.state, check.error) == ("failed", "Orsaken visas för den som ser alla kommuners leveranser.")
            assert (pickup.state, pickup.result) == ("done", None)


def test_until_when_there_are_deliveries_is_told_to_whoever_reads_the_municipalitys_figures(world: World) -> None:
    latest = deliver(world.engine, "2025-04-30")
    world.scope(latest, NEIGHBOUR)
    with reading(world.engine) as connection:
        for who in (viewer(PRESIDIUM), BOTH, OPERATOR):
            assert latest_day(connection, who, HOME) == date(2025, 3, 31)
        assert latest_day(connection, viewer(PRESIDIUM), NEIGHBOUR) is None
        assert latest_day(connection, viewer(Grant(Role.ADMIN, HOME)), HOME) is None
