"""Rules of the datasets that hold counts: what a municipality reports itself, and training.

Contract.md: reported values are of additive figures only, in the figure's own period and split; of the staff concerned,
some are trained.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from etl.rules.problem import CODES, Problem, quoted
from etl.rules.typed import Typed
from etl.rules.values import Value
from kpi.definition import Catalogue, Shape
from kpi.period import Period, PeriodType

_PERIODS = {PeriodType.MONTH: "månad, som 2025-03", PeriodType.TERTIAL: "tertial, som 2025-T1", PeriodType.YEAR: "år"}
_Cell = Value | None


@dataclass(frozen=True)
class Figure:
    """What a report of a figure must be like; `split` gives each split column the codes that it may have."""

    shape: Shape
    adds_up: bool
    period: PeriodType
    split: tuple[tuple[str, tuple[str, ...]], ...] = ()


def figures_of(catalogue: Catalogue) -> dict[str, Figure]:
    """Every figure of a catalogue, by its id."""
    found = {}
    for definition in catalogue.definitions.values():
        measures = definition.meaning.measures
        columns = dict(catalogue.facts[measures[0].fact].columns) if measures else {}
        split = tuple((name, columns[name].codes) for name in definition.split if name in columns)
        found[definition.id] = Figure(definition.shape, definition.adds_up, definition.period, split)
    return found


def check_training(typed: Mapping[str, Typed]) -> list[Problem]:
    """More trained than concerned."""
    sentence = (
        "fler utbildade än berörda – trained får inte vara större än staff, som de utbildade är en del av. "
        "Rätta antalen i källan."
    )

    def judge(staff: _Cell, trained: _Cell) -> str | None:
        return sentence if isinstance(staff, int) and isinstance(trained, int) and trained > staff else None

    return _broken("trained", "part_over_whole", [typed["staff"], typed["trained"]], judge)


def check_reported(typed: Mapping[str, Typed], figures: Mapping[str, Figure]) -> list[Problem]:
    """Reports of no figure, of one that cannot be added up, or not in the figure's form."""
    judge = _Judge(figures)
    figure = typed["kpi_id"]
    return [
        *_broken("kpi_id", "unknown_figure", [figure], judge.figure),
        *_broken("period", "wrong_period", [figure, typed["period"]], judge.period),
        *_broken("split", "wrong_split", [figure, typed["split"]], judge.split),
        *_broken("numerator", "negative", [typed["numerator"]], _negative),
        *_broken("denominator", "negative", [typed["denominator"]], _negative),
        *_broken("denominator", "part_over_whole", [figure, typed["numerator"], typed["denominator"]], judge.share),
    ]


@dataclass(frozen=True)
class _Judge:
    """Each method tells what is wrong with one part of a report; None when nothing is, or another part's is first."""

    figures: Mapping[str, Figure]

    def figure(self, kpi_id: _Cell) -> str | None:
        if kpi_id is None or self._additive(kpi_id) is not None:
            return None
        if str(kpi_id) not in self.figures:
            return f"okänt nyckeltal – {quoted(str(kpi_id), CODES)} finns inte. ”samkoll kpi list” visar dem som finns."
        return (
            "nyckeltalet går inte att summera – bara antal och andelar tas emot som färdiga värden. "
            "Leverera händelserna i stället."
        )

    def period(self, kpi_id: _Cell, text: _Cell) -> str | None:
        figure = self._additive(kpi_id)
        if figure is None or text is None or Period.parse(str(text)).type is figure.period:
            return None
        return f"fel slags period – {quoted(str(text))}. Nyckeltalet redovisas per {_PERIODS[figure.period]}."

    def split(self, kpi_id: _Cell, text: _Cell) -> str | None:
        figure = self._additive(kpi_id)
        return None if figure is None else _split_problem(figure, str(text or ""))

    def share(self, kpi_id: _Cell, numerator: _Cell, denominator: _Cell) -> str | None:
        figure = self._additive(kpi_id)
        if figure is None or figure.shape is not Shape.SHARE:
            return None
        if denominator is None:
            return "nämnaren saknas – nyckeltalet är en andel. Fyll i hur många det är en andel av."
        if isinstance(numerator, float) and isinstance(denominator, float) and numerator > denominator >= 0:
            return "täljaren är större än nämnaren – en andel är högst allt. Rätta talen i källan."
        return None

    def _additive(self, kpi_id: _Cell) -> Figure | None:
        figure = self.figures.get(str(kpi_id))
        return figure if figure is not None and figure.adds_up else None


def _negative(number: _Cell) -> str | None:
    if isinstance(number, int | float) and number < 0:
        return "negativt tal – ett antal är aldrig mindre än 0. Rätta talet i källan."
    return None


def _split_problem(figure: Figure, text: str) -> str | None:
    """Why a split is not the figure's: `actor=bup`, several with semicolons between."""
    names = [name for name, _ in figure.split]
    form = ";".join(f"{name}={codes[0] if codes else '…'}" for name, codes in figure.split)
    remedy = f"Skriv {form}." if names else "Lämna fältet tomt."
    parts = [part.partition("=") for part in text.split(";")] if text else []
    if sorted(name for name, _, _ in parts) != sorted(names):
        wanted = f"Nyckeltalet delas upp på {' och '.join(names)}" if names else "Nyckeltalet delas inte upp"
        given = f"fel uppdelning – {quoted(text, CODES)}" if text else "uppdelning saknas"
        return f"{given}. {wanted}. {remedy}"
    allowed = dict(figure.split)
    for name, _, code in parts:
        if not code or (allowed[name] and code not in allowed[name]):
            return (
                f"okänd kod – {quoted(code, CODES)} finns inte i {name}. Tillåtna är {', '.join(allowed[name])}. "
                "Rätta koden i källan."
            )
    return None


def _broken(field: str, rule: str, columns: list[Typed], judge: Callable[..., str | None]) -> list[Problem]:
    """The rows for whose values `judge` has a sentence; each distinct combination is judged once."""
    rows = np.arange(len(columns[0]), dtype=np.int64)
    combinations = list(zip(*(column.objects(rows) for column in columns), strict=True))
    sentences = {each: judge(*each) for each in set(combinations)}
    told = {row: sentence for row, each in enumerate(combinations) if (sentence := sentences[each]) is not None}
    return [Problem(field, rule, np.array(list(told), dtype=np.int64), lambda row: told[row])] if told else []
