"""The plan's Swedish words, for pages, papers and messages. In running text lower case."""

from __future__ import annotations

from collections.abc import Mapping

from control.plan.content import Category, Frequency, Handling, Method
from control.plan.scale import Band
from control.plan.store import Decided, PlanStatus

CATEGORIES: Mapping[Category, str] = {
    Category.OPERATIONS: "verksamhet",
    Category.LEGAL: "lag och regler",
    Category.FINANCE: "ekonomi",
    Category.INFORMATION: "information och sekretess",
    Category.TRUST: "förtroende",
}
HANDLINGS: Mapping[Handling, str] = {
    Handling.ACCEPT: "acceptera",
    Handling.CONTROL: "kontrollera",
    Handling.ACT: "åtgärda",
}
METHODS: Mapping[Method, str] = {
    Method.TOTAL: "allt gås igenom",
    Method.SAMPLE: "stickprov",
    Method.EXTRACT: "uttag ur system",
}
FREQUENCIES: Mapping[Frequency, str] = {
    Frequency.MONTH: "varje månad",
    Frequency.QUARTER: "varje kvartal",
    Frequency.TERTIAL: "varje tertial",
    Frequency.HALF_YEAR: "varje halvår",
    Frequency.YEAR: "varje år",
}
BANDS: Mapping[Band, str] = {Band.LOW: "lågt", Band.MEDIUM: "medelhögt", Band.HIGH: "högt"}
STATUSES: Mapping[PlanStatus, str] = {
    PlanStatus.DRAFT: "utkast",
    PlanStatus.PROPOSED: "föreslagen",
    PlanStatus.ADOPTED: "antagen",
    PlanStatus.FOLLOWED_UP: "uppföljd",
    PlanStatus.CLOSED: "avslutad",
}
DECISIONS: Mapping[Decided, str] = {
    Decided.ADOPTED: "antog planen",
    Decided.FOLLOWED_UP: "godkände uppföljningen",
    Decided.CLOSED: "avslutade planen",
}
