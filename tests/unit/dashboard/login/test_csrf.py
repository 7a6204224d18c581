"""What changes something comes from our own pages, in a session of its own."""

from __future__ import annotations

import pytest
from flask import Request
from werkzeug.test import EnvironBuilder

from dashboard.login.csrf import HEADER, changes_something, forgery, token_for
from dashboard.rules import CALLBACK

ORIGIN = "https://samkoll.example"
OURS = {
    "Origin": ORIGIN,
    "Sec-Fetch-Site": "same-origin",
    HEADER: token_for("hemlig"),
    "Content-Type": "application/json",
}


def made(path: str = CALLBACK, method: str = "POST", **changed: str) -> Request:
    headers = OURS | {name.replace("_", "-"): value for name, value in changed.items()}
    told = {name: value for name, value in headers.items() if value}
    return Request(EnvironBuilder(path=path, method=method, headers=told, data=b"{}").get_environ())


def test_our_own_pages_pass() -> None:
    assert forgery(made(), origin=ORIGIN, secret="hemlig") is None
    assert forgery(made(Sec_Fetch_Site="", Origin=""), origin=ORIGIN, secret="hemlig") is None
    assert forgery(made("/logga-ut", Content_Type=""), origin=ORIGIN, secret="hemlig") is None


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"Origin": "https://elak.example"}, "annan webbplats"),
        ({"Origin": "null"}, "annan webbplats"),
        ({"Origin": "http://samkoll.example"}, "annan webbplats"),
        ({"Origin": "https://samkoll.example.elak"}, "annan webbplats"),
        ({"Sec_Fetch_Site": "cross-site"}, "annan webbplats"),
        ({"Sec_Fetch_Site": "same-site"}, "annan webbplats"),
        ({"Sec_Fetch_Site": "none"}, "annan webbplats"),
        ({"Content_Type": "text/plain"}, "fel form"),
        ({"Content_Type": "application/x-www-form-urlencoded"}, "fel form"),
        ({"Content_Type": ""}, "fel form"),
        ({"X_Samkoll_CSRF": ""}, "säkerhetsmärke"),
        ({"X_Samkoll_CSRF": token_for("annan")}, "säkerhetsmärke"),
        ({"X_Samkoll_CSRF": "hemlig"}, "säkerhetsmärke"),
        ({"X_Samkoll_CSRF": "åäö"}, "säkerhetsmärke"),
    ],
)
def test_others_are_refused(changed: dict[str, str], sentence: str) -> None:
    assert sentence in (forgery(made(**changed), origin=ORIGIN, secret="hemlig") or "")


def test_without_a_session_nothing_is_changed() -> None:
    assert forgery(made(), origin=ORIGIN, secret=None)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "QUERY"])
def test_every_method_but_reading_changes_something(method: str) -> None:
    assert changes_something(made(method=method))
    assert not changes_something(made(method="GET"))


def test_the_secret_does_not_follow_from_the_token() -> None:
    assert "hemlig" not in token_for("hemlig")
    assert token_for("hemlig") != token_for("hemlig2")
