"""One case in the form of `samkoll spc`: from its JSON to the chart, and from the chart to JSON. Pure.

The names are those of the reference packages (NHSRplotthedots, qicharts2), which the golden cases use.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from kpi.spc.control import ControlChart, control_chart
from kpi.spc.icons import Direction
from kpi.spc.series import LARGEST, ChartError, ChartType, Division, Series
from kpi.spc.xmr import XmrChart, XmrSettings, xmr_chart

T = TypeVar("T")
Named = TypeVar("Named", ChartType, Direction)


def answer_case(case: object) -> dict[str, Any]:
    """The chart of a case, as columns by date; `case` is parsed JSON. ChartError says in Swedish what is wrong.

    The case holds `chart`, `dates`, `y` and what the chart takes: for `xmr` `improvement_direction`, `target`,
    `rebase`, `fix_after_n_points` and `screen_outliers`; for others `n`, `part`, `freeze` and `exclude`.
    """
    if not isinstance(case, Mapping):
        raise ChartError("Indata ska vara ett JSON-objekt med chart, dates och y.")
    type_ = _choice(case, "chart", ChartType)
    dates, values = _list(case, "dates", _day), _list(case, "y", _number_or_none)
    if dates is None or values is None:
        raise ChartError("Indata saknar dates eller y. Skriv båda som listor, lika långa.")
    if type_ is ChartType.XMR:
        return xmr_answer(xmr_chart(Series(dates, values), _xmr_settings(case)))
    series = Series(dates, values, _list(case, "n", _number_or_none))
    division = Division(
        _list_or_one(case, "part"), _optional(case, "freeze", _whole), frozenset(_list_or_one(case, "exclude"))
    )
    return control_answer(control_chart(type_, series, division))


def xmr_answer(chart: XmrChart) -> dict[str, Any]:
    """An XmR chart as columns by date, and its icons. When the latest month is missing it says which month the
    variation icon speaks of."""
    points = chart.points
    answer: dict[str, Any] = {
        "y": [point.value for point in points],
        "group": [point.part for point in points],
        "mean": [point.mean for point in points],
        "lpl": [point.lower for point in points],
        "upl": [point.upper for point in points],
        "outside_limits": [point.outside for point in points],
        "relative_to_mean": [point.side for point in points],
        "close_to_limits": [point.close for point in points],
        "rule_shift": [point.in_shift for point in points],
        "rule_trend": [point.in_trend for point in points],
        "rule_two_in_three": [point.in_two_of_three for point in points],
        "special_cause_type": [point.label.value for point in points],
        "point_type": [point.type.value for point in points],
        "special_cause_flag": [point.is_signal for point in points],
        "short_group_warning": [point.is_short_part for point in points],
        "variation_icon": chart.variation.value,
        "assurance_type": chart.assurance.value if chart.assurance else None,
        "assurance_icon": chart.assurance.icon if chart.assurance else None,
    }
    if chart.is_latest_missing:
        day = chart.variation_day
        answer |= {"variation_icon_month": day.isoformat() if day else None, "latest_month_missing": True}
    return answer


def control_answer(chart: ControlChart) -> dict[str, Any]:
    """Any other chart as columns by date; what is told of a part stands in each of its rows."""
    points = chart.points
    runs = [chart.runs[point.part - 1] for point in points]
    return {
        "y": [point.value for point in points],
        "cl": [point.centre for point in points],
        "lcl": [point.lower for point in points],
        "ucl": [point.upper for point in points],
        "sigma_signal": [point.is_outside for point in points],
        "part": [point.part for point in points],
        "runs_signal": [one.is_signal for one in runs],
        "n_useful": [one.useful for one in runs],
        "longest_run": [one.longest for one in runs],
        "longest_run_max": [one.longest_allowed for one in runs],
        "n_crossings": [one.crossings for one in runs],
        "n_crossings_min": [one.fewest_crossings for one in runs],
    }


def _xmr_settings(case: Mapping[str, Any]) -> XmrSettings:
    screen = _optional(case, "screen_outliers", _yes_or_no)
    return XmrSettings(
        direction=_choice(case, "improvement_direction", Direction),
        target=_optional(case, "target", _number),
        rebases=frozenset(_list(case, "rebase", _day) or ()),
        fix_after=_optional(case, "fix_after_n_points", _whole),
        screen=True if screen is None else screen,
    )


def _choice(case: Mapping[str, Any], name: str, kinds: type[Named]) -> Named:
    try:
        return kinds(str(case.get(name)))
    except ValueError:
        raise ChartError(f"Ange {name}: något av {', '.join(kinds)}.") from None


def _optional(case: Mapping[str, Any], name: str, read: Callable[[str, object], T]) -> T | None:
    found = case.get(name)
    return None if found is None else read(name, found)


def _list(case: Mapping[str, Any], name: str, read: Callable[[str, object], T]) -> tuple[T, ...] | None:
    found = case.get(name)
    if found is None:
        return None
    if not isinstance(found, list):
        raise ChartError(f"{name} ska vara en lista.")
    return tuple(read(name, one) for one in found)


def _list_or_one(case: Mapping[str, Any], name: str) -> tuple[int, ...]:
    found = case.get(name)
    if found is not None and not isinstance(found, list):
        return (_whole(name, found),)
    return _list(case, name, _whole) or ()


def _day(name: str, value: object) -> date:
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise ChartError(f"{name}: ett värde är inget datum. Skriv till exempel 2025-03-01.") from None


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ChartError(f"{name}: ett värde är inget tal.")
    if not abs(value) <= LARGEST:  # nor is NaN
        raise ChartError(f"{name}: ett tal är orimligt stort.")
    return float(value)


def _number_or_none(name: str, value: object) -> float | None:
    return None if value is None else _number(name, value)


def _whole(name: str, value: object) -> int:
    number = _number(name, value)
    if not number.is_integer():
        raise ChartError(f"{name}: skriv ett heltal.")
    return int(number)


def _yes_or_no(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise ChartError(f"{name}: skriv true eller false.")
    return value
