"""`samkoll kpi` as a controller meets it: list, validate, diff, backcast."""

from __future__ import annotations

import re

import pytest

from kpi.loader import load_catalogue
from tests.builders.command import Samkoll
from warehouse.settings import ROOT

pytestmark = pytest.mark.xdist_group("loaded")  # one worker, so that it is loaded once

CALL = "    numerator: purpose_stated and question_stated"


def changed_file(samkoll: Samkoll, old: str, new: str) -> str:
    text = (ROOT / "kpi_definitions.yaml").read_text(encoding="utf-8")
    assert old in text
    path = samkoll.folder / "ny.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return str(path)


def test_the_figures_are_listed_in_the_file_s_order(samkoll: Samkoll) -> None:
    listed = [one["id"] for one in samkoll("kpi", "list", "--json").json]
    assert listed == list(load_catalogue(ROOT / "kpi_definitions.yaml").definitions)
    assert len(listed) == 60


def test_validate_accepts_the_shipped_definitions_and_places_an_error(samkoll: Samkoll) -> None:
    assert samkoll.process("kpi", "validate").code == 0
    bad = samkoll.folder / "bad.yaml"
    bad.write_text("definitions:\n  - id: 1\n    nonsense: true\n", encoding="utf-8")
    ran = samkoll("kpi", "validate", bad)
    assert ran.code == 2
    assert re.search(r"bad\.yaml:\d+:\d+: ", ran.err)
    as_json = samkoll("kpi", "validate", bad, "--json")
    assert as_json.code == 2
    assert as_json.json["valid"] is False


def test_a_warning_is_told_and_refuses_nothing(samkoll: Samkoll) -> None:
    owner = "    owner_role: förvaltningschef\n"
    new = changed_file(samkoll, owner, f"{owner}    next_review: 2020-01-01\n")
    ran = samkoll("kpi", "validate", new)
    assert ran.code == 0
    assert "Att se över: ny.yaml:" in ran.out
    assert samkoll("kpi", "validate", new, "--json").json["warnings"]


def test_validation_knows_the_boards_of_the_warehouse(loaded: Samkoll) -> None:
    new = changed_file(loaded, "        at_least: 0.95\n", "        at_least: 0.95\n        board: 1287-OKÄND\n")
    ran = loaded("kpi", "validate", new)
    assert ran.code == 2
    assert "nämnden ”1287-OKÄND”, som inte finns" in ran.err


def test_a_diff_tells_meaning_and_what_is_not_allowed(samkoll: Samkoll) -> None:
    shipped = ROOT / "kpi_definitions.yaml"
    [change] = samkoll(
        "kpi", "diff", shipped, changed_file(samkoll, CALL, "    numerator: purpose_stated"), "--json"
    ).json["changes"]
    assert (change["kpi_id"], change["sort"], change["label"]) == ("sip_call_complete", "meaning", "täljare")
    gone = changed_file(samkoll, "  youth_influence:", "  youth_influence_2:")
    ran = samkoll("kpi", "diff", shipped, gone)
    assert (ran.code, "Får inte ändras så: " in ran.out) == (2, True)
    assert "Ingen skillnad" in samkoll("kpi", "diff", shipped, shipped).out


def test_a_backcast_shows_both_and_saves_nothing(loaded: Samkoll) -> None:
    new = changed_file(loaded, CALL, "    numerator: purpose_stated")
    before = loaded("kpi", "show", "sip_call_complete", "--json").json
    pairs = loaded("kpi", "backcast", "sip_call_complete", "--file", new, "--json").json
    shown = {(one["unit"], one["period"]): one["value"] for one in before}
    assert {(one["unit"], one["period"]): one["before"]["value"] for one in pairs} == shown
    assert loaded("kpi", "show", "sip_call_complete", "--json").json == before
    assert "värden ändras" in loaded("kpi", "backcast", "sip_call_complete", "--file", new).out


def test_what_nobody_has_done_in_the_product_yet_says_so(loaded: Samkoll) -> None:
    assert "Inga uppgifter än" in loaded("kpi", "show", "controls_on_time").out
    assert loaded("kpi", "show", "controls_on_time", "--json").json == []


def test_a_decided_target_is_guarded_also_by_hand(samkoll: Samkoll) -> None:
    target = "        at_least: 0.95\n        near: 0.05\n"
    decision = "        decision:\n          date: 2025-03-07\n          paragraph: § 45\n          dnr: SN 2025/12\n"
    file = changed_file(samkoll, target, target + decision)
    ours = Samkoll(samkoll.folder, {"definitions": file})
    assert ours("compute").code == 0
    assert ours("kpi", "validate").code == 0
    changed_file(samkoll, target, (target + decision).replace("0.95", "0.8"))
    ran = ours("kpi", "validate")
    assert (ran.code, "§ 45" in ran.err) == (2, True)
    assert "§ 45" in ours("compute").err, "replaced by hand: told, and recorded"
