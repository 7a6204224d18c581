"""The forms of an action: starting one, changing it, ending it, commenting it, judging its effect."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from dash import dcc, html

from control.actions.content import MOVES, BoardAction, CostClass, Effect, Origin, Status
from control.actions.effect import Comparison
from control.actions.form import ActionForm, value_names
from control.marks import Mark
from dashboard import action_words
from dashboard.components.form_fields import choice, day, form_of, line, lines, suggested
from dashboard.figures.scale import factor
from kpi import format as text
from kpi.definition import Definition

ABOUT_ID = "action-about"
NEW, CHANGE, BEGIN, FINISH, CANCEL, REOPEN, COMMENT, JUDGE, REBASE, UNMARK = (
    "action-new", "action-change", "action-begin", "action-finish", "action-cancel", "action-reopen", "action-comment",
    "action-judge", "action-rebase", "action-unmark",
)  # fmt: skip
OFFICES = ("Förvaltningschefen", "Enhetschefen", "Verksamhetsutvecklaren", "Controllern", "Nämndsekreteraren")
_OFFICE = "En funktion, aldrig en persons namn."
_NO_PERSONS = "Skriv inget som pekar ut ett barn, en förälder eller en anställd."
_UNITS = {"percent": "procent", "percent_as_given": "procent", "points": "procentenheter", "days": "dagar",
          "per_100": "per 100", "per_1000": "per 1 000", "level": "nivå 1–5"}  # fmt: skip


def as_written(definition: Definition, value: float | None) -> str:
    """A value as it stands in a field."""
    if value is None:
        return ""
    shown = value * factor(definition)
    return text.number(shown, 0 if float(round(shown, 6)).is_integer() else 1).replace(text.NBSP, "")


def new_form(
    form: ActionForm,
    places: Sequence[tuple[str, str]],
    place: str,
    figures: Sequence[tuple[str, str]],
    definition: Definition | None,
    board_code: str,
) -> html.Section:
    """Starting an action. `places` and `figures`: (code, name)."""
    fields = [
        line(NEW, "what", "Vad ska göras?", form.what, width=720),
        lines(NEW, "root_cause", "Varför? Vad är orsaken?", form.root_cause, _NO_PERSONS),
        choice(NEW, "kpi", "Vilket nyckeltal ska ändras?", [("", "Inget nyckeltal"), *figures],
               definition.id if definition else "", is_searchable=True),
        choice(NEW, "unit", "Var?", places, place),
        *_common(NEW, form, definition),
        choice(NEW, "origin", "Åtgärden kommer ur", _worded(Origin), form.origin),
        line(NEW, "origin_reference", "Hänvisning", form.origin_reference,
             "Kontrollmomentets nummer eller beslutets diarienummer. För beslut krävs diarienummer."),
    ]  # fmt: skip
    return html.Section(
        [
            html.H2("Starta en åtgärd"),
            dcc.Store(id=ABOUT_ID, data={"board": board_code}),
            form_of(NEW, fields, "Starta åtgärden", is_main=True),
        ],
        className="section panel",
    )


def _worded(kinds: Iterable[CostClass | Effect | Origin]) -> list[tuple[str, str]]:
    return [(one.value, text.capital(one.words)) for one in kinds]


def _common(form: str, written: ActionForm, definition: Definition | None, *, has_start: bool = True) -> list[Any]:
    unit = f" i {_UNITS[definition.unit]}" if definition and definition.unit in _UNITS else ""
    now, wanted = value_names(definition)
    start = [day(form, "starts_on", "Börjar", written.starts_on)] if has_start else []
    return [
        suggested(form, "responsible", "Ansvarig", OFFICES, written.responsible, _OFFICE),
        html.Div([*start, day(form, "due_on", "Klar senast", written.due_on)], className="field-row"),
        html.Div(
            [
                line(form, "expected_from", f"{now}{unit}", written.expected_from, width=220),
                line(form, "expected_to", f"{wanted}{unit}", written.expected_to, width=220),
            ],
            className="field-row",
        ),
        choice(form, "cost_class", "Kostnad", _worded(CostClass), written.cost_class),
    ]


def work_section(
    one: BoardAction, definition: Definition | None, found: Comparison | None, marks: Sequence[Mark], today: date
) -> html.Section:
    """All that may be done with the action as it stands. `marks`: those that it has in the chart."""
    about = dcc.Store(id=ABOUT_ID, data={"number": one.number, "seen": one.edits})
    forms: list[Any] = [_open("Skriv en kommentar", form_of(
        COMMENT, [lines(COMMENT, "text", "Kommentar", help_=_NO_PERSONS)], "Spara kommentaren"))]  # fmt: skip
    if one.status in (Status.STARTED, Status.DONE):
        forms.insert(0, _open("Bedöm effekten", _judge(found), is_open=one.effect is None))
        if not any(mark.is_rebase for mark in marks) and found is not None and found.rebase is not None:
            forms.insert(1, _open("Räkna vanlig nivå på nytt", _rebase(found)))
    if one.is_ongoing:
        forms.append(_open("Ändra åtgärden", _change(one, definition)))
    forms += [_open(title, _move(form, button, one, today)) for form, to, title, button in _MOVES
              if to in MOVES[one.status] and (form == REOPEN) == (one.status is Status.DONE)]  # fmt: skip
    if marks:
        forms.append(_open("Ta bort en markering ur diagrammet", _unmark(marks)))
    return html.Section([html.H2("Arbeta med åtgärden"), about, *forms], className="section")


_MOVES = (
    (BEGIN, Status.STARTED, "Åtgärden har börjat", "Spara att den har börjat"),
    (FINISH, Status.DONE, "Åtgärden är klar", "Spara att den är klar"),
    (REOPEN, Status.STARTED, "Åtgärden var inte klar", "Öppna åtgärden igen"),
    (CANCEL, Status.CANCELLED, "Åtgärden avbryts", "Avbryt åtgärden"),
)


def _open(title: str, content: Any, *, is_open: bool = False) -> html.Details:
    return html.Details([html.Summary(title), content], className="panel work", open=is_open)


def _judge(found: Comparison | None) -> html.Div:
    proposed = [html.P(action_words.proposal(found), className="muted")] if found is not None else []
    chosen = found.proposal.value if found is not None and found.proposal is not None else None
    fields = [
        *proposed,
        choice(JUDGE, "effect", "Har åtgärden gett effekt?", _worded(Effect),
               chosen, width=220),
        lines(JUDGE, "text", "Motivering", help_=_NO_PERSONS),
    ]  # fmt: skip
    return form_of(JUDGE, fields, "Skriv under bedömningen", is_main=True)


def _rebase(found: Comparison) -> html.Div:
    month = text.month(found.rebase) if found.rebase is not None else ""
    told = (
        "Nyckeltalet har legat på en ny nivå minst sju månader i rad. Godkänner du räknas vanlig nivå och gränser på "
        f"nytt från {month}, och nästa ändring syns tidigare. Diagrammet visar var."
    )
    return form_of(REBASE, [html.P(told)], f"Räkna på nytt från {month}")


def _unmark(marks: Sequence[Mark]) -> html.Div:
    told = [
        (
            str(mark.number),
            f"{'Ny vanlig nivå' if mark.is_rebase else 'Åtgärden började'}, {text.month(mark.month)}",
        )
        for mark in marks
    ]
    fields = [
        choice(UNMARK, "mark", "Markering", told, told[0][0]),
        lines(UNMARK, "text", "Skälet", help_="Står i åtgärdens historik. Tas en ny vanlig nivå bort räknas nivån som "
              "förut."),
    ]  # fmt: skip
    return form_of(UNMARK, fields, "Ta bort markeringen")


def _change(one: BoardAction, definition: Definition | None) -> html.Div:
    written = ActionForm(
        one.what,
        one.root_cause,
        one.responsible,
        one.starts_on.isoformat(),
        one.due_on.isoformat(),
        as_written(definition, one.expected_from) if definition else "",
        as_written(definition, one.expected_to) if definition else "",
        one.cost_class,
    )
    fields = [
        line(CHANGE, "what", "Vad ska göras?", written.what, width=720),
        lines(CHANGE, "root_cause", "Varför? Vad är orsaken?", written.root_cause, _NO_PERSONS),
        *_common(CHANGE, written, definition, has_start=one.status is Status.PLANNED),
        line(CHANGE, "reason", "Skälet, om dagen flyttas", help_="Den dag som lovades först står kvar.", width=720),
    ]
    return form_of(CHANGE, fields, "Spara ändringen")


def _move(form: str, button: str, one: BoardAction, today: date) -> html.Div:
    needs_reason = form in (CANCEL, REOPEN)
    fields = [] if needs_reason else [day(form, "on", "Dag", today)]
    label = "Skälet" if needs_reason else "Kommentar (frivillig)"
    return form_of(form, [*fields, lines(form, "text", label)], button)
