"""What a paper says, as a document of its own: everything that its files are drawn from, and nothing else. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from kpi.period import Period

SHORT_HASH = 12
"""How much of a hash is printed."""


@dataclass(frozen=True)
class Cell:
    """A cell: as people read it, and the number itself where it is one (a share as a fraction). `unit` and `decimals`
    as a key figure's; `below`: a smaller line beneath."""

    text: str
    number: float | None = None
    unit: str = ""
    decimals: int = 0
    below: str = ""


@dataclass(frozen=True)
class Column:
    """A heading, how wide it is beside the others, and whether it holds numbers."""

    heading: str
    width: int = 10
    is_number: bool = False


@dataclass(frozen=True)
class Paragraph:
    """Running text. `is_strong`: what must not be missed."""

    text: str
    is_strong: bool = False
    block: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True)
class Items:
    """A list."""

    items: tuple[str, ...]
    block: Literal["items"] = "items"


@dataclass(frozen=True)
class Table:
    """A table whose first column names its rows."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    block: Literal["table"] = "table"


@dataclass(frozen=True)
class Point:
    """A period of a chart: `value` is None where nothing is shown; `is_hidden` where that is because it may not be."""

    label: str
    value: float | None
    is_hidden: bool = False


@dataclass(frozen=True)
class Chart:
    """A figure over time, as data. `level` is the target's or the watch level's, with its words; `centre`, `lower` and
    `upper` are the usual level and its limits. `alt` tells all of it."""

    title: str
    alt: str
    points: tuple[Point, ...]
    unit: str
    decimals: int
    level: float | None = None
    level_words: str = ""
    centre: float | None = None
    lower: float | None = None
    upper: float | None = None
    block: Literal["chart"] = "chart"


Block = Paragraph | Items | Table | Chart


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it; `parts` have headings one step down."""

    heading: str
    blocks: tuple[Block, ...] = ()
    parts: tuple[Section, ...] = ()


@dataclass(frozen=True)
class Annex:
    """An annex in the same file; it begins on a page of its own."""

    title: str
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Moment:
    """When a kept paper was written first (ISO) of what no closing had frozen, and what was known then: the version of
    the definitions, the deliveries up to the last but those that were pending, and the adopted plan of the year before
    (0 = none) with its revision."""

    made_at: str
    definitions_version: int
    last_delivery: int
    pending: tuple[int, ...] = ()
    earlier_plan_no: int = 0
    earlier_revision: int = 0


@dataclass(frozen=True)
class Cut:
    """Which frozen data a paper rests on, so that it can be made again: the release (0 = none has been made), its hash,
    when it was closed, the hash of its definitions; and the plan's revision, its hash and whether the board had
    adopted it. `moment`: of a plan's paper; older ones have none, and their hashes know of none."""

    release_no: int
    release_hash: str
    recorded_at: str
    definitions: str
    plan_no: int = 0
    plan_revision: int = 0
    plan_hash: str = ""
    is_plan_adopted: bool = False
    moment: Annotated[Moment | None, Field(exclude_if=lambda one: one is None)] = None


@dataclass(frozen=True)
class Head:
    """What stands above a paper. `dated`: an ISO day; `period` as `kpi.period.Period`'s text; `version`: 0
    for one that is not kept."""

    kind: str
    board_code: str
    board: str
    municipality: str
    period: str
    version: int
    registration_number: str
    dated: str
    is_synthetic: bool
    cut: Cut


@dataclass(frozen=True)
class Document:
    """One file. `decisions`: what the board is proposed to decide, each after "Nämnden beslutar att"; none in an annex
    that is a file of its own. `is_secret`: it needs secrecy. `copies_to`: who is told of the decision."""

    head: Head
    title: str
    decisions: tuple[str, ...]
    summary: tuple[Block, ...]
    sections: tuple[Section, ...] = ()
    annexes: tuple[Annex, ...] = ()
    copies_to: tuple[str, ...] = ()
    is_secret: bool = False
    note: str = ""

    @property
    def hash(self) -> str:
        """SHA-256 of all that this file says; it is printed in the file, so it covers no other."""
        return _hash_of(_DOCUMENTS.dump_python(self, mode="json"))

    @property
    def charts(self) -> tuple[Chart, ...]:
        """Every chart, in order."""
        return tuple(one for one in blocks_of(self) if isinstance(one, Chart))


@dataclass(frozen=True)
class PaperContent:
    """A paper: the file that becomes public, and the annex under secrecy, where there is one."""

    public: Document
    secret: Document | None = None


_PAPERS = TypeAdapter(PaperContent)
_DOCUMENTS = TypeAdapter(Document)


def blocks_of(document: Document) -> Iterable[Block]:
    """Every block of the document, in order."""
    yield from document.summary
    for section in (*document.sections, *(one for annex in document.annexes for one in annex.sections)):
        yield from _under(section)


def _under(section: Section) -> Iterable[Block]:
    yield from section.blocks
    for part in section.parts:
        yield from _under(part)


def as_json(content: PaperContent) -> dict[str, Any]:
    """Plain JSON values, for the warehouse."""
    found: dict[str, Any] = _PAPERS.dump_python(content, mode="json")
    return found


def from_json(values: Mapping[str, Any]) -> PaperContent:
    """The inverse."""
    return _PAPERS.validate_python(values)


def hash_of(content: PaperContent) -> str:
    """SHA-256 of a whole paper, what is secret in it too: kept, and never printed."""
    return _hash_of(as_json(content))


def period_of(head: Head) -> Period:
    """The period that the paper is about."""
    return Period.parse(head.period)


def _hash_of(values: Mapping[str, Any]) -> str:
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def listed(words: Sequence[str]) -> str:
    """`a, b och c`."""
    return f"{', '.join(words[:-1])} och {words[-1]}" if len(words) > 1 else "".join(words)
