"""A YAML text as plain values with the place of every one; what the file may not hold is told, and never built.

Only nodes are composed (anchors are not expanded), and each is looked at before its value is made: anchors, tags, merge
keys and deep nesting leave out the entry that has them, a key that stands twice is told with its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import ConstructorError
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

_DEEPEST = 30
_DIRECTIVE = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*(?=%)")
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, what turns the writing direction, and halves of characters: nobody sees them in a text."""
_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_MERGE = "tag:yaml.org,2002:merge"
_NO_ANCHORS = "ankare och alias (& och *) används inte i filen. Skriv ut texten på varje ställe"
_NO_MERGE = "”<<” används inte i filen. Skriv ut nycklarna på varje ställe"
_NO_TAGS = "taggar (!) används inte i filen. Ta bort ordet som börjar med utropstecken"
_NO_UNSEEN = "raden innehåller ett tecken som inte syns. Ta bort det, eller spara filen som vanlig text"
TABBED = "raden innehåller ett tabbtecken. Använd mellanslag"
TOO_DEEP = "filen har för många nivåer i varandra. Kontrollera indragen"
_PLAIN = {f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq")}
Path = tuple[str | int, ...]


def spoken(path: Path) -> str:
    """`figures.sip_met_30d.decimals`; list items by their number: `at_least i mål nummer 1 i figures.sip_met_30d`."""
    for at in range(len(path) - 1, -1, -1):
        if isinstance(number := path[at], int):
            is_target = path[at - 1] == "targets"
            inner = f"{spoken(path[at + 1 :])} i " if at + 1 < len(path) else ""
            item = "mål" if is_target else "del"
            return f"{inner}{item} nummer {number + 1} i {spoken(path[: at - 1] if is_target else path[:at])}"
    return ".".join(str(part) for part in path) or "filen"


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong and where; line and column from 1."""

    line: int
    column: int
    message: str


@dataclass(frozen=True)
class Place:
    """Where a value stands: its key (or list item), and the value itself; both as (line, column) from 1. A value that
    is a list or has keys of its own stands where its key does.

    `rows`: of a text, where each of its lines begins in the file: (character of the text, line, column).
    """

    key: tuple[int, int]
    value: tuple[int, int]
    rows: tuple[tuple[int, int, int], ...] = ()

    def at(self, offset: int) -> tuple[int, int]:
        """Where a character of the text stands."""
        begins, line, column = max((row for row in self.rows if row[0] <= offset), default=(offset, *self.value))
        return line, column + offset - begins


@dataclass(frozen=True)
class Tree:
    """`content`: the values; `places`: by path; `problems`: what the text may not hold.

    `left_out`: the entries (heading, name) that hold such things, and are not in the content; `is_whole`: they stand
    within entries only, so that the rest can be judged.
    """

    content: Any
    places: dict[Path, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    left_out: set[Path] = field(default_factory=set)
    is_whole: bool = True


def read_tree(text: str) -> Tree:
    """The text's tree; raises what ruamel raises for bad syntax, RecursionError for absurd nesting."""
    if (start := _DIRECTIVE.match(text)) is not None:
        line = text.count("\n", 0, start.end()) + 1
        problem = Problem(line, 1, "raden börjar med %. Ta bort den: filen har inga direktiv")
        return Tree(None, problems=[problem], is_whole=False)
    yaml = YAML(typ="safe", pure=True)
    yaml.composer.warn_double_anchors = False  # anchors are refused below, in Swedish
    root = yaml.compose(text)
    builder = _Builder(yaml, text)
    content = builder.build(root, ()) if root is not None else None
    for heading, entry in builder.left_out:
        if content is not None and isinstance(entries := content.get(heading), dict):
            entries.pop(entry, None)
    return Tree(content, builder.places, builder.problems, builder.left_out, builder.is_whole)


class _Builder:
    def __init__(self, yaml: YAML, text: str) -> None:
        self._construct = yaml.constructor.construct_object
        self._text = text
        self._lines = _LINE_END.split(text)
        self.places: dict[Path, Place] = {}
        self.problems: list[Problem] = []
        self.left_out: set[Path] = set()
        self.is_whole = True

    def build(self, node: Node, path: Path) -> Any:
        if (reason := self._refused(node)) is not None:
            return self._forbid(node, reason, path)
        if len(path) > _DEEPEST:
            return self._forbid(node, TOO_DEEP, path)
        if isinstance(node, ScalarNode):
            try:
                return self._construct(node)
            except (ValueError, OverflowError, ConstructorError):
                value = node.value if len(node.value) <= 30 else f"{node.value[:30]}…"
                message = f"”{value}” går inte att tolka som datum eller tal. Rätta det, eller sätt citattecken runt"
                return self._forbid(node, f"{message} om det är en text", path)
        if isinstance(node, SequenceNode):
            for at, item in enumerate(node.value):
                self.places[*path, at] = _place_of(item, item, self._lines)
            return [self.build(item, (*path, at)) for at, item in enumerate(node.value)]
        return self._mapping(node, path)

    def _refused(self, node: Node) -> str | None:
        """Why the node may not be in the file at all. A tag stands first in its node, as nothing else with ! does."""
        if node.anchor:
            return _NO_ANCHORS
        is_tagged = self._text[node.start_mark.index : node.start_mark.index + 1] == "!"
        if is_tagged or node.tag not in _PLAIN:
            return _NO_TAGS
        return _NO_UNSEEN if isinstance(node, ScalarNode) and _UNSEEN.search(node.value) else None

    def _mapping(self, node: Node, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            if key.tag == _MERGE:
                self._forbid(key, _NO_MERGE, (*path, "<<"))
            elif not isinstance(key, ScalarNode):
                self._forbid(key, "nyckeln ska vara ett enkelt ord, följt av kolon", (*path, ""))
            elif (reason := self._refused(key)) is not None:
                self._forbid(key, reason, (*path, str(key.value)))
            elif (name := str(key.value)) in found:
                line, column = _start(key)
                first = self.places[*path, name].key[0]
                message = f"”{name}” finns redan på rad {first}. Ta bort den ena eller ge den ett annat namn"
                self.problems.append(Problem(line, column, message))
            else:
                self.places[*path, name] = _place_of(key, value, self._lines)
                found[name] = self.build(value, (*path, name))
        return found

    def _forbid(self, node: Node, message: str, path: Path) -> None:
        self.problems.append(Problem(*_start(node), message))
        if len(path) > 1 and isinstance(path[1], str):
            self.left_out.add(path[:2])
        else:
            self.is_whole = False


def _place_of(key: Node, value: Node, lines: list[str]) -> Place:
    if not isinstance(value, ScalarNode):
        return Place(_start(key), _start(key))
    return Place(_start(key), _start(value), tuple(_rows(value, lines)))


def _rows(value: ScalarNode, lines: list[str]) -> Iterator[tuple[int, int, int]]:
    """The lines of a text, which are joined by one sign each; up to the first blank one."""
    is_block = value.style in ("|", ">")
    line, column = _start(value)
    begins = 0
    if not is_block:
        yield begins, line, column
        begins = len(lines[line - 1][column - 1 :].rstrip()) + 1
    for at in range(line, len(lines)):
        written = lines[at].strip()
        if begins >= len(value.value) or not written:
            return
        yield begins, at + 1, len(lines[at]) - len(lines[at].lstrip()) + 1
        begins += len(written) + 1


def _start(node: Node) -> tuple[int, int]:
    """From 1; within quotes, where the text begins."""
    is_quoted = isinstance(node, ScalarNode) and node.style in ('"', "'")
    return node.start_mark.line + 1, node.start_mark.column + 1 + is_quoted


# --- what ruamel says -------------------------------------------------------

_NO_YAML = "raden går inte att tolka som YAML. "
_REASONS = {
    "mapping values are not allowed": "kolonet får inte stå här. Sätt citattecken runt en text som innehåller kolon, "
    "och kontrollera att raden är indragen som raderna ovanför",
    "could not find expected ':'": f"{_NO_YAML}Ett kolon saknas på raden ovanför, eller så är indraget fel",
    "expected <block end>": f"{_NO_YAML}Indraget stämmer inte med raderna ovanför",
    "but found another document": "filen innehåller flera dokument. Ta bort raden ”---”",
    "expected ',' or": f"{_NO_YAML}En hakparentes eller klammer avslutas inte, eller så saknas ett kommatecken",
    "expected the node content": f"{_NO_YAML}En hakparentes eller klammer avslutas inte",
    "found unexpected end of stream": f"{_NO_YAML}Ett citattecken avslutas inte",
    "found unexpected document separator": f"{_NO_YAML}Ett citattecken avslutas inte",
    "unknown escape character": f"{_NO_YAML}Inom dubbla citattecken har \\ en särskild betydelse. Använd enkla",
    "cannot start any token": f"{_NO_YAML}En text som börjar med ett sådant tecken ska stå inom citattecken",
    "alias": _NO_ANCHORS,
    "anchor": _NO_ANCHORS,
}
"""What ruamel says → what it means for whoever edits the file."""


def yaml_problem(error: Exception, text: str) -> Problem:
    """ruamel's complaint with its place, in Swedish."""
    if isinstance(error, ReaderError):
        before = text[: error.position]
        return Problem(before.count("\n") + 1, len(before) - before.rfind("\n"), _NO_UNSEEN)
    if not isinstance(error, MarkedYAMLError) or (mark := _mark(error)) is None:
        return Problem(1, 1, f"{_NO_YAML}Kontrollera indrag, kolon och citattecken")
    return Problem(mark.line + 1, mark.column + 1, _yaml_reason(error, text, mark.line))


def _mark(error: MarkedYAMLError) -> Any:
    """Where it went wrong; for what has no end, where it begins."""
    is_open = any(word in (error.context or "") for word in ("quoted", "flow"))
    return (error.context_mark if is_open else None) or error.problem_mark or error.context_mark


def _yaml_reason(error: MarkedYAMLError, text: str, line: int) -> str:
    lines = text.split("\n")
    if line < len(lines) and "\t" in lines[line]:
        return TABBED
    told = f"{error.context} {error.problem}"
    found = [reason for words, reason in _REASONS.items() if words in told]
    return found[0] if found else f"{_NO_YAML}Kontrollera indrag, kolon och citattecken"
