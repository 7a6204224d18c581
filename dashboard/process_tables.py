"""What the page of the process shows, as tables of typed cells."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from dashboard import texts
from dashboard.exports.cells import BLANK, Amount, Cell
from dashboard.exports.tables import Column, Table
from dashboard.process_words import FATES, FEW, STEP_NAMES, span
from kpi import format as text
from kpi.attendance import Attended
from kpi.organisation import swedish_key
from kpi.process import Fate, Middle, Process, Step, StepCount
from kpi.views.process import ProcessPage

_Key = TypeVar("_Key")


def steps_table(page: ProcessPage) -> Table:
    """What has become of the plans at each step: the chart's twin."""
    columns = [
        Column("Steg", 24, is_text=True),
        *(Column(FATES[fate], 14) for fate in Fate),
        Column("Stannade före", 14),
    ]
    rows: list[tuple[Cell, ...]] = [
        (STEP_NAMES[one.step], *(Amount(one.of(fate)) for fate in Fate), Amount(one.stopped_before))
        for one in page.whole.steps
    ]
    title = f"De sju stegen, initiativ {span(page)}: planer efter vad som har hänt vid steget"
    return Table("Steg", title, tuple(columns), tuple(rows))


def days_table(page: ProcessPage) -> Table:
    """How many of those that should have taken it took each step, and how long it took."""
    headings = (
        "Tog steget",
        "av",
        "Andel",
        "Året före",
        "Dagar från initiativet",
        "Planer",
        "Dagar från mötet",
        "Planer",
    )
    before = page.before.steps if page.before is not None else [None] * len(page.whole.steps)
    rows = [
        (STEP_NAMES[one.step], Amount(one.taken), Amount(one.expected), _share(one, page.fewest),
         _share(old, page.fewest), *_middle(one.from_initiative, page.fewest), *_middle(one.from_meeting, page.fewest))
        for one, old in zip(page.whole.steps, before, strict=True)
    ]  # fmt: skip
    title = f"Andel av planerna som tog steget när det var aktuellt, och mediantid, initiativ {span(page)}"
    return Table(
        "Dagar", title, (Column("Steg", 24, is_text=True), *(Column(one, 14) for one in headings)), tuple(rows)
    )


def callers_table(page: ProcessPage) -> Table:
    """By calling actor."""
    rows = ((text.capital(texts.actor(caller)), found) for caller, found in in_order(page))
    return _ways("Kallande", "Kallande aktör", f"Per kallande aktör, initiativ {span(page)}", rows, page.fewest)


def in_order(page: ProcessPage) -> list[tuple[str, Process]]:
    """The calling actors in order of their Swedish names."""
    return sorted(page.by_caller, key=lambda one: swedish_key(texts.actor(one[0])))


def units_table(page: ProcessPage) -> Table:
    """By unit."""
    rows = ((unit.name, found) for unit, found in page.by_unit)
    return _ways("Enheter", "Enhet", f"Per enhet, initiativ {span(page)}", rows, page.fewest)


def months_table(page: ProcessPage) -> Table:
    """By the initiative's month."""
    rows = ((text.capital(text.month(month)), found) for month, found in page.by_month)
    return _ways("Månader", "Initiativets månad", f"Månad för månad, initiativ {span(page)}", rows, page.fewest)


def school_table(page: ProcessPage) -> Table:
    """Twelve months that end with each tertial, the newest first."""
    headings = ("Deltog, skolan kallar", "Kallade", "Andel", "Deltog, övriga", "Kallade", "Andel", "Skillnad")
    rows = [
        (text.capital(text.month(gap.last)), Amount(gap.school.attended), Amount(gap.school.called),
         _attended(gap.school, page.fewest_in_gap), Amount(gap.others.attended), Amount(gap.others.called),
         _attended(gap.others, page.fewest_in_gap), _difference(gap.difference, gap.cases, page.fewest_in_gap))
        for gap in reversed(page.gaps)
    ]  # fmt: skip
    return Table("Skolan kallar", "Deltagande när skolan kallar och på övriga möten, samma aktörer",
                 (Column("Tolv månader till och med", 24, is_text=True), *(Column(one, 14) for one in headings)),
                 tuple(rows))  # fmt: skip


def _ways(name: str, first: str, title: str, rows: Iterable[tuple[str, Process]], fewest: int) -> Table:
    headings = ("Initiativ", "Till möte", "Dagar till möte", "Avslutade", "Pågår", "Har lämnat", "Har stannat")
    return Table(
        name,
        title,
        (Column(first, 26, is_text=True), *(Column(one, 12) for one in headings)),
        tuple((told, *_way(found, fewest)) for told, found in rows),
    )


def _way(found: Process, fewest: int) -> tuple[Cell, ...]:
    closing = found.at(Step.CLOSING)
    return (
        Amount(found.total),
        Amount(found.met),
        _middle(found.at(Step.MEETING).from_initiative, fewest)[0],
        Amount(closing.taken),
        Amount(closing.under_way),
        Amount(closing.left),
        Amount(closing.stopped),
    )


def _share(one: StepCount | None, fewest: int) -> Cell:
    if one is None or one.share is None:
        return BLANK
    return FEW if one.expected < fewest else Amount(one.share, "percent")


def _middle(found: Middle | None, fewest: int) -> tuple[Cell, Cell]:
    if found is None or found.days is None:
        return BLANK, BLANK
    return (FEW if found.cases < fewest else Amount(found.days, "days")), Amount(found.cases)


def _attended(found: Attended, fewest: int) -> Cell:
    if found.share is None:
        return BLANK
    return FEW if found.called < fewest else Amount(found.share, "percent")


def _difference(found: float | None, cases: int, fewest: int) -> Cell:
    if found is None:
        return BLANK
    return FEW if cases < fewest else Amount(found, "points")
