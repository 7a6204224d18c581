"""A text that is no YAML, entry by entry: each faulty one is told, and the others are read.

An entry is what stands under a heading, further in than it: a figure, a fact, a named condition.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from kpi.yaml_tree import TABBED, TOO_DEEP, Problem, Tree, read_tree, yaml_problem

_HEADING = re.compile(r"(facts|conditions|spans|figures|retired):[ \t]*(?:#.*)?\r?$")
_ENTRY = re.compile(r"( +)(\"[^\"]+\"|'[^']+'|[^\s#:'\"-][^\s:]*):(?:\s|$)")
_TAB_INDENT = re.compile(r" *\t+[^\s]")


@dataclass(frozen=True)
class _Entry:
    """Its lines, from `first` to before `end`; from 0."""

    heading: str
    name: str
    indent: str
    first: int
    end: int


def read_around(text: str, problem: Problem) -> Tree:
    """The tree of the entries that can be read, with every problem of the others; `problem`: of the text as a whole,
    which stays when the entries are not to blame."""
    lines = text.split("\n")
    found: list[Problem] = []
    faulty: set[tuple[str | int, ...]] = set()
    for entry in list(_entries(lines)):
        if problems := _problems(lines[entry.first : entry.end], entry):
            found += problems
            faulty.add((entry.heading, entry.name))
            lines[entry.first : entry.end] = [""] * (entry.end - entry.first)
    if not faulty:
        return Tree(None, problems=[problem], is_whole=False)
    rest = "\n".join(lines)
    try:
        tree = read_tree(rest)
    except (YAMLError, ValueError, RecursionError) as error:
        return Tree(None, problems=[*found, yaml_problem(error, rest)], is_whole=False)
    return replace(tree, problems=[*tree.problems, *found], left_out=tree.left_out | faulty)


def _entries(lines: list[str]) -> Iterator[_Entry]:
    """The entries in order; under each heading the first one's indent is all entries' indent."""
    heading, indent, first, name = "", "", 0, ""
    for at, line in enumerate([*lines, "end:"]):
        starts = _HEADING.match(line) or line[:1] not in ("", " ", "\t", "#", "\r")
        entry = _ENTRY.match(line)
        if name and (starts or (entry is not None and entry[1] == indent)):
            yield _Entry(heading, name, indent, first, at)
            name = ""
        if starts:
            found = _HEADING.match(line)
            heading, indent = found[1] if found else "", ""
        elif heading and entry is not None and entry[1] == (indent or entry[1]):
            indent, name, first = entry[1], entry[2].strip("\"'"), at


def _problems(lines: list[str], entry: _Entry) -> list[Problem]:
    """Read as it stands, with another entry after it."""
    text = "\n".join([*lines, f"{entry.indent}next: x"])
    try:
        YAML(typ="safe", pure=True).compose(text)
    except RecursionError:
        return [Problem(entry.first + 1, 1, TOO_DEEP)]
    except (YAMLError, ValueError) as error:
        problem = yaml_problem(error, text)
    else:
        return []
    tabs = [at for at, line in enumerate(lines, start=1) if _TAB_INDENT.match(line)]
    if problem.message == TABBED and tabs:
        return [Problem(entry.first + at, lines[at - 1].index("\t") + 1, TABBED) for at in tabs]
    return [replace(problem, line=problem.line + entry.first)]
