"""A released table with its margins, from × to. A cell, a sum or the total that is hidden has its marker; nothing is
summed here. Darker cells hold more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dash import html

from dashboard import texts
from dashboard.components.attributes import aria
from dashboard.components.released_cells import value_cell
from dashboard.parts import part_words, sort_key
from kpi.definition import Definition, Kind, Shape
from kpi.released import Numbers, Shown
from kpi.views.rows import Split

_SHADES = 4
Pair = tuple[str, str]


def released_matrix(
    definition: Definition, parts: Mapping[Split, Shown], total: Shown | None, caption: str
) -> html.Div:
    """`parts`: cells of two pairs and margins of one."""
    cells = [split for split in parts if len(split) == 2]
    rows = _in_order(definition, [split[0] for split in cells])
    columns = _in_order(definition, [split[1] for split in cells])
    biggest = max((_drawn(parts[split]) for split in cells), default=0.0)

    def cell(split: Split, *, is_sum: bool = False) -> html.Td:
        shown = parts.get(split) if split else total
        shade = 0 if is_sum or shown is None or not biggest else -(-_drawn(shown) * _SHADES // biggest)
        class_name = "sum" if is_sum else f"h{int(shade)}" if shade else None
        return html.Td(value_cell(definition, shown), className=class_name)

    head = [html.Th(_corner(definition, cells), scope="col")]
    head += [html.Th(_name(definition, one), scope="col", className="num") for one in columns]
    head.append(html.Th(_sum(definition), scope="col", className="num sum"))
    body = [
        html.Tr(
            [
                html.Th(_name(definition, row), scope="row"),
                *(cell((row, column)) for column in columns),
                cell((row,), is_sum=True),
            ]
        )
        for row in rows
    ]
    foot = html.Tr(
        [
            html.Th(_sum(definition), scope="row"),
            *(cell((column,), is_sum=True) for column in columns),
            cell((), is_sum=True),
        ],
        className="sum",
    )
    return html.Div(
        html.Table(
            [
                html.Caption(caption, className="visually-hidden"),
                html.Thead(html.Tr(head)),
                html.Tbody([*body, foot]),
            ],
            className="heat",
        ),
        className="table-box",
        tabIndex=0,
        role="region",
        **aria(label=caption),
    )


def _in_order(definition: Definition, pairs: Sequence[Pair]) -> list[Pair]:
    return sorted(set(pairs), key=lambda pair: sort_key(definition, (pair,)))


def _name(definition: Definition, pair: Pair) -> str:
    return part_words(definition, (pair,))


def _corner(definition: Definition, cells: Sequence[Split]) -> str:
    if definition.kind is Kind.FLOW or not cells:
        return "Från ↓ till →"
    down, across = (texts.SPLITS.get(column, column) for column, _ in cells[0])
    return f"{down} ↓ {across.lower()} →"


def _sum(definition: Definition) -> str:
    return "Summa" if definition.shape is Shape.COUNT else "Alla"


def _drawn(shown: Shown) -> float:
    """How dark a cell is: nothing for what is hidden."""
    return (shown.value or 0.0) if isinstance(shown, Numbers) else 0.0
