"""What the page Avvikelser shows, as tables of typed cells: for its tables and for its files."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard import texts
from dashboard.deviation_words import (
    ACTION_STATES,
    AGE_NAMES,
    BIN_NAMES,
    SIDES,
    STATES,
    category,
    span,
)
from dashboard.exports.cells import BLANK, Amount, Cell
from dashboard.exports.tables import Column, Table
from kpi import format as text
from kpi.deviations import Side, State, Times
from kpi.organisation import Organisation
from kpi.views.deviation_page import DeviationPage


def tables_of(found: DeviationPage, organisation: Organisation) -> tuple[Table, ...]:
    """Every table of the page."""
    return (
        categories_table(found),
        matrix_table(found),
        *(feedback_table(found, side) for side in Side),
        action_table(found),
        effect_table(found),
        ages_table(found),
        patterns_table(found, organisation),
        silence_table(found),
    )


def categories_table(found: DeviationPage) -> Table:
    """The most frequent first."""
    columns = Column("Kategori", 30, is_text=True), Column("Antal", 10), Column("Samlad andel", 14)
    rows = tuple(
        (text.capital(category(one.category)), Amount(one.count), Amount(one.cumulative, "percent"))
        for one in found.pareto
    )
    return Table("Kategorier", f"Vad avvikelserna gäller, {span(found)}", columns, rows)


def matrix_table(found: DeviationPage) -> Table:
    """Who reported and where it arose; a pair that nothing was reported of is blank."""
    receivers = sorted(found.matrix.receivers, key=texts.actor)
    columns = [Column("Rapporterad av", 20, is_text=True)]
    columns += [Column(text.capital(texts.actor(one)), 12) for one in receivers]
    columns.append(Column("Summa", 10))
    rows = tuple(
        (
            text.capital(texts.actor(sender)),
            *(Amount(count) if (count := found.matrix.cells.get((sender, one))) else BLANK for one in receivers),
            Amount(found.matrix.sent[sender]),
        )
        for sender in sorted(found.matrix.senders, key=texts.actor)
    )
    return Table("Matris", f"Vem som rapporterade och var det uppstod, {span(found)}", tuple(columns), rows)


def feedback_table(found: DeviationPage, side: Side) -> Table:
    """Days to feedback."""
    title = f"{SIDES[side]}: dagar från rapporten, {span(found)}"
    return _days(SIDES[side], title, found.feedback[side], STATES)


def action_table(found: DeviationPage) -> Table:
    """Days to a decided action."""
    return _days("Åtgärder", f"Dagar från rapport till beslutad åtgärd, {span(found)}", found.action, ACTION_STATES)


def effect_table(found: DeviationPage) -> Table:
    """Days to an assessed effect."""
    return _days("Effekt", f"Dagar från beslutad åtgärd till bedömd effekt, {span(found)}", found.effect, STATES)


def _days(name: str, title: str, times: Times, names: Mapping[State, str]) -> Table:
    columns = Column("Dagar", 10, is_text=True), *(Column(text.capital(one), 16) for one in names.values())
    rows: list[tuple[Cell, ...]] = [
        (days, *(Amount(one.get(state, 0)) for state in names)) for days, one in zip(BIN_NAMES, times.bins, strict=True)
    ]
    return Table(name, title, columns, tuple(rows))


def ages_table(found: DeviationPage) -> Table:
    """The open by age."""
    rows = tuple((name, Amount(count)) for name, count in zip(AGE_NAMES, found.ageing.counts, strict=True))
    title = f"Öppna avvikelser {text.day(found.stand)} efter ålder"
    return Table("Öppna", title, (Column("Ålder", 18, is_text=True), Column("Antal", 10)), rows)


def patterns_table(found: DeviationPage, organisation: Organisation) -> Table:
    """What comes back."""
    columns = (
        Column("Enhet", 30, is_text=True), Column("Kategori", 26, is_text=True), Column("Motpart", 16, is_text=True),
        Column("Rapporterade", 13), Column("Återkommande", 13), Column("Månader", 40, is_text=True),
    )  # fmt: skip
    rows = tuple(
        (
            unit.name if (unit := organisation.on(one.unit_code, found.stand)) else one.unit_code,
            text.capital(category(one.category)),
            text.capital(texts.actor(one.counterpart)),
            Amount(one.count),
            Amount(one.recurring),
            ", ".join(text.month(month, short=True) for month in one.months),
        )
        for one in found.patterns
    )
    return Table("Återkommande", f"Återkommande avvikelser, {span(found)}", columns, rows)


def silence_table(found: DeviationPage) -> Table:
    """Units that have reported nothing."""
    title = f"Enheter utan rapporterad avvikelse, {span(found)}"
    rows = tuple((one.name,) for one in found.silent or ())
    return Table("Tysta enheter", title, (Column("Enhet", 40, is_text=True),), rows)
