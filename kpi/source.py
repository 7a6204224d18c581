"""A YAML text with positions: parsed, checked against the edge model, every problem with its line and column.

Problems are Swedish sentences; the caller collects them all and raises once.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent

_LARGEST = 1_000_000
Path = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong and where; line and column from 1."""

    line: int
    column: int
    message: str


class SourceError(Exception):
    """The text cannot be read as YAML at all."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(frozen=True)
class Source:
    """A parsed file: `tree` keeps the positions."""

    tree: CommentedMap

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
        yaml = YAML()
        try:
            for event in yaml.parse(text):
                if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
                    mark = event.start_mark
                    raise SourceError(
                        Problem(mark.line + 1, mark.column + 1, "ankare och alias (& och *) används inte i filen")
                    )
            tree = YAML().load(text)
        except DuplicateKeyError as error:
            mark = error.problem_mark
            raise SourceError(
                Problem(mark.line + 1, mark.column + 1, "nyckeln finns två gånger på samma plats")
            ) from error
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            raise SourceError(Problem(line, column, _yaml_reason(text, line))) from error
        except (YAMLError, RecursionError, ValueError) as error:
            raise SourceError(Problem(1, 1, "filen går inte att läsa som YAML")) from error
        if not isinstance(tree, CommentedMap):
            raise SourceError(Problem(1, 1, "filen ska börja med rubriker som ”facts:” och ”figures:”"))
        return cls(tree)

    def validate(self, model: type[Model]) -> tuple[Model | None, list[Problem]]:
        """The tree as a model, or every problem with it."""
        try:
            return model.model_validate(plain(self.tree)), []
        except ValidationError as error:
            known = _keys_of(model)
            return None, [self._problem(details, known) for details in error.errors(include_url=False)]

    def problem(self, path: Path, message: str, offset: int | None = None) -> Problem:
        """A problem with the value at a path; `offset` = characters into a plain or quoted scalar."""
        line, column = self._position(path, value=offset is not None)
        return Problem(line, column + (offset or 0), message)

    def _problem(self, details: Any, known: Collection[str]) -> Problem:
        path = tuple(part for part in details["loc"] if self._holds_part(part))
        name = ".".join(str(part) for part in path)
        line, column = self._position(path, value=False)
        return Problem(line, column, _sentence(details, name, known))

    def _holds_part(self, part: str | int) -> bool:
        """pydantic adds the name of the tried model to a path; the file's own keys have no such names."""
        return part not in ("count", "ratio", "median", "stock", "rate_per", "ExitEntry") and not str(part).startswith(
            ("constrained-", "function-", "[")
        )

    def _position(self, path: Path, *, value: bool) -> tuple[int, int]:
        node: Any = self.tree
        line, column = 0, 0
        for at, part in enumerate(path):
            last = at == len(path) - 1
            if isinstance(node, CommentedMap) and part in node:
                line, column = node.lc.value(part) if value and last else node.lc.key(part)
                node = node[part]
            elif isinstance(node, CommentedSeq) and isinstance(part, int) and part < len(node):
                line, column = node.lc.item(part)
                node = node[part]
            else:
                break
        quoted = value and type(node).__name__ in ("DoubleQuotedScalarString", "SingleQuotedScalarString")
        return line + 1, column + 1 + quoted


def plain(node: Any) -> Any:
    """The tree without positions, as pydantic wants it."""
    if isinstance(node, dict):
        return {str(key) if not isinstance(key, str) else key: plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [plain(value) for value in node]
    return str(node) if isinstance(node, str) else node


def _yaml_reason(text: str, line: int) -> str:
    lines = text.splitlines()
    if 0 < line <= len(lines) and "\t" in lines[line - 1]:
        return "raden innehåller ett tabbtecken. Använd mellanslag"
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
    "too_short": "{name} får inte vara tom",
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
