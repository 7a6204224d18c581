"""The cookies of login: named so that no other site, and no page in the clear, can plant them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, request

SESSION, CSRF, BROWSER = "samkoll", "samkoll-csrf", "samkoll-inloggning"


@dataclass(frozen=True)
class Cookies:
    """`is_encrypted`: whether browsers reach the pages by https; else they are on this machine only."""

    is_encrypted: bool

    def name(self, cookie: str) -> str:
        """The cookie's name: browsers take `__Host-` only from the host itself, over https, for the whole of it."""
        return f"__Host-{cookie}" if self.is_encrypted else cookie

    def get(self, cookie: str) -> str | None:
        """What the request's browser holds."""
        return request.cookies.get(self.name(cookie)) or None

    def set(self, response: Response, cookie: str, value: str, *, max_age: int | None = None) -> None:
        """Give it to the browser, until it is closed unless `max_age` says how many seconds. Scripts see CSRF's only,
        which they are to send back, and which therefore never has to come along from another site."""
        response.set_cookie(
            self.name(cookie),
            value,
            max_age=max_age,
            path="/",
            secure=self.is_encrypted,
            httponly=cookie != CSRF,
            samesite="Strict" if cookie == CSRF else "Lax",
        )

    def clear(self, response: Response, cookie: str) -> None:
        """Take it from the browser."""
        self.set(response, cookie, "", max_age=0)
