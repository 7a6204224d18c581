"""`samkoll demo`: simulated deliveries in a warehouse of their own, loaded and computed. A second run reuses them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, func, select

from control.audit.event import START
from control.audit.log import head
from control.definitions import record_if_changed
from control.release.closing import close_period
from control.release.exporting import export_release
from control.release.importing import import_release
from control.release.signing import load_signing_key
from control.release.store import closings
from etl.demo_control import CLOSED_AFTER, closer_of, control_steps, has_history, write_papers
from etl.demo_control.words import NO_ACTION
from etl.demo_log import log_steps
from etl.demo_steps import Step, moment, run_steps
from etl.mapping import OWN
from etl.own import deliver_own
from etl.run import is_known_file, load, resume
from etl.simulate import simulate
from kpi.access import OPERATOR
from kpi.compute import compute
from kpi.definition import Catalogue
from kpi.live import digest_of, replace_file
from kpi.loader import load_catalogue
from kpi.period import Period, PeriodType, periods_between
from warehouse import clock
from warehouse.database import reading
from warehouse.errors import UserError
from warehouse.migrate import upgrade
from warehouse.package_tables import imported_release
from warehouse.paper_tables import paper
from warehouse.settings import ROOT, Settings
from warehouse.tables import delivery, source

MUNICIPALITIES = ("1287", "1263", "1233")
MONTHS = 36
SEED = 1
CLOSED = {"1287-SN": 5, "1287-UN": 3, "1263-SN": 3, "1233-SN": 1}
"""Boards, and how many of their latest tertials are closed: a whole year of Trelleborg's and Svedala's, so that they
can be compared, and of Vellinge's too little for it."""
RECEIVER = MUNICIPALITIES[0]
PACKAGES = "paket"
"""The folder that the packages are sent through."""
UNFINISHED = "demo.ofullbordad"
"""The file that names the warehouse while the history is written there: afterwards only when that was broken off."""
SHIPPED = ROOT / "kpi_definitions.yaml"

Progress = Callable[[str, int, int], None]


def own_definitions(settings: Settings) -> Path:
    """The demo's own copy of the shipped definitions, so that trying the editor changes nothing in the product. A copy
    that nobody has edited follows the shipped file; an installation's own file is used as it is."""
    if settings.definitions != SHIPPED:
        return settings.definitions
    copy, mark = settings.data_dir / SHIPPED.name, settings.data_dir / f".{SHIPPED.name}.shipped"
    shipped = SHIPPED.read_bytes()
    is_edited = copy.exists() and mark.exists() and mark.read_text(encoding="ascii") != digest_of(copy.read_bytes())
    if not is_edited:
        replace_file(copy, shipped)
        mark.write_text(digest_of(shipped), encoding="ascii")
    return copy


def prepare_demo(engine: Engine, settings: Settings, *, progress: Progress | None = None) -> None:
    """Everything that the demo shows. UserError when the warehouse holds somebody's own deliveries."""
    folder, unfinished = settings.data_dir / "demo", settings.data_dir / UNFINISHED
    _check_nothing_else_is_loaded(engine, folder)
    where = engine.url.render_as_string(hide_password=True)
    if unfinished.exists() and unfinished.read_text(encoding="utf-8") == where and _is_begun(engine):
        _begin_again(engine)
    if not folder.is_dir():
        _simulate_whole(folder, progress)
    resume(engine, settings)
    waiting = _not_yet_loaded(engine, folder)
    if waiting:
        load(engine, settings, waiting, progress=progress)
    catalogue = load_catalogue(settings.definitions)
    compute(engine, catalogue, progress=progress)
    if not _is_begun(engine):
        unfinished.write_text(where, encoding="utf-8")
    _write_history(engine, settings, catalogue, progress)
    _close_periods(engine, catalogue, progress)
    _exchange_packages(engine, settings, catalogue)
    with reading(engine) as connection:
        is_without_papers = connection.execute(select(paper.c.paper_no).limit(1)).first() is None
    if is_without_papers:
        write_papers(engine, catalogue, clock.now())
    unfinished.unlink(missing_ok=True)


def _is_begun(engine: Engine) -> bool:
    """Whether anybody has done anything: the demo's people, or its visitors."""
    with reading(engine) as connection:
        return head(connection) != START or has_history(engine)


def _begin_again(engine: Engine) -> None:
    """Throw away the warehouse of a history that was broken off. It was the demo's own: the history is begun only where
    nobody has done anything, and no page is served until it is whole. What is logged can never be taken out of it."""
    url = engine.url
    if url.get_backend_name() != "sqlite" or not url.database:
        raise UserError(
            "Demonstrationen avbröts förra gången medan dess historia skrevs, och databasen är bara halvfylld. "
            f"Töm databasen {url.database} eller välj en annan med SAMKOLL_DATABASE_URL, och starta demonstrationen "
            "igen."
        )
    engine.dispose()
    for end in ("-wal", "-shm", ""):
        Path(f"{url.database}{end}").unlink(missing_ok=True)
    upgrade(engine)


def _write_history(engine: Engine, settings: Settings, catalogue: Catalogue, progress: Progress | None) -> None:
    """What people did with the figures, once; the product's own figures come of it."""
    with reading(engine) as connection:
        is_logged = head(connection) != START
        reach = _reach(connection)
    steps, today = list[Step](), clock.today()
    if not has_history(engine):
        steps += control_steps(engine, catalogue, today, reach=reach, months=MONTHS)
        first = min((one.at for one in steps), default=clock.now())
        steps.insert(0, Step(first, lambda at: _keep_definitions(engine, settings, at)))
    is_new = bool(steps)
    if not is_logged:
        since = min((clock.local(one.at).date() for one in steps), default=today)
        steps += log_steps(engine, seed=SEED, since=since)
    run_steps(steps, clock.now())
    if is_new:
        deliver_own(engine, settings)
        compute(engine, catalogue, progress=progress)


def _keep_definitions(engine: Engine, settings: Settings, at: datetime) -> None:
    """What the history's closings closed with, so that their papers are told by it also when it is edited later."""
    record_if_changed(engine, settings.definitions.read_bytes(), at=at)


def _reach(connection: Connection) -> date:
    """The day that the simulated deliveries reach."""
    query = select(func.max(delivery.c.as_of)).join(source, source.c.source_id == delivery.c.source_id)
    found: date = connection.execute(query.where(source.c.code != OWN)).scalar_one()
    return found


def _close_periods(engine: Engine, catalogue: Catalogue, progress: Progress | None) -> None:
    """The tertials that have ended, so that there is something released to compare: a whole year of the first board."""
    with reading(engine) as connection:
        newest = Period.containing(_reach(connection) + timedelta(days=1), PeriodType.TERTIAL).shift(-1)
        done = {(one.header.board_code, one.header.period) for one in closings(connection)}
    for board, count in CLOSED.items():
        for period in periods_between(newest.shift(1 - count), newest):
            if (board, period) not in done:
                at = min(moment(period.last_day + CLOSED_AFTER, 13), clock.now())
                close_period(
                    engine,
                    catalogue,
                    closer_of(board),
                    board,
                    period,
                    without_action=NO_ACTION,
                    progress=progress,
                    at=at,
                )


def _exchange_packages(engine: Engine, settings: Settings, catalogue: Catalogue) -> None:
    """What the others have released, sent to the first municipality as between installations: made, signed, written to
    a file, proven and read in. A package is made anew only when more has been closed since."""
    with reading(engine) as connection:
        told = closings(connection)
        held = dict(
            connection.execute(
                select(imported_release.c.municipality_code, imported_release.c.exported_at).where(
                    imported_release.c.for_municipality == RECEIVER, ~imported_release.c.is_superseded
                )
            ).all()
        )
    folder = settings.data_dir / PACKAGES
    folder.mkdir(parents=True, exist_ok=True)
    key = load_signing_key(settings)
    for code in MUNICIPALITIES[1:]:
        newest = max(clock.utc(one.header.closed_at) for one in told if one.header.municipality_code == code)
        if code in held and clock.utc(held[code]) >= newest.replace(microsecond=0):
            continue
        made = export_release(engine, catalogue, OPERATOR, code, key)
        path = folder / made.file_name
        path.write_bytes(made.content)
        import_release(engine, OPERATOR, path.read_bytes(), path.name, {code: key.public}, for_municipality=RECEIVER)


def _simulate_whole(folder: Path, progress: Progress | None) -> None:
    """Write beside and rename: a run that was broken off leaves no half folder to be reused."""
    unfinished = folder.with_name("demo.part")
    if unfinished.exists():
        shutil.rmtree(unfinished)
    simulate(unfinished, municipalities=MUNICIPALITIES, months=MONTHS, seed=SEED, held=True, progress=progress)
    unfinished.rename(folder)


def _loaded_names(engine: Engine) -> set[str]:
    """What others than the product itself have delivered."""
    with reading(engine) as connection:
        query = select(delivery.c.file_name).join(source, source.c.source_id == delivery.c.source_id)
        return set(connection.scalars(query.where(source.c.code != OWN).distinct()))


def _not_yet_loaded(engine: Engine, folder: Path) -> list[Path]:
    loaded = _loaded_names(engine)
    return [path for path in sorted(folder.iterdir()) if is_known_file(path) and path.name not in loaded]


def _check_nothing_else_is_loaded(engine: Engine, folder: Path) -> None:
    ours = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    if foreign := sorted(_loaded_names(engine) - ours):
        raise UserError(
            f"Databasen innehåller redan leveranser som inte hör till demonstrationen, till exempel {foreign[0]}. "
            "Påhittade data blandas inte med dem: sätt SAMKOLL_DATA_DIR till en egen mapp för demonstrationen."
        )
