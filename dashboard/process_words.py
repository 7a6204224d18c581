"""Sentences about the seven steps and about who comes to the meetings. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard import texts
from kpi import format as text
from kpi.attendance import AttendanceMatrix, Attended, SchoolGap
from kpi.process import STEPS, Fate, Middle, Process, Step, StepCount
from kpi.views.process import ProcessPage

STEP_NAMES = {
    Step.CALL: "Kallelse",
    Step.MAPPING: "Kartläggning",
    Step.MEETING: "Möte",
    Step.ACTIVITIES: "Aktivitetsuppföljning",
    Step.EVALUATION: "Utvärdering",
    Step.FOLLOW_UP: "Uppföljning",
    Step.CLOSING: "Avslut",
}
_THE_STEP = {
    Step.CALL: "kallelsen",
    Step.MAPPING: "kartläggningen",
    Step.MEETING: "mötet",
    Step.ACTIVITIES: "aktivitetsuppföljningen",
    Step.EVALUATION: "utvärderingen",
    Step.FOLLOW_UP: "uppföljningen",
    Step.CLOSING: "avslutet",
}
_IT = {one: "det" if one in (Step.MEETING, Step.CLOSING) else "den" for one in Step}
FATES = {
    Fate.TAKEN: "Har tagit steget",
    Fate.SKIPPED: "Gick förbi steget",
    Fate.UNDER_WAY: "Inte aktuellt än",
    Fate.LEFT: "Har lämnat av giltigt skäl",
    Fate.STOPPED: "Har stannat",
}
THE_ACTORS = texts.ACTORS | {
    "socialtjanst": "socialtjänsten",
    "forskola": "förskolan",
    "skola": "skolan",
    "elevhalsa": "elevhälsan",
    "habilitering": "habiliteringen",
    "primarvard": "primärvården",
    "beroendevard": "beroendevården",
    "oppen_forskola": "öppna förskolan",
    "polis": "polisen",
    "vardnadshavare": "vårdnadshavaren",
    "annan": "en annan aktör",
}
"""Actors in running text, as those that one speaks of."""
FEW = "få fall"
_TELLS_WHERE = 2
"""So many plans must have stopped at a place for it to be told where most do."""


@dataclass(frozen=True)
class Piece:
    """Some words; `tone` is "" for plain, "strong" or "off"."""

    words: str
    tone: str = ""


def lead(page: ProcessPage) -> list[Piece]:
    """How many initiatives led to a meeting, how many stopped and where, and which step is most often left out."""
    whole = page.whole
    if not whole.total:
        return [Piece(f"Inga initiativ till SIP{_of_caller(page)} hör till {page.place.unit.name}, {span(page)}.")]
    found = [
        Piece(f"Av {_initiatives(whole.total)}{_of_caller(page)} ledde "),
        Piece(f"{text.count_word(whole.met)} till ett möte", "strong"),
        Piece(_after(whole.at(Step.MEETING).from_initiative, page.fewest)),
    ]
    return [*found, *_stopped(whole), *_skipped(whole, page.fewest)]


def _initiatives(count: int) -> str:
    return f"{text.count_word(count)} initiativ"


def _of_caller(page: ProcessPage) -> str:
    return f" där {THE_ACTORS.get(page.caller, page.caller)} kallade" if page.caller else ""


def _after(found: Middle, fewest: int) -> str:
    if found.days is None or found.cases < fewest:
        return ". "
    return f", i median efter {text.days(found.days)}. "


def _stopped(whole: Process) -> list[Piece]:
    stopped, left = whole.stopped, whole.left
    before = sum(one.stopped_before for one in whole.steps[: STEPS.index(Step.MEETING) + 1])
    if not stopped:
        found = [Piece("Ingen plan har stannat på vägen")]
    else:
        found = [Piece(f"{text.capital(_number(stopped))} har stannat på vägen", "off")]
        if before in (0, stopped):
            found.append(Piece(", före mötet" if before else ", efter mötet"))
        else:
            found.append(Piece(f", {_number(before)} före mötet och {_number(stopped - before)} efter"))
        worst = whole.worst
        is_one = [one.stopped_before for one in whole.steps].count(worst.stopped_before) == 1 if worst else False
        if worst is not None and is_one and worst.stopped_before >= _TELLS_WHERE and worst.stopped_before < stopped:
            found.append(Piece(f"; flest stannar {between(worst)}"))
    gone = f"{text.capital(_number(left))} har lämnat den av giltigt skäl. " if left else ""
    return [*found, Piece(f". {gone}")]


def between(step: StepCount) -> str:
    """`mellan kallelsen och kartläggningen`."""
    at = STEPS.index(step.step)
    before = _THE_STEP[STEPS[at - 1]] if at else "initiativet"
    return f"mellan {before} och {_THE_STEP[step.step]}"


def _skipped(whole: Process, fewest: int) -> list[Piece]:
    most = whole.most_skipped
    if most is None or most.expected < fewest:
        return []
    return [
        Piece(f"Steget som oftast hoppas över är {_THE_STEP[most.step]}: "),
        Piece(
            f"{' av '.join(text.counts(most.skipped, most.expected, is_common=True))} planer gick vidare utan "
            f"{_IT[most.step]}."
        ),
    ]


def _number(count: int) -> str:
    return text.number(count) if count > 12 else {1: "en"}.get(count, text.count_word(count))


def span(page: ProcessPage) -> str:
    """`maj 2025 – april 2026`."""
    return f"{text.month(page.first)} – {text.month(page.last)}"


def basis(page: ProcessPage) -> str:
    """Which initiatives are followed and how long, and how the year before went."""
    if not page.whole.total:
        return "En SIP räknas hos den nämnd vars enhet har den, vem som än kallade."
    found = [
        (
            f"Initiativ {span(page)}, följda till och med {text.day(page.until)}: ett halvår efter det sista, så att "
            "stegen har hunnit komma."
        )
    ]
    if not page.is_whole:
        found.append("Leveranserna börjar senare än så, och alla initiativ är därför inte med.")
    if page.place.is_preliminary:
        found.append("Månaden är inte slut: talen är preliminära.")
    if page.before is not None and page.before.total:
        found.append(
            f"Året före, följda lika länge: {text.number(page.before.met)} av "
            f"{_initiatives(page.before.total)} ledde till ett möte."
        )
    return " ".join(found)


def explained(page: ProcessPage) -> list[tuple[str, str]]:
    """What each fate means."""
    return [
        (FATES[Fate.TAKEN], "Steget har ett datum."),
        (
            FATES[Fate.SKIPPED],
            "Ett senare steg har ett datum, men det här har inget: det gjordes inte, eller skrevs inte.",
        ),
        (
            FATES[Fate.UNDER_WAY],
            (
                "Planen pågår och är inte försenad. Lagen säger inte när en plan ska utvärderas eller avslutas, så en "
                "plan som pågår har inte missat de stegen."
            ),
        ),
        (FATES[Fate.LEFT], "Samtycke nekades eller togs tillbaka, eller barnet flyttade. Det är ingens brist."),
        (
            FATES[Fate.STOPPED],
            (
                f"Inget möte inom {text.days(page.limits.met_days)} från initiativet (och inte senare heller), planen "
                f"avslutades utan möte, eller uppföljningen är mer än {text.days(page.limits.late_days)} försenad."
            ),
        ),
    ]


# --- meetings -----------------------------------------------------------------


def of(found: Attended) -> str:
    """`21 av 28`."""
    return f"{text.number(found.attended)} av {text.number(found.called)}"


def attendance_lead(matrix: AttendanceMatrix, fewest: int) -> str:
    """How many of those called attended, and who is absent most, from whom."""
    if not matrix.total.called:
        return "Inga professionella är kallade till möten under de tolv månaderna."
    found = f"{text.capital(of(matrix.total))} kallade deltog{_percent(matrix.total, fewest)}."
    others = {pair: one for pair, one in matrix.cells.items() if pair[0] != pair[1] and one.called >= fewest}
    if not others:
        return found
    (caller, actor), most = max(others.items(), key=lambda one: (one[1].absent, one[1].absent / one[1].called, one[0]))
    if not most.absent:
        return found
    who, host = THE_ACTORS.get(actor, actor), THE_ACTORS.get(caller, caller)
    absent = f"{text.number(most.absent)} av {text.number(most.called)}"
    return f"{found} Mest uteblir {who} när {host} kallar: {absent} deltog inte."


def _percent(found: Attended, fewest: int) -> str:
    return f" ({text.percent(found.share)})" if found.share is not None and found.called >= fewest else ""


def school_lead(gap: SchoolGap, fewest: int) -> str:
    """Attendance when school calls beside other meetings, in plain words."""
    if gap.difference is None:
        return "Inga aktörer är kallade till båda slagen av möten under de tolv månaderna, så de kan inte jämföras."
    school, others = of(gap.school), of(gap.others)
    if gap.cases < fewest:
        return f"När skolan kallar deltog {school} kallade, på övriga möten {others}: för få fall för att jämföras."
    size = text.points(gap.difference)
    if text.signed_points(gap.difference) == text.signed_points(0):
        told = "Andelen är lika stor."
    else:
        told = f"Andelen är {size} {'lägre' if gap.difference < 0 else 'högre'} när skolan kallar."
    return (
        f"När skolan kallar deltog {school} kallade{_percent(gap.school, fewest)}, på övriga möten {others}"
        f"{_percent(gap.others, fewest)}. {told}"
    )
