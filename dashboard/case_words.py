"""Swedish words for the rows behind the figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard import texts
from kpi import format as text
from kpi.period import Period
from kpi.views.case_filter import Back, Day


@dataclass(frozen=True)
class KindWords:
    """How a dataset's rows are spoken of. `code`: in the address; `joins`: which of their days lies in the time;
    `nouns`: what is done on that day."""

    code: str
    title: str
    one: str
    many: str
    the_many: str
    joins: Mapping[Day, str]
    nouns: Mapping[Day, str]


KINDS = {
    "deviations": KindWords(
        "avvikelser", "Avvikelser", "avvikelse", "avvikelser", "avvikelserna",
        {Day.OWN: "som rapporterades", Day.CLOSED: "som avslutades"},
        {Day.OWN: "rapporten", Day.CLOSED: "avslutet"},
    ),
    "sips": KindWords(
        "sip", "SIP", "SIP", "SIP", "planerna",
        {
            Day.OWN: "som initierades", Day.FIRST_MEETING: "vars första möte hölls", Day.MEETING: "som hade möte",
            Day.FOLLOW_UP: "vars uppföljning var avtalad", Day.ACTIVITY: "med insatser som skulle vara klara",
            Day.CALLED: "som det kallades till", Day.CLOSED: "som avslutades",
        },
        {
            Day.OWN: "initiativet", Day.FIRST_MEETING: "första mötet", Day.MEETING: "mötet",
            Day.FOLLOW_UP: "den avtalade uppföljningen", Day.ACTIVITY: "dagen då insatsen skulle vara klar",
            Day.CALLED: "kallelsen", Day.CLOSED: "avslutet",
        },
    ),
    "referrals": KindWords(
        "hanvisningar", "Hänvisningar", "hänvisning", "hänvisningar", "hänvisningarna", {Day.OWN: "som gjordes"},
        {Day.OWN: "hänvisningen"},
    ),
}  # fmt: skip
"""In the order that they are chosen among."""

EFFECTS = {"yes": "god effekt", "partly": "delvis effekt", "no": "ingen effekt"}
CLOSED = {
    "goals_met": "målen nådda",
    "moved": "flyttat",
    "consent_withdrawn": "samtycket togs tillbaka",
    "age_18": "fyllde 18",
    "other": "annat skäl",
}


def part(column: str, code: str | None) -> str | None:
    """The word for a column's code; None where there is none."""
    return None if code is None else texts.PARTS[column].get(code, code)


def counted(dataset: str, count: int) -> str:
    """`Tolv avvikelser`, `En SIP`, `Inga hänvisningar`; begins a sentence."""
    kind = KINDS[dataset]
    if count == 0:
        return f"Inga {kind.many}"
    return f"En {kind.one}" if count == 1 else f"{text.capital(text.count_word(count))} {kind.many}"


def behind(dataset: str, month: Period, back: Back = Back.MONTH, by: Day = Day.OWN, after_days: int = 0) -> str:
    """`avvikelser som rapporterades i mars 2025`, `avvikelser där dag 60 efter rapporten inföll i mars 2025`."""
    kind = KINDS[dataset]
    joins = f"där dag {after_days} efter {kind.nouns[by]} inföll" if after_days else kind.joins[by]
    return f"{kind.many} {joins} {when(month, back)}"


def when(month: Period, back: Back = Back.MONTH) -> str:
    """`i mars 2025`, `från april 2024 till mars 2025`, `till och med mars 2025`."""
    first = back.first_month(month)
    if first is None:
        return f"till och med {text.month(month)}"
    return text.within(month) if first == month else f"från {text.month(first)} till {text.month(month)}"
