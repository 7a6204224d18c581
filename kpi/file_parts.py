"""A definitions file cut into its figures, so that one of them can be edited by itself. Text in, text out. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from ruamel.yaml.error import YAMLError

from kpi.yaml_tree import read_tree

_FIGURES = "figures"


@dataclass(frozen=True)
class FilePart:
    """A figure's lines in the file: from `first` to `last`, from 1 and both included."""

    id: str
    first: int
    last: int


def figure_parts(text: str) -> tuple[FilePart, ...]:
    """Every figure's lines, in the file's order; none when the text cannot be read as YAML."""
    try:
        tree = read_tree(text)
    except (YAMLError, ValueError, RecursionError):
        return ()
    begins = {path: place.key[0] for path, place in tree.places.items() if len(path) <= 2}
    figures = sorted((line, str(path[1])) for path, line in begins.items() if len(path) == 2 and path[0] == _FIGURES)
    lines = text.splitlines()
    others = sorted(begins.values())
    parts = []
    for line, id_ in figures:
        end = next((other for other in others if other > line), len(lines) + 1) - 1
        while end > line and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
            end -= 1
        parts.append(FilePart(id_, line, end))
    return tuple(parts)


def part_text(text: str, part: FilePart) -> str:
    """The figure's lines."""
    return "\n".join(text.splitlines()[part.first - 1 : part.last]) + "\n"


def with_part(text: str, part: FilePart, new: str) -> str:
    """The file with the figure's lines replaced."""
    lines = text.splitlines()
    return "\n".join([*lines[: part.first - 1], *new.rstrip("\n").splitlines(), *lines[part.last :]]) + "\n"


def with_figure_added(text: str, new: str) -> str:
    """The file with one more figure, after the last one."""
    parts = figure_parts(text)
    if not parts:
        return f"{text.rstrip()}\n{new}"
    lines = text.splitlines()
    last = parts[-1].last
    return "\n".join([*lines[:last], "", *new.rstrip("\n").splitlines(), *lines[last:]]) + "\n"
