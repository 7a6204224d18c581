"""The JSON Schema that editors use: equal to the code, true of the shipped file, and Swedish."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML
from typer.testing import CliRunner

from cli import app
from kpi.json_schema import definitions_schema, every_key, keys_at, schema_text
from kpi.loader import read_catalogue
from tests.unit.kpi.test_invalid_definitions import FIXTURES, judged
from warehouse.settings import ROOT

SHIPPED = ROOT / "kpi_definitions.yaml"
COMMITTED = ROOT / "kpi_definitions.schema.json"
VALIDATOR = Draft202012Validator(definitions_schema())


def content(data: bytes) -> Any:
    """The file as an editor sees it: days are texts."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {str(key): plain(part) for key, part in value.items()}
        if isinstance(value, list):
            return [plain(part) for part in value]
        return value.isoformat() if isinstance(value, date) else value

    return plain(YAML(typ="safe", pure=True).load(data))


def test_the_committed_schema_is_the_codes() -> None:
    assert COMMITTED.read_text("utf-8") == schema_text(), "run: samkoll kpi schema --out kpi_definitions.schema.json"


def test_the_command_writes_it(tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["kpi", "schema"]).stdout == schema_text()
    out = tmp_path / "schema.json"
    assert CliRunner().invoke(app, ["kpi", "schema", "--out", str(out)]).exit_code == 0
    assert out.read_bytes() == schema_text().encode()


def test_it_is_a_schema_and_the_shipped_file_meets_it() -> None:
    Draft202012Validator.check_schema(definitions_schema())
    assert definitions_schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert list(VALIDATOR.iter_errors(content(SHIPPED.read_bytes()))) == []


@pytest.mark.parametrize(
    "name",
    [
        "unknown_key", "key_of_another_kind", "unknown_heading", "missing_key", "missing_kind", "unknown_kind",
        "unknown_value", "number_in_quotes", "number_too_large", "list_that_is_a_text", "name_with_capitals",
        "empty_value", "empty_optional_value", "month_that_is_no_month", "text_too_long", "figure_that_is_a_text",
    ],
)  # fmt: skip
def test_what_the_loader_refuses_for_its_form_the_schema_refuses(name: str) -> None:
    path = next(one for one in FIXTURES if one.stem == name)
    assert len(list(VALIDATOR.iter_errors(content(path.read_bytes())))) == 1
    assert judged(path.read_bytes()).word == "# Ska ge:"


def test_a_complaint_is_about_the_figures_own_kind() -> None:
    document = content(SHIPPED.read_bytes())
    document["figures"]["sip_established"]["denominator"] = "established"
    [error] = VALIDATOR.iter_errors(document)
    assert list(error.absolute_path) == ["figures", "sip_established"]
    assert "denominator" in error.message


def parts(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for value in schema.values():
            yield from parts(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from parts(value)


def test_every_key_has_swedish_help_and_no_english_title_is_left() -> None:
    schema = definitions_schema()
    models = [schema, *schema["$defs"].values()]
    for model in models:
        assert re.search(r"[a-zåäö]", model["description"])
        for key, part in model["properties"].items():
            assert part["description"][:1].isupper(), key
            assert part["description"].endswith((".", "?")), key
    titles = [part["title"] for part in parts(schema) if isinstance(part.get("title"), str)]
    assert titles == ["Samkolls nyckeltal"]
    assert not re.search(r"\w+Entry|FigureCommon|Document", json.dumps(schema))
    english = r"\b(the|what|which|every|whatever|from a|each)\b"
    texts = [part["description"] for part in parts(schema) if isinstance(part.get("description"), str)]
    assert not [text for text in texts if re.search(english, text.lower())]
    assert all("null" not in str(part.get("type")) for part in parts(schema))


def test_keys_are_known_by_their_place() -> None:
    document = content(SHIPPED.read_bytes())
    assert "denominator" in keys_at(("figures", "sip_met_30d"), document)
    assert "denominator" not in keys_at(("figures", "sip_established"), document)
    assert set(keys_at(("spans", "active", "until", 1), document)) == {"day", "where"}
    assert set(keys_at((), document)) == {"facts", "conditions", "spans", "figures", "retired"}
    assert keys_at(("figures",), document) == {}
    assert {"from", "at_least", "within_months", "paragraph"} <= every_key()


def test_the_editor_is_told_where_the_schema_is() -> None:
    assert SHIPPED.read_text("utf-8").startswith(f"# yaml-language-server: $schema={COMMITTED.name}\n")
    settings = json.loads((ROOT / ".vscode" / "settings.json").read_text("utf-8"))
    assert f"./{COMMITTED.name}" in settings["yaml.schemas"]
    extensions = json.loads((ROOT / ".vscode" / "extensions.json").read_text("utf-8"))
    assert "redhat.vscode-yaml" in extensions["recommendations"]


# --- tools may edit the file ---------------------------------------------------


def round_trip(data: bytes, change: Any = None) -> bytes:
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 120
    yaml.indent(mapping=2, sequence=4, offset=2)
    document = yaml.load(data)
    if change:
        change(document)
    out = BytesIO()
    yaml.dump(document, out)
    return out.getvalue()


def test_comments_and_order_survive_a_round_trip_byte_for_byte() -> None:
    assert round_trip(SHIPPED.read_bytes()) == SHIPPED.read_bytes()


def test_a_tool_that_changes_one_target_changes_one_line() -> None:
    def lower(document: Any) -> None:
        document["figures"]["sip_met_30d"]["targets"][0]["at_least"] = 0.7

    before, after = SHIPPED.read_bytes(), round_trip(SHIPPED.read_bytes(), lower)
    changed = [new for old, new in zip(before.splitlines(), after.splitlines(), strict=True) if old != new]
    assert changed == [b"        at_least: 0.7"]
    read_catalogue(after, "kpi_definitions.yaml")
