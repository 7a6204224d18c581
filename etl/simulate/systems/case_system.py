"""System 1, the social services' case system: `;` CSV in cp1252, Swedish headers, days as 20240307, decimal comma.

It owns the plans: a snapshot of every plan, whoever called.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from etl.simulate.files import file_name, write_csv
from etl.simulate.frames import recode
from etl.simulate.people import identity_numbers
from etl.simulate.story import Story

FILE = "verksamhetssystem"

ACTORS = {
    "socialtjanst": "Socialtjänst", "forskola": "Förskola", "skola": "Skola", "elevhalsa": "Elevhälsa", "bup": "BUP",
    "bum": "BUM", "habilitering": "Habilitering", "primarvard": "Vårdcentral", "bvc": "BVC", "mvc": "Barnmorska",
    "beroendevard": "Beroendevård", "oppen_forskola": "Öppen förskola", "polis": "Polis", "barnet": "Barnet själv",
    "vardnadshavare": "Vårdnadshavare", "annan": "Övrig", "": "",
}  # fmt: skip
_CONSENT = {"given": "Ja", "declined": "Nej", "withdrawn": "Återtaget", "unknown": "", "": ""}
_SEX = {"K": "Flicka", "M": "Pojke", "": ""}
_LEAD = {"municipality": "Kommunen", "region": "Regionen", "": ""}
_VOICE = {
    "attended": "Deltog", "statement": "Lämnade egen berättelse", "asked_declined": "Tillfrågad, avböjde",
    "observed": "Observation", "none": "Framgår inte", "": "",
}  # fmt: skip
_GOAL = {"full": "Helt", "partial": "Delvis", "none": "Inte alls", "not_assessed": "Ej bedömt", "": ""}
_REASON = {
    "goals_met": "Målen uppnådda", "moved": "Flyttat", "consent_withdrawn": "Samtycke återtaget",
    "age_18": "Fyllt 18 år", "other": "Annat", "": "",
}  # fmt: skip


def write(folder: Path, story: Story, sips: pd.DataFrame, rng: np.random.Generator, *, blemishes: bool) -> list[Path]:
    """The snapshot, as one file (none without plans); its last line breaks off when it has blemishes."""
    if sips.empty:
        return []
    exported = rows(sips, rng)
    lines: tuple[str, ...] = ()
    if blemishes:
        exported = pd.concat([exported, _blemishes(story, exported.iloc[[-1]])], ignore_index=True)
        lines = (f"SIP{_year(story)}-F99;{story.municipality.code};310",)
    path = folder / file_name(FILE, story.municipality.code, "csv")
    write_csv(path, exported, separator=";", encoding="cp1252", extra_lines=lines)
    return [path]


def rows(sips: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Canonical plans in the system's words; hours spent are its own and stay outside the contract."""

    def day(field: str) -> pd.Series:
        return recode(sips[field], lambda text: text.replace("-", ""))

    def word(field: str, words: dict[str, str]) -> pd.Series:
        return recode(sips[field], words.__getitem__)

    def flag(field: str) -> pd.Series:
        return recode(sips[field], {"ja": "J", "nej": "N"}.__getitem__)

    quarters = rng.integers(8, 260, len(sips))
    return pd.DataFrame(
        {
            "Plannummer": sips["sip_id"],
            "Kommunkod": sips["municipality_code"],
            "Enhetsnr": recode(sips["unit_code"], lambda code: code.split("-", 1)[1]),
            "Personnummer": sips["person_id"],
            "Födelsedatum": day("birth_date"),
            "Kön": word("sex", _SEX),
            "Skyddad identitet": "N",
            "Initiativ från": word("initiator_actor", ACTORS),
            "Kallande part": word("calling_actor", ACTORS),
            "Initiativdatum": day("initiated_on"),
            "Samtycke": word("consent", _CONSENT),
            "Samtyckesdatum": day("consent_on"),
            "Kallelse skickad": day("called_on"),
            "Syfte angivet": flag("purpose_stated"),
            "Frågeställning angiven": flag("question_stated"),
            "Kartläggning klar": day("mapped_on"),
            "Första möte": day("met_on"),
            "Samordnare utsedd": flag("coordinator_named"),
            "Huvudansvarig": word("lead_principal", _LEAD),
            "Barnets röst": word("child_voice", _VOICE),
            "Avtalad uppföljning": day("agreed_follow_up_on"),
            "Aktivitetsuppföljning": day("activity_followed_up_on"),
            "Utvärderad": day("evaluated_on"),
            "Måluppfyllelse": word("goal_attainment", _GOAL),
            "Uppföljd": day("followed_up_on"),
            "Avslutad": day("closed_on"),
            "Avslutsorsak": word("closed_reason", _REASON),
            "Nedlagd tid (tim)": [f"{hours // 4},{hours % 4 * 25:02}" for hours in quarters.tolist()],
        }
    )


def _blemishes(story: Story, like: pd.DataFrame) -> pd.DataFrame:
    """Three rows to reject (unknown actor, impossible day, days out of order) and three out of scope."""
    base = {name: like.iloc[0][name] for name in like.columns}
    begun = str(story.window.first + np.timedelta64(20, "D"))
    blank = dict.fromkeys(
        ("Födelsedatum", "Samtyckesdatum", "Kartläggning klar", "Första möte", "Avtalad uppföljning", "Avslutad",
         "Aktivitetsuppföljning", "Utvärderad", "Måluppfyllelse", "Uppföljd", "Avslutsorsak", "Kallelse skickad"), ""
    )  # fmt: skip
    common = {
        **base,
        **blank,
        "Samtycke": "Ja",
        "Initiativ från": "Socialtjänst",
        "Kallande part": "Socialtjänst",
        "Initiativdatum": begun.replace("-", ""),
        "Syfte angivet": "N",
        "Frågeställning angiven": "N",
    }
    year = _year(story)
    child, adult = _number(story, 12), _number(story, 18)
    changes: list[dict[str, str]] = [
        {"Initiativ från": "Fritidsgård", "Personnummer": child},
        {"Initiativdatum": f"{year}0231", "Personnummer": child},
        {"Första möte": str(story.window.first + np.timedelta64(3, "D")).replace("-", ""), "Personnummer": child},
        {"Personnummer": adult},
        {"Personnummer": adult, "Samtycke": "Nej"},
        {"Personnummer": child, "Skyddad identitet": "J"},
    ]
    return pd.DataFrame(
        [{**common, "Plannummer": f"SIP{year}-F{place + 1}", **change} for place, change in enumerate(changes)]
    )


def _year(story: Story) -> int:
    return int(story.window.first.astype("datetime64[Y]").astype(int)) + 1970


def _number(story: Story, age: int) -> str:
    """A test number of a child who turned `age` ten days into the window."""
    month = story.window.first.astype("datetime64[M]") - np.timedelta64(12 * age, "M")
    born = month.astype("datetime64[D]") + np.timedelta64(9, "D")
    number = identity_numbers(np.array([born]), np.array([981]), np.array([False]))[0]
    return str(number)
