"""What the log tells of: a closed list, with its Swedish words."""

from __future__ import annotations

from enum import StrEnum


class Action(StrEnum):
    """An action's code as it is stored; `words` is its Swedish."""

    LOGIN = "login", "loggade in"
    LOGIN_REFUSED = "login_refused", "nekades inloggning"
    LOGOUT = "logout", "loggade ut"
    SESSION_ENDED = "session_ended", "sessionen avslutades"
    READ = "read", "läste inifrån på kommandoraden"
    ROWS_READ = "rows_read", "läste uppgifter om enskilda"
    ROWS_HANDED_OVER = "rows_handed_over", "lämnade ut uppgifter om enskilda"
    EXPORT = "export", "laddade ned"
    API_READ = "api_read", "hämtade genom gränssnittet"
    DEFINITIONS_PREVIEWED = "definitions_previewed", "prövade en ändrad definition"
    DEFINITIONS_SAVED = "definitions_saved", "sparade definitionerna"
    DELIVERY_REQUESTED = "delivery_requested", "begärde ett beslut om en leverans"
    DELIVERY_APPROVED = "delivery_approved", "godkände en leverans"
    DELIVERY_REFUSED = "delivery_refused", "avvisade en leverans"
    DELIVERY_REPLAYED = "delivery_replayed", "läste om avvisade rader"
    CLOSING_REQUESTED = "closing_requested", "begärde att en period stängs"
    PERIOD_CLOSED = "period_closed", "stängde en period"
    PERIOD_REVISED = "period_revised", "rättade en stängd period"
    CLOSING_RULE_SET = "closing_rule_set", "bestämde vilka perioder som stängs"
    RELEASE_EXPORTED = "release_exported", "lämnade ut ett släpp"
    RELEASE_IMPORTED = "release_imported", "läste in ett släpp"
    PAPER_MADE = "paper_made", "gjorde en handling"
    PAPER_NUMBERED = "paper_numbered", "gav en handling diarienummer"
    PAPER_DELIVERED = "paper_delivered", "lade fram en handling för nämnden"
    DECISION_MADE = "decision_made", "beslutade"
    ASSESSMENT_SIGNED = "assessment_signed", "undertecknade en bedömning"
    ASSESSMENT_CONFIRMED = "assessment_confirmed", "bekräftade en bedömning"
    ACCESS_REFUSED = "access_refused", "nekades"
    SETTINGS_CHANGED = "settings_changed", "ändrade inställningar"
    TOKEN_CREATED = "token_created", "skapade en nyckel"
    TOKEN_REVOKED = "token_revoked", "drog in en nyckel"
    AUDIT_PURGED = "audit_purged", "gallrade loggen"
    AUDIT_ANCHORED = "audit_anchored", "skrev loggens ankare"
    ACCESS_REVIEWED = "access_reviewed", "granskade åtkomsten"
    CONTROL_SAVED = "control_saved", "sparade ett kontrollmoment"
    CONTROL_SIGNED = "control_signed", "undertecknade ett kontrollmoment"
    CONTROL_REOPENED = "control_reopened", "öppnade ett kontrollmoment igen"
    SAMPLE_DRAWN = "sample_drawn", "lottade ett stickprov"
    PLANS_DRAWN = "plans_drawn", "lottade planer att granska"
    PLAN_REVIEWED = "plan_reviewed", "granskade en plan"
    EVIDENCE_ADDED = "evidence_added", "lade till underlag"
    ACTION_STARTED = "action_started", "lade upp en åtgärd"
    ACTION_CHANGED = "action_changed", "ändrade en åtgärd"
    ACTION_COMMENTED = "action_commented", "kommenterade en åtgärd"
    ACTION_REMINDED = "action_reminded", "påminde om en åtgärd"
    SERIES_CLOSED = "series_closed", "avslutade en serie av avvikelser"
    EFFECT_SIGNED = "effect_signed", "bedömde en åtgärds effekt"
    LEVEL_COUNTED_ANEW = "level_counted_anew", "lät räkna ett nyckeltals vanliga nivå på nytt"
    MARK_REMOVED = "mark_removed", "tog bort en markering ur ett diagram"
    FIGURE_REMARKED = "figure_remarked", "skrev om ett nyckeltal"
    RISK_SCALE_SET = "risk_scale_set", "bestämde riskskalan"
    PLAN_BEGUN = "plan_begun", "påbörjade en kontrollplan"
    PLAN_EDITED = "plan_edited", "ändrade en kontrollplan"
    PLAN_PROPOSED = "plan_proposed", "föreslog en kontrollplan"
    PLAN_TAKEN_BACK = "plan_taken_back", "tog tillbaka en kontrollplan till utkast"
    PLAN_ADOPTED = "plan_adopted", "förde in beslutet att anta en kontrollplan"
    PLAN_REVISION_BEGUN = "plan_revision_begun", "började revidera en kontrollplan"
    PLAN_REVISION_WITHDRAWN = "plan_revision_withdrawn", "drog tillbaka en revidering av en kontrollplan"
    PLAN_FOLLOWED_UP = "plan_followed_up", "förde in beslutet om en kontrollplans uppföljning"
    PLAN_CLOSED = "plan_closed", "förde in beslutet att avsluta en kontrollplan"
    YEAR_PLANNED = "year_planned", "lade in dagar i nämndens år"
    YEAR_DAY_MOVED = "year_day_moved", "flyttade en dag i nämndens år"
    YEAR_DAY_CANCELLED = "year_day_cancelled", "ställde in en dag i nämndens år"
    YEAR_DAY_DONE = "year_day_done", "förde in en riskanalys som gjord"
    DECISION_TOLD = "decision_told", "meddelade förvaltningen ett beslut"
    REMINDED = "reminded", "påminde om det som ska göras"
    MAIL_SENT = "mail_sent", "skickade meddelanden med e-post"
    EARLIER = "earlier", "enligt den tidigare loggen"

    words: str

    def __new__(cls, code: str, words: str) -> Action:
        """A member is its code; the words go with it."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.words = words
        return member


PERSON_LEVEL = frozenset({Action.ROWS_READ, Action.ROWS_HANDED_OVER, Action.PLANS_DRAWN, Action.PLAN_REVIEWED})
"""What reaches rows about persons."""
GIVEN_OUT = frozenset({Action.EXPORT, Action.API_READ, Action.RELEASE_EXPORTED})
"""What takes figures out of the product."""
