"""Checks a dataset's rows against the contract: text → typed values, with every broken rule.

Rules that need the warehouse (keys of other sources, referrals or counts, population) stand in `etl.rules.standing`;
those that are a dataset's own in `etl.rules.sips` and
`etl.rules.counted`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from etl.canonical import Canonical
from etl.identity.number import PersonKind
from etl.identity.pseudonym import Pseudonymiser
from etl.identity.replace import pseudonymise_keys, pseudonymise_persons
from etl.rules import sips
from etl.rules.counted import Figure, check_reported, check_training
from etl.rules.problem import Problem
from etl.rules.reported import read_age, read_period, read_split, read_year
from etl.rules.typed import NO_DAY, Typed
from etl.rules.values import LONGEST_CODE, BadValue, Value, read_code, reader_of
from etl.table import Column
from warehouse.contract import Field, Kind
from warehouse.identity.mask import SIEVE_ANY, mask_text

REQUIRED = "obligatoriskt värde saknas. Fyll i det i källan."
_BAD_PERSON = (
    "ogiltigt personnummer – födelsedatumet eller kontrollsiffran stämmer inte. Rätta numret i källan "
    "(det visas inte här)."
)
_OWN_READERS: dict[tuple[str, str], Callable[[str], Value]] = {
    ("population", "age"): read_age,
    ("population", "year"): read_year,
    ("context_values", "year"): read_year,
    ("reported_values", "period"): read_period,
    ("reported_values", "split"): read_split,
}


@dataclass(frozen=True, eq=False)
class Checked:
    """A dataset's rows as typed values by warehouse column, and what is wrong with them.

    `out_of_scope` rows are counted and never stored; `pseudonyms` is the person column where there is one;
    `answered` marks, in a replay, the rows whose key another row of the delivery has given already.
    """

    canonical: Canonical
    typed: dict[str, Typed]
    problems: tuple[Problem, ...]
    out_of_scope: NDArray[np.bool_]
    out_of_scope_why: tuple[str, ...] = ()
    pseudonyms: Column | None = None
    answered: NDArray[np.bool_] | None = None

    @property
    def is_sound(self) -> NDArray[np.bool_]:
        """Per row: no rule has refused it, and it is in scope."""
        sound = ~self.out_of_scope
        for problem in self.problems:
            sound[problem.rows] = False
        return sound

    def __len__(self) -> int:
        return len(self.canonical)

    @property
    def key(self) -> list[Typed]:
        """The natural key's columns."""
        return [self.typed[field.column] for field in self.canonical.dataset.key]


@dataclass(frozen=True)
class Context:
    """What a delivery's rules depend on; `figures` are those that may be reported, by id."""

    as_of: date
    maker: Pseudonymiser
    figures: Mapping[str, Figure]


def check_rows(canonical: Canonical, widths: dict[int, int], expected_width: int, context: Context) -> Checked:
    """Every rule that needs nothing but the delivery; `widths` are the delivered rows of wrong width."""
    problems = [*_width_problems(canonical, widths, expected_width), *canonical.problems]
    size = len(canonical)
    municipality = canonical.columns.get("municipality_code", Column.constant("", size))
    checked = Checked(canonical, {}, (), canonical.out_of_scope)
    failed = _failed_rows(problems, size)
    for field in canonical.dataset.fields:
        column = canonical.columns.get(field.name, Column.constant("", size))
        if field.kind is Kind.PERSON:
            found = pseudonymise_persons(column, municipality, context.maker, context.as_of)
            checked = replace(checked, pseudonyms=found.pseudonyms)
            invalid = (found.persons.kind == PersonKind.INVALID)[column.codes]
            problems += _problem(field.name, "bad_person_number", invalid, _BAD_PERSON)
            problems += _problem(field.name, "required", column.is_blank, REQUIRED)
            checked.typed[field.column] = Typed(found.pseudonyms.codes, found.pseudonyms.texts)
            person = found
            continue
        if field.key or field.kind is Kind.CODE:
            column = pseudonymise_keys(column, municipality, context.maker, context.as_of)
        typed, broken = _read_field(canonical.dataset.name, field, column, failed.get(field.name))
        problems += broken
        problems += _future_problems(field, typed, context.as_of)
        checked.typed[field.column] = typed
    if canonical.dataset.name == "sips":
        sips.derive(checked.typed, person.persons, person.codes)
        problems += sips.check(checked.typed)
        grown = sips.is_grown(checked.typed)
        checked = replace(checked, out_of_scope=checked.out_of_scope | grown)
    problems += _own_problems(checked, context)
    problems += _order_problems(checked)
    return replace(checked, problems=tuple(problem for problem in problems if len(problem.rows)))


def _own_problems(checked: Checked, context: Context) -> list[Problem]:
    """The rules of datasets that hold counts."""
    match checked.canonical.dataset.name:
        case "training":
            return check_training(checked.typed)
        case "reported_values":
            return check_reported(checked.typed, context.figures)
        case _:
            return []


def _width_problems(canonical: Canonical, widths: dict[int, int], expected: int) -> list[Problem]:
    if not widths:
        return []
    if canonical.links is None:
        rows = np.flatnonzero(np.isin(canonical.raw_of, list(widths)))
    else:
        rows = np.unique(canonical.links[1][np.isin(canonical.links[0], list(widths))])
    raw = canonical.raw_of

    def sentence(row: int) -> str:
        width = widths.get(int(raw[row]), 0)
        few = "få" if width < expected else "många"
        return (
            f"för {few} celler – raden har {width} och rubrikraden {expected}. "
            "Kontrollera avgränsare, citattecken och radbrytningar i källan."
        )

    narrow = np.array([widths.get(int(raw[row]), 0) < expected for row in rows.tolist()], dtype=np.bool_)
    return [
        Problem(None, "too_few_cells", rows[narrow], sentence),
        Problem(None, "too_many_cells", rows[~narrow], sentence),
    ]


def _failed_rows(problems: list[Problem], size: int) -> dict[str, NDArray[np.bool_]]:
    """Per field: the rows that already have a problem there, so that they are not told twice."""
    failed: dict[str, NDArray[np.bool_]] = {}
    for problem in problems:
        if problem.field is not None:
            failed.setdefault(problem.field, np.zeros(size, dtype=np.bool_))[problem.rows] = True
    return failed


def _problem(field: str | None, rule: str, broken: NDArray[np.bool_], sentence: str) -> list[Problem]:
    rows = np.flatnonzero(broken)
    return [Problem(field, rule, rows, lambda _: sentence)] if len(rows) else []


def _read_field(
    dataset: str, field: Field, column: Column, failed: NDArray[np.bool_] | None
) -> tuple[Typed, list[Problem]]:
    """The column's typed values and the rows whose text is no such value."""
    texts: list[str] = pc.utf8_trim_whitespace(column.values).to_pylist()
    if field.kind in (Kind.TEXT, Kind.FREE_TEXT):
        texts = masked_texts(pa.array(texts, pa.string()))
    read: Callable[[str], Value] = _OWN_READERS.get((dataset, field.name), reader_of(field))
    values, wrong = _read_texts(texts, read, _blank_value(field))
    typed = Typed(column.codes, values)
    problems: list[Problem] = []
    if wrong:
        codes = column.codes
        for rule in {error.rule for error in wrong.values()}:
            these = [index for index, error in wrong.items() if error.rule == rule]
            rows = np.flatnonzero(np.isin(codes, these))
            problems.append(Problem(field.name, rule, rows, lambda row: wrong[int(codes[row])].sentence))
    if field.required and field.kind is not Kind.BOOLEAN:
        missing = typed.of_values([not text for text in texts])
        if failed is not None:
            missing &= ~failed
        problems += _problem(field.name, "required", missing, REQUIRED)
    return typed, problems


def _read_texts(
    texts: list[str], read: Callable[[str], Value], blank: Value | None
) -> tuple[list[Value | None], dict[int, BadValue]]:
    """Each text's value (a blank's where there is none), and what is wrong with those that have none."""
    if read is str or (read is read_code and max(map(len, texts), default=0) <= LONGEST_CODE):
        return [text or blank for text in texts], {}
    values: list[Value | None] = []
    wrong: dict[int, BadValue] = {}
    for index, text in enumerate(texts):
        value = blank
        if text:
            try:
                value = read(text)
            except BadValue as error:
                wrong[index] = error
        values.append(value)
    return values, wrong


def _blank_value(field: Field) -> Value | None:
    """What a blank cell is stored as."""
    if field.kind is Kind.BOOLEAN:
        return False
    if field.default is not None:
        return date.fromisoformat(field.default) if field.kind is Kind.DAY else field.default
    return "" if field.key and not field.required else None


def masked_texts(texts: pa.Array) -> list[str]:
    """The texts with what identifies a person masked."""
    suspects = np.flatnonzero(pc.match_substring_regex(texts, SIEVE_ANY).to_numpy(zero_copy_only=False))
    safe: list[str] = texts.to_pylist()
    for index in suspects.tolist():
        safe[index] = mask_text(safe[index])
    return safe


def _future_problems(field: Field, typed: Typed, as_of: date) -> list[Problem]:
    """No date after the delivery's as-of day, except what is agreed or planned."""
    if field.may_be_future or field.kind not in (Kind.DAY, Kind.MONTH):
        return []
    latest = as_of if field.kind is Kind.DAY else f"{as_of:%Y-%m}"
    late = typed.of_values([value is not None and value > latest for value in typed.values])  # type: ignore[operator]  # both are days, or both months
    sentence = f"datum efter leveransens dag {as_of}. Rätta datumet i källan eller ange rätt leveransdag (--as-of)."
    return _problem(field.name, "after_as_of", late, sentence)


def _order_problems(checked: Checked) -> list[Problem]:
    problems = []
    for before, after in checked.canonical.dataset.steps:
        earlier, later = checked.typed[before], checked.typed[after]
        wrong = (earlier.ordinals > later.ordinals) & (earlier.ordinals != NO_DAY) & (later.ordinals != NO_DAY)
        if wrong.any():
            problems.append(
                Problem(after, "date_order", np.flatnonzero(wrong), _order_sentence(before, earlier, later))
            )
    return problems


def _order_sentence(before: str, earlier: Typed, later: Typed) -> Callable[[int], str]:
    return lambda row: (
        f"fel datumordning – {later.value(row)} ligger före {before} {earlier.value(row)}. Rätta datumen i källan."
    )
