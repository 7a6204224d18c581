"""What the rules of a definitions file judge, and what they tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from kpi.definition import Catalogue
from kpi.schema import Document, FigureCommon, TargetEntry
from kpi.yaml_tree import Path as KeyPath

Broken = tuple[KeyPath, str, int | None]


@dataclass(frozen=True)
class Matter:
    """What is judged. `boards`: municipality by board code, None when no warehouse tells; `is_whole`: nothing was
    left out for its problems, so that what is missing really is."""

    document: Document
    catalogue: Catalogue
    boards: Mapping[str, str] | None
    today: date
    is_whole: bool


Rule = Callable[[Matter], Iterator[Broken]]


def lines_of(id_: str, figure: FigureCommon) -> Iterator[tuple[KeyPath, TargetEntry]]:
    """The figure's target lines and watch level, with their places."""
    for at, target in enumerate(figure.targets):
        yield ("figures", id_, "targets", at), target
    if figure.watch is not None:
        yield ("figures", id_, "watch"), figure.watch
