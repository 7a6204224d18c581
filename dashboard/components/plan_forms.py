"""The forms of the page Intern kontroll: one is open at a time, by `gor` of the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from control.plan.content import Control, Method, Risk, Scale
from control.plan.form import OTHER, REVIEW
from control.plan.life import Start
from control.plan.words import CATEGORIES, FREQUENCIES, HANDLINGS, METHODS
from dashboard import texts
from dashboard.components.attributes import aria
from dashboard.components.day_field import day_field
from dashboard.components.link import link
from kpi import format as text
from kpi.definition import Definition

FIELD_TYPE = "plan-field"
SAVE_ID, SAVE_CONTROL_ID, KPIS_ID = "plan-save", "plan-save-control", "plan-kpis"
RESULT_ID, ABOUT_ID = "plan-result", "plan-about"
_NO_PERSON = "Skriv inget som pekar ut ett barn eller en förälder."


class Form(StrEnum):
    """A form, as `gor` of the address names it."""

    BEGIN = "borja"
    RISK = "risk"
    CONTROL = "moment"
    REMOVE = "ta-bort"
    PROPOSE = "foresla"
    TAKE_BACK = "ta-tillbaka"
    ADOPT = "anta"
    REVISE = "revidera"
    WITHDRAW = "dra-tillbaka"
    FOLLOW_UP = "folj-upp"
    CLOSE = "avsluta"
    SCALE = "skala"


About = Mapping[str, str | int]
"""What a form is about and what was read, told back when it is saved: form, plan, board, risk, control, seen …"""


def form(
    heading: str,
    about: About,
    fields: Sequence[Any],
    button: str,
    back: str | None,
    *,
    note: str = "",
    save: str = SAVE_ID,
) -> html.Section:
    """A form with its button, the place of its answer and the way back, if there is one."""
    away = [link("Avbryt", back, className="more")] if back else []
    return html.Section(
        [
            html.H2(heading, id="formular"),
            *([html.P(note, className="muted")] if note else []),
            *fields,
            dcc.Store(id=ABOUT_ID, data=dict(about)),
            html.Div(
                [dmc.Button(button, id=save, variant="filled", size="md"), *away],
                className="decide",
            ),
            html.Div(id=RESULT_ID, role="alert"),
        ],
        className="panel plan-form",
        **aria(labelledby="formular"),
    )


def _field(name: str, label: str, value: str = "", description: str = "") -> dmc.TextInput:
    return dmc.TextInput(
        id={"type": FIELD_TYPE, "name": name}, label=label, value=value, description=description or None, size="md"
    )


def _area(name: str, label: str, value: str = "", description: str = "") -> dmc.Textarea:
    return dmc.Textarea(
        id={"type": FIELD_TYPE, "name": name}, label=label, value=value, description=description or None, size="md",
        autosize=True, minRows=2,
    )  # fmt: skip


def _select(name: str, label: str, options: Sequence[tuple[str, str]], value: str | None, description: str = "") -> Any:
    return dmc.Select(
        id={"type": FIELD_TYPE, "name": name},
        label=label,
        data=[{"value": code, "label": text.capital(words)} for code, words in options],
        value=value,
        description=description or None,
        allowDeselect=False,
        size="md",
        comboboxProps={"shadow": "md", "radius": "md"},
    )


def begin_form(about: About, years: Sequence[int], year: int, earlier: int | None, *, is_only: bool) -> html.Section:
    """What the plan begins with. `earlier`: the year of the newest plan that the board has adopted."""
    options = [(Start.PROPOSED.value, "det färdiga förslaget, byggt på tre revisioner av samverkan kring barn")]
    if earlier is not None:
        options.insert(0, (Start.EARLIER.value, f"planen för {earlier}, med riskerna som de senast bedömdes"))
    options.append((Start.EMPTY.value, "en tom plan"))
    fields = [
        _select("year", "År", [(str(one), str(one)) for one in years], str(year)),
        _select("start", "Börja från", options, options[0][0]),
    ]
    heading = "Börja med ett förslag" if is_only and earlier is None else "Påbörja en kontrollplan"
    note = "Planen blir ett utkast, som ni ändrar fritt tills nämnden har antagit den."
    return form(heading, about, fields, "Påbörja planen", None, note=note)


def risk_form(about: About, risk: Risk | None, scale: Scale, back: str) -> html.Section:
    """A risk, new or known. Its controls have forms of their own."""

    def steps(which: str) -> list[tuple[str, str]]:
        found = scale.probability if which == "probability" else scale.consequence
        return [(str(number), f"{number} {one.word} – {one.meaning}") for number, one in enumerate(found, 1)]

    source = risk.source if risk else None
    choices = [
        _select("category", "Kategori", list(CATEGORIES.items()), risk.category.value if risk else None),
        _select("handling", "Vad nämnden gör", list(HANDLINGS.items()), risk.handling.value if risk else None),
        _select("probability", "Sannolikhet", steps("probability"), str(risk.probability) if risk else None),
        _select("consequence", "Konsekvens", steps("consequence"), str(risk.consequence) if risk else None),
        _select(
            "audit_question", "Revisionsfråga som risken svarar mot",
            [(str(number), f"{number}. {words}") for number, words in texts.AUDIT_QUESTIONS.items()],
            str(risk.audit_question) if risk else None,
        ),
    ]  # fmt: skip
    fields: list[Any] = [
        _field("process", "Process eller område", risk.process if risk else ""),
        _area("cause", "Orsak", risk.cause if risk else "", f"Varför det kan hända. {_NO_PERSON}"),
        _area("event", "Händelse", risk.event if risk else "", "Vad som kan hända."),
        _area("effect", "Följd", risk.effect if risk else "", "Vad det leder till för barnen och verksamheten."),
        html.Div(choices, className="plan-fields"),
        html.Div(
            [
                _field("report", "Källa: rapport", source.report if source else "", "Om risken kommer ur en revision."),
                _field("section", "Källa: avsnitt", source.section if source else ""),
            ],
            className="plan-fields",
        ),
        _area("gist", "Källa: vad den säger, med egna ord", source.gist if source else ""),
    ]
    heading = f"Ändra risken ”{risk.process}”" if risk else "Lägg till en risk"
    return form(heading, about, fields, "Spara risken", back)


def control_form(
    about: About, risk: Risk, control: Control | None, definitions: Mapping[str, Definition], back: str
) -> html.Section:
    """A control of a risk, new or known."""
    sampled = REVIEW if control and control.is_review else OTHER
    size = str(control.sample_size) if control and control.sample_size else ""
    known = {one: definitions[one].name if one in definitions else one for one in (*definitions, *_of(control))}
    choices = [
        _select("method", "Metod", list(METHODS.items()), control.method.value if control else None),
        _select("frequency", "Hur ofta", list(FREQUENCIES.items()), control.frequency.value if control else None),
        _field("sample_size", "Stickprovets storlek", size, f"Bara för metoden {METHODS[Method.SAMPLE]}."),
        _select(
            "sampled", "Vad stickprovet dras ur",
            [(REVIEW, "planer (SIP), som granskas mot lagens fyra uppgifter"), (OTHER, "annat")], sampled,
        ),
    ]  # fmt: skip
    fields: list[Any] = [
        _area("what", "Kontrollmoment", control.what if control else "", f"Vad som kontrolleras. {_NO_PERSON}"),
        html.Div(choices, className="plan-fields"),
        html.Div(
            [
                _field("responsible", "Ansvarig funktion", control.responsible if control else "", "Inte ett namn."),
                _field("reported_to", "Rapporteras till", control.reported_to if control else "Nämnden"),
                _field("reported_when", "När", control.reported_when if control else "Vid tertialuppföljningen"),
            ],
            className="plan-fields",
        ),
        dmc.MultiSelect(
            id=KPIS_ID,
            label="Nyckeltal som mäter kontrollmomentet",
            data=[{"value": one, "label": name} for one, name in known.items()],
            value=list(_of(control)),
            searchable=True,
            clearable=True,
            size="md",
            nothingFoundMessage="Inget nyckeltal heter så.",
            clearButtonProps=aria(label="Rensa nyckeltalen"),
            comboboxProps={"shadow": "md", "radius": "md"},
        ),
    ]
    heading = f"Ändra ett kontrollmoment för ”{risk.process}”" if control else f"Kontrollmoment för ”{risk.process}”"
    return form(heading, about, fields, "Spara kontrollmomentet", back, save=SAVE_CONTROL_ID)


def _of(control: Control | None) -> tuple[str, ...]:
    return control.kpis if control else ()


def remove_form(about: About, risk: Risk, control: Control | None, back: str) -> html.Section:
    """Whether to take a risk or a control out of the draft."""
    if control is not None:
        note = f"Kontrollmomentet ”{control.what}” tas ur utkastet. Det som nämnden har antagit ändras inte."
        return form("Ta bort ett kontrollmoment", about, [], "Ta bort kontrollmomentet", back, note=note)
    many = text.plural(len(risk.controls), "kontrollmoment", "kontrollmoment")
    note = f"Risken ”{risk.process}” och dess {many} tas ur utkastet. Det som nämnden har antagit ändras inte."
    return form("Ta bort en risk", about, [], "Ta bort risken", back, note=note)


_ASKED = {
    Form.PROPOSE: (
        "Föreslå planen för nämnden",
        "När planen är föreslagen går den inte att ändra förrän den tas tillbaka till utkast.",
        "Föreslå planen",
    ),
    Form.TAKE_BACK: ("Ta tillbaka planen till utkast", "Då kan den ändras, och föreslås igen.", "Ta tillbaka"),
    Form.WITHDRAW: (
        "Dra tillbaka revideringen",
        "Det som nämnden har antagit fortsätter att gälla. Revideringen finns kvar i historiken.",
        "Dra tillbaka revideringen",
    ),
}
_DECIDED = {
    Form.ADOPT: ("För in nämndens beslut att anta planen", "Efter det är innehållet fryst."),
    Form.FOLLOW_UP: (
        "För in nämndens beslut om uppföljningen",
        "Nämnden har godkänt årets uppföljning. Planen ändras inte mer efter det.",
    ),
    Form.CLOSE: ("För in nämndens beslut att avsluta planen", "Planen är klar och ligger kvar som handling."),
}


def asked_form(which: Form, about: About, back: str) -> html.Section:
    """A step that only asks whether."""
    heading, note, button = _ASKED[which]
    return form(heading, about, [], button, back, note=note)


def decision_form(which: Form, about: About, back: str) -> html.Section:
    """What the board decided, as it stands in the minutes."""
    heading, note = _DECIDED[which]
    fields = [
        html.Div(
            [
                day_field({"type": FIELD_TYPE, "name": "decided_on"}, "Beslutsdag", size="md"),
                _field("paragraph", "Paragraf", "", "Till exempel § 98."),
                _field("registration_number", "Diarienummer", "", "Till exempel SN 2025/123."),
            ],
            className="plan-fields",
        ),
        _area("note", "Anteckning", "", "Behövs inte. Till exempel en protokollsanteckning."),
    ]
    return form(heading, about, fields, "För in beslutet", back, note=note)


def reason_form(about: About, back: str) -> html.Section:
    """Why an adopted plan is revised."""
    note = "Det som nämnden har antagit gäller tills den har beslutat om revideringen."
    fields = [_area("reason", "Skäl", "", f"Följer med revideringen till nämnden. {_NO_PERSON}")]
    return form("Revidera planen", about, fields, "Börja revidera", back, note=note)


def scale_form(about: About, scale: Scale, back: str, other: str) -> html.Section:
    """The municipality's scale. `other`: the same form with the other number of steps."""
    fields: list[Any] = [
        html.P(link(f"Byt till {'fem' if scale.size == 4 else 'fyra'} steg", other, className="more")),
    ]
    for name, heading, steps in (
        ("probability", "Sannolikhet", scale.probability),
        ("consequence", "Konsekvens", scale.consequence),
    ):
        fields.append(html.H3(heading))
        fields += [
            html.Div(
                [
                    _field(f"{name}-{number}", f"{heading}, steg {number}", one.word),
                    _field(f"{name}-{number}-meaning", f"Vad steg {number} betyder", one.meaning),
                ],
                className="plan-fields",
            )
            for number, one in enumerate(steps, 1)
        ]
    note = "Skalan gäller hela kommunen. Planer som redan är påbörjade behåller sin."
    return form("Kommunens riskskala", about, fields, "Spara skalan", back, note=note)
