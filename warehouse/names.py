"""What readers call the contract's datasets: the same word on a page, in a reason and in a refusal."""

from __future__ import annotations

DATASETS = {
    "org_units": "Organisation",
    "population": "Folkmängd",
    "sips": "SIP",
    "sip_follow_ups": "Uppföljningar av SIP",
    "sip_participants": "Deltagare i SIP-möten",
    "sip_activities": "Insatser i SIP",
    "sip_reviews": "Granskade SIP",
    "deviations": "Avvikelser",
    "referrals": "Hänvisningar",
    "referral_counts": "Räknade hänvisningar",
    "training": "Utbildning",
    "survey_answers": "Enkätsvar",
    "agreements": "Överenskommelser",
    "meetings": "Samverkansmöten",
    "reported_values": "Rapporterade värden",
    "context_values": "Jämförelsetal",
    "controls": "Kontrollmoment",
    "actions": "Åtgärder",
    "action_effects": "Bedömda effekter av åtgärder",
    "board_reports": "Rapporter till nämnden",
    "assessments": "Bedömningar",
}
