"""One call writes one round of deliveries: the same bytes for the same arguments, marked synthetic."""

from __future__ import annotations

import csv
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from etl.mapping_loader import load_mappings
from etl.simulate import simulate
from etl.simulate.reference import municipality
from etl.simulate.run import tell_frames
from etl.simulate.story import tell
from warehouse.errors import UserError

UNTIL = date(2026, 11, 22)
SYSTEMS = {
    "avvikelsesystem", "enkatverktyg", "familjecentral", "planeringsstod", "samverkansregister", "utbildningsregister",
    "verksamhetssystem",
}  # fmt: skip

PLANNING_FILES = {"planeringsinsatser": {"sip_activities"}, "planeringsgranskning": {"sip_reviews"}}


def _bytes(folder: Path) -> dict[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        simulate(tmp_path / name, municipalities=["1287", "1263"], months=14, seed=5, until=UNTIL)
    simulate(tmp_path / "c", municipalities=["1287", "1263"], months=14, seed=6, until=UNTIL)
    assert _bytes(tmp_path / "a") == _bytes(tmp_path / "b")
    assert _bytes(tmp_path / "a") != _bytes(tmp_path / "c")


def test_another_municipality_changes_nothing_for_the_first(tmp_path: Path) -> None:
    simulate(tmp_path / "one", municipalities=["1263"], months=14, seed=5, until=UNTIL)
    simulate(tmp_path / "two", municipalities=["1233", "1263"], months=14, seed=5, until=UNTIL)
    one, two = (_bytes(tmp_path / name) for name in ("one", "two"))
    assert {name: digest for name, digest in one.items() if name != "LÄSMIG.txt"}.items() <= two.items()


def test_every_file_is_one_systems_and_invented_files_are_marked(tmp_path: Path) -> None:
    files = simulate(tmp_path, municipalities=["1287", "1263", "1233"], months=14, seed=5, until=UNTIL)
    assert sorted(tmp_path.iterdir()) == files
    mappings = load_mappings()
    assert set(mappings) >= SYSTEMS
    taken = {path.name: [source for source in mappings if mappings[source].takes_file(path.name)] for path in files}
    of_systems = {name: sources for name, sources in taken.items() if sources}
    assert {source for sources in of_systems.values() for source in sources} == SYSTEMS
    assert all(len(sources) == 1 and "SYNTETISK" in name for name, sources in of_systems.items())
    others = sorted(set(taken) - set(of_systems))
    assert [name for name in others if "SYNTETISK" not in name] == [
        "LÄSMIG.txt", "population-SCB-1233.csv", "population-SCB-1287.csv", "population-UNGEFÄRLIG-1263.csv",
    ]  # fmt: skip


def test_the_mapping_of_a_file_holds_only_what_the_file_holds() -> None:
    mapping = load_mappings()["familjecentral"]
    assert set(mapping.for_file("familjecentral_matris_SYNTETISK_1233.xlsx").datasets) == {"referral_counts"}
    assert set(mapping.for_file("Familjecentral_Lista_SYNTETISK_1287.xlsx").datasets) == {"referrals"}
    planning = load_mappings()["planeringsstod"]
    held = {name: set(planning.for_file(f"{name}_1287.csv").datasets) for name in ("planeringsstod", *PLANNING_FILES)}
    assert held == {"planeringsstod": {"sip_participants", "sip_follow_ups"}, **PLANNING_FILES}


def test_an_earlier_rounds_parts_do_not_linger(tmp_path: Path) -> None:
    tmp_path.joinpath("avvikelser_SYNTETISK_1263_del2.xlsx").write_bytes(b"old")
    tmp_path.joinpath("avvikelser_1263.xlsx").write_bytes(b"somebody's")
    simulate(tmp_path, municipalities=["1263"], months=2, seed=5, until=UNTIL)
    assert not tmp_path.joinpath("avvikelser_SYNTETISK_1263_del2.xlsx").exists()
    assert tmp_path.joinpath("avvikelser_1263.xlsx").read_bytes() == b"somebody's"


def test_units_hang_together(tmp_path: Path) -> None:
    simulate(tmp_path, municipalities=["1287", "1263", "1233", "2380"], months=2, seed=5, until=UNTIL)
    units: dict[str, dict[str, str]] = {}
    for path in tmp_path.glob("org_units*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            units |= {row["unit_code"]: row for row in csv.DictReader(file, delimiter=";")}
    roots = [code for code, row in units.items() if not row["parent_code"]]
    assert sorted(roots) == ["12", "23"]
    assert all(row["parent_code"] in units for row in units.values() if row["parent_code"])
    assert units["1287-UN"]["name"] == "Bildningsnämnden"
    assert units["1263-UN"]["name"] == "Utbildningsnämnden"
    assert {code: units[code]["parent_code"] for code in ("1287", "2380", "12-BUP")} == {
        "1287": "12-SYDVAST", "2380": "23", "12-BUP": "12",
    }  # fmt: skip


def test_the_readme_names_every_kind_of_file(tmp_path: Path) -> None:
    files = simulate(tmp_path, municipalities=["1287", "1233"], months=14, seed=5, until=UNTIL)
    text = tmp_path.joinpath("LÄSMIG.txt").read_text(encoding="utf-8")
    marked = {path.name.split("_SYNTETISK")[0].split("-SYNTETISK")[0] for path in files if "SYNTETISK" in path.name}
    kinds = {name.replace("_matris", "").replace("_lista", "") for name in marked} - {"org_units"}
    assert len(kinds) == 11
    assert [kind for kind in sorted(kinds) if f"({kind})" not in text] == []


def test_population_is_the_known_figure() -> None:
    assert municipality("1287").children == 9817
    assert municipality("1233").children == 8733
    assert (municipality("1263").children, municipality("1263").is_approximate) == (6750, True)


@pytest.mark.parametrize(
    ("events", "codes"), [(30_000, ("1287", "1263", "1233")), (120_000, ("1287", "1263", "1233")), (40_000, ("1263",))]
)
def test_events_scale_the_story(events: int, codes: tuple[str, ...]) -> None:
    stories = [tell(municipality(code), months=36, until=UNTIL) for code in codes]
    factor = events / sum(story.expected_events for story in stories)
    scaled = [tell(story.municipality, months=36, until=UNTIL, factor=factor) for story in stories]
    counted = ("sips", "sip_participants", "sip_follow_ups", "sip_activities", "deviations", "referrals")
    rows = sum(len(frame) for story in scaled for name, frame in tell_frames(story, 3).items() if name in counted)
    assert rows == pytest.approx(events, rel=0.05)


@pytest.mark.parametrize("months", [1, 2, 5])
def test_short_windows_work_too(tmp_path: Path, months: int) -> None:
    assert simulate(tmp_path, municipalities=["1287"], months=months, seed=1, until=date(2026, 1, 1))


def test_a_held_delivery_is_made_only_when_asked_for(tmp_path: Path) -> None:
    codes = ["1287", "1233"]
    simulate(tmp_path / "no", municipalities=codes, months=36, seed=1, until=UNTIL)
    simulate(tmp_path / "yes", municipalities=codes, months=36, seed=1, until=UNTIL, held=True)
    no, yes = (_bytes(tmp_path / name) for name in ("no", "yes"))
    assert {name for name in yes if no[name] != yes[name]} == {"LÄSMIG.txt", "avvikelser_SYNTETISK_1233.xlsx"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"municipalities": ["9999"]}, "9999"),
        ({"municipalities": []}, "Ingen kommun"),
        ({"municipalities": ["1287", "1287"]}, "flera gånger"),
        ({"months": 0}, "månader"),
        ({"seed": -1}, "Fröet"),
        ({"events": 0}, "händelser"),
    ],
)
def test_senseless_arguments_are_told_in_swedish(tmp_path: Path, arguments: dict[str, object], said: str) -> None:
    with pytest.raises(UserError, match=said):
        simulate(tmp_path, **{"municipalities": ["1287"], "months": 2, "seed": 1, **arguments})  # type: ignore[arg-type]
