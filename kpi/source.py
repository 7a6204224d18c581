"""A YAML text with positions: parsed, checked against the edge model, every problem with its line and column.

Problems are Swedish sentences; the caller collects them all and raises once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml.error import YAMLError

from kpi.json_schema import every_key, keys_at
from kpi.schema import PATTERNS
from kpi.yaml_tree import TOO_DEEP, Path, Place, Problem, Tree, read_tree, yaml_problem

_LARGEST = 1_000_000
_NO_HEADINGS = "filen ska bestå av rubriker som ”facts:” och ”figures:”, var och en först på sin rad"
Model = TypeVar("Model", bound=BaseModel)


class SourceError(Exception):
    """The text cannot be read as YAML at all."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(problems[0].message)
        self.problems = problems


@dataclass(frozen=True)
class Source:
    """A parsed file."""

    tree: Tree

    @classmethod
    def parse(cls, data: bytes) -> Source:
        """The file's tree; SourceError for what is no plain YAML mapping in UTF-8."""
        if len(data) > _LARGEST:
            raise SourceError(Problem(1, 1, "filen är större än 1 MB. Är det rätt fil?"))
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line, column = data.count(b"\n", 0, error.start) + 1, error.start - data.rfind(b"\n", 0, error.start)
            message = "filen är inte sparad som UTF-8. Spara om den med teckenkodningen UTF-8"
            raise SourceError(Problem(line, column, message)) from error
        try:
            tree = read_tree(text)
        except RecursionError as error:
            raise SourceError(Problem(1, 1, TOO_DEEP)) from error
        except (YAMLError, ValueError) as error:
            raise SourceError(yaml_problem(error, text)) from error
        if tree.forbidden:
            raise SourceError(*tree.forbidden)
        if not isinstance(tree.content, dict):
            raise SourceError(
                Problem(1, 1, "filen ska bestå av rubriker som ”facts:” och ”figures:”, var och en först på sin rad")
            )
        return cls(tree)

    def validate(self, model: type[Model], entries: Collection[str]) -> tuple[Model | None, list[Problem], set[Path]]:
        """The tree as a model, every problem with it, and the paths of what was left out for its problems.

        Under the keys `entries` each entry is judged for itself: a faulty one is left out and the others go on, so that
        all problems are told in one run. None when too little is left to be a model.
        """
        content = self.tree.content
        problems = [self.problem(path, f"{_dotted(path)} är tom. Skriv ett värde eller ta bort raden")
                    for path in _empty(content, ())]  # fmt: skip
        try:
            return model.model_validate(content), problems, set()
        except ValidationError as error:
            details = error.errors(include_url=False)
        content = deepcopy(content)
        problems += self._told(details)
        faulty = {tuple(one["loc"][:2]) for one in details if one["loc"][:1] and one["loc"][0] in entries}
        for key, entry in (path for path in faulty if len(path) == 2):
            if isinstance(content.get(key), dict):
                content[key].pop(entry, None)
        for key in [one["loc"][0] for one in details if len(one["loc"]) == 1]:
            content.pop(key, None)
        try:
            return model.model_validate(content), problems, faulty
        except ValidationError:
            return None, problems, faulty

    def problem(self, path: Path, message: str, offset: int | None = None) -> Problem:
        """A problem with the value at a path; `offset` = characters into a text on one line, None = with the key."""
        place, is_whole = self._place(path)
        if place is None:
            return Problem(1, 1, message)
        line, column = place.value if offset is not None else place.key
        return Problem(line, column + (offset if offset and is_whole and place.is_on_one_line else 0), message)

    def _told(self, details: list[Any]) -> list[Problem]:
        """One problem per mistake. Of what may be one thing or another, the nearest one's mistakes are told."""
        found = [(*self._own_path(one["loc"], one["type"]), one) for one in details]
        nearer = {path[:end] for path, _, one in found for end in range(len(path) + (one["type"] not in _WRONG_TYPES))}
        choices: dict[Path, list[str]] = {}
        problems = []
        for path, is_choice, one in found:
            if is_choice and one["type"] in _WRONG_TYPES:
                if path not in nearer:
                    choices.setdefault(path, []).append(_WRONG_TYPES[one["type"]])
            elif one["input"] is not None or one["type"] in ("missing", "union_tag_invalid"):
                problems.append(self._problem(path, one))
        for path, wanted in choices.items():
            problems.append(self.problem(path, f"{_dotted(path)} ska vara {' eller '.join(dict.fromkeys(wanted))}", 0))
        return problems

    def _problem(self, path: Path, details: Any) -> Problem:
        if details["type"] == "union_tag_invalid":
            path = (*path, "kind")
        is_key = details["type"] in _KEY_PROBLEMS or details["loc"][-1:] == ("[key]",)
        is_block = isinstance(details["input"], dict | list) and details["type"] != "union_tag_invalid"
        return self.problem(path, _sentence(details, path, self.tree.content), None if is_key or is_block else 0)

    def _own_path(self, location: Path, type_: str) -> tuple[Path, bool]:
        """The file's own keys, without the names of the models that pydantic tried; and whether it tried several."""
        node: Any = self.tree.content
        path: list[str | int] = []
        is_choice = False
        for at, part in enumerate(one for one in location if one != "[key]"):
            if at == 2 and location[0] == "figures":
                continue  # the figure's kind
            is_known = part in node if isinstance(node, dict) else isinstance(part, int) and isinstance(node, list)
            if is_known:
                node = node[part]
                path.append(part)
            elif type_ == "missing" and at == len(location) - 1:
                path.append(part)
            else:
                is_choice = True
        return tuple(path), is_choice

    def _place(self, path: Path) -> tuple[Place | None, bool]:
        """Of the path, or of the longest part of it that the file has; and whether it is the whole path's."""
        for end in range(len(path), 0, -1):
            if (place := self.tree.places.get(path[:end])) is not None:
                return place, end == len(path)
        return None, False


def _empty(content: Any, path: Path) -> Iterator[Path]:
    if content is None and path:
        yield path
    pairs = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for key, value in pairs:
        yield from _empty(value, (*path, key))


# --- what pydantic says -----------------------------------------------------

_WRONG_TYPES = {
    "string_type": "en text", "list_type": "en lista", "model_type": "en uppställning med nycklar",
    "dict_type": "en uppställning med nycklar",
}  # fmt: skip
"""The types of which a value may be one or another, in words."""
_KEY_PROBLEMS = ("missing", "extra_forbidden", "union_tag_not_found")
"""What is wrong with a key and not with its value."""

_KEYS = "ska vara en uppställning: nycklar med kolon efter, en på varje rad och längre in än {last}"
MESSAGES = {
    "missing": "{name} saknas.{help}",
    "union_tag_not_found": "{name}.kind saknas. Lägg till kind: slaget, till exempel ratio för en andel",
    "union_tag_invalid": "{name} är {input}, som inte finns.{near} Tillåtna värden: {allowed}",
    "literal_error": "{name} är {input}, som inte finns.{near} Tillåtna värden: {allowed}",
    "extra_forbidden": "”{last}” hör inte hemma i {place}.{near}",
    "string_pattern_mismatch": "{name}: {input} har fel form. {form}",
    "string_type": "{name} ska vara en text. {form}",
    "string_too_short": "{name} är tom. Skriv ett värde eller ta bort raden",
    "string_too_long": "{name} är längre än {max_length} tecken. Korta texten",
    "int_type": "{name} ska vara ett heltal. Skriv bara siffror, utan citattecken, decimaler och enhet",
    "float_type": "{name} ska vara ett tal. Skriv det utan citattecken och med decimalpunkt: 0.9",
    "finite_number": "{name} ska vara ett tal med ett ändligt värde, till exempel 0.9",
    "greater_than_equal": "{name} ska vara minst {ge}, men är {input}",
    "less_than_equal": "{name} ska vara högst {le}, men är {input}",
    "date_type": "{name} ska vara ett datum. Skriv ÅÅÅÅ-MM-DD, utan citattecken och klockslag",
    "list_type": "{name} ska vara en lista. Skriv den inom hakparenteser: [den ena, den andra]",
    "too_short": "{name} har för få delar: minst {min_length}",
    "too_long": "{name} har för många delar: högst {max_length}",
    "dict_type": f"{{name}} {_KEYS}",
    "model_type": f"{{name}} {_KEYS}",
    "model_attributes_type": f"{{name}} {_KEYS}",
}
"""Every pydantic error type that the models can raise."""


def _dotted(path: Path) -> str:
    """`figures.sip_met_30d.targets.0.from`, or the file."""
    return ".".join(str(part) for part in path) or "filen"


def _sentence(details: Mapping[str, Any], path: Path, content: object) -> str:
    """pydantic's complaint about the value at the path, in Swedish."""
    context = details.get("ctx", {})
    allowed = str(context.get("expected") or context.get("expected_tags")).replace(" or ", ", ").replace("'", "")
    value = context.get("tag") if details["type"] == "union_tag_invalid" else details["input"]
    keys = keys_at(path[:-1], content)
    words = {
        "name": _dotted(path),
        "last": str(path[-1]) if path else "filen",
        "place": _dotted(path[:-1]),
        "input": _shown(value),
        "allowed": allowed,
        "help": _help(str(path[-1]), keys) if path else "",
        "near": _near(str(path[-1]), path, content) if details["type"] == "extra_forbidden" else _like(value, allowed),
        "form": _form(context.get("pattern"), keys.get(str(path[-1]), {}) if path else {}, value),
    }
    template = MESSAGES.get(details["type"], "{name} har ett värde som inte går att använda")
    return template.format(**{**context, **words})


def _shown(value: object) -> str:
    """A value as it stood in the file, shortened."""
    if isinstance(value, dict | list):
        return "en lista" if isinstance(value, list) else "en uppställning med nycklar"
    text = {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    return f"”{text if len(text) <= 40 else text[:40] + '…'}”"


def _help(key: str, keys: Mapping[str, Any]) -> str:
    told = str(keys.get(key, {}).get("description", "")).rstrip(".")
    return f" Lägg till {key}: {told[:1].lower()}{told[1:]}" if told else " Lägg till den"


def _near(key: str, path: Path, content: object) -> str:
    keys = keys_at(path[:-1], content)
    if near := get_close_matches(key, [one for one in keys if one != key], n=1):
        return f" Menade du ”{near[0]}”?"
    if path[0] == "figures" and len(path) == 3 and key in every_key():
        return " Slaget (kind) har inte den nyckeln: ta bort den eller byt slag"
    return " Ta bort nyckeln, eller flytta den dit den hör"


def _like(value: object, allowed: str) -> str:
    near = get_close_matches(str(value), allowed.split(", "), n=1)
    if near and near[0] == str(value):
        return " Skriv det utan citattecken."
    return f" Menade du ”{near[0]}”?" if near else ""


def _form(pattern: str | None, schema: Mapping[str, Any], value: object) -> str:
    if isinstance(value, dict | list):
        return f"Här står {_shown(value)}"
    found = pattern or next((one["pattern"] for one in (schema, *schema.get("anyOf", ())) if "pattern" in one), None)
    if found in PATTERNS:
        return PATTERNS[found]
    return "Skriv datumet inom citattecken" if isinstance(value, date) else "Sätt citattecken runt värdet"
