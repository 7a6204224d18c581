"""Sentences about readings: value, basis, period, target. Plain strings, the same in tables, leads and charts."""

from __future__ import annotations

from dashboard import texts
from kpi import format as text
from kpi.definition import Definition, Kind, Shape
from kpi.period import PeriodType
from kpi.spc.intervals import Interval
from kpi.status import Target
from kpi.target_words import bounded
from kpi.target_words import level as level
from kpi.target_words import proposed as proposed
from kpi.target_words import target as target
from kpi.views.rows import FigureRow, Reading

NOTHING = "–"
_RATES = {"active": "aktiva SIP"}
"""What a rate divides by, by the span that is standing."""


def value(definition: Definition, reading: Reading) -> str:
    """The value with its unit: `63 %`, `34 dagar`, `52`, `4,2 per 1 000`; a dash when there is none."""
    if reading.value is None:
        return NOTHING
    return text.quantity(reading.value, definition.unit, definition.decimals)


def interval(definition: Definition, found: Interval) -> str:
    """How far a value may be from what it measures: `46–83 %`, `0,3–4,2`; a rate's unit stands with its value."""
    times, decimals = (100 if definition.is_share else 1), definition.decimals
    ends = f"{text.number(found.lower * times, decimals)}–{text.number(found.upper * times, decimals)}"
    return f"{ends}{text.NBSP}%" if definition.unit == "percent" else ends


def value_and_unit(definition: Definition, reading: Reading) -> tuple[str, str]:
    """The value with a long unit apart, for narrow cells: (`+32`, `procentenheter`), (`63 %`, ``)."""
    told = value(definition, reading)
    if reading.value is None:
        return told, ""
    if definition.unit == "points":
        number, unit = told.split(text.NBSP)
        return number, unit
    return (told.split(" ")[0], text.PER[definition.unit]) if definition.unit in text.PER else (told, "")


def basis(definition: Definition, reading: Reading) -> str:
    """What the value rests on: `29 av 46`, `median av 7`, `8 på 69 aktiva SIP`; empty for plain counts."""
    if not reading.is_covered and reading.covered:
        held = f"{reading.covered} av {reading.periods} månader har uppgifter"
    else:
        held = ""
    if reading.value is None:
        return held or ("inga fall" if reading.is_covered else "uppgifter saknas")
    return ", ".join(part for part in (_rests_on(definition, reading), held) if part)


def short_basis(definition: Definition, reading: Reading) -> str:
    """As `basis` without what is counted, for the edge of a chart: `8 på 69`."""
    if reading.value is None or definition.shape not in (Shape.SHARE, Shape.RATE):
        return basis(definition, reading)
    joint = "av" if definition.shape is Shape.SHARE else "på"
    return f"{text.number(reading.numerator or 0)} {joint} {text.number(reading.denominator or 0)}"


def _rests_on(definition: Definition, reading: Reading) -> str:
    if definition.shape in (Shape.SHARE, Shape.RATE):
        return f"{short_basis(definition, reading)} {_counted(definition)}".rstrip()
    if definition.shape is Shape.GAP:
        return f"varje grupp har minst {text.number(reading.cases)} {texts.GAP_CASES.get(definition.id, 'fall')}"
    return f"median av {text.number(reading.cases)}" if definition.kind is Kind.MEDIAN else ""


def _counted(definition: Definition) -> str:
    """What the denominator is made of, where the figure's name does not tell."""
    if definition.shape is Shape.RATE:
        return _divided_by(definition)
    if definition.meaning.roster is not None:
        return "enheter"
    return "svar" if _scale(definition) == "answer" else ""


def _scale(definition: Definition) -> str:
    return next((one.parts for one in definition.meaning.measures if one.parts), "")


def _divided_by(definition: Definition) -> str:
    if definition.meaning.divides_by_children:
        return "barn"
    span = definition.meaning.measures[-1].span
    return _RATES.get(span.name, "") if span else ""


def in_full(definition: Definition, reading: Reading) -> str:
    """For running text: `29 av 46 (63 %)` when there is something to divide, else the value alone."""
    if definition.shape in (Shape.SHARE, Shape.RATE) and reading.value is not None:
        return f"{_rests_on(definition, reading)} ({value(definition, reading)})"
    return value(definition, reading)


def when(definition: Definition, reading: Reading) -> str:
    """The reading's time in running text: `de senaste 12 månaderna`, `i mars 2025`, `den 31 mars 2025`."""
    if reading.periods > 1:
        return f"de senaste {text.number(reading.periods)} månaderna"
    if definition.meaning.rolling:
        return (
            f"under {text.count_word(definition.meaning.rolling)} månader till och med {text.last_month(reading.last)}"
        )
    if definition.meaning.is_stock and not reading.is_preliminary:
        return f"den {text.day(reading.last.last_day)}"
    return text.within(reading.last)


def period(definition: Definition, reading: Reading) -> str:
    """The reading's time in a table or beside a value: `senaste 12 mån`, `12 mån till och med aug 2026`, `2025`."""
    if reading.periods > 1:
        return f"senaste {text.number(reading.periods)}{text.NBSP}mån"
    if definition.meaning.rolling:
        months = f"{text.number(definition.meaning.rolling)}{text.NBSP}mån"
        return f"{months} till och med {text.last_month(reading.last, short=True)}"
    if definition.meaning.is_stock and not reading.is_preliminary:
        return text.day(reading.last.last_day)
    return text.month(reading.last)


def against(definition: Definition, found: Target) -> str:
    """For running text: `mot det föreslagna målet, minst 90 %`, `mot den föreslagna bevakningsnivån, 80 %`."""
    if found.is_watch:
        return f"mot {'' if found.is_decided else 'den föreslagna '}bevakningsnivån, {level(definition, found)}"
    return f"mot {'' if found.is_decided else 'det föreslagna '}målet, {bounded(definition, found)}"


def gap(definition: Definition, reading: Reading) -> str | None:
    """A gap in plain words: which group's share is higher, and by how much."""
    groups = texts.GAPS.get(definition.id)
    if groups is None or reading.value is None:
        return None
    if text.is_shown_as_zero(reading.value, definition.decimals):
        return f"Andelen är lika stor {groups[0]} som {groups[1]}."
    side = "högre" if reading.value > 0 else "lägre"
    return f"Andelen är {text.points(reading.value, definition.decimals)} {side} {groups[0]} än {groups[1]}."


def why_empty(row: FigureRow) -> str:
    """Why a figure has nothing to show, as one plain sentence."""
    if row.is_context:
        return texts.CONTEXT_NOT_YET
    if row.as_of is None and row.definition.is_own:
        return texts.OWN_NOT_YET
    if row.as_of is None:
        return "Inga leveranser med de här uppgifterna har kommit för kommunen."
    return f"Det finns inga fall i leveranserna till och med {text.day(row.as_of)}."


def notes(row: FigureRow) -> list[str]:
    """What a reader must know about the row's values alone, each sentence once."""
    return list(dict.fromkeys(one.note for one in (row.judged, row.current) if one.note))


def remark(state: str, note: str | None) -> str:
    """A table's remark: the state alone, or as a sentence before the value's own note."""
    if note is None:
        return state
    return f"{text.capital(state)}. {note}" if state else note


def span(reading: Reading) -> str:
    """`mars 2025`, or `apr 2024 – mar 2025` for a window."""
    if reading.periods == 1:
        return text.month(reading.last)
    return f"{text.month(reading.first, short=True)} – {text.month(reading.last, short=True)}"


def every(definition: Definition) -> str:
    """How often there is a value: `per månad`."""
    return {PeriodType.MONTH: "per månad", PeriodType.TERTIAL: "per tertial", PeriodType.YEAR: "per år"}[
        definition.period
    ]
