"""Mails the notices that wait: one message per board, with titles and a link; what people have written is never sent.

At least once: a crash between the server's answer and our note of it sends again.
"""

from __future__ import annotations

import smtplib
import ssl
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, select, update

from control.audit.actions import Action
from control.audit.log import record
from etl.reporting import counted
from kpi.access import OPERATOR, Viewer
from kpi.views.freshness import is_synthetic
from kpi.views.organisation import read_organisation
from warehouse import clock
from warehouse.database import reading, writing
from warehouse.errors import UserError
from warehouse.identity.mask import mask_text
from warehouse.mail_settings import MailSettings
from warehouse.paper_tables import notice
from warehouse.settings import Settings

_MAILER = Viewer("schemaläggaren", OPERATOR.grants)
_PERMANENT = 500
"""The first of the codes by which a server says never."""


@dataclass
class _Outcome:
    """What became of a run."""

    sent: int = 0
    failed: int = 0
    waits: list[str] = field(default_factory=list)


def count_waiting(connection: Connection) -> int:
    """How many notices have not been mailed yet."""
    return int(connection.scalar(select(func.count()).select_from(notice).where(notice.c.mail_state == "waiting")) or 0)


def send_waiting(engine: Engine, settings: Settings) -> str | None:
    """Mail what waits, and set aside what nobody is to have by mail; a sentence, None when nothing was sent.

    UserError when the server could not take it now: it waits, and the job is run again. What the server refuses for
    good is marked with the reason and not tried again.
    """
    recipients = settings.mail.recipients if settings.mail is not None else {}
    mailed = sorted(code for code, addresses in recipients.items() if addresses)
    with writing(engine) as connection:
        connection.execute(
            update(notice)
            .where(notice.c.mail_state == "waiting", notice.c.board_code.not_in(mailed))
            .values(mail_state="none")
        )  # fmt: skip
    with reading(engine) as connection:
        waiting = _by_board(connection)
    if settings.mail is None or not waiting:
        return None
    outcome = _Outcome()
    try:
        with _connected(settings.mail) as server:
            for board_code, rows in waiting.items():
                _send(engine, settings, settings.mail, server, board_code, rows, outcome)
    except (OSError, smtplib.SMTPException) as error:
        outcome.waits.append(_why(error))
        _note(engine, [row for rows in waiting.values() for row in rows], None, _why(error))
    return _told(outcome, settings.mail)


def _told(outcome: _Outcome, mail: MailSettings) -> str:
    told = []
    if outcome.sent:
        told.append(f"{counted(outcome.sent, 'meddelande är skickat', 'meddelanden är skickade')} med e-post.")
    if outcome.failed:
        told.append(f"{counted(outcome.failed, 'meddelande', 'meddelanden')} togs inte emot av e-postservern.")
    if outcome.waits:
        raise UserError(
            f"E-posten kunde inte skickas genom {mail.host}: {outcome.waits[0]}. Meddelandena väntar och skickas när "
            f"det går. {' '.join(told)}".strip()
        )
    return " ".join(told)


def _by_board(connection: Connection) -> Mapping[str, list[Row[Any]]]:
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(select(notice).where(notice.c.mail_state == "waiting").order_by(notice.c.notice_no)):
        found[row.board_code].append(row)
    return found


@contextmanager
def _connected(mail: MailSettings) -> Iterator[smtplib.SMTP]:
    """Encrypted, with the server's certificate and name verified, and logged in."""
    trust = ssl.create_default_context(cafile=mail.ca_file)
    trust.minimum_version = ssl.TLSVersion.TLSv1_2
    if mail.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(mail.host, mail.port, timeout=mail.timeout_seconds, context=trust)
    else:
        server = smtplib.SMTP(mail.host, mail.port, timeout=mail.timeout_seconds)
    with server:
        if mail.security == "starttls":
            server.starttls(context=trust)
        if mail.user:
            server.login(mail.user, mail.password.get_secret_value() if mail.password is not None else "")
        yield server


def _send(
    engine: Engine, settings: Settings, mail: MailSettings, server: smtplib.SMTP, board_code: str,
    rows: Sequence[Row[Any]], outcome: _Outcome,
) -> None:  # fmt: skip
    with reading(engine) as connection:
        message = write_message(connection, settings, mail, board_code, rows)
    try:
        refused = server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        _failed(engine, rows, _refused(error.recipients), outcome, is_final=min(codes) >= _PERMANENT)
    except smtplib.SMTPDataError as error:
        _failed(engine, rows, _answer(error.smtp_code), outcome, is_final=error.smtp_code >= _PERMANENT)
    else:
        _note(engine, rows, "sent", _refused(refused) if refused else None)
        outcome.sent += len(rows)


def _failed(engine: Engine, rows: Sequence[Row[Any]], why: str, outcome: _Outcome, *, is_final: bool) -> None:
    _note(engine, rows, "failed" if is_final else None, why)
    if is_final:
        outcome.failed += len(rows)
    else:
        outcome.waits.append(why)


def _note(engine: Engine, rows: Sequence[Row[Any]], state: str | None, problem: str | None) -> None:
    """Another state, else that it was tried and still waits."""
    values: dict[str, Any] = {"mail_tries": notice.c.mail_tries + 1, "mail_problem": problem}
    if state is not None:
        values["mail_state"] = state
    if state == "sent":
        values["mailed_at"] = clock.now()
    numbers = [row.notice_no for row in rows]
    with writing(engine) as connection:
        connection.execute(
            update(notice).where(notice.c.notice_no.in_(numbers), notice.c.mail_state == "waiting").values(values)
        )
        if state == "sent":
            record(
                connection, _MAILER, Action.MAIL_SENT, f"{len(rows)} meddelanden",
                municipality_code=rows[0].municipality_code, board_code=rows[0].board_code,
                details={"notices": numbers},
            )  # fmt: skip


def write_message(
    connection: Connection, settings: Settings, mail: MailSettings, board_code: str, rows: Sequence[Row[Any]]
) -> EmailMessage:
    """The board's notices: their titles, which are made of fixed words, days and numbers, and where to read more."""
    base = settings.login.public_address if settings.login is not None else ""
    name = next((one.name for one in read_organisation(connection).boards() if one.code == board_code), board_code)
    lines = ["Nytt i Samkoll:", ""]
    for row in rows:
        lines.append(f"- {mask_text(row.title)}.")
        if base and row.address:
            lines.append(f"  {base}{row.address}")
    if is_synthetic(connection, rows[0].municipality_code):
        lines += ["", "Syntetiska data: uppgifterna är påhittade."]
    lines += ["", "Mer står i Samkoll. Svara inte på det här meddelandet: ingen läser svaret."]
    message = EmailMessage()
    message["From"] = mail.sender
    message["To"] = ", ".join(mail.recipients[board_code])
    message["Subject"] = f"Samkoll: nytt för {' '.join(mask_text(name).split())}"
    message["Date"] = formatdate(clock.now().timestamp())
    message["Message-ID"] = make_msgid(domain=mail.sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n".join(lines) + "\n")
    return message


def _refused(recipients: Mapping[str, tuple[int, bytes]]) -> str:
    return "; ".join(f"{address} togs inte emot ({code})" for address, (code, _) in sorted(recipients.items()))


def _answer(code: int) -> str:
    return f"servern svarade {code}"


def _why(error: Exception) -> str:
    """Why nothing could be sent now; never what the server said, which may hold anything."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "användaren eller lösenordet godtas inte"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "servern kan inte kryptera eller logga in så som det är inställt"
    if isinstance(error, ssl.SSLError):
        return "serverns certifikat godtas inte, eller så krypterar den på ett annat sätt än det är inställt"
    if isinstance(error, smtplib.SMTPSenderRefused):
        return f"avsändaren godtas inte ({error.smtp_code})"
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code)
    return "servern svarar inte"
