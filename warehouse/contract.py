"""The delivery contract, version 1, as data: every dataset with its fields, keys and codes.

One declaration serves three readers: `warehouse.tables` makes the versioned tables from it, `etl` validates
deliveries against it, and `kpi` types its expressions by it. Nothing here knows a source system.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a field holds. Days have no clock; codes are strings (``0180`` keeps its zero)."""

    TEXT = "text"
    CODE = "code"  # a string that identifies something: unit, municipality, plan
    CHOICE = "choice"  # one of `codes`
    DAY = "day"
    MONTH = "month"  # YYYY-MM
    BOOLEAN = "boolean"  # blank = no
    INTEGER = "integer"  # >= 0
    NUMBER = "number"  # decimal
    PERSON = "person"  # a personal identity number or a local id; only its pseudonym is stored
    FREE_TEXT = "free_text"  # stored masked


NEVER_COUNTED = frozenset({Kind.PERSON, Kind.FREE_TEXT})
"""No figure counts by these and no page shows them."""


@dataclass(frozen=True)
class Field:
    """One column of a dataset.

    `may_be_future`: the day may lie after the delivery's as-of (an agreement about a day to come).
    `default`: the stored value of a blank cell; None = null.
    """

    name: str
    kind: Kind
    required: bool = False
    key: bool = False
    codes: tuple[str, ...] = ()
    may_be_future: bool = False
    default: str | None = None

    @property
    def column(self) -> str:
        """The warehouse column: a person is stored as a pseudonym and named so."""
        return "person_pseudonym" if self.kind is Kind.PERSON else self.name


@dataclass(frozen=True)
class Dataset:
    """One dataset of the contract.

    `event_on`: the field whose earliest month begins the dataset's coverage (None: not an event dataset).
    `steps`: days that must not decrease from left to right, where both are given.
    `is_own`: what the product holds itself and delivers to itself; no other source may.
    """

    name: str
    fields: tuple[Field, ...]
    event_on: str | None = None
    steps: tuple[tuple[str, str], ...] = ()
    is_own: bool = False

    @property
    def key(self) -> tuple[Field, ...]:
        """The natural key, in the contract's order."""
        return tuple(field for field in self.fields if field.key)

    @property
    def has_municipality(self) -> bool:
        """Whether rows name their municipality themselves (training and reported values get it from the unit)."""
        return any(field.name == "municipality_code" for field in self.fields)

    def field(self, name: str) -> Field:
        """The field of that name; KeyError when the dataset has none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)


ACTORS = (
    "socialtjanst", "forskola", "skola", "elevhalsa", "bup", "bum", "habilitering", "primarvard", "bvc", "mvc",
    "beroendevard", "oppen_forskola", "polis", "barnet", "vardnadshavare", "annan",
)  # fmt: skip
FAMILY = ("barnet", "vardnadshavare")
SCHOOL_ACTORS = ("forskola", "skola", "elevhalsa")
LEVELS = ("region", "delregional", "municipality", "board", "administration", "unit")
AREAS = ("social", "education")
PRINCIPALS = ("municipality", "region", "private")
DEVIATION_CATEGORIES = (
    "utebliven_medverkan", "oklart_ansvar", "finansieringstvist", "bristande_information", "sekretess_samtycke",
    "bristande_tillganglighet", "utskrivning", "annan",
)  # fmt: skip


def _text(name: str, *, required: bool = False, key: bool = False) -> Field:
    return Field(name, Kind.TEXT, required, key)


def _code(name: str, *, required: bool = False, key: bool = False) -> Field:
    return Field(name, Kind.CODE, required, key)


def _choice(
    name: str,
    codes: tuple[str, ...],
    *,
    required: bool = False,
    key: bool = False,
    default: str | None = None,
) -> Field:
    return Field(name, Kind.CHOICE, required, key, codes, default=default)


def _day(
    name: str,
    *,
    required: bool = False,
    key: bool = False,
    may_be_future: bool = False,
    default: str | None = None,
) -> Field:
    return Field(name, Kind.DAY, required, key, may_be_future=may_be_future, default=default)


def _month(name: str) -> Field:
    return Field(name, Kind.MONTH, required=True, key=True)


def _flag(name: str, *, required: bool = False) -> Field:
    return Field(name, Kind.BOOLEAN, required)


def _integer(name: str, *, required: bool = False, key: bool = False) -> Field:
    return Field(name, Kind.INTEGER, required, key)


_MUNICIPALITY = _code("municipality_code", required=True, key=True)
_SIP = _code("sip_id", required=True, key=True)

_SIP_LATER_STEPS = ("activity_followed_up_on", "evaluated_on", "followed_up_on", "closed_on")

_DATASETS = (
    Dataset(
        "org_units",
        (
            _code("unit_code", required=True, key=True),
            _day("valid_from", key=True, may_be_future=True, default="0001-01-01"),
            _day("valid_to", may_be_future=True),
            _text("name", required=True),
            _choice("level", LEVELS, required=True),
            _code("parent_code"),
            _code("municipality_code"),
            _choice("area", AREAS),
            _choice("actor", ACTORS),
            _choice("principal", PRINCIPALS),
        ),
        steps=(("valid_from", "valid_to"),),
    ),
    Dataset(
        "population",
        (_MUNICIPALITY, _integer("year", required=True, key=True), _code("age", required=True, key=True),
         _integer("children", required=True)),
    ),
    Dataset(
        "sips",
        (
            _SIP,
            _MUNICIPALITY,
            _code("unit_code", required=True),
            Field("person_id", Kind.PERSON, required=True),
            _day("birth_date"),
            _choice("sex", ("K", "M")),
            _choice("initiator_actor", ACTORS, required=True),
            _choice("calling_actor", ACTORS),
            _day("initiated_on", required=True),
            _choice("consent", ("given", "declined", "withdrawn", "unknown"), default="unknown"),
            _day("consent_on"),
            _day("called_on"),
            _flag("purpose_stated"),
            _flag("question_stated"),
            _day("mapped_on"),
            _day("met_on"),
            _flag("coordinator_named"),
            _choice("lead_principal", ("municipality", "region")),
            _choice("child_voice", ("attended", "statement", "asked_declined", "observed", "none")),
            _day("agreed_follow_up_on", may_be_future=True),
            _day("activity_followed_up_on"),
            _day("evaluated_on"),
            _choice("goal_attainment", ("full", "partial", "none", "not_assessed")),
            _day("followed_up_on"),
            _day("closed_on"),
            _choice("closed_reason", ("goals_met", "moved", "consent_withdrawn", "age_18", "other")),
        ),
        event_on="initiated_on",
        steps=(
            ("initiated_on", "called_on"),
            ("initiated_on", "mapped_on"),
            ("initiated_on", "met_on"),
            ("called_on", "met_on"),
            *((first, later) for later in _SIP_LATER_STEPS for first in ("initiated_on", "called_on", "met_on")),
        ),
    ),
    Dataset(
        "sip_follow_ups",
        (_SIP, _MUNICIPALITY, _integer("follow_up_no", required=True, key=True),
         _day("agreed_on", required=True, may_be_future=True), _day("moved_to", may_be_future=True), _day("held_on")),
        event_on="agreed_on",
    ),
    Dataset(
        "sip_participants",
        (_SIP, _MUNICIPALITY, _integer("meeting_no", required=True, key=True),
         _choice("actor", ACTORS, required=True, key=True), _day("met_on", required=True),
         _flag("attended", required=True), _choice("absence", ("announced", "unannounced")), _flag("mandate")),
        event_on="met_on",
    ),
    Dataset(
        "sip_activities",
        (_SIP, _MUNICIPALITY, _integer("activity_no", required=True, key=True),
         _choice("principal", PRINCIPALS, required=True), _choice("actor", ACTORS, required=True),
         _day("due_on", required=True, may_be_future=True), _day("completed_on"), _day("cancelled_on")),
        event_on="due_on",
    ),
    Dataset(
        "sip_reviews",
        (_code("review_id", required=True, key=True), _MUNICIPALITY, _code("unit_code", required=True),
         _day("reviewed_on", required=True), _code("sip_id"), _flag("needs_stated", required=True),
         _flag("responsibilities_stated", required=True), _flag("other_measures_stated", required=True),
         _flag("lead_principal_stated", required=True)),
        event_on="reviewed_on",
    ),
    Dataset(
        "deviations",
        (
            _code("deviation_id", required=True, key=True),
            _MUNICIPALITY,
            _code("unit_code", required=True),
            _day("occurred_on"),
            _day("reported_on", required=True),
            _choice("reporting_actor", ACTORS, required=True),
            _choice("counterpart_actor", ACTORS, required=True),
            _choice("category", DEVIATION_CATEGORIES, required=True),
            _choice("severity", ("low", "medium", "high")),
            _choice("level", ("managers", "working_group", "steering_group")),
            _code("sip_id"),
            _day("feedback_on"),
            _day("action_decided_on"),
            _day("effect_assessed_on"),
            _choice("effect", ("yes", "partly", "no")),
            _day("closed_on"),
            Field("description", Kind.FREE_TEXT),
        ),
        event_on="reported_on",
    ),
    Dataset(
        "referrals",
        (_code("referral_id", required=True, key=True), _MUNICIPALITY, _code("centre_code", required=True),
         _choice("from_actor", ACTORS, required=True), _choice("to_actor", ACTORS, required=True),
         _day("referred_on", required=True), _day("received_on"), _day("first_contact_on"),
         _choice("outcome", ("received", "declined", "no_contact"))),
        event_on="referred_on",
    ),
    Dataset(
        "referral_counts",
        (_MUNICIPALITY, _code("centre_code", required=True, key=True), _month("month"),
         _choice("from_actor", ACTORS, required=True, key=True), _choice("to_actor", ACTORS, required=True, key=True),
         _integer("referred", required=True), _integer("received"), _integer("contact_within_30d"),
         _integer("no_contact_60d")),
        event_on="month",
    ),
    Dataset(
        "training",
        (_code("unit_code", required=True, key=True), _month("month"),
         _choice("subject", ("agreements", "sip_routine", "secrecy"), required=True, key=True),
         _integer("staff", required=True), _integer("trained", required=True)),
        event_on="month",
    ),
    Dataset(
        "survey_answers",
        (_code("survey", required=True, key=True), _MUNICIPALITY, _code("board_code", key=True),
         _choice("respondents", ("board_members", "staff", "children", "guardians"), required=True, key=True),
         _day("answered_on", required=True, key=True), _code("question", required=True, key=True),
         _choice("answer", ("large", "some", "small", "none", "dont_know"), required=True, key=True),
         _integer("answers", required=True)),
        event_on="answered_on",
    ),
    Dataset(
        "agreements",
        (_code("agreement_id", required=True, key=True), _MUNICIPALITY,
         _choice("kind", ("agreement", "group_mandate"), required=True), _text("name", required=True),
         _text("parties", required=True), _day("valid_from", required=True, may_be_future=True),
         _day("valid_to", may_be_future=True), _day("signed_on"), _day("reviewed_on")),
        event_on="valid_from",
        steps=(("valid_from", "valid_to"),),
    ),
    Dataset(
        "meetings",
        (_code("meeting_id", required=True, key=True), _MUNICIPALITY,
         _choice("forum", ("central", "delregional", "local", "steering", "information"), required=True),
         _code("board_code"), _day("planned_on", required=True, may_be_future=True), _day("held_on"),
         _day("minutes_on"), _flag("children_on_agenda")),
        event_on="planned_on",
    ),
    Dataset(
        "reported_values",
        (_code("kpi_id", required=True, key=True), _code("unit_code", required=True, key=True),
         _code("period", required=True, key=True), _code("split", key=True),
         Field("numerator", Kind.NUMBER, required=True), Field("denominator", Kind.NUMBER)),
    ),
    Dataset(
        "context_values",
        (_code("kpi_id", required=True, key=True), _MUNICIPALITY, _integer("year", required=True, key=True),
         _choice("sex", ("T", "K", "M"), required=True, key=True), Field("value", Kind.NUMBER), _text("status")),
    ),
    # the product's own records, which only itself delivers
    Dataset(
        "controls",
        (_code("control_no", required=True, key=True), _MUNICIPALITY, _code("unit_code", required=True),
         _day("due_on", required=True, may_be_future=True), _day("done_on"), _day("cancelled_on")),
        event_on="due_on", is_own=True,
    ),
    Dataset(
        "actions",
        (_code("action_no", required=True, key=True), _MUNICIPALITY, _code("unit_code", required=True),
         _day("due_on", required=True, may_be_future=True), _day("done_on"), _day("cancelled_on")),
        event_on="due_on", is_own=True,
    ),
    Dataset(
        "action_effects",
        (_code("action_no", required=True, key=True), _MUNICIPALITY, _code("unit_code", required=True),
         _day("assessed_on", required=True, key=True),
         _choice("effect", ("yes", "partly", "no", "too_early"), required=True)),
        event_on="assessed_on", is_own=True,
    ),
    Dataset(
        "board_reports",
        (_code("report_no", required=True, key=True), _MUNICIPALITY, _code("unit_code", required=True),
         _day("planned_on", required=True, may_be_future=True), _day("delivered_on"), _day("cancelled_on")),
        event_on="planned_on", is_own=True,
    ),
    Dataset(
        "assessments",
        (_code("assessment_no", required=True, key=True), _MUNICIPALITY, _code("unit_code", required=True),
         _day("period_begins_on", required=True),
         _choice("about", ("maturity", "question_1", "question_2", "question_3", "question_4"), required=True),
         _choice("assessor", ("presidium", "administration", "unit"), required=True),
         _integer("grade", required=True)),
        event_on="period_begins_on", is_own=True,
    ),
)  # fmt: skip

DATASETS: dict[str, Dataset] = {dataset.name: dataset for dataset in _DATASETS}
