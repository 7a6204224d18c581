"""Which rows an address means, and the address of some, for every dataset in one way: each parameter with its words, in
Swedish without å, ä and ö, and how a choice and a sentence tell them. Nothing else is a meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dashboard import texts
from dashboard.case_words import KINDS
from dashboard.components import choices
from dashboard.components.link import address
from kpi.deviations import Side
from kpi.organisation import swedish_key
from kpi.period import Period
from kpi.views.behind import AFTER_DAYS
from kpi.views.case_filter import Back, CaseFilter, Day, Order
from kpi.views.case_rows import CASE_KINDS
from kpi.views.deviation_filter import USUAL_DAYS, DeviationFilter, Standing
from kpi.views.errors import NotFound
from kpi.views.plan_filter import Came, PlanStanding
from kpi.views.referral_filter import ReferralStanding
from warehouse.contract import ACTORS, DEVIATION_CATEGORIES


@dataclass(frozen=True)
class Word:
    """A word of the address: what it means, and how it is told in running text."""

    code: str
    meaning: Any
    told: str


@dataclass(frozen=True)
class Parameter:
    """`attribute`: of the dataset's filter. `choice`: the identity of the choice that writes it, None for what only
    links do; `every`: its first word, which means the usual. `phrase`: how it is told in `Visar bara`, None for what
    leaves nothing out."""

    name: str
    attribute: str
    words: tuple[Word, ...]
    label: str = ""
    choice: str | None = None
    every: str = "Alla"
    width: int = 200
    phrase: str | None = None


_BY_NAME = sorted(ACTORS, key=lambda one: swedish_key(texts.actor(one)))


def _actors(name: str, attribute: str, label: str, choice: str | None, phrase: str, width: int = 180) -> Parameter:
    words = tuple(Word(one, one, texts.actor(one)) for one in _BY_NAME)
    return Parameter(name, attribute, words, label, choice, width=width, phrase=phrase)


def _standing(*words: Word) -> Parameter:
    return Parameter("lage", "standing", words, "Läge", choices.STANDING_ID, width=260, phrase="{}")


def _back(label: str) -> Parameter:
    words = (
        Word("tertial", Back.TERTIAL, "fyra månader"),
        Word("ar", Back.YEAR, "tolv månader"),
        Word("hela", Back.ALL, "till och med månaden"),
    )
    return Parameter("tid", "back", words, label, choices.BACK_ID, "Månaden", 230)


def _by(every: str, *words: Word) -> Parameter:
    return Parameter("dag", "by", words, "Efter dagen för", choices.DAY_ID, every, 230)


_AFTER = Parameter("efter", "after_days", tuple(Word(str(one), one, f"{one} dagar efter") for one in AFTER_DAYS))
"""Only links write it; the sentence above the rows tells it."""


def _order(*words: Word) -> Parameter:
    usual = Word("nyast", Order.NEWEST, "nyast först"), Word("enhet", Order.UNIT, "enhet")
    return Parameter("ordning", "order", (*usual, *words), "Ordning", choices.ORDER_ID, "Äldst först", 170)


PARAMETERS: Mapping[str, tuple[Parameter, ...]] = {
    "deviations": (
        _back("Tid"),
        _by("rapporten", Word("avslut", Day.CLOSED, "avslutet")),
        _AFTER,
        Parameter(
            "kategori", "category",
            tuple(Word(one, one, texts.PARTS["category"][one]) for one in DEVIATION_CATEGORIES),
            "Kategori", choices.CATEGORY_ID, width=220, phrase="{}",
        ),
        _actors("rapporterad-av", "reporter", "", None, "rapporterade av {}"),
        _actors("motpart", "counterpart", "Motpart", choices.COUNTERPART_ID, "motpart {}"),
        Parameter(
            "svarar", "side",
            (Word("vi", Side.OURS, "kommunen svarar"), Word("motparten", Side.THEIRS, "motparten svarar")), phrase="{}",
        ),
        _standing(
            Word("oppna", Standing.OPEN, "öppna"),
            Word("oppna-0-30", Standing.OPEN_30, "öppna 0–30 dagar"),
            Word("oppna-31-60", Standing.OPEN_60, "öppna 31–60 dagar"),
            Word("oppna-61-90", Standing.OPEN_90, "öppna 61–90 dagar"),
            Word("oppna-over-90", Standing.OPEN_LONG, "öppna mer än 90 dagar"),
            Word("avslutade", Standing.CLOSED, "avslutade"),
            Word("utan-aterkoppling", Standing.UNANSWERED, "utan återkoppling"),
            Word("aterkoppling-i-tid", Standing.ANSWERED_IN_TIME, "återkoppling i tid"),
            Word("aterkoppling-sen", Standing.ANSWERED_LATE, "återkoppling för sent"),
            Word("aterkoppling-vantar", Standing.WAITING, "återkoppling väntar, inte förfallen"),
            Word("aterkoppling-forfallen", Standing.OVERDUE, "återkoppling väntar, förfallen"),
            Word("utan-atgard", Standing.WITHOUT_ACTION, "utan beslutad åtgärd"),
        ),
        _order(Word("kategori", Order.CATEGORY, "kategori"), Word("motpart", Order.COUNTERPART, "motpart")),
    ),
    "sips": (
        _back("Tid"),
        _by(
            "initiativet",
            Word("kallelse", Day.CALLED, "kallelsen"),
            Word("forsta-mote", Day.FIRST_MEETING, "första mötet"),
            Word("mote", Day.MEETING, "något möte"),
            Word("uppfoljning", Day.FOLLOW_UP, "avtalad uppföljning"),
            Word("insats", Day.ACTIVITY, "insats som ska vara klar"),
            Word("avslut", Day.CLOSED, "avslutet"),
        ),
        _AFTER,
        _actors("initierad-av", "initiator", "Initierad av", choices.INITIATOR_ID, "initierade av {}"),
        _actors("kallande", "caller", "Kallande aktör", choices.CALLER_ID, "kallande {}"),
        _actors("kallad", "called", "Kallad aktör", choices.CALLED_ID, "kallad {}"),
        Parameter(
            "kom", "came", (Word("ja", Came.YES, "deltog"), Word("nej", Came.NO, "uteblev")), phrase="{}"
        ),
        Parameter(
            "samtycke", "consent", tuple(Word(one, one, told) for one, told in (
                ("given", "samtycke gavs"), ("declined", "samtycke nekades"), ("withdrawn", "samtycke togs tillbaka"),
                ("unknown", "samtycke okänt"),
            )), "Samtycke", choices.CONSENT_ID, width=220, phrase="{}",
        ),
        _standing(
            Word("pagar", PlanStanding.ONGOING, "pågår"),
            Word("avslutade", PlanStanding.CLOSED, "avslutade"),
            Word("utan-kallelse", PlanStanding.WITHOUT_CALL, "utan kallelse"),
            Word("utan-mote", PlanStanding.WITHOUT_MEETING, "utan möte"),
            Word("utan-samordnare", PlanStanding.WITHOUT_COORDINATOR, "utan samordnare"),
            Word("utan-utvardering", PlanStanding.CLOSED_UNEVALUATED, "avslutade utan utvärdering"),
            Word("forsenad-uppfoljning", PlanStanding.FOLLOW_UP_OVERDUE, "uppföljning mer än 30 dagar sen"),
        ),
        _order(Word("kallande", Order.CALLER, "kallande aktör")),
    ),
    "referrals": (
        _back("Tid"),
        _actors("skickad-av", "sender", "Från", choices.SENDER_ID, "från {}"),
        _actors("skickad-till", "receiver", "Till", choices.RECEIVER_ID, "till {}"),
        _standing(
            Word("kontakt", ReferralStanding.CONTACT, "har fått kontakt"),
            Word("utan-kontakt", ReferralStanding.NO_CONTACT, "utan kontakt"),
            Word("tackade-nej", ReferralStanding.DECLINED, "tackade nej"),
        ),
        _order(Word("fran", Order.SENDER, "från"), Word("till", Order.RECEIVER, "till")),
    ),
}  # fmt: skip
"""In the order that they are chosen and told. A page of rows has the same in its store."""
NAMES = tuple(dict.fromkeys(one.name for every in PARAMETERS.values() for one in every))
_DATASETS = {kind.filter: kind.dataset for kind in CASE_KINDS.values()}


def filter_of(dataset: str, query: Mapping[str, Any], due_days: int = USUAL_DAYS) -> CaseFilter:
    """What the parameters mean for a dataset; NotFound for what is none of their words."""
    given = {one.attribute: _meaning(one, query.get(one.name)) for one in PARAMETERS.get(dataset, ())}
    told: dict[str, Any] = {name: meaning for name, meaning in given.items() if meaning is not None}
    if dataset not in CASE_KINDS:
        return CaseFilter()
    return with_due(CASE_KINDS[dataset].filter(**told), due_days)


def with_due(found: CaseFilter, due_days: int) -> CaseFilter:
    """With the definitions' days to feedback, where they matter."""
    return replace(found, due_days=due_days) if isinstance(found, DeviationFilter) else found


def _meaning(parameter: Parameter, told: Any) -> Any:
    if not told:
        return None
    found = next((one for one in parameter.words if one.code == told), None)
    if found is None:
        raise NotFound("Urvalet av rader finns inte. Välj i listorna.")
    return found.meaning


def parameters_of(wanted: CaseFilter) -> dict[str, str]:
    """The parameters that mean this; what is usual is not told."""
    return {one.name: word.code for one, word in _chosen(wanted)}


def narrowed_to(wanted: CaseFilter) -> str:
    """`utebliven medverkan, motpart BUP, öppna mer än 90 dagar`."""
    return ", ".join(one.phrase.format(word.told) for one, word in _chosen(wanted) if one.phrase is not None)


def _chosen(wanted: CaseFilter) -> Iterator[tuple[Parameter, Word]]:
    for parameter in PARAMETERS.get(_DATASETS.get(type(wanted), ""), ()):
        meant = getattr(wanted, parameter.attribute)
        for word in parameter.words:
            if word.meaning == meant:
                yield parameter, word


def dataset_of(wanted: CaseFilter) -> str:
    """The dataset that a filter of its own is about."""
    return _DATASETS[type(wanted)]


def cases_address(dataset: str, unit_code: str, month: Period, wanted: CaseFilter, **more: str | None) -> str:
    """Where the rows themselves are read. `more`: which page, and the way back."""
    slag = KINDS[dataset].code
    return address("/underlag", slag=slag, enhet=unit_code, manad=str(month), **parameters_of(wanted), **more)
