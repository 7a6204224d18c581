"""The editor of the definitions file: a part of it, a reason, and the two buttons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard.components.attributes import aria

PART_ID, TEXT_ID, REASON_ID = "definition-part", "definition-text", "definition-reason"
TRY_ID, SAVE_ID, RESULT_ID, BASE_ID = "definition-try", "definition-save", "definition-result", "definition-base"
WHOLE, NEW = "", "+"
TEMPLATE = """\
  nytt_nyckeltal:
    name: Namnet som läsaren ser
    why: >-
      Varför nyckeltalet spelar roll, på vanlig svenska.
    description: >-
      Så räknas det: täljaren av nämnaren, och vilken dag som bestämmer perioden.
    kind: ratio
    fact: deviation
    period: month
    by: reported_on
    numerator: severity = high
    smallest_level: unit
    unit: percent
    decimals: 0
    direction: neutral
    control: shared
    release_class: process
    audit:
      report: Trelleborg 2021
      section: 4.4.1
      gist: Vad revisionen skriver, kort och med egna ord.
    audit_question: 4
    areas: [social, education]
    owner_role: förvaltningschef
    minimum_cases: 5
"""


def editor(parts: Sequence[tuple[str, str]], chosen: str, text: str, digest: str, *, may_save: bool) -> html.Section:
    """`parts`: (id, name) of every figure. `digest`: of the file that the text was taken from."""
    options = [
        {"value": WHOLE or "hela", "label": "Hela filen"},
        {"value": NEW, "label": "Nytt nyckeltal"},
        *({"value": id_, "label": f"{name} ({id_})"} for id_, name in parts),
    ]
    return html.Section(
        [
            html.H2("Ändra och pröva" if may_save else "Pröva en ändring"),
            html.P(
                "Välj ett nyckeltal, ändra texten och tryck på Pröva. Inget sparas"
                f"{' förrän du trycker på Spara' if may_save else ''}.",
                className="muted",
            ),
            dmc.Select(
                id=PART_ID,
                label="Del av filen",
                data=options,
                value=chosen or "hela",
                allowDeselect=False,
                searchable=True,
                nothingFoundMessage="Ingen träff",
                maw=520,
                size="md",
                comboboxProps={"shadow": "md", "radius": "md"},
            ),
            dmc.Textarea(
                id=TEXT_ID,
                label="Definitionens text (YAML)",
                value=text,
                autosize=True,
                minRows=12,
                maxRows=34,
                spellCheck=False,
                className="code-area",
            ),
            dcc.Store(id=BASE_ID, data={"digest": digest, "part": chosen}),
            html.Div(_actions(may_save), className="decide"),
            dcc.Loading(html.Div(id=RESULT_ID, role="status", **aria(live="polite")), type="dot"),
        ],
        className="section editor",
    )


def _actions(may_save: bool) -> list[Any]:
    test = dmc.Button("Pröva", id=TRY_ID, variant="default" if may_save else "filled", size="sm")
    if not may_save:
        return [
            test,
            html.P("Bara controllern sparar.", className="muted small"),
            html.Div([_reason(), dmc.Button("Spara", id=SAVE_ID, disabled=True)], hidden=True),
        ]
    return [_reason(), test, dmc.Button("Spara", id=SAVE_ID, variant="filled", size="sm")]


def _reason() -> dmc.TextInput:
    return dmc.TextInput(
        id=REASON_ID,
        label="Varför ändrar du?",
        placeholder="Till exempel: nämndens beslut § 45",
        className="reason",
    )
