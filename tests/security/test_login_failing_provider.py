"""Answers that must not be trusted let nobody in, whatever is wrong with them; a provider that is down is told."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, select

from control.login.attempts import PATIENCE
from tests.builders.login import BROWSER, SESSION, Installed, install_login_only, login_settings
from tests.builders.provider import CLIENT, ISSUER, SigningKey, StandIn, sign_symmetric, unsigned
from warehouse import clock
from warehouse.database import reading
from warehouse.login_tables import login_attempt, login_session

KEY, OTHER = SigningKey("k1"), SigningKey("k2")
HEADER = {"alg": "RS256", "typ": "JWT", "kid": "k1"}
FAILED = "Inloggningen gick inte att slutföra"
Change = Callable[[StandIn], None]


@pytest.fixture
def installed(sqlite_engine: Engine) -> Installed:
    return install_login_only(sqlite_engine, StandIn(KEY))


def sessions(installed: Installed) -> int:
    with reading(installed.engine) as connection:
        return len(connection.execute(select(login_session)).all())


def claims(**values: Any) -> Change:
    return lambda provider: provider.claims.update(values)


def signed(make: Callable[[dict[str, Any]], str]) -> Change:
    return lambda provider: setattr(provider, "make", make)


def without(*names: str) -> Change:
    return lambda provider: setattr(provider, "left_out", names)


def publishes(*keys: dict[str, str]) -> Change:
    return lambda provider: setattr(provider, "published", list(keys))


def moment(**seconds: int) -> Change:
    """Claims that are so many seconds from now."""
    return lambda provider: provider.claims.update({name: int(time.time()) + value for name, value in seconds.items()})


def forged(told: dict[str, Any]) -> str:
    """The right token, but for its content."""
    header, _, signature = KEY.sign(HEADER, told).split(".")
    return ".".join([header, KEY.sign(HEADER, told | {"groups": ["g-revisor"]}).split(".")[1], signature])


UNTRUSTED: dict[str, Change] = {
    "wrong issuer": claims(iss="https://elak.example"),
    "no issuer": without("iss"),
    "wrong audience": claims(aud="annan-app"),
    "another party's among audiences": claims(aud=[CLIENT, "annan-app"], azp="annan-app"),
    "several audiences and no party": claims(aud=[CLIENT, "annan-app"]),
    "no audience": without("aud"),
    "expired beyond the skew": moment(exp=-120),
    "no expiry": without("exp"),
    "an expiry that never comes": claims(exp=float("inf")),
    "not valid yet": moment(nbf=300),
    "issued in the future": moment(iat=300),
    "wrong nonce": claims(nonce="n"),
    "no nonce": without("nonce"),
    "no subject": without("sub"),
    "bad signature": signed(forged),
    "signed by another key of that name": signed(lambda told: OTHER.sign(HEADER, told)),
    "signed by a key that is not published": signed(lambda told: OTHER.sign(HEADER | {"kid": "k2"}, told)),
    "signed by a key for encryption": publishes(KEY.jwk | {"use": "enc"}),
    "algorithm none": signed(unsigned),
    "algorithm none, capitals": signed(lambda told: KEY.sign({"alg": "NONE", "kid": "k1"}, told)),
    "public key as shared secret": signed(lambda told: sign_symmetric(KEY.pem, HEADER | {"alg": "HS256"}, told)),
    "client secret as shared secret": signed(
        lambda told: sign_symmetric(b"hemlighet", {"alg": "HS256", "typ": "JWT"}, told)
    ),
    "a shared secret that is published": lambda provider: (
        publishes({"kty": "oct", "kid": "s", "k": base64.urlsafe_b64encode(b"x" * 32).decode()})(provider),
        signed(lambda told: sign_symmetric(b"x" * 32, {"alg": "HS256", "kid": "s"}, told))(provider),
    )[0],
    "critical header that is not understood": signed(lambda told: KEY.sign(HEADER | {"crit": ["x"], "x": 1}, told)),
    "no token": signed(lambda told: ""),
    "not a token": signed(lambda told: "ö.ö.ö"),
    "wrong hash of the access token": claims(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
}


@pytest.mark.parametrize("change", UNTRUSTED.values(), ids=UNTRUSTED)
def test_what_is_not_trusted_opens_nothing(installed: Installed, change: Change) -> None:
    change(installed.provider)
    browser = installed.browser()
    answer = browser.log_in()
    assert answer.status_code == 400
    assert FAILED in answer.text
    assert browser.cookie(SESSION) is None
    assert sessions(installed) == 0
    assert browser.get("/_dash-layout").status_code == 401
    [(viewer, action, reason)] = installed.recorded()
    assert (viewer, action) == ("okänd", "login_refused")
    assert "presidiet" not in reason
    assert "u-17" not in reason


TRUSTED: dict[str, Change] = {
    "as usual": lambda provider: None,
    "expired within the skew": moment(exp=-30),
    "issued a little ahead": moment(iat=30, nbf=30),
    "one audience in a list": claims(aud=[CLIENT]),
    "several audiences, for us": claims(aud=[CLIENT, "annan-app"], azp=CLIENT),
    "one key without a name": lambda provider: (
        publishes({name: value for name, value in KEY.jwk.items() if name not in ("kid", "alg", "use")})(provider),
        signed(lambda told: KEY.sign({"alg": "RS256"}, told))(provider),
    )[0],
    "several keys, none named": lambda provider: (
        publishes(OTHER.jwk, KEY.jwk)(provider),
        signed(lambda told: KEY.sign({"alg": "RS256"}, told))(provider),
    )[0],
    "beside keys of unknown kinds": publishes({"kty": "AKP", "kid": "pq", "pub": "x"}, {"kty": "RSA"}, KEY.jwk),
}


@pytest.mark.parametrize("change", TRUSTED.values(), ids=TRUSTED)
def test_what_is_right_opens_a_session(installed: Installed, change: Change) -> None:
    change(installed.provider)
    browser = installed.browser()
    assert browser.log_in("/leveranser").headers["Location"] == "/leveranser"
    assert browser.get("/_dash-layout").status_code == 200
    assert installed.recorded() == [("presidiet@kommun.example", "login", "")]


def test_a_rotated_key_is_fetched_when_it_is_first_met(installed: Installed) -> None:
    assert installed.browser().log_in().status_code == 302
    installed.provider.key = OTHER
    installed.provider.published = [OTHER.jwk]
    assert installed.browser().log_in().status_code == 302
    assert [request.url.path for request in installed.provider.asked].count("/keys") == 2
    assert installed.browser().log_in().status_code == 302
    assert [request.url.path for request in installed.provider.asked].count("/keys") == 2
    installed.provider.make = lambda told: KEY.sign(HEADER, told)
    assert installed.browser().log_in().status_code == 400, "the withdrawn key serves no longer"


def test_a_state_serves_once(installed: Installed) -> None:
    browser = installed.browser()
    answer = browser.begin()
    assert browser.answer(answer).status_code == 302
    assert browser.answer(answer).status_code == 400
    assert browser.answer({"code": "code-0", "state": "gissad"}).status_code == 400
    assert browser.answer({"code": "code-0"}).status_code == 400


def test_a_state_of_another_browser_is_refused_and_spent(installed: Installed) -> None:
    attacker, victim = installed.browser(), installed.browser()
    answer = attacker.begin()
    assert victim.answer(answer).status_code == 400
    victim.begin()
    assert victim.answer(attacker.begin()).status_code == 400
    assert sessions(installed) == 0
    assert victim.cookie(SESSION) is None


def test_two_tabs_may_log_in_side_by_side(installed: Installed) -> None:
    browser = installed.browser()
    first, second = browser.begin("/leveranser"), browser.begin("/nyckeltal")
    assert browser.answer(second).headers["Location"] == "/nyckeltal"
    assert browser.answer(first).headers["Location"] == "/leveranser"


def test_an_answer_that_comes_late_is_refused(installed: Installed, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = installed.browser()
    answer = browser.begin()
    later = clock.now() + PATIENCE
    monkeypatch.setattr(clock, "now", lambda: later)
    assert browser.answer(answer).status_code == 400
    browser.begin()
    with reading(installed.engine) as connection:
        assert len(connection.execute(select(login_attempt)).all()) == 1, "what nobody finished is forgotten"


def test_what_is_remembered_of_a_login_is_no_secret_of_the_browsers(installed: Installed) -> None:
    browser = installed.browser()
    answer = browser.begin()
    with reading(installed.engine) as connection:
        row = connection.execute(select(login_attempt)).one()
    assert answer["state"] not in row
    assert browser.cookie(BROWSER) not in row


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"error": "access_denied"}, "the provider refused: access_denied"),
        ({"code": "", "error": "x" * 500}, "the provider refused: " + "x" * 60),
        ({}, "no code in the answer"),
        ({"code": "stulen"}, "the token endpoint refused: invalid_grant"),
        ({"code": "c", "iss": "https://elak.example"}, "the answer is another issuer's"),
    ],
)
def test_an_answer_that_says_no(installed: Installed, answer: dict[str, str], reason: str) -> None:
    browser = installed.browser()
    state = browser.begin()["state"]
    assert browser.answer({"state": state} | answer).status_code == 400
    assert installed.recorded() == [("okänd", "login_refused", reason)]


def test_a_provider_that_names_itself_must_do_so(installed: Installed) -> None:
    installed.provider.document["authorization_response_iss_parameter_supported"] = True
    browser = installed.browser()
    assert browser.log_in().status_code == 400
    assert browser.answer(browser.begin() | {"iss": ISSUER}).status_code == 302


def test_a_code_goes_with_the_verifier_of_its_own_login(installed: Installed) -> None:
    """A code that was caught in another browser's login is refused by the provider, by PKCE."""
    browser, other = installed.browser(), installed.browser()
    caught = other.begin()["code"]
    assert browser.answer(browser.begin() | {"code": caught}).status_code == 400


REFUSED: dict[str, tuple[Change, str, str]] = {
    "no group is mapped": (claims(groups=["g-annat"]), "no mapped group", "ingen av dina grupper"),
    "no groups": (claims(groups=[]), "no mapped group", "ingen av dina grupper"),
    "no groups claim": (without("groups"), "no groups claim", "sa inte vilka grupper"),
    "groups that are no list": (claims(groups={"g-presidium": True}), "no groups claim", "sa inte vilka grupper"),
    "too many groups": (
        lambda provider: (
            without("groups")(provider),
            claims(_claim_names={"groups": "src1"}, _claim_sources={"src1": {"endpoint": "https://graph.example"}})(
                provider
            ),
        )[0],
        "too many groups",
        "så många grupper",
    ),
    "an identity number for a name": (
        claims(preferred_username="20120101-2384"),
        "identity number as user name",
        "personnummer",
    ),
}


def test_who_has_no_right_leaves_few_lines_however_often_they_try(installed: Installed) -> None:
    claims(groups=["g-annat"])(installed.provider)
    browser, before = installed.browser(), len(installed.recorded())
    for _ in range(12):
        assert browser.log_in().status_code == 403
    assert installed.recorded()[before:] == [("okänd", "login_refused", "no mapped group")] * 10


@pytest.mark.parametrize(("change", "reason", "sentence"), REFUSED.values(), ids=REFUSED)
def test_who_has_no_right_here_is_told_whom_to_ask(
    installed: Installed, change: Change, reason: str, sentence: str
) -> None:
    change(installed.provider)
    browser = installed.browser()
    answer = browser.log_in()
    assert answer.status_code == 403
    assert sentence in answer.text
    assert "den som sköter" in answer.text
    assert browser.cookie(SESSION) is None
    assert sessions(installed) == 0
    assert installed.recorded() == [("okänd", "login_refused", reason)]


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys"])
@pytest.mark.parametrize("status", [500, 404, None, 200])
def test_a_provider_that_is_down_is_told(installed: Installed, path: str, status: int | None) -> None:
    """200 with something that is no JSON is down, too: a proxy's own page."""
    installed.provider.down[path] = status
    browser = installed.browser()
    answer = browser.get("/logga-in?till=/nyckeltal") if "well-known" in path else browser.log_in("/nyckeltal")
    assert answer.status_code == 503
    assert "Inloggningen svarar inte" in answer.text
    assert 'href="/logga-in?till=%2Fnyckeltal"' in answer.text
    assert "style=" not in answer.text
    assert "<script" not in answer.text
    assert installed.recorded() == [("okänd", "login_refused", "provider down")]


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "https://elak.example"},
        {"issuer": ISSUER + "/"},
        {"authorization_endpoint": "http://idp.kommun.example/authorize"},
        {"token_endpoint": None},
        {"jwks_uri": "file:///keys"},
    ],
)
def test_a_discovery_document_that_is_not_the_providers(installed: Installed, document: dict[str, Any]) -> None:
    installed.provider.document.update(document)
    assert installed.browser().get("/logga-in").status_code == 400


def test_sessions_go_on_while_the_provider_is_down(installed: Installed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.login.provider._FRESH_S", 0.0)
    browser = installed.browser()
    browser.log_in()
    installed.provider.down["/.well-known/openid-configuration"] = None
    assert installed.browser().get("/logga-in").status_code == 503
    asked = len(installed.provider.asked)
    assert installed.browser().get("/logga-in").status_code == 503
    assert len(installed.provider.asked) == asked, "a failure is remembered for a moment"
    assert browser.get("/_dash-layout").status_code == 200


def test_a_public_client_and_one_that_posts_its_secret(sqlite_engine: Engine) -> None:
    provider = StandIn(KEY, document={"token_endpoint_auth_methods_supported": ["client_secret_post"]})
    for secret, told in (("hemlighet", b"client_secret=hemlighet"), (None, b"client_id=samkoll")):
        made = install_login_only(sqlite_engine, provider, settings=login_settings(client_secret=secret))
        assert made.browser().log_in().status_code == 302
        request = next(one for one in reversed(provider.asked) if one.url.path == "/token")
        assert told in request.content
        assert "Authorization" not in request.headers
