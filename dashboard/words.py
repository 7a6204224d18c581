"""Sentences about readings: value, basis, target, change. Plain strings, the same in tables, leads and charts."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard import format as text
from kpi.definition import Definition, Kind
from kpi.period import PeriodType
from kpi.status import Bound, Target
from kpi.views.rows import Change, FigureRow, Reading

NOTHING = "–"


def is_share(definition: Definition) -> bool:
    """Whether the value is a fraction shown as per cent."""
    return definition.unit == "percent"


def value(definition: Definition, reading: Reading) -> str:
    """The value with its unit: `63 %`, `34 dagar`, `52`, `4,2 per 1 000`; a dash when there is none."""
    if reading.value is None:
        return NOTHING
    return text.quantity(reading.value, definition.unit, definition.decimals)


def basis(definition: Definition, reading: Reading) -> str:
    """What the value rests on: `29 av 46`, `median av 7`, `38 SIP`; empty for plain counts."""
    if not reading.is_covered and reading.covered:
        held = f"{reading.covered} av {reading.periods} månader har uppgifter"
    else:
        held = ""
    if reading.value is None:
        return held or ("inga fall" if reading.is_covered else "uppgifter saknas")
    if definition.kind is Kind.RATIO:
        found = f"{text.number(reading.numerator or 0)} av {text.number(reading.denominator or 0)}"
    elif definition.kind is Kind.MEDIAN:
        found = f"median av {text.number(reading.cases)}"
    elif definition.kind is Kind.RATE_PER:
        found = f"{text.number(reading.numerator or 0)} på {text.number(reading.denominator or 0)} barn"
    elif definition.kind is Kind.STOCK:
        found = "vid periodens slut"
    else:
        found = ""
    return ", ".join(part for part in (found, held) if part)


def in_full(definition: Definition, reading: Reading) -> str:
    """For running text: `29 av 46 (63 %)` when the basis is a fraction, else the value alone."""
    if definition.kind is Kind.RATIO and reading.value is not None:
        return f"{basis(definition, reading)} ({value(definition, reading)})"
    return value(definition, reading)


def target(definition: Definition, found: Target | None, *, with_proposed: bool = True) -> str:
    """`minst 90 %, föreslaget`; `bevakas över 10 %`; `inget mål`."""
    if found is None:
        return "inget mål"
    level = text.quantity(found.level, definition.unit, definition.decimals)
    if found.is_watch:
        words = f"bevakas {'under' if found.bound is Bound.AT_LEAST else 'över'} {level}"
    else:
        words = f"{'minst' if found.bound is Bound.AT_LEAST else 'högst'} {level}"
    return words if found.is_decided or not with_proposed else f"{words}, {proposed(found)}"


def against(definition: Definition, found: Target) -> str:
    """For running text: `mot föreslaget mål minst 90 %`, `mot föreslagen bevakningsnivå 80 %`."""
    level = text.quantity(found.level, definition.unit, definition.decimals)
    if found.is_watch:
        return f"mot {'' if found.is_decided else 'föreslagen '}bevakningsnivå {level}"
    name = "mål" if found.is_decided else "föreslaget mål"
    return f"mot {name} {'minst' if found.bound is Bound.AT_LEAST else 'högst'} {level}"


def proposed(found: Target) -> str:
    """The word that tells that no board has decided the level."""
    return "föreslagen nivå" if found.is_watch else "föreslaget"


@dataclass(frozen=True)
class ChangeWords:
    """How much, and than what; `than` is empty when nothing is compared."""

    size: str
    than: str = ""

    @property
    def sentence(self) -> str:
        """Both together."""
        return f"{self.size} {self.than}".strip()


def change(row: FigureRow) -> ChangeWords:
    """The change in plain Swedish, with what it is compared with; never whether it is more than normal variation."""
    found = row.change
    if found is None:
        return ChangeWords("Ingen jämförelse")
    if found.difference is None:
        return ChangeWords(_not_compared(found))
    earlier = f"{_before(row, found)} ({_short(row.definition, found.before)})"
    size, word = _difference(row.definition, found.difference)
    if size is None:
        return ChangeWords("Samma nivå", f"som {earlier}")
    return ChangeWords(f"{text.capital(size)} {word}", f"än {earlier}")


def _difference(definition: Definition, difference: float) -> tuple[str | None, str]:
    more = difference > 0
    if definition.unit == "percent":
        size = (
            None if round(difference * 100, definition.decimals) == 0 else text.points(difference, definition.decimals)
        )
        return size, "högre" if more else "lägre"
    rounded = round(abs(difference), max(definition.decimals, 1) if definition.unit == "days" else definition.decimals)
    if rounded == 0:
        return None, ""
    if definition.unit == "days":
        return text.days(rounded), "längre" if more else "kortare"
    if definition.unit == "per_1000":
        return text.number(rounded, definition.decimals), "högre" if more else "lägre"
    return text.number(rounded, definition.decimals), "fler" if more else "färre"


def _before(row: FigureRow, found: Change) -> str:
    if row.year is not None:
        return f"året{text.NBSP}före"
    period = found.before.first
    return f"i {text.month(period)}" if period.type is PeriodType.MONTH else text.month(period)


def _short(definition: Definition, reading: Reading) -> str:
    if definition.kind is Kind.RATIO:
        return basis(definition, reading)
    return value(definition, reading)


def _not_compared(found: Change) -> str:
    if found.now.value is None or not found.now.is_covered:
        return "Ingen jämförelse: uppgifter saknas"
    if found.before.value is None or not found.before.is_covered:
        return "Ingen jämförelse: tidigare uppgifter saknas"
    return "För få fall att jämföra"


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
