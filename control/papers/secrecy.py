"""The annex under secrecy: the true numbers that the public paper hides. Nothing else reads `closed_value`."""

from __future__ import annotations

from sqlalchemy import Connection, and_, select

from control.papers.content import Cell, Column, Document, Paragraph, Section, Table
from control.papers.figure_words import value_cell
from control.papers.material import Material
from control.papers.samples import secret_samples
from kpi import format as text
from kpi.cells import split_of
from kpi.code_words import part_words
from kpi.period import Period
from kpi.released import Numbers
from warehouse import closed_tables, tables

_WHY = (
    "Bilagan visar små antal som kan peka ut enskilda barn eller familjer. De är dolda i den offentliga handlingen. "
    "Innan bilagan lämnas ut görs en sekretessprövning enligt offentlighets- och sekretesslagen (2009:400), 26 kap. "
    "för socialtjänsten och 23 kap. för skolan."
)
_COLUMNS = (
    Column("Nyckeltal", 30), Column("Enhet", 24), Column("Period", 12), Column("Värde", 14, is_number=True),
    Column("Fall", 8, is_number=True),
)  # fmt: skip


def secret_annex(connection: Connection, material: Material, title: str) -> Document | None:
    """The hidden values of the board and its units within the period, or of the earlier one that a figure stands with,
    and the samples' hidden numbers; None when nothing is hidden."""
    rows = _hidden(connection, material)
    samples = secret_samples(material.plans, [*material.occasions, *material.late])
    if not rows and not samples:
        return None
    table = Table("Värden som är dolda i den offentliga handlingen", _COLUMNS, tuple(rows))
    return Document(
        head=material.head,
        title=f"Bilaga under sekretess: {title[:1].lower()}{title[1:]}",
        decisions=(),
        summary=(Paragraph(_WHY, is_strong=True),),
        sections=(*([Section("Dolda värden", (table,))] if rows else []), *samples),
        is_secret=True,
    )


def _hidden(connection: Connection, material: Material) -> list[tuple[Cell, ...]]:
    head, period, organisation = material.head, material.period, material.organisation
    definitions = material.catalogue.definitions
    earlier = {(one.definition.id, one.of) for one in material.earlier_figures}
    frozen, released = closed_tables.closed_value, closed_tables.release_value
    units = sorted({one.code for one in organisation.under(head.board_code, material.told_from, period.last_day)})
    same = and_(
        released.c.kpi_no == frozen.c.kpi_no, released.c.unit_no == frozen.c.unit_no,
        released.c.period == frozen.c.period, released.c.split_no == frozen.c.split_no,
        released.c.release_no <= head.cut.release_no, released.c.is_suppressed,
    )  # fmt: skip
    found = connection.execute(
        select(
            tables.kpi.c.kpi_id, tables.kpi_unit.c.unit_code, frozen.c.period, tables.kpi_split.c.split,
            frozen.c.numerator, frozen.c.denominator, frozen.c.value, frozen.c.cases,
        )
        .join(released, same)
        .join(tables.kpi, tables.kpi.c.kpi_no == frozen.c.kpi_no)
        .join(tables.kpi_unit, tables.kpi_unit.c.unit_no == frozen.c.unit_no)
        .join(tables.kpi_split, tables.kpi_split.c.split_no == frozen.c.split_no)
        .where(frozen.c.release_no <= head.cut.release_no, tables.kpi_unit.c.unit_code.in_(units))
        .order_by(frozen.c.release_no)
    ).all()  # fmt: skip
    newest = {
        (row.kpi_id, row.unit_code, Period.from_code(row.period), row.split): row
        for row in found
    }  # fmt: skip
    order = {kpi_id: at for at, kpi_id in enumerate(definitions)}
    rows: list[tuple[Cell, ...]] = []
    for kpi_id, unit_code, of, split in sorted(newest, key=lambda one: (order.get(one[0], 0), one[1], one[2], one[3])):
        definition = definitions.get(kpi_id)
        unit = organisation.on(unit_code, of.last_day)
        is_told = period.first_day <= of.last_day <= period.last_day or (kpi_id, of) in earlier
        if definition is None or unit is None or not is_told:
            continue
        row = newest[(kpi_id, unit_code, of, split)]
        part = part_words(definition, split_of(split)) if split else ""
        value = value_cell(definition, Numbers(row.numerator, row.denominator, row.value, row.cases))
        rows.append(
            (
                Cell(definition.name, below=part),
                Cell(unit.name),
                Cell(text.month(of, short=True)),
                value,
                Cell(text.number(row.cases), float(row.cases)),
            )
        )
    return rows
