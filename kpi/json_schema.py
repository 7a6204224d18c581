"""The definitions file's form as JSON Schema (draft 2020-12), for editors: made from the models of `kpi.schema`.

The committed copy is `kpi_definitions.schema.json`; a test keeps it equal. Which keys a figure may have follows from
its kind (`if` kind … `then` …), so that an editor's help and complaints are about that kind alone.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any, get_args

from kpi.schema import PATTERNS, Document, FigureEntry
from kpi.yaml_tree import Path

Schema = dict[str, Any]
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_TITLE = "Samkolls nyckeltal"
_DESCRIPTION = "Filen kpi_definitions.yaml: vad varje nyckeltal betyder. Pröva den med ”samkoll kpi validate”."
_DROPPED = ("title", "default", "examples", "discriminator")


def definitions_schema() -> Schema:
    """The whole file's JSON Schema, with Swedish help and no English titles."""
    raw = _raw()
    names = {name: _short(name) for name in raw["$defs"]}
    parts = {names[name]: _cleaned(part, names) for name, part in sorted(raw["$defs"].items())}
    properties = {name: _cleaned(part, names) for name, part in raw["properties"].items()}
    kinds = {kind: names[model] for kind, model in _kinds().items()}
    [pattern] = properties["figures"]["patternProperties"]
    properties["figures"]["patternProperties"] = {pattern: {"$ref": "#/$defs/figure"}}
    parts["figure"] = _figure(kinds, parts)
    return {
        "$schema": _DRAFT,
        "title": _TITLE,
        "description": _DESCRIPTION,
        "type": "object",
        "properties": properties,
        "required": raw["required"],
        "additionalProperties": False,
        "$defs": dict(sorted(parts.items())),
    }


def schema_text() -> str:
    """The schema as it stands in the repository's file."""
    return json.dumps(definitions_schema(), ensure_ascii=False, indent=2) + "\n"


def keys_at(path: Path, content: object) -> Schema:
    """What the file may hold under a path: schema by key; empty where any name may stand. `content`: the file's own."""
    node: Schema = _raw()
    for part in path:
        content = _inside(content, part)
        if "properties" in node and part in node["properties"]:
            node = node["properties"][part]
        elif isinstance(part, int):
            node = node.get("items", {})
        else:
            node = next(iter(node.get("patternProperties", {}).values()), {})
        node = _resolved(node, content)
    found: Schema = node.get("properties", {})
    return found


def _inside(content: Any, part: str | int) -> object:
    if isinstance(content, dict):
        return content.get(part)
    return content[part] if isinstance(content, list) and isinstance(part, int) and part < len(content) else None


def _resolved(node: Schema, content: object) -> Schema:
    """The schema that the content has chosen: by its kind, or by what it is (a text, a list, keys)."""
    if "$ref" in node:
        return _resolved(_raw()["$defs"][node["$ref"].rpartition("/")[2]], content)
    if "discriminator" in node:
        kind = content.get("kind") if isinstance(content, dict) else None
        found = _kinds().get(kind) if isinstance(kind, str) else None
        return _resolved({"$ref": found}, content) if found else {}
    wanted = "object" if isinstance(content, dict) else "array" if isinstance(content, list) else "string"
    choices = [_resolved(one, content) for one in node.get("anyOf", ())]
    return next((one for one in choices if one.get("type") == wanted), node)


@cache
def _raw() -> Schema:
    return Document.model_json_schema(by_alias=True)


@cache
def _kinds() -> dict[str, str]:
    """The model of each kind."""
    models = get_args(get_args(FigureEntry)[0])
    return {get_args(model.model_fields["kind"].annotation)[0]: model.__name__ for model in models}


def _short(model: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", model.removesuffix("Entry")).lower()


def _cleaned(node: Any, names: dict[str, str]) -> Any:
    """The same without English titles and defaults; what may be left out may not be empty, so null goes too."""
    if isinstance(node, list):
        return [_cleaned(one, names) for one in node]
    if not isinstance(node, dict):
        return f"#/$defs/{names[node.rpartition('/')[2]]}" if str(node).startswith("#/$defs/") else node
    found = {key: _cleaned_part(key, value, names) for key, value in node.items() if key not in _DROPPED}
    if "anyOf" in found:
        choices = [one for one in found.pop("anyOf") if one != {"type": "null"}]
        found = {**choices[0], **found} if len(choices) == 1 else {"anyOf": choices, **found}
    if found.get("pattern") in PATTERNS:
        found["patternErrorMessage"] = PATTERNS[found["pattern"]]
    return found | ({"additionalProperties": False} if "patternProperties" in found else {})


def _cleaned_part(key: str, value: Any, names: dict[str, str]) -> Any:
    if key in ("properties", "patternProperties"):  # the file's own keys, which may be called title
        return {name: _cleaned(part, names) for name, part in value.items()}
    return _cleaned(value, names)


def _figure(kinds: dict[str, str], parts: Schema) -> Schema:
    told = ", ".join(f"{kind} = {_lower(parts[name]['description'])}" for kind, name in kinds.items())
    return {
        "description": "Ett nyckeltal. Ange ”kind” först: det avgör vilka nycklar som går att använda.",
        "type": "object",
        "properties": {"kind": {"description": f"Slaget: {told}.", "enum": list(kinds)}},
        "required": ["kind"],
        "allOf": [
            {
                "if": {"type": "object", "properties": {"kind": {"const": kind}}, "required": ["kind"]},
                "then": {"$ref": f"#/$defs/{name}"},
            }
            for kind, name in kinds.items()
        ],
    }


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:].rstrip(".")


@cache
def every_key() -> frozenset[str]:
    """Every key that the file may hold anywhere."""
    return frozenset(key for part in (_raw(), *_raw()["$defs"].values()) for key in part.get("properties", {}))
