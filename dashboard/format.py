"""Swedish numbers and days: decimal comma, no-break spaces, a real minus sign. The only place that writes a number."""

from __future__ import annotations

from datetime import date, datetime

from kpi.period import Period, PeriodType
from warehouse import clock

NBSP = "\u00a0"
MINUS = "\u2212"
MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november",
    "december",
)  # fmt: skip
SHORT_MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_TERTIALS = ("jan–apr", "maj–aug", "sep–dec")
_SMALL = ("noll", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv")


def number(value: float, decimals: int = 0) -> str:
    """`1 234,5`; groups of three with a no-break space."""
    text = f"{abs(value):,.{decimals}f}".replace(",", NBSP).replace(".", ",")
    is_negative = value < 0 and any(digit in text for digit in "123456789")
    return f"{MINUS}{text}" if is_negative else text


def count_word(count: int) -> str:
    """Small numbers as words in running text: `tre`, else digits."""
    return _SMALL[count] if 0 <= count < len(_SMALL) else number(count)


def percent(share: float, decimals: int = 0) -> str:
    """A fraction 0–1 as `63 %`."""
    return f"{number(share * 100, decimals)}{NBSP}%"


def points(difference: float, decimals: int = 0) -> str:
    """A difference of two fractions as `12 procentenheter`, without sign."""
    text = number(abs(difference) * 100, decimals)
    return f"{text}{NBSP}{'procentenhet' if text == '1' else 'procentenheter'}"


def days(value: float, decimals: int = 0) -> str:
    """`34 dagar`; halves are kept, since a median of two middle days may be one."""
    shown = decimals if decimals or float(value).is_integer() else 1
    text = number(value, shown)
    return f"{text}{NBSP}{'dag' if text == '1' else 'dagar'}"


def quantity(value: float, unit: str, decimals: int = 0) -> str:
    """A value with its unit: `63 %`, `4,2 per 1 000`, `34 dagar`, `52`."""
    if unit == "percent":
        return percent(value, decimals)
    if unit == "days":
        return days(value, decimals)
    if unit == "per_1000":
        return f"{number(value, decimals)} per 1{NBSP}000"
    return number(value, decimals)


def month(period: Period, *, short: bool = False) -> str:
    """`mars 2025` or `mar 2025`; a tertial as `tertial 1 2025`, a year as `2025`."""
    if period.type is PeriodType.YEAR:
        return f"{period.year}"
    if period.type is PeriodType.TERTIAL:
        return f"{'T' if short else 'tertial '}{period.number}{NBSP}{period.year}"
    return f"{(SHORT_MONTHS if short else MONTHS)[period.number - 1]}{NBSP}{period.year}"


def tertial_months(period: Period) -> str:
    """`jan–apr`."""
    return _TERTIALS[period.number - 1]


def day(value: date, *, year: bool = True) -> str:
    """`7 april 2026`."""
    text = f"{value.day}{NBSP}{MONTHS[value.month - 1]}"
    return f"{text}{NBSP}{value.year}" if year else text


def moment(value: datetime) -> str:
    """`7 april 2026 kl. 06.15`, by the Swedish clock."""
    local = clock.local(value)
    return f"{day(local.date())} kl.{NBSP}{local.hour:02}.{local.minute:02}"


def plural(count: int, one: str, many: str) -> str:
    """`1 rad`, `12 rader`."""
    return f"{number(count)}{NBSP}{one if count == 1 else many}"


def capital(text: str) -> str:
    """The first letter upper case, the rest as it is."""
    return text[:1].upper() + text[1:]
