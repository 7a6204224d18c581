"""Swedish numbers and days: decimal comma, no-break spaces, a real minus sign. The only place that writes a number."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from kpi.period import Period, PeriodType
from warehouse import clock

NBSP = "\u00a0"
MINUS = "\u2212"
MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november",
    "december",
)  # fmt: skip
SHORT_MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_ORDER = ("första", "andra", "tredje", "fjärde")
_PARTS = {
    PeriodType.QUARTER: ("K", "kvartalet"),
    PeriodType.TERTIAL: ("T", "tertialet"),
    PeriodType.HALF_YEAR: ("H", "halvåret"),
}
ANSWERS = {1: "nej", 2: "till viss del", 3: "ja"}
"""The auditors' answers by their grade."""
BEST_LEVEL = 5
"""The highest level of maturity."""
_SMALL = ("noll", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv")


def number(value: float, decimals: int = 0) -> str:
    """`1 234,5`; groups of three with a no-break space. A half is rounded upwards, as people do."""
    rounded = Decimal(repr(round(abs(value), 9))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    text = f"{rounded:,.{decimals}f}".replace(",", NBSP).replace(".", ",")
    is_negative = value < 0 and any(digit in text for digit in "123456789")
    return f"{MINUS}{text}" if is_negative else text


def count_word(count: int) -> str:
    """Small numbers as words in running text: `tre`, else digits."""
    return _SMALL[count] if 0 <= count < len(_SMALL) else number(count)


def counts(*together: int, is_common: bool = False) -> tuple[str, ...]:
    """Counts that stand together in running text, all in one form: `två av nio`, `9 av 38`. `is_common`: of things with
    common gender, `en av sex`."""
    if max(together) >= len(_SMALL):
        return tuple(map(number, together))
    return tuple("en" if one == 1 and is_common else count_word(one) for one in together)


def percent(share: float, decimals: int = 0) -> str:
    """A fraction 0–1 as `63 %`."""
    return f"{number(share * 100, decimals)}{NBSP}%"


def points(difference: float, decimals: int = 0) -> str:
    """A difference of two fractions as `12 procentenheter`, without sign."""
    text = number(abs(difference) * 100, decimals)
    return f"{text}{NBSP}{points_word(text)}"


def signed_points(difference: float, decimals: int = 0) -> str:
    """A gap as `+32 procentenheter`; nothing before a zero."""
    text = signed(difference * 100, decimals)
    return f"{text}{NBSP}{points_word(text.lstrip('+' + MINUS))}"


def given_points(difference: float) -> str:
    """As `points`, of two values that are per cent already; at most one decimal."""
    rounded = round(abs(difference), 1)
    text = number(rounded, 0 if rounded.is_integer() else 1)
    return f"{text}{NBSP}{points_word(text)}"


def points_word(number_: str) -> str:
    """The unit after a number."""
    return "procentenhet" if number_ == "1" else "procentenheter"


def signed(value: float, decimals: int = 0) -> str:
    """`+3`, `−3`, `0`."""
    text = number(value, decimals)
    return f"+{text}" if value > 0 and any(digit in text for digit in "123456789") else text


def as_given(value: float) -> str:
    """A per cent that stands as its source gives it, with at most one decimal: `72,5 %`."""
    return f"{number(value, 0 if float(value).is_integer() else 1)}{NBSP}%"


def days(value: float, decimals: int = 0) -> str:
    """`34 dagar`; halves are kept, since a median of two middle days may be one."""
    shown = decimals if decimals or float(value).is_integer() else 1
    text = number(value, shown)
    return f"{text}{NBSP}{'dag' if text.lstrip(MINUS) == '1' else 'dagar'}"


def quantity(value: float, unit: str, decimals: int = 0) -> str:
    """A value with its unit: `63 %`, `4,2 per 1 000`, `34 dagar`, `+32 procentenheter`, `nivå 3 av 5`, `ja`, `52`."""
    if unit == "percent":
        return percent(value, decimals)
    if unit == "percent_as_given":
        return as_given(value)
    if unit == "points":
        return signed_points(value, decimals)
    if unit == "days":
        return days(value, decimals)
    if unit in PER:
        return f"{number(value, decimals)} {PER[unit]}"
    if unit == "answer" and value in ANSWERS:
        return ANSWERS[int(value)]
    if unit == "level":
        return f"nivå{NBSP}{number(value, decimals)} av{NBSP}{BEST_LEVEL}"
    return number(value, decimals)


def is_shown_as_zero(fraction: float, decimals: int = 0) -> bool:
    """Whether a difference of shares is too small to be seen in percentage points."""
    return signed(fraction * 100, decimals) == "0"


PER = {"per_100": f"per{NBSP}100", "per_1000": f"per{NBSP}1{NBSP}000"}
"""Rates by their unit of display."""


def month(period: Period, *, short: bool = False) -> str:
    """`mars 2025` or `mar 2025`; longer as `första tertialet 2025` or `T1 2025` (`K1`, `H1`), a year as `2025`."""
    if period.type is PeriodType.YEAR:
        return f"{period.year}"
    if period.type in _PARTS:
        letter, word = _PARTS[period.type]
        name = f"{letter}{period.number}" if short else f"{_ORDER[period.number - 1]} {word}"
        return f"{name}{NBSP}{period.year}"
    return f"{(SHORT_MONTHS if short else MONTHS)[period.number - 1]}{NBSP}{period.year}"


def within(period: Period) -> str:
    """In running text: `i mars 2025`, `under första tertialet 2025`, `under 2025`."""
    return f"{'i' if period.type is PeriodType.MONTH else 'under'} {month(period)}"


def last_month(period: Period, *, short: bool = False) -> str:
    """The month that ends the period: `augusti 2025`."""
    return month(Period.containing(period.last_day, PeriodType.MONTH), short=short)


def day(value: date, *, year: bool = True, short: bool = False) -> str:
    """`7 april 2026`, or `7 apr 2026`."""
    text = f"{value.day}{NBSP}{(SHORT_MONTHS if short else MONTHS)[value.month - 1]}"
    return f"{text}{NBSP}{value.year}" if year else text


def local_day(value: datetime) -> str:
    """`7 april 2026`, by the Swedish clock."""
    return day(clock.local(value).date())


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
