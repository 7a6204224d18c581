"""A deviation's way in words: what happened when, against which limit, and what it waits for."""

from __future__ import annotations

from dashboard import case_words as words
from dashboard import texts
from kpi import format as text
from kpi.case_steps import Fate, Stage, Step
from kpi.views.case_rows import Deviation

STEPS = {
    Step.REPORTED: "Rapporterad",
    Step.FEEDBACK: "Återkoppling",
    Step.ACTION: "Åtgärd beslutad",
    Step.EFFECT: "Effekt bedömd",
    Step.CLOSED: "Avslutad",
}
_NEVER = {Step.ACTION: "ingen, avslutad utan åtgärd", Step.EFFECT: "inte aktuell utan åtgärd"}
_OPEN = {Step.ACTION: "inte beslutad", Step.CLOSED: "öppen"}


def sentence(row: Deviation, found: tuple[Stage, ...]) -> str:
    """`Utebliven medverkan från BUP, öppen sedan 104 dagar.`"""
    about = text.capital(words.part("category", row.category) or "")
    closed = found[-1]
    ended = (
        f"avslutad efter {text.days(closed.days or 0)}"
        if closed.day is not None
        else f"öppen sedan {text.days(closed.days or 0)}"
    )
    return f"{about}, motpart {texts.actor(row.counterpart_actor)}, {ended}."


def told(stage: Stage) -> list[str]:
    """What became of it, and beside that how long it took and against what."""
    since = "beslutet" if stage.step is Step.EFFECT else "rapporten"
    if stage.fate is Fate.NEVER:
        return [_NEVER[stage.step]]
    if stage.day is not None:
        if stage.step is Step.REPORTED:
            return [text.day(stage.day)]
        after = f"{text.days(stage.days or 0)} efter {since}"
        if stage.due is None:
            return [text.day(stage.day), after]
        limit = f"senast {text.day(stage.due)}"
        in_time = f"i tid ({limit})" if stage.fate is Fate.DONE else f"för sent ({limit})"
        return [text.day(stage.day), f"{after}, {in_time}"]
    waited = f"{text.days(stage.days or 0)} sedan {since}"
    if stage.due is None:
        return [_OPEN[stage.step], waited]
    if stage.fate is Fate.OVERDUE:
        return ["väntar, förfallen", f"{waited}; skulle ha kommit senast {text.day(stage.due)}"]
    return ["väntar, inte förfallen", f"{waited}; ska komma senast {text.day(stage.due)}"]
