"""What is refused before it costs anything, and in which words. Time is given, never waited for."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from control.buckets import Buckets
from dashboard.limits import limit, limit_bodies, network_of, query_of
from dashboard.rules import CALLBACK, MOST_FILE_TEXT
from warehouse.errors import TooMuch


class Clock:
    """Seconds that pass when they are told to."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


_BEGINNINGS = ("/assets/", "/_dash-component-suites/", "/api/")


def site(clock: Clock, *, per_minute: int = 10, reader: str | None = None, is_proxied: bool = False) -> FlaskClient:
    server = Flask("test", static_folder=None)
    limit(server, per_minute=per_minute, reader=lambda: reader, is_proxied=is_proxied, buckets=Buckets(clock))
    limit_bodies(server)
    named = {"/api/nyckeltal": "api_figures", "/assets/x.css": "_dash_assets.static"}
    for path in ("/", CALLBACK, "/logga-in/svar", "/ladda-ned/x.csv", *_BEGINNINGS, *named):
        server.add_url_rule(path, named.get(path, path), lambda: "hej", methods=["GET", "POST"])

    def break_() -> str:
        raise RuntimeError("191212121212")

    server.add_url_rule("/trasig", "trasig", break_)
    return server.test_client()


def statuses(client: FlaskClient, path: str, times: int, **more: Any) -> list[int]:
    return [client.get(path, **more).status_code for _ in range(times)]


def test_a_reader_waits_after_a_minutes_worth() -> None:
    clock = Clock()
    client = site(clock, reader="anna")
    assert statuses(client, "/", 11) == [200] * 10 + [429]
    answer = client.get("/")
    assert answer.headers["Retry-After"] == "7"
    assert answer.text == "För många frågor på kort tid. Vänta en stund och försök igen."
    clock.now += 6.1
    assert statuses(client, "/", 2) == [200, 429]
    clock.now += 3600
    assert statuses(client, "/", 11) == [200] * 10 + [429]
    assert statuses(client, "/assets/x.css", 50) == [200] * 50


@pytest.mark.parametrize("path", _BEGINNINGS)
def test_what_only_begins_as_a_file_of_ours_is_counted(path: str) -> None:
    assert statuses(site(Clock(), reader="anna"), path, 11) == [200] * 10 + [429]


def test_each_address_waits_for_itself_and_a_network_for_all_of_it() -> None:
    client = site(Clock(), per_minute=1)
    one, other = {"REMOTE_ADDR": "192.0.2.1"}, {"REMOTE_ADDR": "192.0.2.2"}
    assert statuses(client, "/", 11, environ_base=one) == [200] * 10 + [429]
    assert statuses(client, "/", 1, environ_base=other) == [200]
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:1") != network_of("2001:db8:0:1::1")
    assert network_of(None) == network_of("x") == "unknown"


def test_a_stranger_behind_the_same_proxy_stops_nobody() -> None:
    stranger = site(Clock(), per_minute=1, is_proxied=True)
    for path in ("/api/nyckeltal", "/logga-in/svar", "/"):
        assert statuses(stranger, path, 250) == [200] * 250
    reader = site(Clock(), is_proxied=True, reader="anna")
    assert statuses(reader, "/", 11) == [200] * 10 + [429]


def test_each_program_waits_for_itself_by_the_token_that_it_presents() -> None:
    client = site(Clock())
    one, other = {"Authorization": "Bearer samkoll_a"}, {"Authorization": "Bearer samkoll_b"}
    assert statuses(client, "/api/nyckeltal", 11, headers=one) == [200] * 10 + [429]
    assert statuses(client, "/api/nyckeltal", 1, headers=other) == [200]
    assert statuses(client, "/", 1, headers=one) == [200]


@pytest.mark.parametrize(("path", "most"), [("/logga-in/svar", 20), ("/ladda-ned/x.csv", 60)])
def test_what_is_dearer_has_a_narrower_limit(path: str, most: int) -> None:
    client = site(Clock(), per_minute=1000, reader="någon")
    assert statuses(client, path, most + 1) == [200] * most + [429]
    assert statuses(client, "/", 1) == [200]


def test_what_is_counted_does_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("control.buckets._MOST_COUNTED", 3)
    buckets = Buckets(Clock())
    for number in range(100):
        buckets.wait(str(number), 1)
    assert len(buckets._left) == 3


def test_a_large_body_is_refused() -> None:
    client = site(Clock())
    answer = client.post("/", data=b"x" * 1024**2 + b"x", content_type="application/json")
    assert (answer.status_code, answer.text[:33]) == (413, "Det som skickades är för stort: h")


def test_a_callbacks_body_may_hold_a_file_and_no_more() -> None:
    client = site(Clock())
    whole = {"inputs": [{"value": "x" * MOST_FILE_TEXT}]}
    assert client.post(CALLBACK, json=whole).status_code == 200
    assert client.post(CALLBACK, json=whole | {"more": "x" * 200_000}).status_code == 413
    assert client.post("/api/nyckeltal", json=whole).status_code == 413


@pytest.mark.parametrize(
    "body",
    ["[" * 100 + "]" * 100, "[" * 400_000, '{"a":' * 100 + "1" + "}" * 100, json.dumps([0] * 60_000)],
    ids=["deep", "absurd", "objects", "many"],
)
def test_a_deep_or_wide_body_is_refused(body: str) -> None:
    answer = site(Clock()).post(CALLBACK, data=body, content_type="application/json")
    assert (answer.status_code, "för djupt" in answer.text or "förstå" in answer.text) == (400, True)


def test_an_ordinary_body_passes() -> None:
    client = site(Clock())
    assert client.post(CALLBACK, json={"inputs": [{"value": "x" * 100_000}] * 5}).status_code == 200
    answer = client.post(CALLBACK, data="{", content_type="application/json")
    assert (answer.status_code, answer.text[:29]) == (400, "Begäran gick inte att förstå.")


def test_a_long_address_or_many_parameters_are_refused() -> None:
    client = site(Clock())
    assert client.get("/?a=" + "x" * 5000).status_code == 414
    assert client.get("/?" + "&".join(["a=1"] * 21)).status_code == 400
    assert query_of("?enhet=1287&manad=2025-01&enhet=1263") == {"enhet": "1263", "manad": "2025-01"}
    for search in ("?" + "a=1&" * 21, "?a=" + "x" * 5000):
        with pytest.raises(TooMuch, match="för många val"):
            query_of(search)


@pytest.mark.parametrize(("path", "method", "status"), [("/saknas/191212121212", "GET", 404), ("/", "PUT", 405)])
def test_a_refusal_is_swedish_and_repeats_nothing(path: str, method: str, status: int) -> None:
    answer = site(Clock()).open(path, method=method)
    assert (answer.status_code, answer.mimetype) == (status, "text/plain")
    assert "1912" not in answer.text
    assert answer.text.startswith("Adressen ")


def test_an_error_of_ours_tells_nothing_of_itself() -> None:
    answer = site(Clock()).get("/trasig")
    assert (answer.status_code, answer.text[:24]) == (500, "Något gick fel hos oss. ")
    assert "1912" not in answer.text
