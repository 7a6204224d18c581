"""The doctor's finding about mail: whether it is set, and whether notices come through."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, func, select

from etl.finding import Finding, Grade
from etl.reporting import counted
from warehouse import clock
from warehouse.paper_tables import notice
from warehouse.settings import Settings

_LATE = timedelta(hours=1)
"""A notice that has waited longer than this should have been mailed."""
_LATELY = timedelta(days=30)


def mail(connection: Connection, settings: Settings) -> Finding:
    """Whether what was to be mailed lately was."""
    if settings.mail is None:
        text = "Ingen e-post är inställd; meddelanden står bara i Samkoll."
        return Finding("e-post", Grade.GOOD, text)
    now = clock.now()
    table = notice.c
    failed = connection.execute(
        select(func.count(), func.max(table.mail_problem)).where(
            table.mail_state == "failed", table.made_at > now - _LATELY
        )
    ).one()
    if failed[0]:
        text = f"{counted(failed[0], 'meddelande', 'meddelanden')} togs inte emot: {failed[1]}."
        return Finding(
            "e-post", Grade.WRONG, text, "Rätta adresserna under [mail.recipients]; det som kom bort står i Samkoll."
        )
    waiting = connection.execute(
        select(func.count(), func.max(table.mail_problem)).where(
            table.mail_state == "waiting", (table.mail_tries > 0) | (table.made_at < now - _LATE)
        )
    ).one()
    if waiting[0]:
        why = waiting[1] or "schemaläggaren har inte skickat dem"
        text = f"{counted(waiting[0], 'meddelande väntar', 'meddelanden väntar')} på att skickas: {why}."
        return Finding(
            "e-post", Grade.WRONG, text, "Kontrollera [mail] i inställningsfilen, nätet och ”samkoll schedule”."
        )
    partly = connection.scalar(
        select(table.mail_problem)
        .where(table.mail_state == "sent", table.mail_problem.is_not(None), table.made_at > now - _LATELY)
        .order_by(table.notice_no.desc())
        .limit(1)
    )
    if partly:
        return Finding(
            "e-post", Grade.NOTE, f"Alla fick inte det senaste: {partly}.", "Rätta adressen under [mail.recipients]."
        )
    boards = sum(bool(one) for one in settings.mail.recipients.values())
    return Finding("e-post", Grade.GOOD, f"{settings.mail.host} skickar för {counted(boards, 'nämnd', 'nämnder')}.")
