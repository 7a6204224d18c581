"""Användare: who is logged in, the keys of programs, and what is set. No figures."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from dash import html
from flask import current_app

from control.feedback import read_feedback
from control.login.administration import admitted
from control.login.sessions import Lifetime
from dashboard.components.feedback_section import feedback_section
from dashboard.components.head import page_head
from dashboard.components.user_panels import lead, mapping_section, session_section, settings_section, token_section
from dashboard.context import Context, Page
from kpi.access import can_administer
from kpi.views.freshness import is_synthetic
from warehouse import clock
from warehouse.settings import Settings

RESULT_ID = "administered"
_MAPPING = "login.grants"
"""Told in a section of its own, each administrator's own part: the setting holds every municipality's groups."""


def lifetime() -> Lifetime:
    """How long sessions last in this installation; in the demo nobody logs in."""
    login = _settings().login
    if login is None:
        return Lifetime(timedelta(0), timedelta(0))
    return Lifetime(timedelta(minutes=login.idle_minutes), timedelta(hours=login.absolute_hours))


def page(context: Context) -> Page:
    """Everything, for the municipalities that the viewer administers."""
    settings, now = _settings(), clock.now()
    mapping = settings.login.grants if settings.login else ()
    found = admitted(context.connection, context.viewer, lifetime())
    children: list[Any] = [
        page_head("Användare", is_synthetic=is_synthetic(context.connection)),
        lead(found.sessions, found.tokens, now, is_demo=settings.login is None),
        html.Div(id=RESULT_ID, role="status"),
        session_section(found.sessions),
        token_section(found.tokens, now),
        feedback_section(read_feedback(context.connection, context.viewer)),
        mapping_section([one for one in mapping if can_administer(context.viewer, one.municipality)]),
        settings_section({name: told for name, told in settings.told().items() if name != _MAPPING}),
    ]
    return Page("Användare", children)


def _settings() -> Settings:
    found: Settings = current_app.config["SAMKOLL_SETTINGS"]
    return found
