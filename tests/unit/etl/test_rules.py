"""The contract's rules for a row, one broken rule at a time: field, rule and sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cache

import pytest

from etl.apply import apply_mapping
from etl.identity.pseudonym import Pseudonymiser
from etl.mapping import Header, canonical_mapping
from etl.read.csv_table import read_csv
from etl.rules.check import Checked, Context, check_rows
from etl.rules.counted import Figure, figures_of
from etl.rules.problem import NOT_SHOWN
from etl.rules.values import BadValue, read_boolean, read_day, read_integer
from kpi.loader import load_catalogue
from tests.builders.loading import Rows, as_csv, deviation, sip
from warehouse.contract import DATASETS
from warehouse.identity.spelling import luhn_holds
from warehouse.settings import ROOT

AS_OF = date(2025, 6, 30)
# Serials 980 to 999 are kept for tests and never given to people.
CHILD, OTHER_CHILD = "20150916-9809", "20150917-9808"


@cache
def _figures() -> dict[str, Figure]:
    return figures_of(load_catalogue(ROOT / "kpi_definitions.yaml"))


def _check(dataset: str, rows: Rows) -> Checked:
    table, _ = read_csv(as_csv(rows).encode(), header=Header(), separator=None)
    (canonical,) = apply_mapping(canonical_mapping(dataset), [table], f"{dataset}.csv")
    context = Context(AS_OF, Pseudonymiser("k" * 32, board="", source="canonical"), _figures())
    return check_rows(canonical, table.wrong_widths, len(table.columns), context)


def _broken(dataset: str, *rows: dict[str, str]) -> list[tuple[str | None, str]]:
    checked = _check(dataset, rows)
    return [(problem.field, problem.rule) for problem in checked.problems]


@pytest.mark.parametrize(
    ("more", "broken"),
    [
        ({"initiator_actor": "kurator"}, ("initiator_actor", "unknown_code")),
        ({"initiator_actor": "Skola"}, ("initiator_actor", "unknown_code")),
        ({"initiated_on": "2025-02-30"}, ("initiated_on", "impossible_date")),
        ({"initiated_on": "03/07/2024"}, ("initiated_on", "bad_date")),
        ({"initiated_on": "2024-3-7"}, ("initiated_on", "bad_date")),
        ({"initiated_on": "2024-03-07T10:00"}, ("initiated_on", "bad_date")),
        ({"initiated_on": "2024-03-07 24:30"}, ("initiated_on", "impossible_date")),
        ({"initiated_on": ""}, ("initiated_on", "required")),
        ({"initiated_on": "2025-07-01"}, ("initiated_on", "after_as_of")),
        ({"met_on": "2025-01-09"}, ("met_on", "date_order")),
        ({"called_on": "2025-01-12", "met_on": "2025-01-11"}, ("met_on", "date_order")),
        ({"called_on": "2025-01-09"}, ("called_on", "date_order")),
        ({"mapped_on": "2025-01-09"}, ("mapped_on", "date_order")),
        ({"met_on": "2025-02-01", "closed_on": "2025-01-31"}, ("closed_on", "date_order")),
        ({"closed_on": "2025-01-09"}, ("closed_on", "date_order")),
        ({"consent": "declined", "met_on": "2025-02-01"}, ("met_on", "declined_but_met")),
        ({"municipality_code": "180"}, ("municipality_code", "bad_municipality")),
        ({"person_id": "20150916-9807"}, ("person_id", "bad_person_number")),
        ({"person_id": " "}, ("person_id", "required")),
        ({"purpose_stated": "x"}, ("purpose_stated", "bad_boolean")),
        ({"sip_id": " "}, ("sip_id", "required")),
        ({"sip_id": "S" * 201}, ("sip_id", "too_long")),
    ],
)
def test_a_plans_broken_rule(more: dict[str, str], broken: tuple[str, str]) -> None:
    row = {**sip("S1"), **more}
    assert broken in _broken("sips", row)
    assert broken in _broken("sips", sip("S0"), row)


@pytest.mark.parametrize(
    "more",
    [
        {"initiated_on": "20240307"},
        {"initiated_on": "2024-03-07 14:30"},
        {"initiated_on": "2024-03-07 14:30:00"},
        {"agreed_follow_up_on": "2027-01-01"},
        {"met_on": "2025-06-30"},
        {"mapped_on": "2025-03-01", "met_on": "2025-02-01"},
        {"consent": "withdrawn", "met_on": "2025-02-01"},
        {"purpose_stated": "Ja", "question_stated": "n", "coordinator_named": "SANT"},
        {"person_id": CHILD.replace("-", "–")},
    ],
)
def test_what_a_plan_may_say(more: dict[str, str]) -> None:
    assert _broken("sips", sip("S1", **more)) == []


@pytest.mark.parametrize(
    ("dataset", "row", "broken"),
    [
        ("deviations", deviation("D1", category="bråk"), ("category", "unknown_code")),
        ("sip_participants", {"meeting_no": "-1"}, ("meeting_no", "bad_integer")),
        ("referral_counts", {"month": "2025-13"}, ("month", "bad_month")),
        ("referral_counts", {"month": "2025-07"}, ("month", "after_as_of")),
        ("referral_counts", {"referred": "2,5"}, ("referred", "bad_integer")),
        ("population", {"age": "18"}, ("age", "bad_age")),
        ("population", {"year": "24"}, ("year", "bad_year")),
        ("reported_values", {"period": "2025-15"}, ("period", "bad_period")),
        ("reported_values", {"numerator": "tolv"}, ("numerator", "bad_number")),
        ("agreements", {"valid_from": "2025-02-01", "valid_to": "2025-01-01"}, ("valid_to", "date_order")),
    ],
)
def test_other_datasets_broken_rules(dataset: str, row: dict[str, str], broken: tuple[str, str]) -> None:
    needed = {"municipality_code": "1287", "actor": "bup"}
    names = {field.name for field in DATASETS[dataset].fields if field.required} | set(row)
    filled = {name: row.get(name, needed.get(name, "1")) for name in sorted(names)}
    assert broken in _broken(dataset, filled)


def _reported(kpi_id: str, numerator: str = "3", **more: str) -> dict[str, str]:
    return {"kpi_id": kpi_id, "unit_code": "U1", "period": "2025-05", "numerator": numerator, **more}


@pytest.mark.parametrize(
    ("row", "field", "said"),
    [
        (_reported("sip_etablerade"), "kpi_id", "”sip_etablerade” finns inte"),
        (_reported("sip_lead_time"), "kpi_id", "går inte att summera"),
        (_reported("sip_active"), "kpi_id", "går inte att summera"),
        (_reported("sip_per_1000", period="2025-T1"), "kpi_id", "går inte att summera"),
        (_reported("sip_established", period="2025-T1"), "period", "redovisas per månad"),
        (_reported("sip_established", "-3"), "numerator", "negativt tal"),
        (_reported("sip_call_complete", denominator="-4"), "denominator", "negativt tal"),
        (_reported("sip_call_complete", "5", denominator="4"), "denominator", "täljaren är större"),
        (_reported("sip_call_complete", "0,5", denominator="0"), "denominator", "täljaren är större"),
        (_reported("sip_call_complete"), "denominator", "nämnaren saknas"),
        (_reported("sip_established", split="actor=bup"), "split", "delas inte upp. Lämna fältet tomt"),
        (_reported("sip_absence_by_actor", denominator="5"), "split", "uppdelning saknas"),
        (_reported("sip_absence_by_actor", denominator="5", split="actor=BUP"), "split", "”BUP” finns inte i actor"),
        (_reported("sip_absence_by_actor", denominator="5", split="actor="), "split", "finns inte i actor"),
        (_reported("sip_absence_by_actor", denominator="5", split="bup"), "split", "delas upp på actor"),
        (_reported("referral_flows", split="from_actor=bvc"), "split", "Skriv from_actor="),
        (_reported("referral_flows", split="from_actor=bvc;from_actor=mvc"), "split", "på from_actor och to_actor"),
    ],
)
def test_what_no_report_may_say(row: dict[str, str], field: str, said: str) -> None:
    (problem,) = _check("reported_values", [row]).problems
    assert (problem.field, problem.rows.tolist()) == (field, [0])
    assert said in problem.sentence(0)
    assert problem.sentence(0).endswith(".")


@pytest.mark.parametrize(
    "row",
    [
        _reported("sip_established", "0"),
        _reported("sip_call_complete", "4", denominator="4"),
        _reported("sip_absence_by_actor", "0", denominator="0", split="actor=bup"),
        _reported("referral_flows", split="from_actor=bvc;to_actor=mvc"),
    ],
)
def test_what_a_report_may_say(row: dict[str, str]) -> None:
    assert _broken("reported_values", row) == []


def test_a_split_in_another_order_is_the_same_cell() -> None:
    checked = _check("reported_values", [_reported("referral_flows", split=" to_actor=mvc; from_actor=bvc")])
    assert checked.problems == ()
    assert checked.typed["split"].value(0) == "from_actor=bvc;to_actor=mvc"


@pytest.mark.parametrize(("trained", "broken"), [("10", []), ("11", [("trained", "part_over_whole")])])
def test_no_more_are_trained_than_concerned(trained: str, broken: list[tuple[str, str]]) -> None:
    row = {"unit_code": "U1", "month": "2025-05", "subject": "secrecy", "staff": "10", "trained": trained}
    assert _broken("training", row) == broken


def test_blank_and_derived_values() -> None:
    checked = _check("sips", [sip("S1", person_id=CHILD), sip("S2"), sip("S3", calling_actor="bup", sex="M")])
    values = {name: [column.value(row) for row in range(3)] for name, column in checked.typed.items()}
    assert values["birth_date"] == [date(2015, 9, 16), None, None]
    assert values["sex"] == ["K", None, "M"]
    assert values["calling_actor"] == ["skola", "skola", "bup"]
    assert values["consent"] == ["unknown"] * 3
    assert values["purpose_stated"] == [False] * 3
    assert values["met_on"] == [None] * 3


def test_always_is_the_first_day_of_all() -> None:
    checked = _check("org_units", [{"unit_code": "1287", "name": "Kommunen", "level": "municipality"}])
    assert checked.typed["valid_from"].value(0) == date(1, 1, 1)
    assert checked.problems == ()


@pytest.mark.parametrize(
    ("birth_date", "initiated_on", "outside"),
    [
        ("2007-01-11", "2025-01-10", False),
        ("2007-01-10", "2025-01-10", True),
        ("2004-02-29", "2022-02-28", False),
        ("2004-02-29", "2022-03-01", True),
        ("", "2025-01-10", False),
    ],
)
def test_eighteen_on_the_day_is_out_of_scope(birth_date: str, initiated_on: str, outside: bool) -> None:
    checked = _check("sips", [sip("S1", birth_date=birth_date, initiated_on=initiated_on)])
    assert checked.out_of_scope.tolist() == [outside]


@pytest.mark.parametrize("number", ["200702059804", "070205-9804", "20070205–9804", "070265-9806"])
def test_age_comes_of_the_number_in_any_spelling(number: str) -> None:
    digits = re.sub("[^0-9]", "", number)[-10:]
    check = next(digit for digit in "0123456789" if luhn_holds(digits[:9] + digit))
    spelled = number[:-1] + check
    of_age = _check("sips", [sip("S1", person_id=spelled, initiated_on="2025-02-05")])
    under = _check("sips", [sip("S1", person_id=spelled, initiated_on="2025-02-04")])
    assert (of_age.problems, of_age.out_of_scope.tolist()) == ((), [True])
    assert under.out_of_scope.tolist() == [False]


def test_the_same_child_in_any_spelling_is_the_same_pseudonym_and_never_across_municipalities() -> None:
    spellings = [CHILD, CHILD.replace("-", ""), CHILD[2:], CHILD.replace("-", " "), CHILD.replace("-", "") + ".0"]
    checked = _check(
        "sips",
        [
            *(sip(f"S{n}", person_id=cell) for n, cell in enumerate(spellings)),
            sip("S9", person_id=CHILD, municipality_code="1263"),
        ],
    )
    typed = checked.typed["person_pseudonym"]
    pseudonyms = [typed.value(row) for row in range(6)]
    assert len(set(pseudonyms[:5])) == 1
    assert pseudonyms[5] != pseudonyms[0]
    assert checked.typed["sip_id"].value(0) == "S0"


def test_an_identity_number_in_a_key_becomes_its_pseudonym() -> None:
    checked = _check("sips", [sip(f"SIP {CHILD}"), sip(f"SIP {OTHER_CHILD}"), sip("20240307")])
    keys = [str(checked.typed["sip_id"].value(row)) for row in range(3)]
    assert keys[0].startswith("SIP ")
    assert len(keys[0]) == 68
    assert keys[0] != keys[1]
    assert keys[2] == "20240307"


def test_free_text_is_masked() -> None:
    (value,) = _check("deviations", [deviation("D1", description=f"Barn {CHILD}, a@b.se")]).typed["description"].values
    assert value == "Barn [personnummer], [e-post]"


def test_a_sentence_never_quotes_the_number() -> None:
    checked = _check("sips", [sip("S1", sex=CHILD, person_id="20150916-9801")])
    said = " ".join(problem.sentence(0) for problem in checked.problems)
    assert "9809" not in said
    assert "9801" not in said
    assert "[personnummer]" in said


@pytest.mark.parametrize(
    ("read", "text", "shown"),
    [
        (read_day, "2024-13-45", "”2024-13-45”"),
        (read_day, "Kalle, mamma Eva", NOT_SHOWN),
        (read_day, "Kalle", NOT_SHOWN),
        (read_day, "070-123 45 67", "”[telefon]”"),
        (read_integer, "-4", "”-4”"),
        (read_integer, "tolv", NOT_SHOWN),
        (read_integer, "1" * 31, NOT_SHOWN),
        (read_boolean, "kanske", "”kanske”"),
        (read_boolean, "ja, men mamman", NOT_SHOWN),
    ],
)
def test_a_cell_is_quoted_only_when_it_is_like_what_its_field_expects(
    read: Callable[[str], object], text: str, shown: str
) -> None:
    """In a file whose columns have slipped, a date's cell may hold a name or a note."""
    with pytest.raises(BadValue) as refused:
        read(text)
    told = str(refused.value.sentence)
    assert shown in told
    assert (text in told) is (shown == f"”{text}”")
