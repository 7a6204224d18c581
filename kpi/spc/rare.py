"""Charts of rare events, for one part of a series: g (cases between events) and t (time between events). Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from kpi.spc.compare import mean, median
from kpi.spc.limits import SIGMAS, Lines, Row, base_values, flat_lines, individuals_lines

WEIBULL_POWER = 3.6
"""Times between rare events ^ (1 / 3.6) are about normal (Nelson, Journal of Quality Technology 26:3, 1994;
Montgomery, chapter 7)."""


def cases_between_lines(rows: Sequence[Row]) -> Lines:
    """g chart: m +/- 3 x sqrt(m(m + 1)) about the mean m (geometric distribution; Montgomery, chapter 7), cut at 0.

    The centre line is the median, since the distribution is skewed and runs are counted about the line.
    """
    values, base = [row.value for row in rows], base_values(rows)
    middle = mean(base)
    if middle is None:
        return flat_lines(values, None, None, None)
    reach = SIGMAS * math.sqrt(middle * (middle + 1))
    return flat_lines(values, median(base), max(middle - reach, 0.0), middle + reach)


def time_between_lines(rows: Sequence[Row]) -> Lines:
    """t chart: the I chart of y ^ (1 / 3.6), transformed back; the unit is the values', such as days.

    A lower limit that is negative before it is transformed back, or cannot be told, is 0: no time is shorter.
    """
    roots = [replace(row, value=None if row.value is None else row.value ** (1 / WEIBULL_POWER)) for row in rows]
    lines = individuals_lines(roots)
    values = [row.value for row in rows]
    if lines.centre is None:
        return flat_lines(values, None, None, None)
    return Lines(
        tuple(values),
        lines.centre**WEIBULL_POWER,
        tuple(max(limit or 0.0, 0.0) ** WEIBULL_POWER for limit in lines.lower),
        tuple(None if limit is None else limit**WEIBULL_POWER for limit in lines.upper),
    )
