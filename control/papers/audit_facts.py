"""What the audits found and recommended, in our own words with their sections, so that an answer can be given. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """A question of the audit: what was asked, what was found, and where it stands."""

    number: int
    asked: str
    found: str
    section: str


@dataclass(frozen=True)
class Recommendation:
    """A recommendation. `kpis`: the figures that show whether it is met."""

    number: int
    gist: str
    section: str
    kpis: tuple[str, ...]

    @property
    def asks_for_goals(self) -> bool:
        """Whether it asks for qualitative goals, which people judge."""
        return "collaboration_maturity" in self.kpis


@dataclass(frozen=True)
class Audit:
    """An audit report of a municipality."""

    name: str
    overall: str
    questions: tuple[Question, ...]
    recommendations: tuple[Recommendation, ...]


_ASKED = {
    1: "Följs gällande överenskommelser, riktlinjer och rutiner?",
    2: "Är ansvarsfördelningen mellan regionen och kommunen ändamålsenlig?",
    3: "Genomförs de samordnade individuella planerna enligt lag och gemensamma regelverk?",
    4: "Är den interna kontrollen tillräcklig, så att samverkan följs upp och förbättras vid behov?",
}
_RECOMMENDED = (
    (
        "Se till att medarbetarna får återkommande utbildning i överenskommelser, riktlinjer och rutiner.",
        ("training_coverage", "insight_in_agreements", "secrecy_confidence"),
    ),
    (
        "Ge förvaltningen i uppdrag att informera om sin verksamhet i forum för samverkan i kommunen och med regionen.",
        ("information_events", "meetings_documented", "groups_current_mandate"),
    ),
    (
        "Se till att förvaltningarna kan införa arbetssätt och rutiner så att SIP upprättas, följs upp och avslutas.",
        ("sip_established", "sip_follow_up_agreed", "sip_followed_up_in_time", "sip_closed_evaluated", "sip_dormant",
         "sip_lawful"),
    ),
    (
        ("Fastställ och följ upp kvalitativa mål för samverkan i den interna kontrollplanen, och kommunicera dem till "
        "förvaltningen."),
        ("controls_on_time", "actions_on_time", "collaboration_maturity", "purposeful_collaboration"),
    ),
)  # fmt: skip


def _recommendations(sections: tuple[str, str, str, str]) -> tuple[Recommendation, ...]:
    return tuple(
        Recommendation(number, gist, section, kpis)
        for number, ((gist, kpis), section) in enumerate(zip(_RECOMMENDED, sections, strict=True), 1)
    )


AUDITS: Mapping[str, Audit] = {
    "1287": Audit(
        "Granskning av samverkan kring barn och unga med behov av samordnade insatser, Trelleborgs kommun, februari "
        "2021",
        "Revisorerna bedömde att det till viss del finns en ändamålsenlig samverkan.",
        (
            Question(
                1, _ASKED[1],
                "Till viss del. Kännedomen om ramverken räckte inte, och insynen i hur överenskommelserna är uppbyggda "
                "var för liten.",
                "4.1.2",
            ),
            Question(
                2, _ASKED[2],
                "Inte ändamålsenlig. Ansvaret är i viss mån tydligt på papper men oklart i praktiken, främst när "
                "behoven är komplexa.",
                "4.2.2",
            ),
            Question(
                3, _ASKED[3],
                "Till viss del. SIP som skolan tar initiativ till fungerade inte som de ska, eftersom skolans roll var "
                "oklar för andra.",
                "4.3.2",
            ),
            Question(
                4, _ASKED[4],
                "Inte i tillräcklig grad. Tydliga nyckeltal saknades, så uppföljningen kunde inte leda till "
                "förbättring.",
                "4.4.2",
            ),
        ),
        _recommendations(("4.1.2", "4.2.2", "4.3.2", "4.4.2")),
    ),
    "1263": Audit(
        "Granskning av samverkan kring barn och unga med behov av samordnande insatser, Svedala kommun, februari 2021",
        "Revisorerna bedömde att det inte finns en ändamålsenlig samverkan.",
        (
            Question(
                1, _ASKED[1], "Till viss del. Verksamheterna kände dåligt till överenskommelser och rutiner.",
                "delfråga 1",
            ),
            Question(
                2, _ASKED[2],
                "Inte ändamålsenlig. Ansvaret är till viss del tydligt, men oklarheter om barnets insatser uppstår.",
                "delfråga 2",
            ),
            Question(
                3, _ASKED[3], "Till viss del. Verksamheterna hade låg kännedom om SIP.", "delfråga 3",
            ),
            Question(
                4, _ASKED[4],
                "Inte i tillräcklig grad. Uppföljningen var inte inriktad på barnen i granskningen, och tydliga "
                "nyckeltal saknades.",
                "delfråga 4",
            ),
        ),
        _recommendations(("rekommendationer",) * 4),
    ),
}  # fmt: skip
"""By municipality."""

GENERAL = Audit(
    "Ingen granskning av den här kommunen finns i Samkoll. Frågorna och rekommendationerna är de som revisorerna i "
    "Trelleborg och Svedala ställde 2021",
    "",
    tuple(Question(number, asked, "", "") for number, asked in _ASKED.items()),
    _recommendations(("",) * 4),
)
"""For a municipality without an audit here."""


def audit_of(municipality_code: str | None) -> Audit:
    """The municipality's audit, else the general questions."""
    return AUDITS.get(municipality_code or "", GENERAL)
