"""Reads the mapping files of `etl/mappings/`; every problem with its file, line and a Swedish sentence."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedBase
from ruamel.yaml.error import MarkedYAMLError

from etl.mapping import CANONICAL, OWN, DatasetMapping, Mapping, Part
from warehouse.contract import DATASETS, Kind
from warehouse.errors import UserError

MAPPINGS = Path(__file__).parent / "mappings"

_SENTENCES = {
    "extra_forbidden": "nyckeln finns inte i formatet. Ta bort den eller rätta stavningen",
    "missing": "nyckeln saknas. Lägg till den",
    "literal_error": "värdet är inget av de tillåtna",
    "enum": "värdet är inget av de tillåtna",
    "union_tag_invalid": "formen finns inte. Skriv matrix, training eller count",
    "union_tag_not_found": "formen saknar kind. Skriv matrix, training eller count",
    "dict_type": "här ska stå nycklar med värden",
    "string_type": "här ska stå text",
}


class MappingError(UserError):
    """A mapping file is wrong; the message lists every problem as `file:line: sentence`."""


@cache
def load_mappings(folder: Path = MAPPINGS) -> dict[str, Mapping]:
    """Every mapping of the folder by its source code, in alphabetical order; MappingError with all problems."""
    found: dict[str, Mapping] = {}
    problems: list[str] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            found[path.stem] = load_mapping(path)
        except MappingError as error:
            problems.append(str(error))
    if problems:
        raise MappingError("\n".join(problems))
    return found


def load_mapping(path: Path) -> Mapping:
    """The mapping of one file; MappingError when it is not a valid one."""
    if path.stem in (CANONICAL, OWN):
        raise MappingError(f"{path.name}:1: källans namn är Samkolls eget. Döp filen till något annat.")
    text = path.read_text(encoding="utf-8")
    try:
        tree = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise MappingError(f"{path.name}:{line}: filen är ingen giltig YAML ({error.problem}).") from error
    if not isinstance(tree, dict):
        raise MappingError(f"{path.name}:1: filen är tom. Skriv en mappning enligt docs/add-a-source.md.")
    identity = {"source": path.stem, "content_hash": sha256(text.encode()).hexdigest()}
    try:
        mapping = Mapping.model_validate({**tree, **identity})
    except ValidationError as error:
        raise MappingError("\n".join(_sentence(path, tree, problem) for problem in error.errors())) from error
    problems = _contract_problems(mapping)
    if problems:
        raise MappingError("\n".join(_located(path, tree, place, sentence) for place, sentence in problems))
    return mapping


Place = tuple[str | int, ...]


def _sentence(path: Path, tree: Any, problem: ErrorDetails) -> str:
    said = _SENTENCES.get(problem["type"])
    if said is None:
        said = problem["msg"].removeprefix("Value error, ")
    allowed = problem.get("ctx", {}).get("expected")
    if allowed and problem["type"] in ("literal_error", "enum"):
        said += f" ({str(allowed).replace(' or ', ', ')})"
    place = tuple(step for step in problem["loc"] if step not in ("matrix", "training", "count"))
    return _located(path, tree, place, said)


def _located(path: Path, tree: Any, place: Place, sentence: str) -> str:
    name = ".".join(str(step) for step in place)
    return f"{path.name}:{_line(tree, place)}: {name}: {sentence}."


def _line(tree: Any, place: Place) -> int:
    """The line of the innermost part of the place that the file holds, from 1."""
    line = 1
    for step in place:
        if not isinstance(tree, CommentedBase):
            break
        try:
            line = (tree.lc.key(step) if isinstance(tree, dict) else tree.lc.item(step))[0] + 1
            tree = tree[step]  # type: ignore[index]  # dict or list, both indexed by the step
        except (KeyError, IndexError, TypeError):
            break
    return line


def _contract_problems(mapping: Mapping) -> list[tuple[Place, str]]:
    """What the types cannot tell: datasets, fields, codes and names that do not exist."""
    problems: list[tuple[Place, str]] = []
    for name, dataset_mapping in mapping.datasets.items():
        place: Place = ("datasets", name)
        if name not in DATASETS:
            problems.append((place, f"kontraktet har inget dataset som heter {name}"))
            continue
        if DATASETS[name].is_own:
            problems.append(
                (place, f"{name} hämtar Samkoll ur sin egen interna kontroll och lämnas inte av någon annan")
            )
            continue
        problems += _field_problems(mapping, name, dataset_mapping, (*place, "fields"))
        problems += [
            ((*place, "skip_blank"), f"fältet {field} har ingen mappning")
            for field in dataset_mapping.skip_blank
            if field not in dataset_mapping.fields
        ]
    return problems


def _field_problems(mapping: Mapping, name: str, mapped: DatasetMapping, place: Place) -> list[tuple[Place, str]]:
    dataset = DATASETS[name]
    known = {field.name: field for field in dataset.fields}
    problems: list[tuple[Place, str]] = [
        (place, f"det obligatoriska fältet {field.name} saknar mappning")
        for field in dataset.fields
        if field.required and field.name not in mapped.fields
    ]
    for field, how in mapped.fields.items():
        here = (*place, field)
        if field not in known:
            problems.append((here, f"datasetet {name} har inget fält som heter {field}"))
            continue
        for part in (*how.parts, Part(value="", codes=how.codes)):
            if isinstance(part.codes, str) and part.codes not in mapping.codes:
                problems.append((here, f"kodlistan {part.codes} finns inte under codes"))
            if part.name is not None and part.name not in mapping.names.groups:
                problems.append((here, f"namnet {part.name} finns inte i mönstren under names"))
        table = how.codes if isinstance(how.codes, dict) else mapping.codes.get(how.codes or "", {})
        if known[field].kind is Kind.CHOICE:
            allowed = {*known[field].codes, ""}
            problems += [
                (here, f"koden ”{code}” översätts till ”{to}”, som {field} inte tillåter")
                for code, to in table.items()
                if to not in allowed
            ]
    return problems
