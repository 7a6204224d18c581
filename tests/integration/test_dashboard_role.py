"""The database role of the pages, on a real PostgreSQL: everything they do works as it, and nothing else does."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, text
from sqlalchemy.exc import ProgrammingError

from control.audit.review_store import sign
from control.audit.settings_seen import record_settings
from control.audit.verify import verify
from control.definitions import record_if_changed, save
from control.handover import hand_over, read_handed_over
from control.login.administration import log_out_user, name_of, withdraw_token
from control.login.sessions import Lifetime, standing_sessions
from control.login.tokens import issue_token
from control.plan.editing import hash_of_risk, save_risk
from control.plan.life import adopt, propose
from control.plan.reading import plan_of
from control.plan.scale import FIVE, set_scale
from control.release.importing import import_release
from control.requests import ask
from control.rows import read_cases
from dashboard.app import create_app
from dashboard.login.demo import PERSONAS, DemoLogin
from dashboard.places import ADDRESSES
from etl.doctor_oversight import pages_role
from etl.finding import Grade
from kpi.access import OPERATOR, Grant, Place, Role, Viewer
from kpi.compute import compute
from kpi.live import LiveCatalogue, digest_of
from kpi.loader import read_catalogue
from kpi.period import Period
from kpi.views.definitions import preview
from kpi.views.deliveries import rejects
from tests.builders.case_world import APRIL, REASON, auditor, chief, fill
from tests.builders.closed_world import choose
from tests.builders.command import Samkoll
from tests.builders.dash_calls import PAGE, demo_client, post
from tests.builders.database_role import Roles, warehouse_with_roles
from tests.builders.login import install
from tests.builders.packages import SHARE, TRUSTED, package
from tests.builders.plan import CHIEF, DECISION, begun, draft, person, seen
from tests.builders.provider import PUBLIC, SigningKey, StandIn
from tests.builders.release_rows import release
from tests.builders.warehouse import deliver
from warehouse.database import reading, writing
from warehouse.database_role import check_role, examine_role, give_privileges
from warehouse.errors import UserError
from warehouse.opening import open_for_pages
from warehouse.settings import ROOT, Settings
from warehouse.tables import job_run, rejected_row

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("dashboard_role")]

CONTROLLER = Viewer("controller", (Grant(Role.CONTROLLER, "1287", frozenset({"1287-SN"})),))
ADMIN = Viewer("administratör", (Grant(Role.ADMIN, "1287"),))
DPO = Viewer("dataskyddsombud", (Grant(Role.DPO, "1287"),))
LIFETIME = Lifetime(timedelta(minutes=30), timedelta(hours=10))


@pytest.fixture(scope="module")
def roles(postgres_url: str) -> Iterator[Roles]:
    """Something of all that pages show, and the role."""
    with warehouse_with_roles(postgres_url) as roles:
        fill(roles.owner)
        told = {"kpi_id": "deviations_reported", "unit_code": "1287-A", "period": "2025-05", "numerator": 7}
        deliver(roles.owner, "2025-06-30", reported_values=[told | {"split": ""}])
        release(roles.owner, "1287-SN", "2024-T3", [(SHARE, "1287-SN", "board", "2024-T3", "", (4.0, 8.0, 0.5, 8))])
        compute(roles.owner, choose("deviations_reported", SHARE))
        import_release(roles.owner, OPERATOR, package(), "1263.json", TRUSTED)
        _add_work(roles)
        give_privileges(roles.owner, roles.role)
        yield roles


def _add_work(roles: Roles) -> None:
    number = deliver(roles.owner, "2025-06-30", status="held")
    with writing(roles.owner) as connection:
        told = {"delivery_id": number, "source_id": 1, "dataset": "sips", "municipality_code": "1287", "line": 2}
        more = {"rule": "day", "message": "Dagen finns inte.", "other_problems": [], "row": {"cell": "hemligt"}}
        connection.execute(insert(rejected_row).values(told | more))
        ran = {"job": "compute", "slot": "1", "state": "done", "attempts": 1, "worker": "w"}
        connection.execute(insert(job_run).values(ran | {"started_at": datetime(2025, 6, 30, tzinfo=UTC)}))


@pytest.fixture
def settings(roles: Roles, tmp_path: Path) -> Settings:
    definitions = tmp_path / "kpi_definitions.yaml"
    shutil.copyfile(ROOT / "kpi_definitions.yaml", definitions)
    url = roles.pages.url.render_as_string(hide_password=False)
    return Settings(data_dir=tmp_path, definitions=definitions, dashboard_database_url=url)


def held(roles: Roles) -> int:
    with reading(roles.owner) as connection:
        return int(connection.execute(text("select delivery_id from delivery where status = 'held'")).scalar_one())


def test_the_role_has_what_it_needs_and_nothing_more(roles: Roles, settings: Settings) -> None:
    with reading(roles.pages) as connection:
        found = examine_role(connection)
    assert (found.role, found.too_much, found.missing) == (roles.role, (), ())
    give_privileges(roles.owner, roles.role)
    engine = open_for_pages(settings)
    assert engine.url.username == roles.role
    record_settings(engine, settings.told())
    engine.dispose()
    assert [one.grade for one in pages_role(settings)] == [Grade.GOOD]
    owner = roles.owner.url.render_as_string(hide_password=False)
    (without,) = pages_role(Settings(database_url=owner))
    assert (without.grade, "som den roll som äger" in without.text) == (Grade.NOTE, True)
    (too_much,) = pages_role(Settings(dashboard_database_url=owner))
    assert (too_much.grade, "har mer än den behöver" in too_much.text) == (Grade.WRONG, True)


def test_every_page_of_every_persona(roles: Roles, settings: Settings) -> None:
    app = create_app(roles.pages, settings, login=DemoLogin())
    shown = set()
    for persona in PERSONAS:
        client = demo_client(app, persona.code)
        for address in (*ADDRESSES.values(), f"/nyckeltal/{SHARE}", f"/jamforelse/{SHARE}"):
            if address == ADDRESSES[Place.DEFINITIONS] and persona.code not in ("controller", "utvecklare"):
                continue  # the dearest page, and the same for everybody else
            answer = post(client, PAGE, [address, "", 0])
            assert answer.status_code in (200, 403), (persona.code, address, answer.text)
            if answer.status_code == 200:
                assert "Något gick fel" not in answer.text, (persona.code, address)
                shown.add(address)
        assert client.get("/").status_code == 200
    assert shown == {*ADDRESSES.values(), f"/nyckeltal/{SHARE}", f"/jamforelse/{SHARE}"}
    member = demo_client(app, "ledamot")
    for file in ("jamforelse.xlsx", f"jamforelse/{SHARE}.csv", f"jamforelse/{SHARE}.pdf"):
        assert member.get(f"/ladda-ned/{file}").status_code == 200, file
    assert member.get("/ladda-ned/jamforelse.exe").status_code == 404


def test_logging_in_and_out_and_the_interface_of_programs(roles: Roles, tmp_path: Path) -> None:
    grant = Grant(Role.PRESIDIUM, "1287", frozenset({"1287-SN"}))
    number, token = issue_token(roles.owner, OPERATOR, "Rapporter", [grant], 10)
    installed = install(roles.pages, tmp_path, StandIn(SigningKey("k1")))
    browser = installed.browser()
    assert browser.log_in("/nyckeltal").status_code == 302
    assert browser.show_page("/nyckeltal").status_code == 200
    assert browser.log_in().status_code == 302, "the new session takes the place of the earlier"
    assert browser.post("/logga-ut").status_code == 200
    program = installed.server.test_client()
    for path in ("nyckeltal", f"nyckeltal/{SHARE}", f"slappt/{SHARE}"):
        found = program.get(f"/api/{path}", base_url=PUBLIC, headers={"Authorization": f"Bearer {token}"})
        assert found.status_code == 200, found.text
    browser.log_in()
    with reading(roles.pages) as connection:
        (session,) = standing_sessions(connection, LIFETIME)
    assert log_out_user(roles.pages, ADMIN, LIFETIME, name_of(session)) == 1
    assert withdraw_token(roles.pages, ADMIN, LIFETIME, number) == "Rapporter"


def test_what_readers_do(roles: Roles, settings: Settings) -> None:
    live = LiveCatalogue(settings.definitions, settings.last_good_definitions)
    before = live.state()
    text_now = before.data.decode() + "\n# prov\n"
    save(roles.pages, live, CONTROLLER, text_now, began_with=digest_of(before.data), reason="Prov")
    record_if_changed(roles.pages, before.data)
    narrower = read_catalogue(
        before.data.replace(b"numerator: purpose_stated and question_stated", b"numerator: purpose_stated"), "prov"
    )
    for kpi_id in (SHARE, "bup_first_visit_90d"):
        preview(roles.pages, before.catalogue, narrower, CONTROLLER, kpi_id)
    assert ask(roles.pages, CONTROLLER, "approve", held(roles)) == ask(roles.pages, CONTROLLER, "approve", held(roles))
    with reading(roles.pages) as connection:
        (reject,) = rejects(connection, CONTROLLER).rows
    assert reject.message == "Dagen finns inte."
    assert read_cases(roles.pages, chief(), "deviations", "1287-C", APRIL, reason=REASON).rows
    handed = hand_over(roles.pages, chief(), "deviations", "1287-C", APRIL, size=3, reason=REASON)
    assert len(read_handed_over(roles.pages, auditor(), handed.number).rows) == 3
    assert sign(roles.pages, DPO, "1287", Period.parse("2025-03"), {}).is_intact
    assert verify(roles.owner).problems == ()


def test_a_plan_is_written_decided_about_and_read(roles: Roles) -> None:
    secretary, today = person(Role.SECRETARY), date(2025, 11, 20)
    set_scale(roles.pages, CONTROLLER, "1287-SN", FIVE, 0)
    set_scale(roles.pages, CONTROLLER, "1287-SN", FIVE, 1)
    plan_no = begun(roles.pages)
    risk = draft(roles.pages, plan_no).risks[0]
    save_risk(roles.pages, CHIEF, plan_no, replace(risk, cause="annan"), hash_of_risk(risk))
    propose(roles.pages, CHIEF, plan_no, seen(roles.pages, plan_no))
    adopt(roles.pages, secretary, plan_no, seen(roles.pages, plan_no), DECISION, today=today)
    with reading(roles.pages) as connection:
        found = plan_of(connection, secretary, "1287-SN", 2026)
    assert found is not None
    assert found.is_intact


REFUSED = (
    "select payload from raw_block", "select count(*) from raw_block", "select ciphertext from delivery_chunk",
    "select content from imported_release", "select * from rejected_row", "select row_key from rejected_row",
    "select audit from release", "select person_pseudonym from sips",
    "select description from deviations", "update audit_event set actor = 'x'", "delete from audit_event",
    "truncate audit_event", "insert into audit_checkpoint select * from audit_checkpoint",
    "delete from audit_checkpoint", "drop trigger audit_event_is_never_changed on audit_event",
    "alter table audit_event disable trigger all",
    "create or replace function audit_refuse() returns trigger language sql as 'select 1'", "drop table audit_event",
    "update kpi_value set value = 1", "insert into kpi_value select * from kpi_value", "delete from kpi_value",
    "update release_value set value = 1", "update release set closed_by = 'x'", "delete from release",
    "insert into release_value select * from release_value", "insert into closed_value select * from closed_value",
    "update closed_value set value = 1", "update imported_value set value = 1",
    "update deviations set severity = 'low'", "update delivery set status = 'loaded'",
    "update job_request set state = 'done'", "delete from access_review", "update access_review set reviewer = 'x'",
    "delete from row_handover", "update definitions_version set content = ''",
    "update login_session set grants = '[]'", "update service_token set grants = '[]'", "delete from service_token",
    "insert into service_token (name) values ('x')", "update alembic_version set version_num = '0'",
    "select setval('job_request_request_id_seq', 1)", "create table own (a int)",
    "create temporary table own (a int)", "create schema own", "create view own as select 1", "create role other",
    "select * from pg_authid", "select pg_read_file('/etc/passwd')", "copy kpi to program 'cat'",
    "select * from pg_shadow", "alter role current_user createrole", "set session_replication_role = replica",
)  # fmt: skip


def test_whatever_else_is_refused(roles: Roles) -> None:
    for statement in REFUSED:
        with roles.pages.connect() as connection, pytest.raises(ProgrammingError) as refused:
            connection.exec_driver_sql(statement)
        assert getattr(refused.value.orig, "sqlstate", "") == "42501", f"{statement}: {refused.value.orig}"
    with reading(roles.pages) as connection:
        held_by_it = connection.execute(
            text("select relname from pg_class where pg_get_userbyid(relowner) = current_user")
        )
        assert held_by_it.all() == []


def test_what_the_role_got_besides_is_found_and_taken_back(roles: Roles, settings: Settings) -> None:
    role = roles.role
    with writing(roles.owner) as connection:
        connection.exec_driver_sql(f"grant select, update on raw_block to {role}")
        connection.exec_driver_sql(f"revoke insert on audit_event from {role}")
    with pytest.raises(UserError) as refused:
        open_for_pages(settings)
    told = str(refused.value)
    assert "har mer än den behöver (SELECT raw_block, UPDATE raw_block)" in told
    assert "saknar rättigheter (INSERT audit_event)" in told
    assert f"samkoll database-role {role}" in told
    give_privileges(roles.owner, role)
    check_role(roles.pages)


def test_a_role_that_cannot_be_bounded_is_refused(roles: Roles) -> None:
    role, owner = roles.role, roles.owner.url.username
    for given, back, words in (
        (f"alter role {role} superuser", f"alter role {role} nosuperuser", "är superanvändare"),
        (f"grant {owner} to {role}", f"revoke {owner} from {role}", "är medlem i en annan roll"),
        (f"grant pg_read_all_data to {role}", f"revoke pg_read_all_data from {role}", "är medlem i en annan roll"),
        (f"alter role {role} createrole", f"alter role {role} nocreaterole", "får skapa roller"),
    ):
        roles.administer(given)
        try:
            with pytest.raises(UserError, match=words):
                give_privileges(roles.owner, role)
            with pytest.raises(UserError, match=words):
                check_role(roles.pages)
        finally:
            roles.administer(back)
    check_role(roles.pages)
    with pytest.raises(UserError, match="Gör en egen roll"):
        give_privileges(roles.owner, str(owner))
    with pytest.raises(UserError, match=r"går inte att ge: .* Kör kommandot som den roll som äger databasen"):
        give_privileges(roles.pages, role)
    with pytest.raises(UserError, match=r"finns inte i databasen.*create role"):
        give_privileges(roles.owner, "ingen alls")


def test_before_anything_is_granted_and_after_an_upgrade(roles: Roles, settings: Settings, tmp_path: Path) -> None:
    with writing(roles.owner) as connection:
        connection.exec_driver_sql(f"revoke all on all tables in schema public from {roles.role}")
    with pytest.raises(UserError, match=r"Rollen får inte läsa databasen .*samkoll database-role"):
        open_for_pages(settings)
    samkoll = Samkoll(tmp_path, {"database_url": roles.owner.url.render_as_string(hide_password=False)})
    printed = samkoll("database-role", roles.role, "--sql")
    assert (printed.code, printed.err) == (0, "")
    with writing(roles.owner) as connection:
        connection.exec_driver_sql("create table later (a int)")
        connection.exec_driver_sql(printed.out)
    check_role(roles.pages)
    ran = samkoll("database-role", roles.role)
    assert (ran.code, ran.out.startswith(f"Rollen {roles.role} har de rättigheter")) == (0, True)
    with writing(roles.owner) as connection:
        connection.exec_driver_sql("drop table later")


def test_sqlite_has_no_roles(tmp_path: Path, sqlite_engine: Engine) -> None:
    ran = Samkoll(tmp_path, {"database_url": str(sqlite_engine.url)})("database-role", "samkoll_pages")
    assert (ran.code, ran.err.startswith("Bara PostgreSQL har roller.")) == (2, True)


def test_no_password_is_told_and_only_postgresql_will_do(settings: Settings) -> None:
    assert "prov@" not in json.dumps(settings.told())
    assert "***@" in settings.told()["dashboard_database_url"]
    for address in ("sqlite:///annan.db", "ingen adress"):
        with pytest.raises(UserError, match="SAMKOLL_DASHBOARD_DATABASE_URL är ingen adress till PostgreSQL"):
            open_for_pages(settings.model_copy(update={"dashboard_database_url": address}))
