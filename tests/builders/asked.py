"""Asking the application as some role's reader, and holding every answer to what holds for all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from kpi.access import Place, Role, places_of
from tests.builders.attacked_world import World, marks_met, viewer_as
from tests.builders.dash_calls import PAGE, post
from warehouse.audit_tables import audit_event
from warehouse.database import reading

REFUSED = {400, 403, 404}
RoleOrNone = Role | None


class Asked:
    """A browser of some role's reader, which holds every answer to what holds for all of them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.client: FlaskClient = world.app.server.test_client()

    def get(self, role: RoleOrNone, address: str, **headers: str) -> TestResponse:
        return self._held(role, address, lambda: self.client.get(address, headers=headers))

    def call(
        self, role: RoleOrNone, output: str, inputs: Sequence[Any], state: Sequence[Any] = (), /, **more: Any
    ) -> Any:
        told = f"{output[:40]} {inputs} {state}"
        return self._held(role, told, lambda: post(self.client, output, inputs, state, **more))

    def page(self, role: RoleOrNone, path: str, search: str = "") -> TestResponse:
        answer: TestResponse = self.call(role, PAGE, [path, search, 0])
        return answer

    def _held(self, role: RoleOrNone, what: str, send: Callable[[], TestResponse]) -> TestResponse:
        self.world.login.is_now = viewer_as(role)
        before = self.refusals()
        answer = send()
        text = answer.get_data(as_text=True)
        assert answer.status_code < 500, (role, what, text)
        assert marks_met(text, role) == [], (role, what)
        assert answer.headers["Cache-Control"] == "no-store", what
        if answer.status_code in REFUSED:
            assert "." in text, (what, "a refusal is a sentence")
        if answer.status_code == 403:
            new = self.refusals()[len(before) :]
            who = {viewer_as(role).user, f"token program-{role}"}
            assert len(new) == 1, (role, what)
            assert new[0] in who, (role, what)
        return answer

    def refusals(self) -> list[str]:
        with reading(self.world.engine) as connection:
            query = select(audit_event.c.actor).where(audit_event.c.action == "access_refused")
            return list(connection.scalars(query.order_by(audit_event.c.event_no)))


def may(role: RoleOrNone, place: Place) -> bool:
    return place in places_of(viewer_as(role))
