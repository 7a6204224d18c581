"""Who is reading: what the application asks of a login, whichever it is. Without one every request is refused."""

from __future__ import annotations

from typing import Protocol

from dash.development.base_component import Component
from flask import Flask

from dashboard.notice import sentence
from dashboard.rules import Callbacks
from kpi.access import Viewer
from kpi.organisation import Organisation


class Login(Protocol):
    """How readers are known."""

    def guard(self, server: Flask) -> None:
        """Refuse every request that may not be answered, before anything else is looked at."""

    def reader(self) -> str | None:
        """A name for whoever makes the request, before anything is known of it; None without a session."""

    def viewer(self, organisation: Organisation) -> Viewer:
        """Who makes the request that is being answered."""

    def corner(self) -> Component:
        """What stands in every page's upper corner about who reads."""

    def register(self, callbacks: Callbacks) -> None:
        """The callbacks of the corner."""


def refuse_everybody(server: Flask) -> None:
    """The guard of an application without a login."""
    server.before_request(lambda: sentence("Ingen inloggning är inställd, och utan den visas ingenting.", 403))
