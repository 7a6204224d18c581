"""A YAML text with positions: parsed, checked against the edge model, every problem with its line and column.

Problems are Swedish sentences; the caller collects them all and raises once.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml.error import YAMLError

from kpi.json_schema import every_key, keys_at
from kpi.mend import mend
from kpi.schema import MONTH, PATTERNS
from kpi.yaml_entries import read_around
from kpi.yaml_tree import TOO_DEEP, Path, Place, Problem, Tree, read_tree, spoken, yaml_problem

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
            tree = read_around(text, yaml_problem(error, text))
        if not tree.is_whole:
            raise SourceError(*tree.problems)
        if not isinstance(tree.content, dict):
            raise SourceError(
                Problem(1, 1, "filen ska bestå av rubriker som ”facts:” och ”figures:”, var och en först på sin rad")
            )
        return cls(tree)

    def validate(self, model: type[Model], entries: Collection[str]) -> tuple[Model | None, list[Problem], set[Path]]:
        """The tree as a model, every problem with it, and the paths of what was left out for its problems.

        Under the keys `entries` each entry is judged for itself: a faulty one is left out and the others go on, so that
        all problems are told in one run; of a figure that only says something wrong beside what it counts, no more
        than that is left out. None when too little is left to be a model.
        """
        content, left_out = self.tree.content, self.tree.left_out
        problems = [self.problem(path, f"{spoken(path)} är tom. Skriv ett värde eller ta bort raden")
                    for path in _empty(content, ())]  # fmt: skip
        try:
            return model.model_validate(content), problems, left_out
        except ValidationError as error:
            details = error.errors(include_url=False)
        content = deepcopy(content)
        problems += self._told(details)
        if any(len(one["loc"]) == 1 and one["type"] in ("missing", "extra_forbidden") for one in details):
            return None, problems, set()  # a heading is gone or misspelt: what its names mean cannot be known
        mended = mend(content, details)
        try:
            return model.model_validate(content), problems, left_out | mended
        except ValidationError as error:
            details = error.errors(include_url=False)
        faulty = {tuple(one["loc"][:2]) for one in details if one["loc"][:1] and one["loc"][0] in entries}
        for key, entry in (path for path in faulty if len(path) == 2):
            if isinstance(content.get(key), dict):
                content[key].pop(entry, None)
        for key in [one["loc"][0] for one in details if len(one["loc"]) == 1]:
            content.pop(key, None)
        try:
            return model.model_validate(content), problems, faulty | left_out | mended
        except ValidationError:
            return None, problems, faulty

    def problem(self, path: Path, message: str, offset: int | None = None) -> Problem:
        """A problem with the value at a path; `offset` = characters into a text on one line, None = with the key."""
        place, is_whole = self._place(path)
        if place is None:
            return Problem(1, 1, message)
        if offset is None:
            return Problem(*place.key, message)
        return Problem(*(place.at(offset) if is_whole else place.value), message)

    def _told(self, details: list[Any]) -> list[Problem]:
        """One problem per mistake. Of what may be one thing or another, the nearest one's mistakes are told."""
        found = [(*self._own_path(one["loc"], one["type"]), one) for one in details]
        nearer = {path[:end] for path, _, one in found for end in range(len(path) + (one["type"] not in _WRONG_TYPES))}
        choices: dict[Path, list[str]] = {}
        problems = []
        misspelt = {(*path[:-1], self._meant(path)) for path, _, one in found if one["type"] == "extra_forbidden"}
        for path, is_choice, one in found:
            if one["type"] == "missing" and path in misspelt:
                continue  # told where it stands misspelt
            if is_choice and one["type"] in _WRONG_TYPES:
                if path not in nearer:
                    choices.setdefault(path, []).append(_WRONG_TYPES[one["type"]])
            elif one["input"] is not None or one["type"] in ("missing", "union_tag_invalid"):
                problems.append(self._problem(path, one))
        for path, wanted in choices.items():
            problems.append(self.problem(path, f"{spoken(path)} ska vara {' eller '.join(dict.fromkeys(wanted))}", 0))
        return problems

    def _meant(self, path: Path) -> str | None:
        return _meant(str(path[-1]), list(keys_at(path[:-1], self.tree.content)))

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
    "union_tag_not_found": "{name}.kind saknas.{kind}",
    "union_tag_invalid": "{name} är {input}, som inte finns.{near} Tillåtna värden: {allowed}",
    "literal_error": "{name} är {input}, som inte finns.{near} Tillåtna värden: {allowed}",
    "extra_forbidden": "”{last}” hör inte hemma i {place}.{near}",
    "string_pattern_mismatch": "{name}: {input} har fel form. {form}",
    "string_type": "{name} ska vara {what}. {form}",
    "string_too_short": "{name} är tom. Skriv ett värde eller ta bort raden",
    "string_too_long": "{name} är längre än {max_length} tecken. Korta texten",
    "int_type": "{name} ska vara ett heltal. Skriv bara siffror, utan citattecken, decimaler och enhet",
    "float_type": "{name} ska vara ett tal. {number}",
    "finite_number": "{name} ska vara ett tal med ett ändligt värde, till exempel 0.9",
    "greater_than_equal": "{name} ska vara minst {ge}, men är {input}",
    "less_than_equal": "{name} ska vara högst {le}, men är {input}",
    "date_type": "{name} ska vara ett datum. Skriv ÅÅÅÅ-MM-DD, utan citattecken och klockslag",
    "list_type": "{name} ska vara en lista. {list}",
    "too_short": "{name} har för få delar: minst {min_length}",
    "too_long": "{name} har för många delar: högst {max_length}",
    "dict_type": f"{{name}} {_KEYS}",
    "model_type": f"{{name}} {_KEYS}",
    "model_attributes_type": f"{{name}} {_KEYS}",
}
"""Every pydantic error type that the models can raise."""
_TARGETS = "Varje mål börjar med ett streck: - from: 2027-01"
_SWEDISH_KEYS = {
    "täljare": "numerator", "täljaren": "numerator", "nämnare": "denominator", "nämnaren": "denominator",
    "namn": "name", "slag": "kind", "sort": "kind", "typ": "kind", "mål": "targets", "enhet": "unit",
    "villkor": "where", "urval": "where", "varför": "why", "beskrivning": "description", "underlag": "fact",
    "period": "period", "dag": "by", "datum": "by", "minsta_nivå": "smallest_level", "nivå": "smallest_level",
    "decimaler": "decimals", "riktning": "direction", "rådighet": "control", "kontroll": "control",
    "revision": "audit", "revisionsfråga": "audit_question", "rapport": "report", "avsnitt": "section",
    "områden": "areas", "ägare": "owner_role", "roll": "owner_role", "parametrar": "parameters", "från": "from",
    "minst": "at_least", "högst": "at_most", "nära": "near", "nämnd": "board", "kommun": "municipality",
    "beslut": "decision", "paragraf": "paragraph", "diarienummer": "dnr", "värde": "value", "summa": "sum",
    "grupp": "group", "bestånd": "span", "bevakning": "watch", "bredvid": "beside", "diagram": "chart",
}  # fmt: skip
"""What a Swedish author may write → the key; where the key does not belong, the word is only unknown."""
_SWEDISH_VALUES = {
    "nämnd": ("board",), "enhet": ("unit", "units"), "kommun": ("municipality",), "förvaltning": ("administration",),
    "delregion": ("delregional",), "månad": ("month",), "år": ("year",), "upp": ("increase",), "uppåt": ("increase",),
    "öka": ("increase",), "ned": ("decrease",), "ner": ("decrease",), "nedåt": ("decrease",),
    "minska": ("decrease",), "noll": ("toward_zero",), "egen": ("own",), "delad": ("shared",),
    "motpart": ("counterpart",), "motparten": ("counterpart",), "antal": ("count",), "procent": ("percent",),
    "dagar": ("days",), "procentenheter": ("points",), "andel": ("ratio",), "flöde": ("flow",),
    "bestånd": ("stock",), "medianen": ("median",), "percentil": ("percentile",), "skillnad": ("gap",),
    "nivå": ("level",), "bedömning": ("level",), "öppen": ("open",), "öppet": ("open",), "social": ("social",),
    "socialtjänst": ("social",), "skola": ("education",), "utbildning": ("education",), "svar": ("answer",),
}  # fmt: skip


def _sentence(details: Mapping[str, Any], path: Path, content: object) -> str:
    """pydantic's complaint about the value at the path, in Swedish."""
    context = details.get("ctx", {})
    allowed = str(context.get("expected") or context.get("expected_tags")).replace(" or ", ", ").replace("'", "")
    value = context.get("tag") if details["type"] == "union_tag_invalid" else details["input"]
    keys = keys_at(path[:-1], content)
    words = {
        "name": spoken(path),
        "last": str(path[-1]) if path else "filen",
        "place": spoken(path[:-1]),
        "input": _shown(value),
        "allowed": allowed,
        "kind": _kind(details["input"]),
        "number": _number(value),
        "list": _TARGETS if path and path[-1] == "targets" else "Skriv den inom hakparenteser: [den ena, den andra]",
        "what": "en månad" if _month(context.get("pattern"), keys, path) else "en text",
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
    return f" Lägg till raden ”{key}: …” ({told[:1].lower()}{told[1:]})" if told else " Lägg till den"


def _kind(content: object) -> str:
    near = [key for key in content if _meant(str(key), ["kind"])] if isinstance(content, dict) else []
    if near and near[0] in _SWEDISH_KEYS:
        return f" Nycklarna är engelska: {near[0]} heter kind"
    if near:
        return f" Menade du det med ”{near[0]}”?"
    return " Lägg till raden ”kind: …” (slaget, till exempel ratio för en andel)"


def _number(value: object) -> str:
    """How the author's own number is written."""
    found = re.fullmatch(r"\s*(-?[0-9]{1,9})([.,][0-9]{1,9})?\s*(%|procent)?\s*", str(value))
    if found is None:
        return "Skriv det utan citattecken och med decimalpunkt: 0.9"
    number = float(f"{found[1]}{(found[2] or '').replace(',', '.')}")
    if found[3]:
        return f"{found[1]}{found[2] or ''} % skrivs {number / 100:g}"
    return f"{found[0].strip()} skrivs {number:g}" + ("" if "," in found[0] else ", utan citattecken")


def _month(pattern: str | None, keys: Mapping[str, Any], path: Path) -> bool:
    return bool(path) and _pattern(pattern, keys.get(str(path[-1]), {})) == MONTH


def _meant(key: str, keys: Collection[str]) -> str | None:
    """The key that a Swedish or misspelt one stands for."""
    if (ours := _SWEDISH_KEYS.get(key.lower())) in keys:
        return ours
    return next(iter(get_close_matches(key, [one for one in keys if one != key], n=1)), None)


def _near(key: str, path: Path, content: object) -> str:
    keys = keys_at(path[:-1], content)
    if near := _meant(key, list(keys)):
        is_swedish = _SWEDISH_KEYS.get(key.lower()) == near
        return f" Nycklarna är engelska: {key} heter {near}" if is_swedish else f" Menade du ”{near}”?"
    if path[0] == "figures" and len(path) == 3 and key in every_key():
        return " Slaget (kind) har inte den nyckeln: ta bort den eller byt slag"
    return " Ta bort nyckeln, eller flytta den dit den hör"


def _like(value: object, allowed: str) -> str:
    for ours in _SWEDISH_VALUES.get(str(value).lower(), ()):
        if ours in allowed.split(", "):
            return f" ”{value}” heter {ours}."
    near = get_close_matches(str(value), allowed.split(", "), n=1)
    if near and near[0] == str(value):
        return " Skriv det utan citattecken."
    return f" Menade du ”{near[0]}”?" if near else ""


def _form(pattern: str | None, schema: Mapping[str, Any], value: object) -> str:
    if isinstance(value, dict | list):
        return f"Här står {_shown(value)}"
    found = _pattern(pattern, schema)
    if found == MONTH and (given := re.match(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])", str(value))):
        return f"Skriv {given.group()}"
    if found in PATTERNS:
        return PATTERNS[found]
    if schema.get("title") == "Paragraph" and isinstance(value, int):
        return f"Skriv § {value}, eller sätt citattecken runt talet"
    return "Skriv datumet inom citattecken" if isinstance(value, date) else "Sätt citattecken runt värdet"


def _pattern(pattern: str | None, schema: Mapping[str, Any]) -> str | None:
    return pattern or next((one["pattern"] for one in (schema, *schema.get("anyOf", ())) if "pattern" in one), None)
