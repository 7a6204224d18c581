"""The addresses of login: to the provider, back from it, and out."""

from __future__ import annotations

import logging

from flask import Flask, Response, g, jsonify, request
from sqlalchemy import Engine

from control.audit.strangers import record_stranger
from control.login.attempts import PATIENCE, Attempt, begin_attempt, take_attempt
from control.login.discovery import ProviderDown, ProviderFault
from control.login.grants import LoginRefused, person_of
from control.login.secret import hash_of, new_secret
from control.login.sessions import Lifetime, Session, end_session, open_session
from dashboard.limits import network_of
from dashboard.login.cookies import BROWSER, CSRF, SESSION, Cookies
from dashboard.login.csrf import token_for
from dashboard.login.destination import HOME, LOGIN, local_path, login_address
from dashboard.login.provider import Provider
from dashboard.notice import go, notice
from kpi.access import Viewer
from warehouse.login_settings import LoginSettings

ANSWER, LOG_OUT, LOGGED_OUT = "/logga-in/svar", "/logga-ut", "/utloggad"
_NOBODY = Viewer("okänd", ())
_log = logging.getLogger(__name__)


class LoginRoutes:
    """What each address answers."""

    def __init__(
        self, engine: Engine, settings: LoginSettings, provider: Provider, cookies: Cookies, lifetime: Lifetime
    ) -> None:
        self._engine, self._settings, self._provider = engine, settings, provider
        self._cookies, self._lifetime = cookies, lifetime

    def register(self, server: Flask) -> None:
        """Put them in the application."""
        server.add_url_rule(LOGIN, "log_in", self._log_in)
        server.add_url_rule(ANSWER, "log_in_answer", self._answer)
        server.add_url_rule(LOG_OUT, "log_out", self._log_out, methods=["POST"])
        server.add_url_rule(LOGGED_OUT, "logged_out", _logged_out)

    def _log_in(self) -> Response:
        destination = local_path(request.args.get("till"))
        try:
            beginning = self._provider.begin()
        except ProviderDown as down:
            return self._down(down, destination)
        except ProviderFault as fault:
            return self._failed(str(fault), destination)
        browser = self._cookies.get(BROWSER) or new_secret()
        attempt = Attempt(beginning.nonce, beginning.code_verifier, destination)
        begin_attempt(self._engine, beginning.state, browser, attempt)
        response = go(beginning.address)
        self._cookies.set(response, BROWSER, browser, max_age=int(PATIENCE.total_seconds()))
        return response

    def _answer(self) -> Response:
        answer = request.args.to_dict()
        browser = self._cookies.get(BROWSER)
        attempt = take_attempt(self._engine, answer.get("state", ""), browser) if browser else None
        if attempt is None:
            return self._failed("unknown, old or used state", HOME)
        try:
            claims = self._provider.finish(answer, attempt.nonce, attempt.code_verifier)
            person = person_of(claims, self._settings)
        except ProviderDown as down:
            return self._down(down, attempt.destination)
        except ProviderFault as fault:
            return self._failed(str(fault), attempt.destination)
        except LoginRefused as refused:
            whence = f"person {hash_of(str(claims.get('sub')))}"
            record_stranger(self._engine, _NOBODY, refused.reason, whence=whence, is_known=True)
            return notice("Du har inte behörighet i Samkoll", str(refused), 403)
        token = open_session(self._engine, person, self._lifetime, replaces=self._cookies.get(SESSION))
        response = go(attempt.destination)
        self._cookies.set(response, SESSION, token)
        self._cookies.set(response, CSRF, token_for(token))
        return response

    def _log_out(self) -> Response:
        """The session ends here first; then the browser is told where the provider ends its own."""
        session: Session = g.session
        end_session(self._engine, session)
        g.has_left = True
        back = f"{self._settings.public_address}{LOGGED_OUT}"
        response = jsonify({"next": self._provider.logout_address(back) or LOGGED_OUT})
        self._cookies.clear(response, SESSION)
        self._cookies.clear(response, CSRF)
        return response

    def _down(self, down: ProviderDown, destination: str) -> Response:
        _log.warning("identity provider down: %s", down)
        self._record("provider down")
        return notice(
            "Inloggningen svarar inte",
            "Kommunens inloggningstjänst svarar inte just nu, så det går inte att logga in i Samkoll. Vänta några "
            "minuter och försök igen.\n"
            "Den som redan är inloggad kan fortsätta arbeta. Säg till kommunens it-stöd om felet består.",
            503,
            link=("Försök igen", login_address(destination)),
        )

    def _failed(self, reason: str, destination: str) -> Response:
        _log.warning("login failed: %s", reason)
        self._record(reason)
        return notice(
            "Inloggningen gick inte att slutföra",
            "Svaret från inloggningstjänsten gick inte att lita på, eller så hann det bli för gammalt. Det händer "
            "också om sidan laddas om mitt i inloggningen. Börja om.\n"
            "Händer det igen: säg till den som sköter Samkoll i din kommun. Orsaken står i Samkolls logg.",
            400,
            link=("Logga in på nytt", login_address(destination)),
        )

    def _record(self, reason: str) -> None:
        record_stranger(self._engine, _NOBODY, reason, whence=f"login {network_of(request.remote_addr)}")


def _logged_out() -> Response:
    return notice(
        "Du är utloggad",
        "Samkoll är stängt i den här webbläsaren. Stäng webbläsaren om andra också använder datorn.",
        200,
        link=("Logga in igen", HOME),
    )
