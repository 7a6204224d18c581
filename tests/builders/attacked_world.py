"""Two municipalities with two boards each, in which everything of another board or municipality bears a mark of its
own: a name, a number or a key that stands nowhere else. A reader who meets a mark meets what is somebody else's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import dash
from sqlalchemy import Engine, insert, update

from control.actions.form import ActionForm
from control.actions.work import comment_action, start_action
from control.audit.actions import Action
from control.audit.log import record
from control.evidence import About, EvidenceKind, Given, add_evidence
from control.handover import Handover, hand_over
from control.login.grants import Person
from control.login.secret import hash_of
from control.login.sessions import Lifetime, open_session
from control.login.tokens import issue_token
from control.occasions.reviews import draw_plans, read_drawn
from control.papers.content import PaperContent, as_json
from control.papers.content import hash_of as hash_of_paper
from control.release.importing import import_release
from control.remarks import write_remark
from control.saved_views import read_views, save_view
from dashboard.app import create_app
from kpi.access import OPERATOR, Grant, Role, Viewer
from kpi.access.truth import ROLES
from kpi.compute import compute
from kpi.file_parts import figure_parts
from kpi.loader import DefinitionError, load_catalogue
from kpi.period import Period
from tests.builders.closed_world import choose
from tests.builders.dash_calls import LoginAs
from tests.builders.login import login_settings
from tests.builders.packages import KEY, SHARE, count, figure, package, share, value
from tests.builders.paper_document import document
from tests.builders.plan_world import REVIEW, SAMPLED, TODAY, adopted_plan
from tests.builders.plan_world import numbers as occasion_numbers
from tests.builders.release_rows import release
from tests.builders.warehouse import deliver
from warehouse.assessment_tables import assessment
from warehouse.database import open_engine, reading, writing
from warehouse.paper_tables import board_date, notice, paper
from warehouse.settings import Settings
from warehouse.tables import delivery, rejected_row

FIGURE = "deviations_reported"
OWN, OWN_BOARD, OWN_UNIT = "1287", "1287-SN", "1287-SN-A"
OTHER_BOARD, OTHER_UNIT, MOVED = "1287-BN", "1287-BN-A", "1287-M"
FOREIGN, FOREIGN_BOARD, FOREIGN_UNIT = "1263", "1263-SN", "1263-SN-A"
OTHERS = (OTHER_BOARD, OTHER_UNIT, FOREIGN, FOREIGN_BOARD, FOREIGN_UNIT, "1263-BN-A", "12", "okänd", "1287-SN-Ö")
"""Whose inside nobody of the own board reads: another board, its unit, another municipality's, the region, unknown."""
XSS = "<img src=x onerror=window.hit=1><a href='javascript:window.hit=1'>länk</a>"
"""Stands in what others have written: a unit's name, a file's, a message, a user's and a program's."""
REASON = "Granskar ärenden utan återkoppling"
OTHER_ASSESSMENT, FOREIGN_ASSESSMENT = 1, 2
"""Each waits for a second person of its own board."""
MANY = {OTHER_UNIT: 1009, "1263-SN-A": 1013, "1263-BN-A": 1019}
"""Deviations in March 2025: primes, which no sum or share of the own board gives."""
_WITHOUT_BOARD = frozenset({Role.CENTRAL_CONTROLLER, Role.DPO, Role.DELREGIONAL, Role.ADMIN})


def _unit(code: str, name: str, level: str, parent: str | None, **more: Any) -> dict[str, Any]:
    home = None if level == "region" else code[:4]
    return {"unit_code": code, "name": name, "level": level, "parent_code": parent, "municipality_code": home} | more


UNITS = [
    _unit("12", "Regionen", "region", None),
    _unit("1287", "Hemkommunen", "municipality", "12"),
    _unit("1287-SN", "Egna socialnämnden", "board", "1287", area="social"),
    _unit("1287-SN-A", "Lindgården", "unit", "1287-SN", actor="socialtjanst"),
    _unit("1287-SN-B", f"Solgården {XSS}", "unit", "1287-SN", actor="socialtjanst"),
    _unit("1287-BN", "Egna bildningsnämnden", "board", "1287", area="education"),
    _unit("1287-BN-A", "Kvarnskolan", "unit", "1287-BN", actor="skola"),
    _unit("1287-BN-B", "Ekdungeskolan", "unit", "1287-BN", actor="skola"),
    _unit("1287-M", "Flyttlaget", "unit", "1287-SN", valid_to="2025-03-15"),
    _unit("1287-M", "Flyttlaget", "unit", "1287-BN", valid_from="2025-03-16"),
    _unit("1263", "Grannkommunen", "municipality", "12"),
    _unit("1263-SN", "Grannarnas socialnämnd", "board", "1263", area="social"),
    _unit("1263-SN-A", "Grannhemmet", "unit", "1263-SN", actor="socialtjanst"),
    _unit("1263-SN-B", "Grannviken", "unit", "1263-SN", actor="socialtjanst"),
    _unit("1263-BN", "Grannarnas bildningsnämnd", "board", "1263", area="education"),
    _unit("1263-BN-A", "Grannskolan", "unit", "1263-BN", actor="skola"),
]
_MARKS_OF_FOREIGN = (
    "1013", "1019", "7919", "Grannarnas", "Grannhemmet", "Grannviken", "Grannskolan", "rad-1263", "grannens-fil",
    "grannens-fel", "grannens-skäl", "grannens-program", "grannens-admin", "grannens-dpo", "grannens-grupp",
    "grannens-chef", "Tredje kommunen", "grannens-åtgärd",
)  # fmt: skip
_MARKS_OF_OTHER = ("1009", "Kvarnskolan", "Ekdungeskolan", "rad-1287-BN", "bildningens-skäl", "bildningens-åtgärd")


def viewer_as(role: Role | None) -> Viewer:
    """Somebody with the role in the own municipality, for its board of social services; without a role, no grant."""
    if role is None:
        return Viewer("utan-roll", ())
    boards = frozenset() if role in _WITHOUT_BOARD else frozenset({OWN_BOARD})
    units = frozenset({OWN_UNIT}) if role is Role.UNIT_MANAGER else frozenset()
    return Viewer(f"vem-{role.value}", (Grant(role, OWN, boards, units),))


EVERY_ROLE = (*ROLES, None)


def marks_met(body: str, role: Role | None) -> list[str]:
    """What is another's in an answer to the role. The own municipality's log, which holds rows' keys and reasons, is
    its data protection officer's."""
    marks = _MARKS_OF_FOREIGN if role is Role.DPO else (*_MARKS_OF_FOREIGN, *_MARKS_OF_OTHER)
    told = re.sub(r"(?<=\d)[\s\u00a0\u202f](?=\d{3})", "", _plain(body))
    return [mark for mark in marks if mark in told and (not mark.isdigit() or _as_number(mark, told))]


def _as_number(mark: str, told: str) -> bool:
    """Whether it stands as a number of its own, and not within a nonce or a file's digest."""
    return re.search(rf"(?<![\w.-]){mark}(?![\w-])", told) is not None


def _plain(body: str) -> str:
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), body)


@dataclass(frozen=True)
class Controlled:
    """A board's internal control: an occasion of a sample and one of a review, a plan drawn for it, and evidence."""

    sampled: int
    review: int
    plan: int
    link: int
    file: int


@dataclass(frozen=True)
class World:
    """The warehouse with everything in it, and the application whose reader a test changes."""

    engine: Engine
    app: dash.Dash
    login: LoginAs
    own_handover: Handover
    other_handover: Handover
    own_held: int
    foreign_held: int
    foreign_token: int
    own_token: int
    foreign_user: str
    own_user: str
    own_action: int
    foreign_actions: tuple[int, int]
    """Another board's, another municipality's."""
    tokens: dict[Role, str]
    """A service token of each role."""
    own: Controlled
    other: Controlled
    foreign_view: int
    """Another reader's saved view."""


def write_definitions(path: Path) -> None:
    """The shipped file with two figures only, and so quick to read; what one of them is called and why is hostile."""
    text = Settings().definitions.read_text("utf-8")
    lines = text.splitlines(keepends=True)
    others = [one for one in figure_parts(text) if one.id not in (FIGURE, SHARE)]
    drop = {number for one in others for number in range(one.first, one.last + 1)}
    own = next(one for one in figure_parts(text) if one.id == FIGURE)
    for at in range(own.first - 1, own.last):
        if lines[at].lstrip().startswith(("name: ", "why: ")):
            head, _, _ = lines[at].partition(": ")
            lines[at] = f"{head}: >-\n{' ' * 6}Avvikelser {XSS}\n"
    while True:
        lines = [line for number, line in enumerate(lines, 1) if number not in drop]
        path.write_text("".join(lines), "utf-8")
        try:
            load_catalogue(path)
        except DefinitionError as error:
            drop = {problem.line for problem in error.problems}  # conditions that nothing uses any longer
        else:
            return


def build(path: Path) -> World:
    """On a migrated, empty SQLite file."""
    engine = open_engine(f"sqlite:///{path}")
    deliver(engine, "2025-06-30", org_units=UNITS)
    deliver(engine, "2025-06-30", deviations=list(_deviations()))
    compute(engine, choose(FIGURE))
    _releases(engine)
    own, other = (_handed(engine, board, unit, reason) for board, unit, reason in (
        (OWN_BOARD, OWN_UNIT, f"{REASON} {XSS}"), (OTHER_BOARD, OTHER_UNIT, "bildningens-skäl för urvalet")
    ))  # fmt: skip
    own_held, foreign_held = (_held(engine, code, name) for code, name in ((OWN, "egen"), (FOREIGN, "grannens")))
    _log(engine)
    _assessments(engine)
    _papers(engine)
    _year(engine)
    tokens = {role: issue_token(engine, OPERATOR, f"program-{role}", viewer_as(role).grants, 9)[1] for role in ROLES}
    login = LoginAs(viewer_as(None))
    granted = [
        {"claim_value": "egen-grupp", "role": "admin", "municipality": OWN},
        {"claim_value": "grannens-grupp", "role": "admin", "municipality": FOREIGN},
    ]
    write_definitions(path.with_name("definitions.yaml"))
    settings = Settings(
        data_dir=path.parent, definitions=path.with_name("definitions.yaml"), login=login_settings(grants=granted),
        requests_per_minute=10**6,
    )  # fmt: skip
    return World(
        engine, create_app(engine, settings, login=login), login, own, other, own_held, foreign_held,
        issue_token(engine, OPERATOR, "grannens-program", [Grant(Role.CONTROLLER, FOREIGN)], 9)[0],
        issue_token(engine, OPERATOR, "eget-program", [Grant(Role.CONTROLLER, OWN)], 9)[0],
        _session(engine, "grannens-chef", FOREIGN), _session(engine, "egen-chef", OWN),
        _action(engine, OWN_BOARD, "egen"),
        (_action(engine, OTHER_BOARD, "bildningens"), _action(engine, FOREIGN_BOARD, "grannens")), tokens,
        _controlled(engine, OWN_BOARD, OWN_UNIT), _controlled(engine, OTHER_BOARD, OTHER_UNIT),
        _view(engine),
    )  # fmt: skip


def _deviations() -> Iterable[dict[str, Any]]:
    own = {OWN_UNIT: ("2025-02-10", 7), "1287-SN-B": ("2025-02-11", 5), MOVED: ("2025-04-05", 3)}
    days = {unit: ("2025-03-12", many) for unit, many in MANY.items()} | own
    for unit, (day, many) in days.items():
        board = unit if unit != MOVED else "1287-BN-M"
        for at in range(many):
            yield {
                "deviation_id": f"rad-{board}-{at}", "municipality_code": unit[:4], "unit_code": unit,
                "reported_on": day, "reporting_actor": "socialtjanst", "counterpart_actor": "bup",
                "category": "oklart_ansvar",
            }  # fmt: skip


def _releases(engine: Engine) -> None:
    """The own board and the neighbours' have closed; each municipality has taken in a package of another's."""
    for board, numbers in ((OWN_BOARD, (41.0, 82.0, 0.5, 82)), (FOREIGN_BOARD, (1013.0, 2026.0, 0.5, 2026))):
        unit = f"{board}-A"
        release(
            engine, board, "2025-T1",
            [(SHARE, board, "board", "2025-T1", "", numbers), (SHARE, unit, "unit", "2025-T1", "", numbers)],
        )  # fmt: skip
    for receiver, sender, name, many in (
        (OWN, "1233", "Vellinge", 31),
        (FOREIGN, "1214", "Tredje kommunen", 7919),
    ):
        content = package(
            figure(SHARE, value(f"{sender}-SN", "2024-T3", share(many, 2 * many))),
            figure("sip_established", value(f"{sender}-SN", "2024-T3", count(many))),
            municipality={"code": sender, "name": name},
            releases=[{
                "number": 1, "board": f"{sender}-SN", "period": "2024-T3", "revision": 0,
                "closed_at": "2025-02-01T12:00:00Z", "content_hash": "1" * 64, "previous_hash": "0" * 64,
            }],
            places=[
                {"code": sender, "name": name, "level": "municipality"},
                {"code": f"{sender}-SN", "name": "Socialnämnden", "level": "board", "area": "social"},
            ],
        )  # fmt: skip
        import_release(engine, OPERATOR, content, "paket.json", {sender: KEY.public}, for_municipality=receiver)


def _handed(engine: Engine, board: str, unit: str, reason: str) -> Handover:
    chief = Viewer("chefen", (Grant(Role.CHIEF, OWN, frozenset({board})),))
    month = Period.parse("2025-02" if board == OWN_BOARD else "2025-03")
    return hand_over(engine, chief, "deviations", unit, month, size=3, reason=reason)


def _controlled(engine: Engine, board: str, unit: str) -> Controlled:
    """The board's plan, of which a sample is drawn and evidence is added."""
    plan_no = adopted_plan(engine, replace(SAMPLED, what=f"Granska {unit}"), REVIEW, board=board, with_units=False)
    sip = {
        "sip_id": f"rad-{board}-plan", "municipality_code": OWN, "unit_code": unit, "initiator_actor": "skola",
        "initiated_on": "2025-02-01", "met_on": "2025-02-20", "birth_date": "2015-04-01", "sex": "K",
    }  # fmt: skip
    deliver(engine, "2025-06-30", sips=[sip])
    chief = Viewer("chefen", (Grant(Role.CHIEF, OWN, frozenset({board})),))
    at = occasion_numbers(engine, plan_no)
    sampled, review = at[SAMPLED.id, "2025-T1"], at[REVIEW.id, "2025-T1"]
    draw_plans(engine, chief, review, 0)
    link = Given(EvidenceKind.LINK, f"rad-{board} {XSS}", "https://kommun.example/", TODAY)
    file = Given(EvidenceKind.FILE, f"rad-{board} {XSS}", f"rad-{board}.txt", TODAY, f"rad-{board}".encode())
    made = [add_evidence(engine, chief, About.OCCASION, sampled, one, today=TODAY) for one in (link, file)]
    return Controlled(sampled, review, read_drawn(engine, chief, review)[0].number, *made)


def _held(engine: Engine, code: str, whose: str) -> int:
    """A delivery that waits for a decision, with a row in quarantine."""
    number = deliver(engine, "2025-06-30", status="held")
    with writing(engine) as connection:
        connection.execute(
            update(delivery).where(delivery.c.delivery_id == number).values(file_name=f"{whose}-fil.csv{XSS}")
        )
        connection.execute(
            insert(rejected_row).values(
                delivery_id=number, source_id=1, dataset="deviations", municipality_code=code, line=2, rule="required",
                message=f"{whose}-fel {XSS}", other_problems=[], row={},
            )
        )  # fmt: skip
    return number


def _assessments(engine: Engine) -> None:
    """The other boards' presidiums have signed one each."""
    told = {
        "period": 202521, "subject": "question_1", "side": "presidium", "grade": 2, "is_without_evidence": 1,
        "signed_at": datetime(2025, 4, 1, tzinfo=UTC),
    }  # fmt: skip
    with writing(engine) as connection:
        for number, board, whose in (
            (OTHER_ASSESSMENT, OTHER_BOARD, "bildningens"), (FOREIGN_ASSESSMENT, FOREIGN_BOARD, "grannens"),
        ):  # fmt: skip
            connection.execute(
                insert(assessment).values(
                    assessment_no=number, municipality_code=board[:4], board_code=board,
                    motivation=f"{whose}-skäl {XSS}", signed_by=f"{whose}-chef", **told,
                )
            )  # fmt: skip


def _view(engine: Engine) -> int:
    """The neighbours' chief has saved a view."""
    chief = Viewer("grannens-chef", (Grant(Role.CHIEF, FOREIGN, frozenset({FOREIGN_BOARD})),))
    save_view(engine, chief, "grannens-vy", "/nyckeltal?enhet=1263-SN")
    with reading(engine) as connection:
        return read_views(connection, chief)[0].number


def _session(engine: Engine, label: str, code: str) -> str:
    """Somebody is logged in; what the pages call them by."""
    person = Person(hash_of(label), f"{label}<img src=x>", (Grant(Role.CHIEF, code, frozenset({f"{code}-SN"})),))
    open_session(engine, person, Lifetime(timedelta(hours=1), timedelta(hours=8)))
    return hash_of(label)[:16]


def _action(engine: Engine, board: str, whose: str) -> int:
    """An action about the figure, with a comment about the figure beside it."""
    chief, catalogue = Viewer("chefen", (Grant(Role.CHIEF, board[:4], frozenset({board})),)), choose(FIGURE)
    form = ActionForm(f"{whose}-åtgärd {XSS}", f"{whose}-åtgärd", f"{whose}-åtgärd {XSS}", "2025-02-01", "2025-05-01")
    number = start_action(engine, chief, catalogue, board, form, today=date(2025, 2, 1), kpi_id=FIGURE)
    comment_action(engine, chief, number, f"{whose}-åtgärd {XSS}")
    march = Period.parse("2025-03")
    write_remark(engine, chief, catalogue, board, FIGURE, march, "comment", f"{whose}-åtgärd {XSS}")
    return number


OWN_PAPER, FOREIGN_PAPER = 1, 2
"""Drafts of papers, each with an annex under secrecy."""


def _papers(engine: Engine) -> None:
    for number, board, title in ((OWN_PAPER, OWN_BOARD, "Egen handling"), (FOREIGN_PAPER, FOREIGN_BOARD, "Grannarnas")):
        head = replace(document().head, board_code=board)
        content = PaperContent(*(replace(document(), head=head, title=title, is_secret=one) for one in (False, True)))
        values = {
            "paper_no": number, "municipality_code": board[:4], "board_code": board, "kind": "monthly",
            "period": 202503, "version": 1, "status": "draft", "registration_number": "SN 7",
            "content": as_json(content), "content_hash": hash_of_paper(content), "is_synthetic": 1, "edits": 0,
            "made_at": datetime(2025, 4, 7, tzinfo=UTC), "made_by": "någon",
        }  # fmt: skip
        with writing(engine) as connection:
            connection.execute(insert(paper).values(**values))


def _year(engine: Engine) -> None:
    """A day of the year, and a notice, of each board; the own one's come last."""
    told = [(OTHER_BOARD, "bildningens"), (FOREIGN_BOARD, "grannens"), (OWN_BOARD, "egen")]
    at = {"made_at": datetime(2025, 4, 7, tzinfo=UTC), "made_by": "någon"}
    with writing(engine) as connection:
        for number, (board, whose) in enumerate(told, 1):
            home = {"municipality_code": board[:4], "board_code": board}
            connection.execute(
                insert(board_date).values(
                    **home, date_no=number, kind="risk_analysis", period=203100, planned_on=date(2030, 10, number),
                    counted_on=date(2030, 10, number), edits=0, changed_at=at["made_at"], changed_by="någon",
                )
            )  # fmt: skip
            connection.execute(
                insert(notice).values(
                    **home, **at, notice_no=number, kind="decision", title=f"{whose}-åtgärd {XSS}",
                    text=f"{whose}-åtgärd {XSS}", address="/atgarder", mail_state="none", mail_tries=0,
                )
            )  # fmt: skip


def _log(engine: Engine) -> None:
    """Each municipality's log has begun in February 2025, so that its reviews wait."""
    for code, label, reason in ((OWN, "egen-dpo", REASON), (FOREIGN, "grannens-dpo", "grannens-skäl")):
        viewer = Viewer(f"{label}<img src=x>", (Grant(Role.DPO, code),))
        at = datetime(2025, 2, 3, 9, tzinfo=UTC)
        record(engine, viewer, Action.ROWS_READ, "deviations 2025-01", unit_code=f"{code}-SN-A", reason=reason, at=at)
