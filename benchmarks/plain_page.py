"""The plainest possible Dash page of a board's month, on the same data: one table and four charts, no access control,
no cache, served as Dash serves by itself. What the product's pages are measured against.

    python -m benchmarks.plain_page ADDRESS BOARD PORT
"""

from __future__ import annotations

import sys
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from dash import Dash, Input, Output, dcc, html
from sqlalchemy import create_engine, text

_ROWS = text("""
select k.kpi_id, v.period, v.numerator, v.denominator, v.value, v.cases
from kpi_value as v
join kpi as k on k.kpi_no = v.kpi_no
join kpi_unit as u on u.unit_no = v.unit_no
join kpi_split as s on s.split_no = v.split_no
where u.unit_code = :board and s.split = '' and v.period >= 202001
order by k.kpi_id, v.period
""")
_CHARTS = 4
_MONTHS = 24


def make(address: str, board: str) -> Dash:
    """The application."""
    engine = create_engine(address)
    app = Dash("plain")
    app.layout = html.Div([dcc.Location(id="address"), html.Main(id="main")])

    @app.callback(Output("main", "children"), Input("address", "pathname"))
    def show(_path: str) -> Any:
        with engine.connect() as connection:
            rows = pd.read_sql(_ROWS, connection, params={"board": board})
        figures = [(kpi_id, found.tail(_MONTHS)) for kpi_id, found in rows.groupby("kpi_id")]
        return [html.H1(board), _table(figures), *(_chart(*one) for one in figures[:_CHARTS])]

    return app


def _table(figures: list[tuple[str, pd.DataFrame]]) -> html.Table:
    head = ("Nyckeltal", "Period", "Värde", "Ett år tidigare", "Skillnad", "Täljare", "Nämnare", "Fall")
    return html.Table(
        [
            html.Thead(html.Tr([html.Th(one) for one in head])),
            html.Tbody([html.Tr([html.Td(cell) for cell in _cells(*one)]) for one in figures]),
        ]
    )


def _cells(kpi_id: str, found: pd.DataFrame) -> list[str]:
    last = found.iloc[-1]
    before = found.iloc[-13] if len(found) > 12 else found.iloc[0]
    told = [last["value"], before["value"], last["value"] - before["value"], last.numerator, last.denominator]
    return [kpi_id, str(last.period), *(f"{one:.2f}" for one in told), str(last.cases)]


def _chart(kpi_id: str, found: pd.DataFrame) -> dcc.Graph:
    months = found["period"].astype(str)
    return dcc.Graph(figure=go.Figure(go.Scatter(x=months, y=found["value"]), layout={"title": kpi_id}))


if __name__ == "__main__":
    make(sys.argv[1], sys.argv[2]).run(port=int(sys.argv[3]))
