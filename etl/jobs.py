"""The scheduler's jobs: what each does, and for which slot it is due."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import Engine, select

from control.audit.retention import purge, retention_of
from control.audit.verify import verify
from control.definitions import changes_since_served, record_if_changed
from control.notices.reminders import remind
from etl.drop import DONE, HELD, Watch, put_away
from etl.job_runs import remove_empty_runs
from etl.keys import load_keys
from etl.mail import count_waiting, send_waiting
from etl.own import deliver_own, own_slot
from etl.progress import Progress
from etl.reporting import counted, describe_result, is_not_in, summarise
from etl.run import is_known_file, load, resume
from kpi.access import OPERATOR, Viewer
from kpi.compute import check, compute
from kpi.live import LiveCatalogue
from kpi.loader import DefinitionError
from warehouse import clock
from warehouse.database import reading
from warehouse.errors import UserError
from warehouse.settings import Settings
from warehouse.tables import delivery

_log = structlog.get_logger(__name__)

SCHEDULER = Viewer("schemaläggaren", ())
"""Who the log tells of when nobody asked."""
_REMINDER = Viewer(SCHEDULER.user, OPERATOR.grants)

_MAIL_EVERY = timedelta(minutes=1)

DueSlot = Callable[[datetime], str | None]
Work = Callable[[Progress | None], str | None]


@dataclass(frozen=True)
class Job:
    """A job by its recorded name. `work` tells how far it has come; it returns a Swedish sentence, None when there was
    nothing to do, or raises."""

    name: str
    due_slot: DueSlot
    work: Work
    ask_seconds: int


def jobs_of(engine: Engine, settings: Settings) -> Sequence[Job]:
    """Every job of an installation."""
    watch = Watch(settings.drop_folder, settings.settle_seconds)
    every = timedelta(seconds=settings.pick_up_seconds)
    soon = settings.request_seconds
    live = LiveCatalogue(settings.definitions, settings.last_good_definitions)
    return (
        Job("pickup", lambda now: interval_slot(now, every), lambda told: pick_up(engine, settings, watch, told), soon),
        Job("own", lambda now: own_slot(engine, now), lambda _: deliver_records(engine, settings), soon),
        Job(
            "compute", lambda now: data_slot(engine, now, live), lambda told: compute_touched(engine, live, told), soon
        ),
        Job("check", lambda now: nightly_slot(now, settings), lambda told: check_all(engine, live, told), soon),
        Job("audit", lambda now: nightly_slot(now, settings), lambda _: keep_log(engine, settings), soon),
        Job("reminders", lambda now: nightly_slot(now, settings), lambda _: remind_of_what_is_due(engine), soon),
        Job("mail", lambda now: mail_slot(engine, now), lambda _: send_waiting(engine, settings), soon),
    )


# --- when ------------------------------------------------------------------


def interval_slot(now: datetime, every: timedelta) -> str:
    """The latest whole interval since midnight UTC of 1970, as its moment."""
    seconds = int(every.total_seconds())
    start = int(now.timestamp()) // seconds * seconds
    return f"{datetime.fromtimestamp(start, UTC):%Y-%m-%dT%H:%M:%SZ}"


def nightly_slot(now: datetime, settings: Settings) -> str:
    """The latest night whose hour has passed, by the Swedish clock."""
    local = clock.local(now)
    night = local.date() if local.time() >= settings.nightly_at else local.date() - timedelta(days=1)
    return night.isoformat()


def data_slot(engine: Engine, now: datetime, live: LiveCatalogue) -> str | None:
    """The present hour, the latest committed delivery and the definitions that serve; None before the first delivery.

    So deliveries and changed definitions show at once, and due days that have passed within the hour. An approved
    delivery has an older number than others but a newer moment.
    """
    with reading(engine) as connection:
        latest = connection.execute(
            select(delivery.c.delivery_id, delivery.c.committed_at)
            .where(delivery.c.committed_at.is_not(None), delivery.c.status.in_(("loaded", "unchanged")))
            .order_by(delivery.c.committed_at.desc(), delivery.c.delivery_id.desc())
            .limit(1)
        ).first()
    if latest is None:
        return None
    try:
        serving = live.state().digest[:6]
    except DefinitionError:  # the run itself fails, and tells what is wrong
        serving = "broken"
    moment = f"{latest.committed_at:%y%m%dT%H%M%S}"
    return f"{now.astimezone(UTC):%y%m%dT%HZ} {latest.delivery_id} {moment} {serving}"


def mail_slot(engine: Engine, now: datetime) -> str | None:
    """The present minute while a notice waits to be mailed."""
    with reading(engine) as connection:
        return interval_slot(now, _MAIL_EVERY) if count_waiting(connection) else None


# --- what ------------------------------------------------------------------


def pick_up(engine: Engine, settings: Settings, watch: Watch, progress: Progress | None = None) -> str | None:
    """Complete what a crash left, then load every settled file of the drop folder that some mapping knows.

    Other files are left where they lie; `samkoll doctor` names one.
    """
    results = list(resume(engine, settings))
    known = [path for path in watch.settled_files(time.monotonic()) if is_known_file(path)]
    if known:  # a wrong key fails the job, before any file is blamed for it
        for warning in load_keys(settings).warnings:
            _log.warning(warning)
    for number, path in enumerate(known):
        if progress is not None:
            progress("Läser in leveranser", number, len(known))
        try:
            loaded = load(engine, settings, [path])
        except UserError as error:
            put_away(path, watch.folder, HELD, reason=str(error))
            _log.warning("dropped file refused", file=path.name, reason=str(error))
            continue
        results += loaded
        if is_not_in(loaded):
            put_away(path, watch.folder, HELD, reason="\n".join(describe_result(result) for result in loaded))
        else:
            put_away(path, watch.folder, DONE)
    return summarise(results)


def deliver_records(engine: Engine, settings: Settings) -> str | None:
    """Deliver the product's own records to itself; what is not taken in fails the job, since nobody else gave it."""
    results = deliver_own(engine, settings)
    if is_not_in(results):
        raise UserError("\n".join(describe_result(result) for result in results if is_not_in([result])))
    return summarise(results)


def compute_touched(engine: Engine, live: LiveCatalogue, progress: Progress | None = None) -> str | None:
    """Compute what deliveries and definitions have touched since the last run; a definitions file that was changed
    outside the product is written into its history."""
    state = live.state()
    for sentence in changes_since_served(engine, state.catalogue):
        _log.warning("definitions changed by hand", problem=sentence)
    record_if_changed(engine, state.data)
    summary = compute(engine, state.catalogue, progress=progress)
    told = [f"{summary.written} värden skrivna."] if summary.run_no is not None else []
    if state.error is not None:
        told.append(f"Definitionsfilen har fel, den senast fungerande används: {state.error.splitlines()[0]}")
    return " ".join(told) or None


def check_all(engine: Engine, live: LiveCatalogue, progress: Progress | None = None) -> str:
    """Compare every stored value with a full computation; what differs is computed again and told."""
    remove_empty_runs(engine, now=clock.now())
    catalogue = live.catalogue
    compute(engine, catalogue, progress=progress)
    differences = check(engine, catalogue)
    if not differences:
        return "Alla lagrade värden stämmer med en full beräkning."
    _log.error("stored values differ from a full computation", differences=differences)
    compute(engine, catalogue, full=True, progress=progress)
    return f"{' '.join(differences)} Allt är beräknat på nytt."


def keep_log(engine: Engine, settings: Settings) -> str:
    """Verify the audit log, and purge what a decision says. UserError names the first event that does not hold."""
    retention = retention_of(settings)
    found = verify(engine, retention=retention)
    if found.problems:
        raise UserError(f"Loggen håller inte: {found.problems[0].sentence} ”samkoll audit verify” visar allt.")
    done = purge(engine, SCHEDULER, retention) if retention is not None else None
    told = f"Loggen är hel: {found.count} händelser."
    return f"{told} {done.count} av dem är gallrade enligt {retention.decision}." if done and retention else told


def remind_of_what_is_due(engine: Engine) -> str | None:
    """Make the notices of what has come near, or has become late, since last night."""
    count = remind(engine, _REMINDER, today=clock.today())
    return f"{counted(count, 'påminnelse är gjord', 'påminnelser är gjorda')}." if count else None
