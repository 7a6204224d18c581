"""Released values in words: a number with its basis and time, or that it is not shown. Plain strings, frozen rows in.

A hidden value is never read as a number here: what there is to say of it is `HIDDEN` and its time.
"""

from __future__ import annotations

from collections.abc import Iterable

from dashboard import words
from kpi import format as text
from kpi.definition import Definition, Shape
from kpi.disclosure.suppressed import SUPPRESSED
from kpi.organisation import Unit
from kpi.period import Period, periods_between
from kpi.released import reading_of
from kpi.spc.intervals import Interval
from kpi.status import Status
from kpi.views.comparison import PlaceValue, span_of
from kpi.views.rows import Reading

MARKER = str(SUPPRESSED)
HIDDEN = SUPPRESSED.words
NOT_RELEASED = "inte släppt"
NOT_OF_BOARD = "gäller inte nämnden"
NOT_PER_BOARD = "finns inte per nämnd"
WHY_HIDDEN = "det bygger på för få fall, eller skulle avslöja ett som gör det"


def judged_reading(found: PlaceValue, end: Period) -> Reading | None:
    """The value that is judged; None where it is hidden."""
    shown = found.judged
    return None if shown is None else reading_of(shown, *span_of(found, end))


def latest_reading(found: PlaceValue) -> Reading | None:
    """The latest period's value; None where it is hidden."""
    return None if found.latest is None else reading_of(found.latest.content, found.latest.period, found.latest.period)


def over(definition: Definition, found: PlaceValue, end: Period) -> str:
    """The judged value's time in a table, whether it is shown or not: `senaste 12 mån`, `T3 2024`."""
    return words.period(definition, time_of(found, end))


def when(definition: Definition, found: PlaceValue, end: Period) -> str:
    """The same in running text: `de senaste 12 månaderna (jan 2024 – dec 2024)`."""
    time = time_of(found, end)
    told = words.when(definition, time)
    return f"{told} ({words.span(time)})" if time.periods > 1 else told


def own_period(definition: Definition, found: PlaceValue) -> str | None:
    """The latest period beside its twelve months: `T3 2024: 26 av 36`; None where it is the judged one itself."""
    if found.twelve is None or found.latest is None:
        return None
    reading = latest_reading(found)
    told = f"{MARKER} {HIDDEN}" if reading is None else _short(definition, reading)
    return f"{text.month(found.latest.period, short=True)}: {told}"


def _short(definition: Definition, reading: Reading) -> str:
    return words.basis(definition, reading) or words.value(definition, reading)


def absence(definition: Definition, place: Unit) -> str:
    """Why a place has no value, hidden or not: the figure is not about it, or it is not released."""
    if place.level == "board" and "board" not in definition.levels:
        return NOT_PER_BOARD
    if place.level == "board" and place.area is not None and place.area not in definition.areas:
        return NOT_OF_BOARD
    return NOT_RELEASED


def interval(definition: Definition, found: Interval) -> str:
    """`63 % till 81 %`."""
    lower, upper = (text.quantity(end, definition.unit, definition.decimals) for end in (found.lower, found.upper))
    return f"{lower} till {upper}"


def status(found: PlaceValue) -> Status | None:
    """Against the target, for a board only: a target is what a board decides."""
    return found.status if found.unit.level == "board" else None


def has_intervals(definition: Definition) -> bool:
    """Whether values have an interval where they are shown."""
    return definition.shape in (Shape.SHARE, Shape.RATE)


def is_of_different_time(found: Iterable[PlaceValue | None], end: Period) -> bool:
    """Whether the values that are judged are of different months, so that they must not be read as alike."""
    return len({span_of(one, end) for one in found if one is not None}) > 1


def time_of(found: PlaceValue, end: Period) -> Reading:
    """The judged value's time as a reading without any value, for what has to be told of a hidden one too."""
    first, last = span_of(found, end)
    length = len(periods_between(first, last))
    return Reading(first, last, None, None, None, 0, length, length)
