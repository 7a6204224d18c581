"""The `samkoll` command as its users meet it: what it prints, how it ends, and what it says when they err."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select

from tests.builders.command import Ran, Samkoll
from tests.integration.conftest import CANONICAL
from warehouse.audit_tables import audit_event
from warehouse.database import open_engine, reading

pytestmark = pytest.mark.xdist_group("loaded")  # one worker, so that it is loaded once


def is_users_error(ran: Ran) -> bool:
    """Exit code 2 and one Swedish paragraph on stderr, without a traceback."""
    return ran.code == 2 and bool(ran.err.strip()) and not ran.out and "Traceback" not in ran.err


# --- the way through ---------------------------------------------------------


def test_upgrade_makes_the_warehouse_and_says_when_nothing_was_to_be_done(samkoll: Samkoll) -> None:
    first, second = samkoll.process("upgrade"), samkoll("upgrade")
    assert (first.code, second.code) == (0, 0)
    assert "är skapad" in first.out
    assert "har redan rätt version" in second.out
    assert (samkoll.folder / "var" / "samkoll.db").is_file()


def test_load_tells_the_counts_of_every_delivery(samkoll: Samkoll) -> None:
    (samkoll.folder / "in").mkdir()
    (samkoll.folder / "in" / "läs mig.txt").write_text("hej")
    for file in CANONICAL.iterdir():
        (samkoll.folder / "in" / file.name).write_bytes(file.read_bytes())
    ran = samkoll.process("load", "in", "--as-of", "2025-06-30", "--json")
    assert ran.code == 0
    outcomes = {one["file_name"]: one for one in ran.json}
    assert outcomes["läs mig.txt"]["status"] == "skipped"
    sips = outcomes["sips.csv"]
    assert sips["status"] == "loaded"
    assert sips["counts"][0] | {"dataset": "sips", "read": 4, "inserted": 4, "rejected": 0} == sips["counts"][0]
    again = samkoll("load", "in", "--as-of", "2025-06-30")
    assert again.code == 0
    assert "redan inläst" in again.out


def values(samkoll: Samkoll, kpi_id: str, *options: str) -> dict[tuple[str, str], tuple[Any, Any]]:
    """(unit, period) → (numerator, denominator), the cells that hold anything."""
    cells = samkoll("kpi", "show", kpi_id, "--json", *options).json
    return {
        (cell["unit"], cell["period"]): (cell["numerator"], cell["denominator"])
        for cell in cells
        if cell["numerator"] or cell["denominator"]
    }


@pytest.mark.parametrize(
    ("kpi_id", "expected"),
    [
        ("sip_established", {("1287-BOF-N", "2025-02"): (2, None), ("1287-BOF-S", "2025-03"): (1, None)}),
        ("sip_school_initiated", {("1287-BOF-N", "2025-01"): (1, 2), ("1287-BOF-S", "2025-02"): (1, 2)}),
        ("sip_call_complete", {("1287-BOF-N", "2025-01"): (1, 2), ("1287-BOF-S", "2025-02"): (1, 2)}),
        ("sip_full_attendance", {("1287-BOF-N", "2025-02"): (1, 2), ("1287-BOF-S", "2025-03"): (1, 1)}),
        ("sip_followed_up_in_time", {("1287-BOF-N", "2025-03"): (1, 2)}),
        ("deviations_reported", {("1287-BOF-N", "2025-02"): (2, None), ("1287-BOF-S", "2025-03"): (1, None)}),
        ("deviation_feedback_60d", {("1287-BOF-N", "2025-04"): (1, 2), ("1287-BOF-S", "2025-05"): (0, 1)}),
    ],
)
def test_figures_of_units_are_what_a_hand_counts(loaded: Samkoll, kpi_id: str, expected: dict[Any, Any]) -> None:
    found = values(loaded, kpi_id)
    assert {key: value for key, value in found.items() if key[0].startswith("1287-BOF")} == expected


def test_figures_roll_up_to_every_level(loaded: Samkoll) -> None:
    cells = loaded("kpi", "show", "sip_established", "--from", "2025-02", "--to", "2025-02", "--json").json
    by_level = {(cell["level"], cell["unit"]): cell["numerator"] for cell in cells if cell["numerator"]}
    assert by_level == {
        ("unit", "1287-BOF-N"): 2,
        ("board", "1287-SN"): 2,
        ("municipality", "1287"): 2,
        ("delregional", "SYDVAST"): 2,
        ("region", "12"): 2,
    }


def test_a_shown_value_has_exactly_the_agreed_keys(loaded: Samkoll) -> None:
    (cell,) = loaded(
        "kpi", "show", "sip_lead_time", "--unit", "1287-BOF-N", "--from", "2025-02", "--to", "2025-02", "--json"
    ).json  # fmt: skip
    assert list(cell) == [
        "kpi", "unit", "level", "period", "split", "numerator", "denominator", "value", "cases", "status", "suppressed",
    ]  # fmt: skip
    assert (cell["value"], cell["cases"], cell["numerator"], cell["split"]) == (22.5, 2, None, None)
    assert cell["suppressed"] is False


def test_a_rate_is_per_thousand_in_its_own_period(loaded: Samkoll) -> None:
    cells = loaded("kpi", "show", "sip_per_1000", "--unit", "1287", "--json").json
    first = next(cell for cell in cells if cell["period"] == "2025-T1")
    assert (first["numerator"], first["denominator"], first["value"]) == (3, 10000, 0.3)


def test_a_split_figure_shows_its_parts_and_no_total(loaded: Samkoll) -> None:
    cells = loaded("kpi", "show", "referral_flows", "--unit", "1287-FC", "--json").json
    parts = {(cell["period"], cell["split"]["from_actor"], cell["split"]["to_actor"]): cell["value"] for cell in cells}
    assert {key: value for key, value in parts.items() if value} == {
        ("2025-03", "bvc", "socialtjanst"): 2,
        ("2025-03", "mvc", "bvc"): 1,
        ("2025-04", "bvc", "primarvard"): 7,
    }
    assert all(cell["split"] for cell in cells)


def test_a_table_tells_what_a_value_must_be_read_with(samkoll: Samkoll) -> None:
    population = samkoll.folder / "population.csv"
    population.write_text("municipality_code;year;age;children\n1287;2026;0-17;10000\n", encoding="utf-8")
    files = [CANONICAL / "org_units.csv", CANONICAL / "sips.csv", population]
    assert samkoll("load", *files, "--as-of", "2025-06-30").code == 0
    assert samkoll("compute").code == 0
    shown = samkoll("kpi", "show", "sip_per_1000", "--unit", "1287").out
    first, second = [line for line in shown.splitlines() if "2025-T" in line]
    assert first.endswith("Folkmängden är från 2026, den tidigaste som är känd.")
    assert second.endswith("Preliminär. Folkmängden är från 2026, den tidigaste som är känd.")


@pytest.mark.parametrize("known_on", [(), ("--as-known-on", "2025-06-30"), ("--as-known-on", "2020-01-01")])
def test_an_unknown_unit_is_the_users_error_on_any_day(loaded: Samkoll, known_on: tuple[str, ...]) -> None:
    ran = loaded("kpi", "show", "sip_active", "--unit", "NOPE", *known_on)
    assert is_users_error(ran), ran
    assert "Enheten ”NOPE” finns inte" in ran.err
    known = loaded("kpi", "show", "sip_active", "--unit", "1287", *known_on, "--json")
    assert known.code == 0
    assert {cell["unit"] for cell in known.json} <= {"1287"}


def test_moments_in_json_have_an_offset(loaded: Samkoll) -> None:
    told = loaded("deliveries", "--json").json[0]
    moments = [datetime.fromisoformat(told[name]) for name in ("received_at", "committed_at")]
    swedish = ZoneInfo("Europe/Stockholm")
    assert [one.utcoffset() for one in moments] == [one.astimezone(swedish).utcoffset() for one in moments]
    assert told["as_of"] == "2025-06-30"


def test_values_are_sorted_by_unit_and_period(loaded: Samkoll) -> None:
    cells = loaded("kpi", "show", "sip_active", "--json").json
    order = [(cell["unit"], cell["period"]) for cell in cells]
    assert order == sorted(order)
    assert len(order) == len(set(order))


def test_whole_numbers_are_written_whole(loaded: Samkoll) -> None:
    out = loaded.process("kpi", "show", "sip_established", "--json").out
    assert '"numerator": 2,' in out
    assert not re.search(r"\d\.0\b", out)


def test_as_known_on_an_earlier_day(samkoll: Samkoll) -> None:
    sips = (CANONICAL / "sips.csv").read_text(encoding="utf-8")
    corrected = samkoll.folder / "sips.csv"
    corrected.write_text(sips.replace("2025-02-10;2025-03-15", "2025-03-05;2025-03-15"), encoding="utf-8")
    assert samkoll("load", CANONICAL, "--as-of", "2025-06-30").code == 0
    assert samkoll("load", corrected, "--as-of", "2025-07-31").code == 0
    assert samkoll("compute").code == 0
    options = ("--unit", "1287-BOF-N", "--to", "2025-03")
    before = values(samkoll, "sip_established", *options, "--as-known-on", "2025-07-01")
    assert before == {("1287-BOF-N", "2025-02"): (2, None)}
    today = values(samkoll, "sip_established", *options)
    assert today == {("1287-BOF-N", "2025-02"): (1, None), ("1287-BOF-N", "2025-03"): (1, None)}


def test_reading_figures_is_logged(loaded: Samkoll) -> None:
    loaded("kpi", "show", "sip_active", "--unit", "1287")
    engine = open_engine(f"sqlite:///{loaded.folder / 'var' / 'samkoll.db'}")
    with reading(engine) as connection:
        rows = connection.execute(select(audit_event.c.actor, audit_event.c.action, audit_event.c.resource)).all()
    engine.dispose()
    assert ("kommandoraden", "read", "sip_active 1287") in [tuple(row) for row in rows]


def test_the_same_way_on_postgresql(samkoll: Samkoll, postgres_engine: Engine) -> None:
    url = postgres_engine.url.render_as_string(hide_password=False)
    on_server = Samkoll(samkoll.folder, {"database_url": url})
    assert on_server("load", CANONICAL, "--as-of", "2025-06-30").code == 0
    assert on_server("compute", "--full").code == 0
    assert values(on_server, "sip_followed_up_in_time", "--unit", "1287") == {("1287", "2025-03"): (1, 2)}


# --- decisions ---------------------------------------------------------------


def deliver_deviations(samkoll: Samkoll, bad: int) -> Ran:
    rows = [f"V{n};1287;1287-BOF-N;2025-02-12;socialtjanst;bup;{'okänd' if n < bad else 'annan'}" for n in range(30)]
    header = "deviation_id;municipality_code;unit_code;reported_on;reporting_actor;counterpart_actor;category"
    file = samkoll.folder / "deviations.csv"
    file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return samkoll("load", file, "--as-of", "2025-06-30")


def test_rejected_rows_are_shown_with_place_and_reason_and_the_load_is_ok(samkoll: Samkoll) -> None:
    assert deliver_deviations(samkoll, bad=2).code == 0
    rows = samkoll("rejects", "--json").json
    assert [(row["file_name"], row["line"], row["field"]) for row in rows] == [
        ("deviations.csv", 2, "category"),
        ("deviations.csv", 3, "category"),
    ]
    number = rows[0]["delivery_id"]
    assert samkoll("rejects", "--delivery", str(number), "--json").json == rows
    assert samkoll("rejects", "--delivery", str(number + 1), "--json").json == []
    assert "deviations.csv" in samkoll("rejects").out


def test_a_held_delivery_ends_with_1_and_waits_for_a_decision(samkoll: Samkoll) -> None:
    assert deliver_deviations(samkoll, bad=12).code == 1
    (held,) = samkoll("deliveries", "--json").json
    assert held["status"] == "held"
    assert samkoll.process("approve", str(held["delivery_id"])).code == 0
    assert samkoll("deliveries", "--json").json[0]["status"] == "loaded"
    assert is_users_error(samkoll("approve", str(held["delivery_id"])))


def test_a_refused_delivery_stays_out(samkoll: Samkoll) -> None:
    deliver_deviations(samkoll, bad=12)
    assert samkoll("refuse", "1", "--reason", "Fel fil").code == 0
    (refused,) = samkoll("deliveries", "--json").json
    assert (refused["status"], refused["reason"]) == ("refused", "Fel fil")


def test_a_failed_delivery_ends_with_1_and_says_why(samkoll: Samkoll) -> None:
    file = samkoll.folder / "sips.csv"
    file.write_text("sip_id;municipality_code\nA;1287\n", encoding="utf-8")
    ran = samkoll("load", file)
    assert ran.code == 1
    assert "sips.csv" in ran.out
    assert "unit_code" in ran.out
    assert samkoll("deliveries", "--json").json[0]["status"] == "failed"


def test_replay_of_nothing_is_ok(loaded: Samkoll) -> None:
    assert loaded("replay").code == 0


# --- errors ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("bogus",), "Kommandot ”bogus” finns inte."),
        (("load",), "Du måste ange SÖKVÄG"),
        (("load", "finns-inte.csv"), "finns-inte.csv"),
        (("load", ".", "--as-of", "07/03/2025"), "ingen dag"),
        (("load", ".", "--source", "bogus"), "bogus"),
        (("compute", "--from", "mars"), "ingen period"),
        (("compute", "--from", "2025-03", "--to", "2025-01"), "--from 2025-03 ligger efter --to 2025-01."),
        (("kpi", "show", "sip_active", "--from", "2025-T2", "--to", "2025-04"), "ligger efter"),
        (("kpi", "show", "sip_bogus"), "finns inte"),
        (("approve", "x"), "Skriv ett heltal."),
        (("deliveries", "extra"), "för många argument: extra"),
        (("rejects", "--nope"), "Alternativet --nope finns inte."),
        (("serve",), "inloggning"),
        (("rejects", "--json=ja"), "Alternativet --json tar inget värde."),
        (("simulate", "out", "--municipalities", "0000"), "0000"),
    ],
)
def test_a_users_error_is_told_in_swedish_and_ends_with_2(
    samkoll: Samkoll, arguments: tuple[str, ...], says: str
) -> None:
    ran = samkoll(*arguments)
    assert is_users_error(ran), ran
    assert says in ran.err


@pytest.mark.parametrize("command", [("deliveries",), ("rejects",), ("approve", "1"), ("kpi", "show", "sip_active")])
def test_a_missing_warehouse_is_told_with_the_remedy_and_not_made(samkoll: Samkoll, command: tuple[str, ...]) -> None:
    ran = samkoll(*command)
    assert is_users_error(ran)
    assert "samkoll upgrade" in ran.err
    assert not (samkoll.folder / "var" / "samkoll.db").exists()


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"database_url": "nonsense"}, "SAMKOLL_DATABASE_URL"),
        ({"database_url": "oracle://server/x"}, "oracle"),
        ({"max_file_mb": "stor"}, "SAMKOLL_MAX_FILE_MB"),
        ({"settings": "finns-inte.toml"}, "finns-inte.toml"),
        ({"pseudonym_key": "hemligt"}, "SAMKOLL_PSEUDONYM_KEY"),
    ],
)
def test_a_bad_setting_is_named(tmp_path: Path, settings: dict[str, str], says: str) -> None:
    ran = Samkoll(tmp_path, settings)("load", CANONICAL)
    assert is_users_error(ran), ran
    assert says in ran.err
    assert "hemligt" not in ran.err


def test_an_unreachable_database_is_a_failure_that_hides_the_password(tmp_path: Path) -> None:
    ran = Samkoll(tmp_path, {"database_url": "postgresql://me:hemligt@127.0.0.1:1/x"}).process("deliveries")
    assert ran.code == 1
    assert "svarar inte" in ran.err
    assert "hemligt" not in ran.err
    assert "Traceback" not in ran.err


def test_a_warehouse_of_a_newer_program_is_refused_with_the_remedy(samkoll: Samkoll) -> None:
    samkoll("upgrade")
    engine = open_engine(f"sqlite:///{samkoll.folder / 'var' / 'samkoll.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("update alembic_version set version_num = '9999'")
    engine.dispose()
    ran = samkoll("load", CANONICAL)
    assert is_users_error(ran)
    assert "nyare version" in ran.err


def test_an_unexpected_error_is_one_sentence_and_its_traceback_is_in_the_log(samkoll: Samkoll) -> None:
    samkoll("upgrade")
    engine = open_engine(f"sqlite:///{samkoll.folder / 'var' / 'samkoll.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("drop table audit_event")
    engine.dispose()
    ran = samkoll.process("kpi", "show", "sip_active")
    assert ran.code == 1
    assert "Traceback" not in ran.err
    assert "samkoll.jsonl" in ran.err
    assert "Traceback" in (samkoll.folder / "var" / "log" / "samkoll.jsonl").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "command",
    ["upgrade", "simulate", "load", "deliveries", "rejects", "approve", "refuse", "replay", "compute", "kpi",
     "kpi list", "kpi show", "kpi validate", "kpi schema", "kpi diff", "kpi backcast", "schedule", "serve", "doctor",
     "demo", "spc", "database-role"],
)  # fmt: skip
def test_every_command_has_help_in_swedish(samkoll: Samkoll, command: str) -> None:
    ran = samkoll(*command.split(), "--help")
    assert ran.code == 0
    assert f"Användning: samkoll {command}" in ran.out
    assert not re.search(r"Usage|Options|Show this", ran.out)


# --- the state of things -----------------------------------------------------


def test_doctor_of_a_new_installation_finds_nothing_wrong(samkoll: Samkoll) -> None:
    ran = samkoll.process("doctor", "--json")
    assert ran.code == 0
    assert {one["grade"] for one in ran.json} <= {"good", "note"}


def test_doctor_finds_what_is_wrong_and_names_the_remedy(loaded: Samkoll) -> None:
    key = loaded.folder / "var" / "pseudonym.key"
    key.chmod(0o644)
    ran = loaded("doctor")
    key.chmod(0o600)
    assert ran.code == 1
    assert f"chmod 600 {Path('var') / 'pseudonym.key'}" in ran.out
    assert loaded("doctor").code == 0


def test_doctor_finds_a_misspelt_setting(tmp_path: Path) -> None:
    ran = Samkoll(tmp_path, {"databse_url": "x"})("doctor")
    assert ran.code == 1
    assert "SAMKOLL_DATABSE_URL är ingen inställning" in ran.out
