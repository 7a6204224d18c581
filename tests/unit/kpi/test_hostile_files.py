"""Whatever the file holds, reading it gives a catalogue or every problem with its place: nothing else, and soon."""

from __future__ import annotations

import json
import time
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.definition import Catalogue
from kpi.json_schema import every_key
from kpi.loader import DefinitionError, read_catalogue
from tests.unit.kpi.expressions import STABLE
from warehouse.settings import ROOT

VALID = (ROOT / "tests" / "fixtures" / "definitions" / "valid.yaml").read_text("utf-8")
SHIPPED = (ROOT / "kpi_definitions.yaml").read_text("utf-8")
SECONDS = 20.0
"""No file may take longer, whatever it holds and however busy the machine is."""


def check_survives(data: bytes) -> None:
    begun = time.monotonic()
    try:
        found = read_catalogue(data, "f.yaml", boards={"1287-SN": "1287"}, today=date(2026, 1, 1))
        assert isinstance(found, Catalogue)
    except DefinitionError as error:
        check_told(error, data)
    assert time.monotonic() - begun < SECONDS


def check_told(error: DefinitionError, data: bytes) -> None:
    """Each problem has a place within the file, and a sentence that any terminal and database can take."""
    assert error.problems
    lines = data.count(b"\n") + data.count(b"\r") + data.count("\x85".encode()) + data.count("\u2028".encode()) + 2
    for problem in error.problems:
        assert 1 <= problem.line <= lines
        assert problem.column >= 1
        problem.message.encode()
        assert "\x00" not in problem.message


# --- texts ------------------------------------------------------------------

_ODD = st.sampled_from(
    [*"\t:-?{}[],&*#!|>'\"%@`~\\<=()", "\ufeff", "\u202e", "\x00", "\x85", "\u2028", "\r", "\ud7ff", "😀", "é", "- ",
     ": ", " #", "<<: ", "&a ", "*a ", "!!str ", "---\n", "...\n", "? ", "%YAML 1.1\n", "null", "0x1F", "1e400", ".nan",
     "2024-02-30", "${x}", "{{x}}", "\\ud800", "'", '"', "   ", "9" * 400]
)  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn, text: str) -> str:
    """The text with lines swapped, deleted, doubled or moved in, and odd signs put in."""
    lines = text.split("\n")
    for _ in range(draw(st.integers(1, 4))):
        at, other = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        match draw(st.sampled_from(["swap", "delete", "double", "indent", "cut", "odd", "odd", "odd"])):
            case "swap":
                lines[at], lines[other] = lines[other], lines[at]
            case "delete":
                del lines[at]
            case "double":
                lines.insert(other, lines[at])
            case "indent":
                lines[at] = " " * draw(st.integers(0, 9)) + lines[at].lstrip()
            case "cut":
                lines[at] = lines[at][: draw(st.integers(0, len(lines[at])))]
            case _:
                place = draw(st.integers(0, len(lines[at])))
                lines[at] = lines[at][:place] + draw(_ODD) + lines[at][place:]
    return "\n".join(lines)


@settings(STABLE, max_examples=120)
@given(mutated(VALID))
def test_a_file_with_odd_changes(text: str) -> None:
    check_survives(text.encode("utf-8", "surrogatepass"))


@settings(STABLE, max_examples=8)
@given(mutated(SHIPPED))
def test_the_shipped_file_with_odd_changes(text: str) -> None:
    check_survives(text.encode("utf-8", "surrogatepass"))


@settings(STABLE, max_examples=150)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))))
def test_any_bytes(data: bytes) -> None:
    check_survives(data)


@settings(STABLE, max_examples=60)
@given(st.binary(min_size=1, max_size=6), st.integers(0, len(VALID)))
def test_a_file_with_foreign_bytes(data: bytes, at: int) -> None:
    whole = VALID.encode()
    check_survives(whole[:at] + data + whole[at:])


# --- structures -------------------------------------------------------------

_words = st.sampled_from(
    ["sips", "deviations", "plan", "met_on", "closed_on", "unit_code", "consent = given", "met_on is null", "not",
     "month", "year", "unit", "ratio", "count", "2021-01", "children", "established", "a b", ""]
)  # fmt: skip
_scalars = st.one_of(
    _words, st.none(), st.booleans(), st.integers(-5, 10**30), st.floats(), st.dates().map(str), st.text(max_size=5)
)
_keys = st.one_of(st.sampled_from(sorted(every_key())), _words, st.text(max_size=5))
_trees = st.recursive(
    _scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_keys, inner, max_size=5)),
    max_leaves=8,
)
_FIGURE: dict[str, Any] = {
    "name": "N", "why": "W", "description": "D", "kind": "ratio", "fact": "plan", "period": "month", "by": "met_on",
    "numerator": "closed_on is null", "smallest_level": "unit", "unit": "percent", "decimals": 0,
    "direction": "neutral", "control": "own", "release_class": "open", "audit_question": 1, "areas": ["social"],
    "audit": {"report": "R", "section": "S", "gist": "G"}, "owner_role": "chef",
}  # fmt: skip
_DOCUMENT: dict[str, Any] = {
    "facts": {"plan": {"title": "T", "from": "sips", "unit": "unit_code"}},
    "conditions": {"established": "met_on is not null"},
    "spans": {"active": {"fact": "plan", "from": "met_on", "until": ["closed_on"]}},
    "figures": {"one": _FIGURE},
    "retired": {},
}


def as_yaml(tree: object) -> bytes:
    """JSON is YAML; what is no number in JSON is one in YAML."""
    text = json.dumps(tree, ensure_ascii=False)
    return (
        text.replace("NaN", ".nan").replace("-Infinity", "-.inf").replace("Infinity", ".inf").encode("utf-8", "replace")
    )


@settings(STABLE, max_examples=100)
@given(st.dictionaries(st.sampled_from([*_DOCUMENT, "x"]), _trees, max_size=5))
def test_any_structure(tree: dict[str, Any]) -> None:
    check_survives(as_yaml(tree))


@settings(STABLE, max_examples=200)
@given(st.lists(st.tuples(_keys, _trees), min_size=1, max_size=3), st.sampled_from(sorted(_DOCUMENT)))
def test_a_whole_document_with_strange_entries(changes: list[tuple[str, Any]], heading: str) -> None:
    document = json.loads(json.dumps(_DOCUMENT))
    for key, value in changes:
        entry = next(iter(document[heading].values()), None)
        if isinstance(entry, dict):
            entry[key] = value
        else:
            document[heading][key] = value
    check_survives(as_yaml(document))


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 300_000,
        b"{a: " * 200_000,
        b"? " * 400_000,
        b"- " * 400_000,
        b"".join(b" " * at + b"a:\n" for at in range(1000)),
        b"a: '" + b"x\n" * 100_000,
        b"a: &a [x]\n" + b"".join(b"b%d: [*a, *a]\n" % at for at in range(2_000)),
        b"a: !!python/object/apply:os.system ['id']",
        b"%YAML 1.1\n---\nfacts: {}\nfigures: {}\n",
        b"%TAG ! tag:x,2000:\n---\nfacts: {}\n",
        b"facts: {}\nfigures: {}\nfacts: {}\n" * 500,
        b"facts: {}\nfigures:\n" + b"".join(b"  k%d: {kind: count}\n" % at for at in range(500)),
        VALID.encode("utf-16"),
        VALID.encode("utf-32"),
        VALID.replace("\n", "\r").encode(),
        b"\xef\xbb\xbf" + VALID.encode(),
        b"\x00" * 1000,
        b'"\\ud800": 1\n"\\ud800": 2\n',
        b'facts: {}\nfigures: {"\\x07": 1}\n',
    ],
    ids=range(19),
)
def test_bombs_and_other_files(data: bytes) -> None:
    check_survives(data)
