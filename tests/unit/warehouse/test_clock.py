"""Moments are kept in UTC and shown by the Swedish clock, wherever the server thinks that it is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from warehouse import clock


@pytest.fixture(params=["UTC", "NZST-12"])
def elsewhere(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server whose zone is not Sweden's."""
    with monkeypatch.context() as patched:
        patched.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize(
    ("moment", "hour"),
    [(datetime(2026, 4, 7, 6, 5, tzinfo=UTC), 8), (datetime(2026, 1, 7, 6, 5, tzinfo=UTC), 7)],
)
def test_local_is_swedish_time_summer_and_winter(moment: datetime, hour: int) -> None:
    for given in (moment, moment.replace(tzinfo=None)):  # SQLite gives no zone
        assert clock.local(given).hour == hour
        assert clock.local(given) == moment


@pytest.mark.usefixtures("elsewhere")
def test_today_is_the_swedish_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 6, 30, 22, 30, tzinfo=UTC))
    assert clock.today() == date(2026, 7, 1)


def test_now_is_aware_and_utc() -> None:
    assert clock.now().utcoffset() == timedelta(0)
