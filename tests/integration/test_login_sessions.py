"""Sessions and service tokens in the warehouse, on both databases: kept by hash, ended in time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from control.audit.log import record_refusal
from control.audit.strangers import record_stranger
from control.login import sessions
from control.login.grants import Person
from control.login.secret import hash_of
from control.login.sessions import (
    Lifetime,
    Session,
    end_session,
    end_sessions,
    find_session,
    open_session,
    see_session,
    standing_sessions,
)
from control.login.tokens import find_token, issue_token, list_tokens, revoke_token
from kpi.access import OPERATOR, Grant, Role, Viewer
from warehouse import clock
from warehouse.audit_tables import audit_event
from warehouse.database import reading
from warehouse.errors import UserError
from warehouse.login_tables import login_session, service_token

GRANT = Grant(Role.PRESIDIUM, "1287", frozenset({"1287-SN"}), branches=frozenset({"bvc"}))
PERSON = Person("a" * 64, "presidiet", (GRANT,))
LIFETIME = Lifetime(timedelta(minutes=30), timedelta(hours=10))
MINUTE = timedelta(minutes=1)
Pass = Callable[[timedelta], None]


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> Pass:
    """Lets time pass."""
    now = [clock.now()]
    monkeypatch.setattr(clock, "now", lambda: now[0])

    def wait(time: timedelta) -> None:
        now[0] += time

    return wait


def actions(engine: Engine) -> list[tuple[str, str, str]]:
    with reading(engine) as connection:
        rows = connection.execute(select(audit_event).order_by(audit_event.c.event_no)).all()
    return [(row.actor, row.action, row.resource) for row in rows]


def found(engine: Engine, token: str) -> Session:
    """As a request that a reader has made finds it."""
    session = find_session(engine, token, LIFETIME)
    assert session is not None
    see_session(engine, session)
    return session


def last_seen_of(engine: Engine, token: str) -> datetime:
    with reading(engine) as connection:
        mine = login_session.c.session_hash == hash_of(token)
        return clock.utc(connection.execute(select(login_session.c.last_seen_at).where(mine)).scalar_one())


def last_seen(engine: Engine) -> datetime:
    with reading(engine) as connection:
        return clock.utc(connection.execute(select(login_session.c.last_seen_at)).scalar_one())


def test_a_session_is_found_by_its_token_alone(engine: Engine) -> None:
    token = open_session(engine, PERSON, LIFETIME)
    assert found(engine, token).viewer == Viewer("presidiet", (GRANT,), "a" * 12)
    with reading(engine) as connection:
        row = connection.execute(select(login_session)).one()
    assert token not in repr(tuple(row))
    assert row.session_hash == hash_of(token)
    for other in ("", token[:-1], token + "x", row.session_hash, "\ud800"):
        assert find_session(engine, other, LIFETIME) is None


def test_a_session_that_stands_idle_ends(engine: Engine, passes: Pass) -> None:
    token = open_session(engine, PERSON, LIFETIME)
    for _ in range(4):
        passes(29 * MINUTE)
        found(engine, token)
    passes(30 * MINUTE)
    assert find_session(engine, token, LIFETIME) is None
    assert find_session(engine, token, LIFETIME) is None
    assert [action for _, action, _ in actions(engine)] == ["login", "session_ended"]


def test_a_session_ends_however_busy_it_is(engine: Engine, passes: Pass) -> None:
    token = open_session(engine, PERSON, LIFETIME)
    for _ in range(29):
        passes(20 * MINUTE)
        found(engine, token)
    passes(20 * MINUTE)
    assert find_session(engine, token, LIFETIME) is None


def test_being_seen_is_written_at_most_once_a_minute(engine: Engine, passes: Pass) -> None:
    token = open_session(engine, PERSON, LIFETIME)
    begun = last_seen(engine)
    passes(timedelta(seconds=59))
    found(engine, token)
    assert last_seen(engine) == begun
    passes(timedelta(seconds=1))
    found(engine, token)
    assert last_seen(engine) == begun + MINUTE


def test_readers_are_written_together_and_none_that_is_busy_stands_idle(engine: Engine, passes: Pass) -> None:
    """A commit for each of fifty readers a minute would empty what the pages keep about every second."""
    first, second = (open_session(engine, PERSON, LIFETIME) for _ in range(2))
    begun = last_seen_of(engine, second)
    passes(5 * MINUTE)
    found(engine, first)  # written, and the clock of the minute begins
    passes(timedelta(seconds=30))
    found(engine, second)
    assert last_seen_of(engine, second) == begun, "it waits for the others of its minute"
    passes(timedelta(seconds=30))
    found(engine, first)
    assert last_seen_of(engine, second) == begun + timedelta(minutes=5, seconds=30)


def test_log_out_and_a_new_login_end_the_session(engine: Engine) -> None:
    first = open_session(engine, PERSON, LIFETIME)
    second = open_session(engine, PERSON, LIFETIME, replaces=first)
    assert find_session(engine, first, LIFETIME) is None
    session = found(engine, second)
    end_session(engine, session)
    end_session(engine, session)
    assert find_session(engine, second, LIFETIME) is None
    assert [action for _, action, _ in actions(engine)] == ["login", "session_ended", "login", "logout"]


def test_a_session_whose_end_cannot_be_told_still_stands(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    token = open_session(engine, PERSON, LIFETIME)
    session = found(engine, token)

    def fail(*_: object) -> None:
        raise RuntimeError("the log is full")

    with monkeypatch.context() as patched:
        patched.setattr(sessions, "record", fail)
        with pytest.raises(RuntimeError):
            end_session(engine, session)
        with pytest.raises(RuntimeError):
            open_session(engine, PERSON, LIFETIME, replaces=token)
    assert found(engine, token) == session


def test_sessions_are_ended_together_by_somebody_elses_order(engine: Engine, passes: Pass) -> None:
    mine = [open_session(engine, PERSON, LIFETIME) for _ in range(2)]
    passes(MINUTE)
    other = open_session(engine, Person("b" * 64, "revisorn", (GRANT,)), LIFETIME)
    with reading(engine) as connection:
        assert [one.viewer.user for one in standing_sessions(connection, LIFETIME)] == [
            "revisorn", "presidiet", "presidiet",
        ]  # fmt: skip
    assert end_sessions(engine, Viewer("admin", ()), [hash_of(one) for one in mine]) == 2
    assert end_sessions(engine, Viewer("admin", ()), [hash_of(one) for one in mine]) == 0
    assert [find_session(engine, token, LIFETIME) for token in mine] == [None, None]
    assert found(engine, other).viewer.user == "revisorn"
    assert actions(engine)[-1] == ("admin", "session_ended", "presidiet")
    passes(30 * MINUTE)
    with reading(engine) as connection:
        assert standing_sessions(connection, LIFETIME) == ()


def test_old_sessions_are_forgotten(engine: Engine, passes: Pass) -> None:
    open_session(engine, PERSON, LIFETIME)
    passes(timedelta(days=31))
    open_session(engine, PERSON, LIFETIME)
    with reading(engine) as connection:
        assert len(connection.execute(select(login_session)).all()) == 1


def test_a_token_is_shown_once_and_kept_by_hash(engine: Engine) -> None:
    number, token = issue_token(engine, OPERATOR, "  Rapport\n verktyg ", [GRANT], 30)
    assert token.startswith("samkoll_")
    one = find_token(engine, token)
    assert one is not None
    assert (one.token_no, one.viewer) == (number, Viewer("token Rapport verktyg", (GRANT,), f"nyckel {number}"))
    with reading(engine) as connection:
        row = connection.execute(select(service_token)).one()
        assert [told.name for told in list_tokens(connection)] == ["Rapport verktyg"]
    assert token not in repr(tuple(row))
    assert token.removeprefix("samkoll_") not in repr(tuple(row))
    for other in ("", "samkoll_", token[:-1], token.removeprefix("samkoll_"), row.token_hash):
        assert find_token(engine, other) is None
    assert actions(engine) == [("kommandoraden", "token_created", f"{number} Rapport verktyg")]


def test_a_token_ends_by_time_and_by_decision(engine: Engine, passes: Pass) -> None:
    _, short = issue_token(engine, OPERATOR, "kort", [GRANT], 1)
    number, long = issue_token(engine, OPERATOR, "lång", [GRANT], 366)
    passes(timedelta(days=1))
    assert find_token(engine, short) is None
    assert find_token(engine, long) is not None
    assert revoke_token(engine, OPERATOR, number).name == "lång"
    assert find_token(engine, long) is None
    with pytest.raises(UserError, match=f"ingen token {number} som gäller"):
        revoke_token(engine, OPERATOR, number)
    assert actions(engine)[2:] == [
        ("token kort", "login_refused", "token 1: expired"),
        ("kommandoraden", "token_revoked", "2 lång"),
        ("token lång", "login_refused", "token 2: revoked"),
    ]


def test_no_crowd_of_strangers_silences_the_line_about_a_token(sqlite_engine: Engine) -> None:
    number, token = issue_token(sqlite_engine, OPERATOR, "lång", [GRANT], 366)
    revoke_token(sqlite_engine, OPERATOR, number)
    for at in range(61):
        record_stranger(sqlite_engine, Viewer("", ()), "wrong", whence=f"api {at}")
    for _ in range(11):
        assert find_token(sqlite_engine, token) is None
    told = [resource for _, _, resource in actions(sqlite_engine)]
    assert (told.count("wrong"), told.count("token 1: revoked")) == (60, 10)


@pytest.mark.parametrize(("name", "days"), [(" ", 10), ("x" * 61, 10), ("namn", 0), ("namn", 367), ("namn", -1)])
def test_a_token_without_name_or_end_is_not_made(sqlite_engine: Engine, name: str, days: int) -> None:
    with pytest.raises(UserError):
        issue_token(sqlite_engine, OPERATOR, name, [GRANT], days)
    with pytest.raises(UserError, match="minst en roll"):
        issue_token(sqlite_engine, OPERATOR, "namn", [], 10)


def test_every_event_says_which_of_two_of_the_same_name_it_was(engine: Engine) -> None:
    for subject in ("a" * 64, "b" * 64):
        session = found(engine, open_session(engine, Person(subject, "kim", (GRANT,)), LIFETIME))
        record_refusal(engine, session.viewer, "/leveranser")
        end_session(engine, session)
    number, token = issue_token(engine, OPERATOR, "kim", [GRANT], 10)
    program = find_token(engine, token)
    assert program is not None
    record_refusal(engine, program.viewer, "nyckeltal")
    with reading(engine) as connection:
        told = connection.scalars(select(audit_event.c.details).order_by(audit_event.c.event_no)).all()
    tags = [one.get("who") for one in told]
    assert tags == ["a" * 12] * 3 + ["b" * 12] * 3 + [None, f"nyckel {number}"]
