"""Swedish words for the codes that figures are split by, and for the audits' questions. Pure."""

from __future__ import annotations

from kpi.definition import Definition, Kind
from kpi.views.rows import Split

AUDIT_QUESTIONS = {
    1: "Följs överenskommelser och rutiner?",
    2: "Är ansvaret mellan kommun och region tydligt?",
    3: "Genomförs SIP som de ska?",
    4: "Leder uppföljning och kontroll till förbättring?",
}
"""The audits' four questions (Trelleborg and Svedala 2021), in short."""

ACTORS = {
    "socialtjanst": "socialtjänst",
    "forskola": "förskola",
    "skola": "skola",
    "elevhalsa": "elevhälsa",
    "bup": "BUP",
    "bum": "BUM",
    "habilitering": "habilitering",
    "primarvard": "primärvård",
    "bvc": "BVC",
    "mvc": "MVC",
    "beroendevard": "beroendevård",
    "oppen_forskola": "öppen förskola",
    "polis": "polis",
    "barnet": "barnet",
    "vardnadshavare": "vårdnadshavare",
    "annan": "annan aktör",
}

SPLITS = {
    "actor": "Kallad part",
    "from_actor": "Från",
    "to_actor": "Till",
    "category": "Kategori",
    "counterpart_actor": "Motpart",
    "principal": "Huvudman",
    "subject": "Ämne",
    "group": "Grupp",
    "series": "Serie",
    "answer": "Svar",
    "goal_attainment": "Måluppfyllelse",
    "reporting_actor": "Rapporterad av",
    "caller": "Kallande",
    "severity": "Allvarlighetsgrad",
    "level": "Löst på nivån",
    "consent": "Samtycke",
    "sex": "Kön",
    "outcome": "Utfall",
    "child_voice": "Barnets röst",
    "about": "Fråga",
    "assessor": "Bedömt av",
    "effect": "Effekt",
}

PARTS = {
    "category": {
        "utebliven_medverkan": "utebliven medverkan",
        "oklart_ansvar": "oklart ansvar",
        "finansieringstvist": "finansieringstvist",
        "bristande_information": "bristande information",
        "sekretess_samtycke": "sekretess eller samtycke",
        "bristande_tillganglighet": "bristande tillgänglighet",
        "utskrivning": "utskrivning",
        "annan": "annat",
    },
    "principal": {"municipality": "kommunen", "region": "regionen", "private": "privat"},
    "subject": {"agreements": "överenskommelser", "sip_routine": "SIP-rutinen", "secrecy": "sekretess"},
    "group": {"staff": "personal", "board_members": "nämndens ledamöter"},
    "answer": {
        "large": "i stor utsträckning",
        "some": "i viss utsträckning",
        "small": "i liten utsträckning",
        "none": "inte alls",
        "dont_know": "vet ej",
    },
    "goal_attainment": {"full": "helt", "partial": "delvis", "none": "inte alls"},
    "severity": {"high": "hög", "medium": "medel", "low": "låg"},
    "level": {"managers": "chefer", "working_group": "arbetsgrupp", "steering_group": "styrgrupp"},
    "sex": {"K": "flickor", "M": "pojkar"},
    "consent": {"given": "gavs", "declined": "nekades", "withdrawn": "togs tillbaka", "unknown": "okänt"},
    "outcome": {"received": "togs emot", "declined": "tackade nej", "no_contact": "ingen kontakt"},
    "child_voice": {
        "attended": "barnet deltog",
        "statement": "barnets egna ord lämnades",
        "asked_declined": "tillfrågades men avstod",
        "observed": "observerades",
        "none": "dokumenteras inte",
    },
    "about": {
        "maturity": "mognad",
        "question_1": "fråga 1",
        "question_2": "fråga 2",
        "question_3": "fråga 3",
        "question_4": "fråga 4",
    },
    "assessor": {"presidium": "presidiet", "administration": "förvaltningen", "unit": "enheten"},
    "effect": {"yes": "ja", "partly": "delvis", "no": "nej", "too_early": "för tidigt"},
}
PARTS_OF_ANY = {"not_given": "inte angivet", "true": "ja", "false": "nej"}
"""Values of the columns that figures are split by, in the order they are shown; actors have their own names."""


def part_words(definition: Definition, split: Split) -> str:
    """`BUP`, `sekretess, nämndens ledamöter`, or `BVC → socialtjänst` for a flow."""
    joint = " → " if definition.kind is Kind.FLOW else ", "
    return joint.join(code_word(definition, column, value) for column, value in split)


def code_word(definition: Definition, column: str, value: str) -> str:
    """A part's value of a column, in Swedish; an unknown code as it is."""
    if column == "series":
        return dict(definition.series).get(value, value)
    return PARTS_OF_ANY.get(value) or PARTS.get(column, ACTORS).get(value, value)
