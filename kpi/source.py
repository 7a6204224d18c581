"""A YAML text with positions: parsed, checked against the edge model, every problem with its line and column.

Problems are Swedish sentences; the caller collects them all and raises once.
"""

from __future__ import annotations

from collections.abc import Collection
from copy import deepcopy
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from kpi.yaml_tree import Path, Problem, Tree, read_tree

_LARGEST = 1_000_000
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
            raise SourceError(Problem(1, 1, f"filen är större än {_LARGEST // 1_000_000} MB"))
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            raise SourceError(Problem(line, 1, "filen är inte sparad som UTF-8. Spara om den som UTF-8")) from error
        try:
            tree = read_tree(text)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            raise SourceError(Problem(line, column, _yaml_reason(text, line))) from error
        except RecursionError as error:
            raise SourceError(Problem(1, 1, "filen har för många nivåer i varandra")) from error
        except (YAMLError, ValueError) as error:
            raise SourceError(Problem(1, 1, _yaml_reason(text, 1))) from error
        if tree.forbidden:
            raise SourceError(*tree.forbidden)
        if not isinstance(tree.content, dict):
            raise SourceError(Problem(1, 1, "filen ska börja med rubriker som ”facts:” och ”figures:”"))
        return cls(tree)

    def validate(self, model: type[Model], entries: Collection[str]) -> tuple[Model | None, list[Problem], set[Path]]:
        """The tree as a model, every problem with it, and the paths of what was left out for its problems.

        Under the keys `entries` each entry is judged for itself: a faulty one is left out and the others go on, so that
        all problems are told in one run. None when too little is left to be a model.
        """
        content = self.tree.content
        try:
            return model.model_validate(content), [], set()
        except ValidationError as error:
            details = error.errors(include_url=False)
        known = _keys_of(model)
        content = deepcopy(content)
        problems = [self._problem(one, known) for one in details]
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
        """A problem with the value at a path; `offset` = characters into a plain or quoted scalar."""
        line, column = self._position(path, value=offset is not None)
        return Problem(line, column + (offset or 0), message)

    def _problem(self, details: Any, known: Collection[str]) -> Problem:
        path = self._own_path(details["loc"])
        name = ".".join(str(part) for part in path)
        line, column = self._position(path, value=False)
        return Problem(line, column, _sentence(details, name, known))

    def _own_path(self, location: Path) -> Path:
        """pydantic puts the name of the tried model into a path; the file's own keys have no such names."""
        node: Any = self.tree.content
        path: list[str | int] = []
        for at, part in enumerate(one for one in location if one != "[key]"):
            if at == 2 and location[0] == "figures":
                continue  # the figure's kind
            is_known = part in node if isinstance(node, dict) else isinstance(part, int) and isinstance(node, list)
            is_last = at == len(location) - 1
            if is_known and isinstance(node, dict | list):
                node = node[part]  # type: ignore[index]
            elif not is_last or not isinstance(node, dict):
                continue
            path.append(part)
        return tuple(path)

    def _position(self, path: Path, *, value: bool) -> tuple[int, int]:
        """Of the path, or of the longest part of it that the file has."""
        for end in range(len(path), 0, -1):
            if (place := self.tree.places.get(path[:end])) is not None:
                return place.value if value and end == len(path) else place.key
        return 1, 1


def _yaml_reason(text: str, line: int) -> str:
    lines = text.splitlines()
    if 0 < line <= len(lines) and "\t" in lines[line - 1]:
        return "raden innehåller ett tabbtecken. Använd mellanslag"
    if any(not char.isprintable() and char not in "\n\r\t" for char in text):
        return "filen innehåller tecken som inte går att visa. Spara den som vanlig text"
    return "raden går inte att tolka som YAML. Kontrollera indrag, kolon och citattecken"


_MESSAGES = {
    "missing": "{name} saknas",
    "union_tag_not_found": "{name}.kind saknas",
    "string_pattern_mismatch": "{name}: ”{input}” har fel form",
    "string_type": "{name} ska vara en text",
    "int_type": "{name} ska vara ett heltal",
    "float_type": "{name} ska vara ett tal",
    "greater_than_equal": "{name} ska vara minst {ge}",
    "less_than_equal": "{name} ska vara högst {le}",
    "date_type": "{name} ska vara ett datum (ÅÅÅÅ-MM-DD)",
    "list_type": "{name} ska vara en lista",
    "dict_type": "{name} ska vara en uppställning med nycklar",
    "model_type": "{name} ska vara en uppställning med nycklar",
    "model_attributes_type": "{name} ska vara en uppställning med nycklar",
    "too_short": "{name} har för få delar",
    "too_long": "{name} har för många delar",
    "string_too_short": "{name} får inte vara tom",
    "string_too_long": "{name} är för lång",
    "literal_error": "{name} har ett värde som inte finns. Tillåtna värden: {allowed}",
    "union_tag_invalid": "{name} har ett slag som inte finns. Tillåtna värden: {allowed}",
}
"""pydantic's error types in Swedish; another type falls back on a general sentence."""


def _sentence(details: Any, name: str, known: Collection[str]) -> str:
    if details["type"] == "extra_forbidden":
        place, _, key = name.rpartition(".")
        near = get_close_matches(key, [one for one in known if one != key], n=1)
        hint = f" Menade du ”{near[0]}”?" if near else ""
        return f"”{key}” hör inte hemma i {place or 'filen'}.{hint}"
    context = details.get("ctx", {})
    allowed = str(context.get("expected") or context.get("expected_tags")).replace(" or ", ", ").replace("'", "")
    template = _MESSAGES.get(details["type"], "{name} har ett värde som inte går att använda")
    return template.format(name=name, input=details["input"], allowed=allowed, **_bounds(context))


def _bounds(context: dict[str, Any]) -> dict[str, object]:
    return {bound: context.get(bound) for bound in ("ge", "le")}


def _keys_of(model: type[BaseModel]) -> set[str]:
    """Every key that the file may hold anywhere, for suggestions: read from the model's own schema."""
    schema = model.model_json_schema(by_alias=True)
    parts = [schema, *schema.get("$defs", {}).values()]
    return {key for part in parts for key in part.get("properties", {})}
