"""Figures to compare with, shaped as Kolada gives them but invented: we hold no real ones for these.

What is surveyed when, and what is told by sex, is as in Kolada's catalogue: the pupils' survey reaches half of the
municipalities each year, so that each has a figure every second; BUP's first visits are the region's and not by sex.
"""

from __future__ import annotations

import numpy as np

from etl.simulate.story import Story

Row = dict[str, str]

_FIRST_VISIT = "U72552"
_PUPILS = {"N15608": 78.0, "N15638": 66.0}
"""Year 5 and year 8, who find it easy to get help from school health: each about that many per cent."""
_INFLUENCE = "U33578"
_MISSING = "Missing"
"""The status of a value that is not there; a published one has a blank status."""


def region_code_in_kolada(region_code: str) -> str:
    """Kolada's id of a region: its county code with zeros before."""
    return region_code.zfill(4)


def region_context(region_code: str, story: Story, rng: np.random.Generator) -> list[Row]:
    """`context_values` of the region: first visits to BUP within 90 days, in per cent."""
    years = _years(story)
    level = 58 + 12 * rng.random() + np.cumsum(rng.normal(1.5, 2.5, len(years)))
    return [
        _row(_FIRST_VISIT, region_code_in_kolada(region_code), year, "T", value)
        for year, value in zip(years, level, strict=True)
    ]


def municipality_context(story: Story, rng: np.random.Generator) -> list[Row]:
    """`context_values` of the municipality; some are missing: it took no part, or too few of one sex answered."""
    code = story.municipality.code
    rows: list[Row] = []
    for kpi_id, usual in _PUPILS.items():
        base = usual + rng.normal(0, 4)
        for year in _years(story):
            values = _by_sex(base + rng.normal(0, 2), gap=-5.0, rng=rng)
            if year % 2 == int(code) % 2:
                rows += [_row(kpi_id, code, year, sex, value) for sex, value in values.items()]
    base = 74 + rng.normal(0, 4)
    for year in _years(story):
        values = _by_sex(base + rng.normal(0, 4), gap=3.0, rng=rng)
        took_part, few = rng.random() < 0.8, rng.random()
        for sex, value in values.items():
            is_there = took_part and not (sex == "K" and few < 0.15) and not (sex == "M" and few > 0.8)
            rows.append(_row(_INFLUENCE, code, year, sex, value if is_there else None))
    return rows


def _years(story: Story) -> list[int]:
    """From two years before the window to the last year whose figures are published: the one before the story's end."""
    first, last = (int(day.astype("datetime64[Y]").astype(int)) + 1970 for day in (story.window.first, story.until))
    return list(range(first - 2, last))


def _by_sex(total: float, *, gap: float, rng: np.random.Generator) -> dict[str, float]:
    """All, girls and boys: the girls `gap` above the boys, and all between them."""
    share = rng.uniform(0.46, 0.54)
    return {"T": total, "K": total + gap * (1 - share), "M": total - gap * share}


def _row(kpi_id: str, code: str, year: int, sex: str, value: float | None) -> Row:
    return {
        "kpi_id": kpi_id,
        "municipality_code": code,
        "year": str(year),
        "sex": sex,
        "value": "" if value is None else f"{min(max(value, 0), 100):.1f}",
        "status": _MISSING if value is None else "",
    }
