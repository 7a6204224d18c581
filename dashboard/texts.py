"""Swedish words for codes, and the interface's fixed texts. Words in running text are lower case."""

from __future__ import annotations

from kpi.code_words import ACTORS as ACTORS
from kpi.code_words import AUDIT_QUESTIONS as AUDIT_QUESTIONS
from kpi.code_words import PARTS as PARTS
from kpi.code_words import PARTS_OF_ANY as PARTS_OF_ANY
from kpi.code_words import SPLITS as SPLITS
from warehouse.names import DATASETS as DATASETS

PRODUCT = "Samkoll"
SYNTHETIC = "Syntetiska data"
CHANGED_SINCE_CLOSING = "ändrad sedan stängning"
SYNTHETIC_HELP = (
    "påhittade uppgifter som inte gäller några verkliga barn, även de som annars hämtas från Kolada. "
    "Folkmängden är SCB:s."
)

LEVELS = {
    "region": "region",
    "delregional": "delregion",
    "municipality": "kommun",
    "board": "nämnd",
    "administration": "förvaltning",
    "unit": "enhet",
}

CONTROLS = {
    "own": "Egen: förvaltningen kan ändra det själv",
    "shared": "Delad: flera parter måste göra sitt",
    "counterpart": "Motpartens: en annan huvudman avgör, nämnden bevakar",
}

PUBLISHED = "Öppet: publicerad statistik"
RELEASE_CLASSES = {
    "open": "Öppet: gäller organisationen",
    "process": "Process: visas för andra vid minst 5 fall",
    "person": "Person: små tal döljs för andra",
}
_AND_WHAT_REVEALS = "och inte heller tal som skulle avslöja dem."
RELEASE_MEANINGS = {
    "open": "Visas alltid.",
    "process": f"Värden visas inte när nämnaren, eller antalet, är under fem, {_AND_WHAT_REVEALS}",
    "person": f"Värden visas inte när täljaren, resten eller nämnaren är under fem, {_AND_WHAT_REVEALS}",
}
RELEASE_OF_SURVEYS = "Enkäter med under tio svarande visas inte."
"""What each release class hides, for those outside the board."""

DIRECTIONS = {
    "increase": "Högt är bra",
    "decrease": "Lågt är bra",
    "neutral": "Varken högt eller lågt är bra i sig",
    "toward_zero": "Nära noll är bra",
}

PARAMETERS = {
    "grace_days": "Dagar efter avtalat datum som räknas som i tid",
    "due_days": "Dagar för återkoppling",
    "met_days": "Dagar från initiativ till möte",
    "quiet_days": "Dagar utan händelse som räknas som vilande",
    "overdue_days": "Dagar efter avtalat datum då uppföljningen räknas som försenad",
    "open_days": "Dagar efter rapporten då avvikelsen räknas som länge öppen",
    "after_days": "Dagar från beslut till bedömd effekt",
    "within_months": "Månader tillbaka som räknas som återkommande",
}

PART_HEADINGS = {
    "sip_absence_by_actor": ("Deltog inte", "Kallade"),
    "sip_absence_unannounced": ("Oanmäld", "All frånvaro"),
    "sip_activities_done": ("Klara i tid", "Skulle vara klara"),
    "training_coverage": ("Utbildade", "Berörda"),
}
"""What a figure's numerator and denominator are, as column headings; else `Täljare` and `Nämnare`."""

GAPS = {
    "perception_gap": ("bland nämndens ledamöter", "bland personalen"),
    "sip_school_gap": ("på möten som skolan kallar till", "på övriga möten"),
}
"""The two groups of a gap, the first minus the second."""
GAP_CASES = {"perception_gap": "svar", "sip_school_gap": "kallelser"}
"""What a gap's groups count."""

CONTEXT_SOURCE = "Kolada"
CONTEXT_NOT_YET = "Kolada har inget värde för platsen, eller så är det inte hämtat."
OWN_NOT_YET = "Hämtas ur den interna kontrollen i Samkoll, där inget av det här är infört ännu."
"""Why a figure has nothing to show, when no delivery is missing."""


JOBS = {
    "pickup": "Hämta leveranser ur mappen",
    "own": "Hämta Samkolls egna uppgifter",
    "compute": "Räkna nyckeltal",
    "check": "Nattlig kontroll av alla värden",
    "audit": "Nattlig kontroll av loggen",
    "reminders": "Påminn om det som ska göras",
    "mail": "Skicka e-post",
}

JOB_STATES = {"running": "Pågår", "done": "Klar", "failed": "Misslyckades"}
STEPS = {
    "Läser in leveranser": ("Läser in leveranser", "filer"),
    "Läser filen": ("Läser filen", ""),
    "Skriver rader": ("Skriver rader", "rader"),
    "Läser om rader": ("Läser om rader", "leveranser"),
    "Läser": ("Läser uppgifter", "slag"),
    "Räknar": ("Räknar nyckeltal", "delar"),
    "Summerar": ("Summerar till nämnd och kommun", ""),
    "Sparar": ("Sparar nyckeltal", "delar"),
    "Samlar": ("Samlar periodens värden", ""),
    "Döljer": ("Prövar vilka små tal som måste döljas", "tal"),
    "Angriper": ("Prövar att dolda tal inte går att räkna ut", "tal"),
}
"""What long work does: the step as the work names it, as readers are told, and of what there are several."""
REQUEST_KINDS = {"approve": "Godkänn", "refuse": "Avvisa", "replay": "Läs om", "close": "Stäng"}
REQUEST_STATES = {"waiting": "Väntar", "running": "Pågår", "done": "Utfört", "failed": "Misslyckades"}
DELIVERY_STATES = {
    "received": "Mottagen",
    "loaded": "Inläst",
    "unchanged": "Oförändrad",
    "held": "Väntar på beslut",
    "failed": "Misslyckades",
    "refused": "Avvisad",
}


def actor(code: str) -> str:
    """The actor's name in running text; an unknown code as it is."""
    return ACTORS.get(code, code)


SIDES = {"presidium": "presidiet", "administration": "förvaltningen"}
"""Whose view an assessment is; a unit goes by its name."""

SURVEY_QUESTIONS = {
    "insight_agreements": "Jag har insyn i ramverk och överenskommelser",
    "secrecy_confidence": "Jag är trygg i vad sekretess och samtycke tillåter",
    "responsibility_clear": "Ansvaret är tydligt i komplexa ärenden",
    "follow_up_happens": "Samverkan följs upp",
    "child_took_part": "Jag fick vara med i min SIP",
    "guardian_relieved": "Jag slapp själv samordna kontakterna",
    "measures_taken": "Det som bestämdes blev gjort",
}
"""The surveys' statements, by the contract's codes; another code is shown as it is."""
RESPONDENTS = {
    "board_members": "nämndens ledamöter",
    "staff": "personal",
    "children": "barn",
    "guardians": "vårdnadshavare",
}
REVIEWED_CONTENTS = {
    "needs_stated": "vilka insatser som behövs",
    "responsibilities_stated": "vem som ansvarar för vilka insatser",
    "other_measures_stated": "vad andra gör",
    "lead_principal_stated": "vem som har det övergripande ansvaret",
}
"""What the law asks of a plan (SIP), by the contract's names."""

ROLES = {
    "presidium": "Presidium",
    "member": "Ledamot",
    "chief": "Förvaltningschef",
    "unit_manager": "Enhetschef",
    "developer": "Verksamhetsutvecklare",
    "controller": "Controller",
    "central_controller": "Central controller",
    "secretary": "Nämndsekreterare",
    "auditor": "Revisor",
    "dpo": "Dataskyddsombud",
    "delregional": "Delregional samverkan",
    "admin": "Systemadministratör",
    "operator": "Kommandoraden",
}
"""By the role's code."""
