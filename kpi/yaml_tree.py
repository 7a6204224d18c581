"""A YAML text as plain values with the place of every one; what the file may not hold is told, and never built.

Only nodes are composed (anchors are not expanded), and each is looked at before its value is made: anchors, tags, merge
keys and deep nesting refuse the text, a key that stands twice is told with its place.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import ConstructorError
from ruamel.yaml.nodes import Node, ScalarNode, SequenceNode

_DEEPEST = 30
_PLAIN = {f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq")}
Path = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong and where; line and column from 1."""

    line: int
    column: int
    message: str


@dataclass(frozen=True)
class Place:
    """Where a value stands: its key (or list item), and the value itself; both as (line, column) from 1."""

    key: tuple[int, int]
    value: tuple[int, int]


@dataclass(frozen=True)
class Tree:
    """`content`: the values; `places`: by path. `forbidden` keeps the text from being read, `doubled` does not."""

    content: Any
    places: dict[Path, Place] = field(default_factory=dict)
    forbidden: list[Problem] = field(default_factory=list)
    doubled: list[Problem] = field(default_factory=list)


def read_tree(text: str) -> Tree:
    """The text's tree; raises what ruamel raises for bad syntax, RecursionError for absurd nesting."""
    yaml = YAML(typ="safe", pure=True)
    root = yaml.compose(text)
    builder = _Builder(yaml)
    content = builder.build(root, ()) if root is not None else None
    return Tree(content, builder.places, builder.forbidden, builder.doubled)


class _Builder:
    def __init__(self, yaml: YAML) -> None:
        self._construct = yaml.constructor.construct_object
        self.places: dict[Path, Place] = {}
        self.forbidden: list[Problem] = []
        self.doubled: list[Problem] = []

    def build(self, node: Node, path: Path) -> Any:
        if node.anchor:
            return self._forbid(node, "ankare och alias (& och *) används inte i filen")
        if node.tag not in _PLAIN:
            return self._forbid(node, "taggar (!) och ”<<” används inte i filen")
        if len(path) > _DEEPEST:
            return self._forbid(node, "filen har för många nivåer i varandra")
        if isinstance(node, ScalarNode):
            try:
                return self._construct(node)
            except (ValueError, ConstructorError):
                return self._forbid(node, f"”{node.value}” går inte att tolka som datum eller tal")
        if isinstance(node, SequenceNode):
            for at, item in enumerate(node.value):
                self.places[*path, at] = Place(_place(item), _place(item))
            return [self.build(item, (*path, at)) for at, item in enumerate(node.value)]
        return self._mapping(node, path)

    def _mapping(self, node: Node, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode) or key.anchor or key.tag not in _PLAIN:
                self._forbid(key, "nyckeln ska vara ett enkelt ord")
                continue
            name = str(key.value)
            if name in found:
                line, column = _place(key)
                self.doubled.append(Problem(line, column, f"nyckeln ”{name}” finns två gånger på samma plats"))
                continue
            self.places[*path, name] = Place(_place(key), _place(value))
            found[name] = self.build(value, (*path, name))
        return found

    def _forbid(self, node: Node, message: str) -> None:
        self.forbidden.append(Problem(*_place(node), message))


def _place(node: Node) -> tuple[int, int]:
    """From 1; within quotes, where the text begins."""
    is_quoted = isinstance(node, ScalarNode) and node.style in ('"', "'")
    return node.start_mark.line + 1, node.start_mark.column + 1 + is_quoted
