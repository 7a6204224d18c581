"""Loading rules of the contract, on SQLite and PostgreSQL."""

from __future__ import annotations

import itertools
import zipfile
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from etl.run import approve, load, refuse, replay, resume
from kpi.access import OPERATOR
from tests.builders.loading import Loading, as_csv, counts, deviation, sip
from warehouse.database import reading
from warehouse.errors import UserError
from warehouse.tables import delivery, delivery_scope

PLAN_HEADER = "Plannummer;Kommunkod;Enhetsnr;Personnummer;Initiativ från;Initiativdatum;Skyddad identitet\r\n"


@pytest.fixture
def loading(engine: Engine, tmp_path: Path) -> Loading:
    return Loading(engine, tmp_path)


def _statuses(loading: Loading) -> list[str]:
    with reading(loading.engine) as connection:
        return list(connection.scalars(select(delivery.c.status).order_by(delivery.c.delivery_id)))


# --- versions -----------------------------------------------------------------


def test_inserted_changed_unchanged_duplicate_and_repeated(loading: Loading) -> None:
    first = loading.load("sips.csv", [sip("S1"), sip("S2"), sip("S3")], as_of="2025-06-01")
    assert counts(first) == {"read": 3, "inserted": 3}
    second = loading.load(
        "sips.csv",
        [sip("S1"), sip("S2", met_on="2025-02-01"), sip("S4"), sip("S4"), sip("S4", sex="K"), sip("S1")],
        as_of="2025-06-02",
    )
    assert counts(second) == {
        "read": 6, "inserted": 1, "changed": 1, "unchanged": 1, "duplicate": 2, "rejected": 1,
    }  # fmt: skip
    assert loading.rejects() == [(2, 6, "sip_id", "repeated_key")]
    assert "rad 4" in second.problems[0]
    assert loading.current("sips", "sip_id", "met_on") == [
        ("S1", None), ("S2", date(2025, 2, 1)), ("S3", None), ("S4", None),
    ]  # fmt: skip
    assert loading.known_on("2025-06-01", "sips", "sip_id", "met_on") == [("S1", None), ("S2", None), ("S3", None)]


def test_the_same_bytes_are_nothing_to_do_and_a_b_a_loads_a_again(loading: Loading) -> None:
    a, b = [sip("S1", sex="K")], [sip("S1", sex="M")]
    loading.load("sips.csv", a)
    again = loading.load("sips.csv", a)
    assert (again.status, again.delivery_id) == ("unchanged", 1)
    assert _statuses(loading) == ["loaded"]
    loading.load("sips.csv", b)
    back = loading.load("sips.csv", a)
    assert counts(back) == {"read": 1, "changed": 1}
    assert loading.current("sips", "sex") == [("K",)]


def test_the_same_bytes_on_a_later_day_move_freshness_only(loading: Loading) -> None:
    loading.load("sips.csv", [sip("S1")], as_of="2025-06-01")
    later = loading.load("sips.csv", [sip("S1")], as_of="2025-06-08")
    assert (later.status, counts(later)) == ("unchanged", {"read": 1, "unchanged": 1})
    with reading(loading.engine) as connection:
        days = list(connection.scalars(select(delivery_scope.c.as_of).order_by(delivery_scope.c.delivery_id)))
    assert days == [date(2025, 6, 1), date(2025, 6, 8)]
    assert loading.load("sips.csv", [sip("S1")], as_of="2025-06-07").status == "refused"


def test_rows_that_lay_ahead_are_tried_again_when_their_day_has_come(loading: Loading) -> None:
    rows = [sip("S1"), sip("S2", met_on="2025-06-20")]
    first = loading.load("sips.csv", rows, as_of="2025-06-01")
    assert loading.rejects() == [(1, 3, "met_on", "after_as_of")]
    assert counts(first) == {"read": 2, "inserted": 1, "rejected": 1}
    second = loading.load("sips.csv", rows, as_of="2025-06-30")
    assert counts(second) == {"read": 2, "inserted": 1, "unchanged": 1}
    assert loading.rejects() == []


def test_an_older_day_is_refused_for_its_scope_only(loading: Loading) -> None:
    loading.load("sips.csv", [sip("S1")], as_of="2025-06-10")
    old = loading.load("sips.csv", [sip("S1", sex="K")], as_of="2025-06-09")
    assert old.status == "refused"
    assert "2025-06-09 är äldre än den senast inlästa, 2025-06-10, i ”SIP” för" in str(old.reason)
    other = loading.load("sips-1263.csv", [sip("S1", municipality_code="1263")], as_of="2025-06-09")
    assert other.status == "loaded"
    assert loading.load("deviations.csv", [deviation("D1")], as_of="2025-06-09").status == "loaded"
    assert loading.load("sips.csv", [sip("S2")], as_of="2025-06-10").status == "loaded"


def test_any_order_and_twice_gives_the_same_rows(loading: Loading, tmp_path: Path) -> None:
    files = {
        "sips.csv": as_csv([sip("S1"), sip("S2", met_on="2025-02-01")]),
        "sips-1263.csv": as_csv([sip("S1", municipality_code="1263")]),
        "deviations.csv": as_csv([deviation("D1", sip_id="S9")]),
        "sip_follow_ups.csv": "sip_id;municipality_code;follow_up_no;agreed_on\nS1;1287;1;2025-09-01\n",
    }
    for name, content in files.items():
        loading.write(name, content)
    folder = tmp_path / "leveranser"
    day = date(2025, 6, 30)
    expected = None
    for names in [*itertools.permutations(files)][:3]:
        load(loading.engine, loading.settings, [folder / name for name in names], as_of=day)
        load(loading.engine, loading.settings, [folder], as_of=day)
        found = {name: loading.current(name) for name in ("sips", "deviations", "sip_follow_ups")}
        assert expected in (None, found)
        expected = found
    assert _statuses(loading) == ["loaded"] * 4


def test_a_key_belongs_to_the_source_that_first_delivered_it(loading: Loading) -> None:
    loading.load("sips.csv", [sip("P-1", municipality_code="1263")])
    text = PLAN_HEADER + "P-1;1263;1;x;Skola;2025-01-10;N\r\nP-2;1263;1;x;Skola;2025-01-10;N\r\n"
    result = loading.load("verksamhetssystem_1263.csv", text.encode("cp1252"))
    assert counts(result) == {"read": 2, "inserted": 1, "rejected": 1}
    assert loading.rejects() == [(2, 2, "sip_id", "other_source")]
    assert "Kontraktets egna filer levererade den först" in result.problems[0]


# --- snapshots ----------------------------------------------------------------


def _plans(*numbers: str, more: str = "") -> bytes:
    lines = [f"{number};1287;1;x{number};Skola;2025-01-10;N\r\n" for number in numbers]
    return (PLAN_HEADER + "".join(lines) + more).encode("cp1252")


def test_a_snapshot_ends_missing_keys_but_none_that_a_rejected_row_may_have_carried(loading: Loading) -> None:
    name = "verksamhetssystem_1287.csv"
    loading.load(name, _plans("P1", "P2", "P3"), as_of="2025-06-01")
    loading.load("sips.csv", [sip("A1")], as_of="2025-06-01")
    second = loading.load(name, _plans("P1", more="P3;1287;1;x;Okänd;2025-01-10;N\r\n"), as_of="2025-06-02")
    assert counts(second) == {"read": 2, "unchanged": 1, "rejected": 1, "deleted": 1}
    assert loading.current("sips", "sip_id") == [("A1",), ("P1",), ("P3",)]
    third = loading.load(name, _plans(more="P1\r\n;1287;1;x;Skola;2025-01-10;N\r\n"), as_of="2025-06-03")
    assert counts(third) == {"read": 2, "rejected": 2}, "a row without a readable key may have carried any of them"
    fourth = loading.load(name, _plans("P1"), as_of="2025-06-04")
    assert counts(fourth) == {"read": 1, "unchanged": 1, "deleted": 1}
    assert loading.rejects() == [], "a later snapshot answers the rejects of its scope"
    again = loading.load(name, _plans("P1", "P2"), as_of="2025-06-05")
    assert counts(again) == {"read": 2, "inserted": 1, "unchanged": 1}
    assert loading.known_on("2025-06-03", "sips", "sip_id") == [("A1",), ("P1",), ("P3",)]


def test_a_protected_identity_is_counted_taken_out_and_never_stored(loading: Loading) -> None:
    name = "verksamhetssystem_1287.csv"
    loading.load(name, _plans("P1", "P2"), as_of="2025-06-01")
    result = loading.load(name, _plans("P1", more="P2;1287;1;hemlig;Skola;2025-01-10;J\r\n"), as_of="2025-06-02")
    assert counts(result) == {"read": 2, "unchanged": 1, "out_of_scope": 1, "deleted": 1}
    assert "rad 3" in result.warnings[-1]
    (_, hidden) = loading.raw_rows(2)
    assert hidden["@outcome:sips"] == "out_of_scope"
    assert {value for name, value in hidden.items() if not name.startswith("@")} == {""}


# --- held ---------------------------------------------------------------------


def test_many_rejects_hold_the_delivery_until_it_is_approved(loading: Loading) -> None:
    rows = [sip(f"S{number}") for number in range(100)]
    bad = [sip(f"B{number}", initiator_actor="x") for number in range(10)]
    held = loading.load("sips.csv", [*rows, *bad], as_of="2025-06-01")
    assert held.status == "held"
    assert counts(held) == {"read": 110, "inserted": 100, "rejected": 10}
    assert "10 av 110 rader i ”SIP” avvisas, fler än 5 procent" in str(held.reason)
    assert loading.current("sips") == []
    assert len(loading.rejects()) == 10
    approved = approve(loading.engine, loading.settings, 1, by=OPERATOR)
    assert (approved.status, approved.reason) == ("loaded", None)
    assert counts(approved) == {"read": 110, "inserted": 100, "rejected": 10}
    assert len(loading.current("sips")) == 100
    assert len(loading.rejects()) == 10
    with pytest.raises(UserError, match="väntar inte på beslut"):
        approve(loading.engine, loading.settings, 1, by=OPERATOR)


def test_a_refused_delivery_never_comes_in(loading: Loading) -> None:
    loading.load("sips.csv", [sip(f"B{number}", initiator_actor="x") for number in range(10)])
    refuse(loading.engine, loading.settings, 1, "Fel period, ring 070-123 45 67", by=OPERATOR)
    with reading(loading.engine) as connection:
        assert connection.execute(select(delivery.c.status, delivery.c.reason)).one() == (
            "refused",
            "Fel period, ring [telefon]",
        )
    assert loading.rejects() == []
    with pytest.raises(UserError, match="Det finns ingen leverans 7"):
        refuse(loading.engine, loading.settings, 7, "", by=OPERATOR)


@pytest.mark.parametrize(("bad", "good", "status"), [(9, 10, "loaded"), (10, 190, "loaded"), (10, 189, "held")])
def test_held_means_more_than_five_per_cent_and_at_least_ten(
    loading: Loading, bad: int, good: int, status: str
) -> None:
    rows = [sip(f"S{number}") for number in range(good)] + [sip(f"B{number}", sex="X") for number in range(bad)]
    assert loading.load("sips.csv", rows).status == status


def test_many_deletions_hold_a_snapshot(loading: Loading) -> None:
    name = "verksamhetssystem_1287.csv"
    loading.load(name, _plans(*(f"P{number}" for number in range(30))), as_of="2025-06-01")
    held = loading.load(name, _plans(*(f"P{number}" for number in range(20))), as_of="2025-06-02")
    assert (held.status, len(loading.current("sips"))) == ("held", 30)
    assert "10 av 30 poster i ”SIP” saknas" in str(held.reason)
    loading.load(name, _plans(*(f"P{number}" for number in range(31))), as_of="2025-06-03")
    late = approve(loading.engine, loading.settings, 2, by=OPERATOR)
    assert (late.status, len(loading.current("sips"))) == ("refused", 31), "something later has been loaded"


# --- rejects, resolved and replayed -------------------------------------------


def test_a_later_delivery_resolves_the_rejects_of_its_keys(loading: Loading) -> None:
    loading.load("sips.csv", [sip("S1", sex="X"), sip("S2", sex="X"), sip("", person_id="L3")], as_of="2025-06-01")
    assert len(loading.rejects()) == 3
    loading.load("sips-ny.csv", [sip("S1", sex="K")], as_of="2025-06-02")
    assert loading.rejects() == [(1, 3, "sex", "unknown_code"), (1, 4, "sip_id", "required")]
    loading.load("sips.csv", [sip("S2", sex="Y"), sip("S3", sex="K")], as_of="2025-06-03")
    assert loading.rejects() == [(1, 4, "sip_id", "required"), (3, 2, "sex", "unknown_code")], "told once"


def test_replay_takes_open_rejects_again_when_the_mapping_is_mended(
    loading: Loading, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "mappings"
    folder.mkdir()
    mapping = (
        "version: 1\nname: Avvikelser\nformat: csv\nfiles: [avv_*.csv]\ncodes: {part: {Skola: skola, BUP: bup}}\n"
        "datasets:\n  deviations:\n    fields:\n      deviation_id: Nr\n      municipality_code: {value: '1287'}\n"
        "      unit_code: Enhet\n      reported_on: Dag\n      reporting_actor: {value: skola}\n"
        "      counterpart_actor: {column: Part, codes: part}\n      category: {value: annan}\n"
    )
    (folder / "avv.yaml").write_text(mapping, encoding="utf-8")
    from etl.mapping_loader import load_mappings

    monkeypatch.setattr("etl.recognise.load_mappings", lambda: load_mappings.__wrapped__(folder))
    text = "Nr;Enhet;Dag;Part\n1;E;2025-01-01;BUP\n2;E;2025-01-02;Habiliteringen\n3;E;2025-02-31;BUP\n"
    loading.load("avv_1.csv", text, as_of="2025-06-01")
    assert replay(loading.engine, loading.settings, by=OPERATOR) == []
    assert _statuses(loading) == ["loaded"], "a replay that mends nothing leaves no trace"
    (folder / "avv.yaml").write_text(mapping.replace("BUP: bup", "BUP: bup, Habiliteringen: habilitering"), "utf-8")
    (result,) = replay(loading.engine, loading.settings, by=OPERATOR)
    assert counts(result) == {"read": 2, "inserted": 1, "rejected": 1}
    assert loading.rejects() == [(2, 4, "reported_on", "impossible_date")]
    assert loading.current("deviations", "deviation_id", "counterpart_actor") == [("1", "bup"), ("2", "habilitering")]
    with reading(loading.engine) as connection:
        assert connection.execute(select(delivery.c.replay_of, delivery.c.as_of)).all() == [
            (None, date(2025, 6, 1)),
            (1, date(2025, 6, 1)),
        ]
    assert replay(loading.engine, loading.settings, by=OPERATOR) == []


# --- rules between deliveries ---------------------------------------------------


def test_a_centre_delivers_referrals_or_counts_for_a_month(loading: Loading) -> None:
    referral = "referral_id;municipality_code;centre_code;from_actor;to_actor;referred_on\n"
    count = "municipality_code;centre_code;month;from_actor;to_actor;referred\n"
    loading.load("referrals.csv", referral + "R1;1287;C1;bvc;mvc;2025-01-10\n")
    counted = loading.load("referral_counts.csv", count + "1287;C1;2025-01;bvc;mvc;4\n1287;C1;2025-02;bvc;mvc;4\n")
    assert counts(counted) == {"read": 2, "inserted": 1, "rejected": 1}
    listed = loading.load(
        "referrals-2.csv", referral + "R2;1287;C1;bvc;mvc;2025-02-10\nR3;1287;C2;bvc;mvc;2025-02-10\n"
    )
    assert counts(listed) == {"read": 2, "inserted": 1, "rejected": 1}
    assert [(field, rule) for _, _, field, rule in loading.rejects()] == [
        ("month", "counts_or_referrals"), ("referred_on", "counts_or_referrals"),
    ]  # fmt: skip


def test_a_year_of_population_is_by_age_or_in_sum(loading: Loading) -> None:
    head = "municipality_code;year;age;children\n"
    first = loading.load("population.csv", head + "1287;2024;0-17;9000\n1287;2024;3;500\n1287;2023;3;1 500\n")
    assert counts(first) == {"read": 3, "inserted": 2, "rejected": 1}
    second = loading.load("population-2.csv", head + "1287;2023;0-17;9000\n1287;2024;0-17;9001\n")
    assert counts(second) == {"read": 2, "changed": 1, "rejected": 1}
    assert loading.current("population", "year", "age", "children") == [(2023, "3", 1500), (2024, "0-17", 9001)]


# --- records ------------------------------------------------------------------


def test_every_raw_row_is_tied_to_what_became_of_it(loading: Loading) -> None:
    text = as_csv([sip("S1", note="rad ett"), sip("S1", note="igen"), sip("S2", sex="X"), sip("S3", note='"a\nb"')])
    result = loading.load("sips.csv", text)
    assert result.warnings == ("Okända kolumner sparas men används inte: note.",)
    rows = loading.raw_rows(1)
    assert [(row["@line"], row["@outcome:sips"]) for row in rows] == [
        (2, "inserted"), (3, "duplicate"), (4, "rejected"), (5, "inserted"),
    ]  # fmt: skip
    assert rows[3]["note"] == '"a\nb"'
    assert rows[0]["sip_id"] == "S1"


def test_the_record_tells_encoding_separator_and_whether_it_is_synthetic(loading: Loading) -> None:
    loading.load("sips-Syntetisk.csv", as_csv([sip("S1", unit_code="Å1")], separator=",").encode("cp1252"))
    with reading(loading.engine) as connection:
        row = connection.execute(select(delivery)).one()
    assert (row.encoding, row.separator, row.is_synthetic, row.as_of) == ("cp1252", ",", True, date(2025, 6, 30))
    assert row.committed_at is not None
    assert loading.current("sips", "unit_code") == [("Å1",)]


def test_a_folder_and_an_archive_hold_files_of_any_kind(loading: Loading, tmp_path: Path) -> None:
    loading.write("inre/sips.csv", as_csv([sip("S1")]))
    loading.write(".DS_Store", b"\x00")
    loading.write("anteckningar.txt", "hej")
    archive = tmp_path / "leveranser" / "arkiv.zip"
    with zipfile.ZipFile(archive, "w") as container:
        container.writestr("../../deviations.csv", as_csv([deviation("D1")]))
        container.writestr("x.pdf", b"%PDF")
    results = load(loading.engine, loading.settings, [tmp_path / "leveranser"], as_of=date(2025, 6, 30))
    assert [(result.file_name, result.status) for result in results] == [
        ("anteckningar.txt", "skipped"), ("arkiv.zip/deviations.csv", "loaded"), ("arkiv.zip/x.pdf", "skipped"),
        ("sips.csv", "loaded"),
    ]  # fmt: skip
    with pytest.raises(UserError, match="känns inte igen"):
        load(loading.engine, loading.settings, [tmp_path / "leveranser" / "anteckningar.txt"])
    with pytest.raises(UserError, match="finns inte"):
        load(loading.engine, loading.settings, [tmp_path / "saknas.csv"])
    with pytest.raises(UserError, match="ingen källa som heter x"):
        load(loading.engine, loading.settings, [archive], source="x")


def test_a_crash_after_the_bytes_is_completed_by_the_next_run(
    loading: Loading, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("etl.commit.keep_scopes", die)
        with pytest.raises(Killed):
            loading.load("sips.csv", [sip("S1")])
    assert (_statuses(loading), loading.current("sips")) == (["received"], [])
    (result,) = resume(loading.engine, loading.settings)
    assert (result.status, counts(result)) == ("loaded", {"read": 1, "inserted": 1})
    assert resume(loading.engine, loading.settings) == []


def test_a_failure_in_the_second_transaction_leaves_the_reason_and_nothing_else(
    loading: Loading, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("18950802-9817")

    monkeypatch.setattr("etl.commit.keep_scopes", fail)
    result = loading.load("sips.csv", [sip("S1")])
    assert result.status == "failed"
    assert result.reason == "sips.csv: oväntat fel (ValueError). Inget har lästs in; mer står i loggen."
    assert loading.current("sips") == []


def test_a_held_file_that_comes_again_waits_once(loading: Loading) -> None:
    rows = [sip(f"B{number}", sex="X") for number in range(10)]
    first = loading.load("sips.csv", rows)
    assert loading.load("sips.csv", rows) == first
    assert _statuses(loading) == ["held"]
    assert loading.load("sips.csv", rows, as_of="2025-07-01").delivery_id == 2


def test_a_source_that_the_user_names_takes_any_file_of_its_format(loading: Loading) -> None:
    result = loading.load("uttag.csv", _plans("P1"), source="verksamhetssystem")
    assert (result.source, counts(result)) == ("verksamhetssystem", {"read": 1, "inserted": 1})
    with pytest.raises(UserError, match="säger inte vad filen innehåller"):
        loading.load("okänd.xlsx", b"x", source="familjecentral")
    with pytest.raises(UserError, match="känns inte igen"):
        loading.load("uttag.csv", _plans("P1"), source="canonical")
