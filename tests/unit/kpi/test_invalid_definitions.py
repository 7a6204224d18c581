"""One file for every way to be wrong: `tests/fixtures/definitions/*.yaml` says in its first lines what it must give.

`# Ska ge:` and then each problem, `# line:column: sentence`; `# Ska varna:` for what is only warned about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kpi import loader, source
from kpi.loader import DefinitionError, read_catalogue
from kpi.matter import Broken, Matter, Rule
from kpi.rules import RULES, WARNINGS
from kpi.schema import Document
from warehouse.settings import ROOT

FOLDER = ROOT / "tests" / "fixtures" / "definitions"
VALID = FOLDER / "valid.yaml"
FIXTURES = sorted(path for path in FOLDER.glob("*.yaml") if path != VALID)
BOARDS = {"1287-SN": "1287", "1287-BUN": "1287"}
TODAY = date(2026, 1, 1)
by_name = pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)


@dataclass(frozen=True)
class Judged:
    """What the loader says about a file: `word`, as fixtures head their list, and its lines; what it met on the way."""

    word: str
    lines: tuple[str, ...]
    rules: frozenset[str]
    errors: frozenset[str]


@cache
def judged(data: bytes) -> Judged:
    broken: set[str] = set()
    errors: set[str] = set()
    sentence = source._sentence

    def watched_rule(rule: Rule) -> Rule:
        def run(matter: Matter) -> Iterator[Broken]:
            for one in rule(matter):
                broken.add(rule.__name__)
                yield one

        return run

    def watched_sentence(details: Any, *rest: Any) -> str:
        errors.add(details["type"])
        return sentence(details, *rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loader, "RULES", tuple(map(watched_rule, RULES)))
        patch.setattr(loader, "WARNINGS", tuple(map(watched_rule, WARNINGS)))
        patch.setattr(source, "_sentence", watched_sentence)
        try:
            found = ("# Ska varna:", read_catalogue(data, "f", boards=BOARDS, today=TODAY).warnings)
        except DefinitionError as error:
            found = ("# Ska ge:", tuple(str(error).splitlines()))
    lines = tuple(line.removeprefix("f:") for line in found[1])
    return Judged(found[0], lines, frozenset(broken), frozenset(errors))


def heading(path: Path) -> tuple[str, list[str]]:
    encoding = "cp1252" if path.stem == "another_encoding" else "utf-8"
    first, *lines = path.read_text(encoding).splitlines()
    listed = []
    for line in lines:
        if not re.match(r"# \d", line):
            break
        listed.append(line.removeprefix("# "))
    return first, listed


def test_the_file_that_the_fixtures_break_is_whole() -> None:
    valid = judged(VALID.read_bytes())
    assert (valid.word, valid.lines) == ("# Ska varna:", ())


@by_name
def test_a_fixture_gives_what_it_says_and_nothing_else(path: Path) -> None:
    first, listed = heading(path)
    found = judged(path.read_bytes())
    assert listed
    assert found.word == first
    assert len(found.lines) == len(listed), found.lines
    for line, wanted in zip(found.lines, listed, strict=True):
        assert re.fullmatch(re.escape(wanted).replace("nu\\ …", "nu\\ [0-9a-f]{12}"), line)


@by_name
def test_a_place_is_the_word_the_value_or_the_key(path: Path) -> None:
    """The column is where something begins, never within or before it."""
    lines = path.read_bytes().decode("utf-8", "replace").split("\n")
    for listed in heading(path)[1]:
        line, column = (int(part) for part in listed.split(":")[:2])
        if (line, column) != (1, 1) and "tabbtecken" not in listed and "UTF-8" not in listed:
            before, at = lines[line - 1][: column - 1], lines[line - 1][column - 1 : column]
            assert at.strip()
            assert not before or not (before[-1].isalnum() and at.isalnum()), lines[line - 1]


def test_a_file_too_large_is_refused_unread() -> None:
    line = "1:1: filen är större än 1 MB. Är det rätt fil?"
    assert judged(b"facts: {}\n" + b"#" * 1_000_000).lines == (line,)


def test_a_fixtures_mistakes_are_told_together_sorted_by_line() -> None:
    text = VALID.read_text("utf-8")
    for old, new in [
        ("decimals: 0", "decimals: 7"),
        ("from: sip_follow_ups", "from: sip_follow_up"),
        ("split: [category]", "split: [kategory]"),
        ("met_on is not null and consent <> declined", "met_on is nul and consent <> declined"),
        ("release_class: process\n    audit:\n", "releaseclass: process\n    audit:\n"),
    ]:
        assert old in text
        text = text.replace(old, new, 1)
    lines = judged(text.encode()).lines
    places = [tuple(int(part) for part in line.split(":")[:2]) for line in lines]
    assert places == sorted(places)
    assert {line for line, _ in places} == {21, 30, 57, 60, 106}  # releaseclass is told once, where it stands


def test_what_cannot_be_read_hides_no_other_mistake() -> None:
    text = VALID.read_text("utf-8")
    for old, new in [
        ("    title: avvikelser\n", "\ttitle: avvikelser\n\t# och en till\n"),
        ("established: met_on", "established: &ankare met_on"),
        ("name: Möte i tid", 'name: "Möte i tid'),
        ("    areas: [social]\n", "    areas: [social\n"),
        ("name: Aktiva planer", "namn: Aktiva planer"),
        ("name: Återkoppling", "name: Återkoppling\n    reviewed_on: 2026-13-45"),
    ]:
        assert old in text
        text = text.replace(old, new, 1)
    no_day = "går inte att tolka som datum eller tal. Rätta det, eller sätt citattecken runt om det är en text."
    assert judged(text.encode()).lines == (
        "9:1: raden innehåller ett tabbtecken. Använd mellanslag.",
        "10:1: raden innehåller ett tabbtecken. Använd mellanslag.",
        "31:16: ankare och alias (& och *) används inte i filen. Skriv ut texten på varje ställe.",
        "45:11: raden går inte att tolka som YAML. Ett citattecken avslutas inte.",
        "80:5: ”namn” hör inte hemma i figures.open_plans. Nycklarna är engelska: namn heter name.",
        f"100:18: ”2026-13-45” {no_day}",
    )


def test_a_figures_mistakes_are_told_together() -> None:
    text = VALID.read_text("utf-8")
    for old, new in [
        ("denominator: consent <> declined\n", "denominator: consnt <> declined and consent in (given, givn)\n"),
        ("    unit: percent\n", "    unit: procent\n"),
        ("        at_least: 0.8\n", "        at_most: 0.8\n"),
        ("    areas: [social]\n", ""),
    ]:
        assert old in text
        text = text.replace(old, new, 1)
    told = judged(text.encode()).lines
    assert [" ".join(line.split()[1:4]) for line in told] == [
        "figures.met_in_time.areas saknas. Lägg",
        "nämnaren i met_in_time",
        "nämnaren i met_in_time",
        "figures.met_in_time.unit är ”procent”,",
        "målet i met_in_time",
    ]


def test_one_fault_does_not_make_others_look_wrong() -> None:
    text = VALID.read_text("utf-8")
    for old, new in [
        ("    title: samordnade", "    titel: samordnade"),
        ("\nconditions:\n", "\ncondition:\n"),
        ("\n  open_plans:\n", "\nopen_plans:\n"),
        ("    by: initiated_on + met_days days\n", "    by: initiated_on + met_dagar days\n"),
    ]:
        assert old in text
        assert len(judged(text.replace(old, new, 1).encode()).lines) <= 2, old


def test_a_mistake_in_a_text_of_several_lines_is_told_on_its_own_line() -> None:
    text = VALID.read_text("utf-8")
    for mark in (">-", "|", ""):
        old = "    denominator: consent <> declined\n"
        new = f"    denominator: {mark}\n      consent <> declined\n      and consnt = given\n"
        [line] = judged(text.replace(old, new, 1).encode()).lines
        at = text[: text.index(old)].count("\n") + 3
        assert line.startswith(f"{at}:11: ")


# --- every rule and every kind of mistake has its fixture ---------------------


def test_every_rule_has_a_fixture_that_only_it_refuses() -> None:
    found = [judged(path.read_bytes()) for path in FIXTURES]
    alone = {rule for one in found if len(one.rules) == len(one.lines) == 1 for rule in one.rules}
    assert alone == {rule.__name__ for rule in (*RULES, *WARNINGS)}


_ERRORS = {
    "model": {"model_type", "missing", "extra_forbidden"},
    "tagged-union": {"union_tag_not_found", "union_tag_invalid", "model_attributes_type"},
    "str": {"string_type"},
    "int": {"int_type"},
    "float": {"float_type"},
    "date": {"date_type"},
    "list": {"list_type"},
    "dict": {"dict_type"},
    "literal": {"literal_error"},
    ("str", "pattern"): {"string_pattern_mismatch"},
    ("str", "min_length"): {"string_too_short"},
    ("str", "max_length"): {"string_too_long"},
    ("int", "ge"): {"greater_than_equal"},
    ("int", "le"): {"less_than_equal"},
    ("float", "ge"): {"greater_than_equal"},
    ("float", "allow_inf_nan"): {"finite_number"},
    ("list", "min_length"): {"too_short"},
    ("list", "max_length"): {"too_long"},
    ("dict", "min_length"): {"too_short"},
    ("dict", "max_length"): {"too_long"},
}
_HARMLESS = {
    "model-fields", "model-field", "nullable", "default", "union", "definitions", "definition-ref", "ref", "any",
}  # fmt: skip


def errors_of(schema: Any) -> Iterator[str]:
    """The error types that pydantic's own schema of a model can raise."""
    if isinstance(schema, list | tuple):
        for one in schema:
            yield from errors_of(one)
    if not isinstance(schema, dict):
        return
    type_ = schema.get("type")
    if isinstance(type_, str) and type_ not in _HARMLESS:
        yield from _ERRORS[type_]
        limits = {"pattern", "min_length", "max_length", "ge", "le", "gt", "lt", "allow_inf_nan", "multiple_of"}
        for limit in limits & schema.keys():
            yield from _ERRORS[type_, limit]
    for key, value in schema.items():
        if key not in ("metadata", "serialization", "config", "cls", "default", "expected"):
            yield from errors_of(value)


def test_every_error_that_the_models_can_raise_has_its_sentence_and_its_fixture() -> None:
    possible = set(errors_of(Document.__pydantic_core_schema__))
    assert possible == set(source.MESSAGES)
    assert possible == {error for path in FIXTURES for error in judged(path.read_bytes()).errors}


def test_no_english_leaks() -> None:
    words = re.compile(r"\b(should|input|valid|expected|found|must|permitted|error|field|required|line|column)\b", re.I)
    for path in FIXTURES:
        for line in heading(path)[1]:
            assert not words.search(line), line
