"""Whether a plan holds what a board can decide about, and whether a risk or a control may be kept. Pure.

Each problem is a UserError that names the thing, the reason and the remedy.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from control.free_text import kept_text
from control.plan.content import Control, Handling, Method, PlanContent, Risk, Scale, Source
from warehouse.errors import UserError

QUESTIONS = (1, 2, 3, 4)
MOST_SAMPLED = 500
_LONGEST, _LONGEST_NAME = 600, 120


def check_is_whole(content: PlanContent) -> None:
    """A plan has risks, and every risk that is not accepted has a control."""
    if not content.risks:
        raise UserError("Planen har inga risker. Lägg till minst en risk med ett kontrollmoment innan den föreslås.")
    for risk in content.risks:
        if risk.handling is not Handling.ACCEPT and not risk.controls:
            raise UserError(
                f"Risken ”{risk.process}” har inget kontrollmoment. Lägg till ett, eller välj att acceptera risken."
            )


def kept_risk(risk: Risk, scale: Scale) -> Risk:
    """The risk as it is kept: texts without identity numbers, steps of the scale."""
    if not (1 <= risk.probability <= scale.size and 1 <= risk.consequence <= scale.size):
        raise UserError(
            f"Sannolikhet och konsekvens ska vara steg 1–{scale.size} på skalan. Välj ett steg för var och en."
        )
    if risk.audit_question not in QUESTIONS:
        raise UserError("Revisionsfrågan ska vara 1, 2, 3 eller 4. Välj den som risken svarar mot.")
    return replace(
        risk,
        process=kept_text(risk.process, "Processen", longest=_LONGEST_NAME),
        cause=kept_text(risk.cause, "Orsaken", longest=_LONGEST),
        event=kept_text(risk.event, "Händelsen", longest=_LONGEST),
        effect=kept_text(risk.effect, "Följden", longest=_LONGEST),
        source=_kept_source(risk.source),
    )


def _kept_source(source: Source | None) -> Source | None:
    if source is None or not (source.report.strip() or source.section.strip() or source.gist.strip()):
        return None
    return Source(
        kept_text(source.report, "Källans rapport", longest=_LONGEST_NAME),
        kept_text(source.section, "Källans avsnitt", longest=_LONGEST_NAME),
        kept_text(source.gist, "Vad källan säger", longest=_LONGEST),
    )


def kept_control(control: Control, kpis: Collection[str]) -> Control:
    """The control as it is kept. `kpis`: the key figures that there are."""
    if control.method is Method.SAMPLE:
        if control.sample_size is None or not 1 <= control.sample_size <= MOST_SAMPLED:
            raise UserError(f"Stickprovet saknar storlek. Skriv hur många som dras, 1–{MOST_SAMPLED}.")
    elif control.sample_size is not None or control.is_review:
        raise UserError("Bara ett stickprov har en storlek och drar planer. Välj metoden stickprov, eller ta bort dem.")
    unknown = [one for one in control.kpis if one not in kpis]
    if unknown:
        raise UserError(f"Nyckeltalet ”{unknown[0]}” finns inte bland definitionerna. Välj bland dem som finns.")
    return replace(
        control,
        what=kept_text(control.what, "Kontrollmomentet", longest=_LONGEST),
        responsible=kept_text(control.responsible, "Ansvarig", longest=_LONGEST_NAME),
        reported_to=kept_text(control.reported_to, "Mottagaren", longest=_LONGEST_NAME),
        reported_when=kept_text(control.reported_when, "När det rapporteras", longest=_LONGEST_NAME),
        kpis=tuple(dict.fromkeys(control.kpis)),
    )
