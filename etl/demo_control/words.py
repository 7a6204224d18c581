"""What the demo's people write."""

from __future__ import annotations

from collections.abc import Mapping

CAUSES: Mapping[str, str] = {
    "knowledge": "Flera nyanställda har inte hunnit gå utbildningen. Introduktionen kompletteras.",
    "frames": "Två överenskommelser väntar på motpartens underskrift. Registret gås igenom igen nästa period.",
    "secrecy": "Medarbetarna efterfrågar exempel på vad som får delas. Ett stödmaterial tas fram.",
    "responsibility": "Tvisterna gäller placeringar där skola, socialtjänst och region delar kostnaden.",
    "guardians": "Samordnare byts när personal slutar utan att någon ny utses samma dag.",
    "no_plan": "Möten blir sena när kallade verksamheter inte kan samma tid. Fasta mötestider prövas.",
    "school_calls": "Skolans kallelser når inte alltid rätt mottagare hos de andra parterna.",
    "attendance": "Frånvaron är störst när skolan kallar. Mönstret tas upp i den delregionala samverkan.",
    "unlawful": "Det som oftast saknas är vem som ansvarar för andra insatser än kommunens. Mallen förtydligas.",
    "child_voice": "Barnets åsikt antecknas inte när barnet väljer att inte delta. Rutinen kompletteras.",
    "follow_up": "Uppföljningar har blivit liggande när handläggare slutat. Enheten söder svarar för de flesta.",
    "family_centre": "Hänvisningar till vårdcentralen har saknat mottagare under perioden.",
    "deviations": "Svar dröjer när avvikelsen rör flera parter. En ansvarig per avvikelse utses.",
    "no_effect": "Åtgärder beslutas men effekten bedöms inte alltid. Punkten förs in i ledningsgruppens möten.",
    "blind_board": "Rapporteringen följer planen, men underlag kommer in sent.",
}
"""Why a control found something, by risk."""
NOT_DONE = "Enkäten till barn och unga skickades inte ut: leverantören bytte system under hösten. Den görs nästa år."
NOTHING_TO_DRAW = "Inga planer hade upprättats i perioden enligt de leveranser som fanns. Urvalet görs nästa gång."
COMMENTS: Mapping[str, str] = {
    "sip_lead_time": "Ledtiden drivs av svårigheten att hitta en tid som alla kallade kan. Fasta mötestider prövas.",
    "sip_met_30d": "Möten blir sena när flera huvudmän ska delta. Fasta mötestider prövas med region och skola.",
    "sip_call_complete": "Checklistan för kallelser används på alla enheter sedan den infördes. Utvecklingen följs.",
    "sip_full_attendance": "Frånvaron är störst när skolan kallar. Frågan är lyft i den delregionala samverkan.",
    "sip_absence_by_actor": "Vi kallar i tid och med tydlig fråga. Frånvaron hos regionens verksamheter är inte vår "
    "att styra och har tagits upp med dem.",
    "sip_absence_unannounced": "Vi begär nu bekräftelse på kallelsen en vecka före mötet.",
    "sip_mandate": "Parterna har påmints om att deltagare ska kunna besluta. Frågan finns med i kallelsen.",
    "sip_school_gap": "Gapet beror på få möten. Skolans kallelser går nu genom samma samordnare som våra.",
    "sip_lawful": "Stickprovet visar att ansvaret för andra insatser oftast saknas. Mallen är förtydligad.",
    "sip_consent_documented": "Samtycke finns men är inte alltid antecknat. Aktiva planer rättas vid nästa möte.",
    "sip_coordinator": "Ny samordnare utses numera samma dag som den tidigare slutar.",
    "sip_child_voice": "Barnets åsikt ska antecknas även när barnet inte deltar. Rutinen är ändrad.",
    "sip_followed_up_in_time": "Personalomsättning på Barn och familj söder. En åtgärd är beslutad och följs här.",
    "sip_follow_up_overdue": "De försenade uppföljningarna finns främst på Barn och familj söder och betas av.",
    "sip_activities_done": "Insatser hos andra huvudmän registreras sent. Vi stämmer av vid varje uppföljning.",
    "sip_closed_evaluated": "Utvärdering görs vid mötet men registreras inte alltid. Påminnelse finns i checklistan.",
    "sip_dormant": "Vilande planer gås igenom varje kvartal och avslutas eller återupptas.",
    "deviation_feedback_60d": "Motpartens svar dröjer. Vi har begärt en gemensam rutin för återkoppling.",
    "deviation_answered_60d": "En ansvarig utses nu för varje avvikelse samma vecka som den kommer in.",
    "deviation_action_decided": "Enhetscheferna beslutar om åtgärd vid veckomötet.",
    "deviation_effect_assessed": "Effekten bedöms efter tre månader. Flera åtgärder har inte nått dit.",
    "deviation_open_90d": "De äldsta avvikelserna väntar på svar från motparten.",
    "referral_contact_30d": "Hänvisningar till vårdcentralen saknade mottagare en period. En kontaktväg finns nu.",
    "referral_lost": "Hänvisningar till vårdcentralen saknade mottagare en period. En kontaktväg finns nu.",
    "training_coverage": "Utbildningen ges två gånger om året. Nästa omgång omfattar även nämndens ledamöter.",
    "bup_first_visit_90d": "Väntetiden är regionens att påverka. Den gör att våra insatser ofta börjar först.",
}
"""What the administration says of a red figure."""
COMMENT = "Orsaken är genomgången med enhetscheferna. Värdet följs och tas upp igen vid nästa uppföljning."
"""Of any other one."""
NO_ACTION = "Det som redan pågår bedöms räcka. Nämnden tar ställning igen vid nästa uppföljning."
"""Why a red figure has no action of its own."""
STILL = "Liknar föregående tertial."
"""Before a comment that was made the tertial before, too."""
COUNTERPART = (
    "Regionens verksamhet för barn- och ungdomspsykiatri uppger att vakanser har gjort det svårt att delta, och att en "
    "gemensam planering av mötestider påbörjas."
)
MOTIVATIONS: Mapping[str, str] = {
    "question_1": "Överenskommelserna finns och gäller, men medarbetarnas kännedom om dem varierar mellan enheterna.",
    "question_2": "Ansvaret är tydligt på papper. I ärenden med delad finansiering tar det fortfarande tid att enas.",
    "question_3": "SIP används och följs upp i allt högre grad, men deltagandet brister när skolan kallar.",
    "question_4": "Nyckeltal och kontrollmoment rapporteras varje tertial. Effekten av åtgärder visas bara delvis.",
    "maturity": "Rutiner och ansvar är beslutade. Avvikelser besvaras, men lärdomar sprids ännu inte mellan enheter.",
}
"""By what is assessed, for the administration."""
PRESIDIUM: Mapping[str, str] = {
    "question_1": "Presidiet har tagit del av överenskommelserna och av utbildningens omfattning.",
    "question_2": "Presidiet har mött regionens företrädare. Samsyn finns, men finansieringen är inte löst.",
    "question_3": "Tertialuppföljningen visar att planerna följs upp i tid och att kallelserna har blivit tydligare.",
    "question_4": "Nämnden får regelbundna uppgifter och kan fråga efter orsaker och åtgärder.",
    "maturity": "Nämnden följer nyckeltal mot egna mål, och beslutade åtgärder prövas.",
}
"""And for the presidium."""
