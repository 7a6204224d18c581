"""A source system's mapping: frozen types for how its files become the contract's datasets.

One YAML file per system in `etl/mappings/`; `etl.mapping_loader` reads it and tells every problem with its line. The
format is documented, with an example that the tests load, in docs/add-a-source.md. Names are compared without regard
to case and repeated blanks, in headers as in codes.
"""

from __future__ import annotations

import re
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cache
from hashlib import sha256
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from warehouse.contract import DATASETS


class Mode(StrEnum):
    """What a delivery says about the keys it does not carry, or carries again."""

    SNAPSHOT = "snapshot"  # the whole scope: missing keys are soft-deleted
    DELTA = "delta"  # new and changed rows
    APPEND = "append"  # new rows only: a known key never changes


class FileFormat(StrEnum):
    """The kinds of file that are read."""

    CSV = "csv"
    XLSX = "xlsx"


def normal(text: str) -> str:
    """A header, sheet or code as it is compared: one blank between words, no case."""
    return " ".join(text.split()).casefold()


def _as_text(value: object) -> object:
    """YAML reads 1 and true as other types than text; codes are always text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str | int | float | dict) else value


Text = Annotated[str, BeforeValidator(_as_text)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_as_list)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=False)


class Part(_Strict):
    """A piece of a field's text: a column's cell, a constant, or a named group of the file's or sheet's name."""

    column: str | None = None
    value: Text | None = None
    name: str | None = None
    codes: str | dict[Text, Text] | None = None
    """Translation of the piece: the name of a shared table, or a table. An unknown code rejects the row."""

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if sum(origin is not None for origin in (self.column, self.value, self.name)) != 1:
            raise ValueError("ange exakt ett av column, value och name")
        return self


def _as_part(value: object) -> object:
    return {"value": value} if isinstance(value, str | int) else value


class FieldMapping(_Strict):
    """How one canonical field is made."""

    column: str | None = None
    value: Text | None = None
    name: str | None = None
    join: tuple[Annotated[Part, BeforeValidator(_as_part)], ...] = ()
    """Pieces put together; blank when any column or name among them is blank."""
    codes: str | dict[Text, Text] | None = None
    """Translation of the whole: the name of a shared table, or a table. An unknown code rejects the row."""
    yes: Texts = ()
    """Further words for true in this field, such as x."""
    no: Texts = ()
    """Further words for false."""
    blank: Texts = ()
    """Texts that the source writes for nothing, such as - or 0000-00-00."""
    default: Text | None = None
    """What a blank cell means."""

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        given = [self.column is not None, self.value is not None, self.name is not None, bool(self.join)]
        if sum(given) != 1:
            raise ValueError("ange exakt ett av column, value, name och join")
        return self

    @property
    def parts(self) -> tuple[Part, ...]:
        """The pieces of the field's text, whichever way they are written."""
        return self.join or (Part(column=self.column, value=self.value, name=self.name),)


def _as_field(value: object) -> object:
    return {"column": value} if isinstance(value, str) else value


class RowFilter(_Strict):
    """Rows whose cell is one of the texts ('' = blank cell)."""

    column: str
    values: Annotated[Texts, Field(alias="in")]


class Condition(RowFilter):
    """Rows for which the person counts as trained: the cell is one of the texts."""


class Matrix(_Strict):
    """A sheet with a row per sender and a column per receiver: one row per cell, as @row, @column and @cell."""

    kind: Literal["matrix"]
    row_label: str
    """The header above the rows' labels."""
    skip_columns: Texts = ()
    skip_rows: Texts = ()
    """Labels of sums and notes. Blank cells and rows without a label are skipped too."""


class Training(_Strict):
    """A row per person and course, summed per group: @staff (persons concerned), @trained (of them, trained)."""

    kind: Literal["training"]
    by: Texts
    """Columns that make a group (unit, subject, month when it is a column)."""
    person: str
    """The column that tells people apart; a person with several rows in a group counts once."""
    trained: Condition | None = None
    """Trained when the cell says so …"""
    completed: str | None = None
    """… or when this column's day lies in the 12 months up to and including `month`."""
    month: str | None = None
    """The named group of the file's or sheet's name, or the column, that holds the month (YYYY-MM)."""

    @model_validator(mode="after")
    def _one_rule(self) -> Self:
        if (self.trained is None) == (self.completed is None):
            raise ValueError("ange antingen trained eller completed")
        if self.completed is not None and self.month is None:
            raise ValueError("completed behöver month")
        return self


class Split(_Strict):
    """A cell with several choices, joined by a separator: one row per choice, as @choice."""

    column: str
    by: str = ";"


class Count(_Strict):
    """A row per answer: equal rows are counted, as @count. `split` first makes a row per joined choice."""

    kind: Literal["count"]
    by: Texts
    """Columns that make a group (@choice when `split` is given)."""
    split: Split | None = None


Shape = Annotated[Matrix | Training | Count, Field(discriminator="kind")]


class DatasetMapping(_Strict):
    """How the file's rows become rows of one dataset."""

    mode: Mode = Mode.DELTA
    files: Texts = ()
    """Only in those of the system's files; absent = in all of them."""
    rows: RowFilter | None = None
    """Only these rows; absent = all."""
    out_of_scope: RowFilter | None = None
    """Rows that are counted and never stored, such as protected identities."""
    distinct: bool = False
    """Equal canonical rows are one row, for a file that repeats the same thing on several rows."""
    skip_blank: Texts = ()
    """Rows where one of these fields is blank hold nothing for this dataset."""
    shape: Shape | None = None
    fields: dict[str, Annotated[FieldMapping, BeforeValidator(_as_field)]]


class Header(_Strict):
    """Where the column names stand. Without `row`: the first row in CSV; in XLSX the first row that holds them."""

    row: Annotated[int, Field(ge=1)] | None = None
    rows: Annotated[int, Field(ge=1, le=3)] = 1
    """More than one: merged cells above are joined with the names below, as "Above / Below"."""


class Names(_Strict):
    """Regular expressions whose named groups are values: on the file's name and on the sheet's."""

    file: str | None = None
    sheet: str | None = None

    @model_validator(mode="after")
    def _compile(self) -> Self:
        for pattern in (self.file, self.sheet):
            if pattern is not None:
                try:
                    re.compile(pattern)
                except re.error as error:
                    raise ValueError(f"”{pattern}” är inget giltigt mönster") from error
        return self

    @property
    def groups(self) -> frozenset[str]:
        """The names of all groups."""
        patterns = [pattern for pattern in (self.file, self.sheet) if pattern is not None]
        return frozenset(name for pattern in patterns for name in re.compile(pattern).groupindex)


class Mapping(_Strict):
    """One source system. `source` is its code: the file's name without .yaml."""

    source: str = ""
    content_hash: str = ""
    """sha256 of the mapping's text: other text, other mapping."""
    version: Literal[1]
    name: str
    format: FileFormat
    files: Texts
    """Name patterns with * and ?, in any case."""
    encoding: Literal["utf-8", "cp1252"] | None = None
    separator: Literal[";", ",", "\t"] | None = None
    sheets: Texts = ()
    """Patterns of the sheets to read; absent = the first sheet."""
    header: Header = Header()
    names: Names = Names()
    board: str = ""
    """The board whose pseudonym key is used and which goes into every pseudonym."""
    codes: dict[str, dict[Text, Text]] = {}
    """Translations that several fields share."""
    datasets: dict[str, DatasetMapping]

    def takes_file(self, name: str) -> bool:
        """Whether the file's name is one of this system's."""
        return any(fnmatchcase(normal(name), normal(pattern)) for pattern in self.files)

    def for_file(self, name: str) -> Self:
        """The mapping as far as it concerns one file: without the datasets that only other files hold."""
        datasets = {
            dataset: mapped
            for dataset, mapped in self.datasets.items()
            if not mapped.files or any(fnmatchcase(normal(name), normal(pattern)) for pattern in mapped.files)
        }
        return self.model_copy(update={"datasets": datasets})

    def takes_sheet(self, name: str) -> bool:
        """Whether the sheet is to be read (when patterns are given)."""
        return any(fnmatchcase(normal(name), normal(pattern)) for pattern in self.sheets)

    def code_table(self, codes: str | dict[str, str] | None) -> dict[str, str] | None:
        """The translation that a field or part names, its keys as compared; None = no translation."""
        if codes is None:
            return None
        table = self.codes[codes] if isinstance(codes, str) else codes
        return {normal(code): canonical for code, canonical in table.items()}


def canonical_mapping(dataset_name: str) -> Mapping:
    """The contract's own CSV for one dataset: canonical headers, delta, no translation."""
    fields = {field.name: FieldMapping(column=field.name) for field in DATASETS[dataset_name].fields}
    return Mapping(
        source=CANONICAL,
        content_hash=CANONICAL,
        version=1,
        name="Kontraktets egna filer",
        format=FileFormat.CSV,
        files=(f"{dataset_name}*.csv",),
        datasets={dataset_name: DatasetMapping(fields=fields)},
    )


@cache
def own_mapping() -> Mapping:
    """What the product delivers to itself: a row per record, its dataset in a column, the rest as the contract says.

    It is no file of `etl/mappings/`, so no file that somebody else gives is ever taken for it.
    """
    kept: dict[str, DatasetMapping] = {}
    for name in (*(one.name for one in DATASETS.values() if one.is_own), OWN_REVIEWS):
        kept[name] = DatasetMapping(
            files=(f"{OWN_SAMPLES if name == OWN_REVIEWS else OWN_RECORDS}_*",),
            rows=RowFilter.model_validate({"column": OWN_COLUMN, "in": [name]}),
            fields={field.name: FieldMapping(column=field.name) for field in DATASETS[name].fields},
        )
    made = Mapping(
        source=OWN,
        version=1,
        name="Samkoll: kontrollplan, åtgärder, bedömningar och rapporter",
        format=FileFormat.CSV,
        files=(f"{OWN}_*.csv",),
        names=Names(file="_(?P<municipality>[0-9]{4})"),
        datasets=kept,
    )
    return made.model_copy(update={"content_hash": sha256(made.model_dump_json().encode()).hexdigest()})


CANONICAL = "canonical"
OWN = "samkoll"
OWN_COLUMN = "dataset"
OWN_REVIEWS = "sip_reviews"
OWN_RECORDS, OWN_SAMPLES = f"{OWN}_intern-kontroll", f"{OWN}_stickprov"
"""How the product's own files begin: reviewed plans stand apart, since other sources review plans too."""
