"""Notices by mail, against a real SMTP server on the loopback address: encrypted, once each, tried again, told."""

from __future__ import annotations

import ssl
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import SecretStr
from sqlalchemy import Engine, insert, select, update

from etl.doctor_mail import mail
from etl.finding import Grade
from etl.jobs import mail_slot
from etl.mail import send_waiting
from etl.schedule import Runner
from tests.builders.login import login_settings
from tests.builders.plan import BOARD, OTHER, organised
from warehouse import clock
from warehouse.audit_tables import audit_event
from warehouse.database import reading, writing
from warehouse.errors import UserError
from warehouse.mail_settings import MailSettings
from warehouse.paper_tables import notice
from warehouse.settings import Settings
from warehouse.tables import job_run

OFFICE, OTHER_OFFICE = "socialforvaltningen@kommun.example", "bildning@kommun.example"


@dataclass
class Post:
    """What the server has taken, and how it answers."""

    taken: list[EmailMessage] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    """The answer to a recipient."""
    data_answer: str = "250 OK"

    async def handle_RCPT(  # noqa: N802  the server's name for it
        self, server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        assert server.transport.get_extra_info("ssl_object") is not None, "nothing is sent in clear"
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.data_answer.startswith("250"):
            found = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(found, EmailMessage)
            self.taken.append(found)
        return self.data_answer


class Server(Controller):
    """On a port that the operating system chooses."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of 127.0.0.1, signed by itself, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    plain, pem = serialization.NoEncryption(), serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(private + made.public_bytes(pem))
    return path


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def context(certificate: Path) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate)
    return made


@pytest.fixture
def server(post: Post, context: ssl.SSLContext) -> Iterator[Controller]:
    controller = Server(post, hostname="127.0.0.1", port=0, tls_context=context, require_starttls=True)
    controller.start()
    yield controller
    if not controller.loop.is_closed():  # a test may have stopped it
        controller.stop()


@pytest.fixture
def settings(server: Controller, certificate: Path, tmp_path: Path) -> Settings:
    mail_ = MailSettings(
        host="127.0.0.1", port=server.port, sender="samkoll@kommun.example", ca_file=certificate, timeout_seconds=5,
        recipients={BOARD: (OFFICE,), OTHER: (OTHER_OFFICE,)},
    )  # fmt: skip
    return Settings(data_dir=tmp_path, mail=mail_, login=login_settings())


@pytest.fixture
def world(engine: Engine) -> Engine:
    return organised(engine)


def add(engine: Engine, board: str = BOARD, title: str = "Nämnden har antagit intern kontrollplan 2026") -> None:
    with writing(engine) as connection:
        connection.execute(
            insert(notice).values(
                municipality_code=board[:4], board_code=board, kind="decision", title=title,
                text="Kalle på Lindgården, 19810203-1234", address="/intern-kontroll", made_at=clock.now(),
                made_by="sekreterare", mail_state="waiting", mail_tries=0,
            )
        )  # fmt: skip


def states(engine: Engine) -> list[tuple[str, int, str | None]]:
    with reading(engine) as connection:
        rows = connection.execute(select(notice).order_by(notice.c.notice_no))
        return [(row.mail_state, row.mail_tries, row.mail_problem) for row in rows]


def finding(engine: Engine, settings: Settings) -> tuple[Grade, str]:
    with reading(engine) as connection:
        found = mail(connection, settings)
    return found.grade, found.text


def test_each_waiting_notice_is_mailed_once_without_what_people_wrote(
    world: Engine, settings: Settings, post: Post
) -> None:
    assert mail_slot(world, clock.now()) is None
    add(world)
    add(world, title="En åtgärd skulle ha varit klar 3 mars 2026")
    add(world, OTHER, "19810203-1234 ringde 0410-73 30 00")
    assert mail_slot(world, clock.now()) is not None
    assert send_waiting(world, settings) == "3 meddelanden är skickade med e-post."
    assert send_waiting(world, settings) is None
    assert states(world) == [("sent", 1, None)] * 3
    first, second = post.taken
    assert (first["To"], first["From"], first["Auto-Submitted"]) == (OFFICE, "samkoll@kommun.example", "auto-generated")
    text = first.get_content()
    assert first.get_content_type() == "text/plain"
    assert "- Nämnden har antagit intern kontrollplan 2026." in text
    assert "- En åtgärd skulle ha varit klar 3 mars 2026." in text
    assert "https://samkoll.kommun.example/intern-kontroll" in text
    for hidden in ("Kalle", "Lindgården", "19810203", "0410"):
        assert hidden not in text + second.get_content()
    with reading(world) as connection:
        told = connection.execute(select(audit_event.c.board_code).where(audit_event.c.action == "mail_sent")).all()
    assert sorted(one.board_code for one in told) == sorted((BOARD, OTHER))
    assert finding(world, settings)[0] is Grade.GOOD


def test_a_server_that_is_down_is_tried_again(
    world: Engine, settings: Settings, server: Controller, post: Post
) -> None:
    add(world)
    assert settings.mail is not None
    port = settings.mail.port
    server.stop()
    for times in (1, 2):
        with pytest.raises(UserError, match=r"servern svarar inte\. Meddelandena väntar"):
            send_waiting(world, settings)
        assert states(world) == [("waiting", times, "servern svarar inte")]
    grade, text = finding(world, settings)
    assert (grade, "1 meddelande väntar på att skickas: servern svarar inte" in text) == (Grade.WRONG, True)
    again = Controller(post, hostname="127.0.0.1", port=port, tls_context=server.SMTP_kwargs["tls_context"])
    again.start()
    try:
        assert send_waiting(world, settings) == "1 meddelande är skickat med e-post."
    finally:
        again.stop()
    assert states(world) == [("sent", 3, None)]


def test_a_refused_recipient_is_told_and_another_board_gets_its_mail(
    world: Engine, settings: Settings, post: Post
) -> None:
    add(world)
    add(world, OTHER)
    post.refuses[OFFICE] = "550 No such mailbox: hemligt svar"
    told = "1 meddelande är skickat med e-post. 1 meddelande togs inte emot av e-postservern."
    assert send_waiting(world, settings) == told
    assert states(world) == [("failed", 1, f"{OFFICE} togs inte emot (550)"), ("sent", 1, None)]
    assert send_waiting(world, settings) is None, "it is not tried again"
    grade, text = finding(world, settings)
    assert (grade, f"{OFFICE} togs inte emot (550)" in text) == (Grade.WRONG, True)


def test_what_the_server_cannot_take_now_waits(world: Engine, settings: Settings, post: Post) -> None:
    add(world)
    add(world, OTHER)
    post.refuses[OFFICE] = "451 Greylisted"
    with pytest.raises(UserError, match=r"togs inte emot \(451\)"):
        send_waiting(world, settings)
    assert [state for state, _, _ in states(world)] == ["waiting", "sent"]
    post.refuses.clear()
    post.data_answer = "552 Too much mail"
    assert send_waiting(world, settings) == "1 meddelande togs inte emot av e-postservern."
    assert states(world)[0] == ("failed", 2, "servern svarade 552")


def test_one_of_several_recipients_is_refused(world: Engine, settings: Settings, post: Post) -> None:
    add(world)
    assert settings.mail is not None
    both = settings.mail.model_copy(update={"recipients": {BOARD: (OFFICE, OTHER_OFFICE)}})
    post.refuses[OTHER_OFFICE] = "550 Gone"
    with_both = settings.model_copy(update={"mail": both})
    assert send_waiting(world, with_both) == "1 meddelande är skickat med e-post."
    assert states(world) == [("sent", 1, f"{OTHER_OFFICE} togs inte emot (550)")]
    assert finding(world, with_both)[0] is Grade.NOTE


def test_a_server_whose_certificate_does_not_hold_gets_nothing(
    world: Engine, settings: Settings, post: Post
) -> None:  # fmt: skip
    add(world)
    assert settings.mail is not None
    for change in ({"ca_file": None}, {"host": "localhost"}):
        untrusted = settings.model_copy(update={"mail": settings.mail.model_copy(update=change)})
        with pytest.raises(UserError, match="certifikat godtas inte"):
            send_waiting(world, untrusted)
    assert post.taken == []


def test_a_server_that_cannot_encrypt_gets_nothing(world: Engine, settings: Settings, post: Post) -> None:
    add(world)
    plain = Server(post, hostname="127.0.0.1", port=0)
    plain.start()
    try:
        assert settings.mail is not None
        to_it = settings.model_copy(update={"mail": settings.mail.model_copy(update={"port": plain.port})})
        with pytest.raises(UserError, match="kan inte kryptera"):
            send_waiting(world, to_it)
    finally:
        plain.stop()
    assert post.taken == []


def test_a_server_with_tls_from_the_start_that_asks_who_sends(
    sqlite_engine: Engine, settings: Settings, post: Post, context: ssl.SSLContext, caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    world = organised(sqlite_engine)
    add(world)
    asked = list[LoginPassword]()

    def ask(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: LoginPassword) -> AuthResult:
        asked.append(given)
        return AuthResult(success=given == LoginPassword(b"samkoll", b"ratt-hemlighet"), handled=False)

    asking = Server(
        post, hostname="127.0.0.1", port=0, ssl_context=context, authenticator=ask,
        auth_require_tls=False,  # that would be STARTTLS
    )  # fmt: skip
    asking.start()
    own = settings.mail
    assert own is not None
    to_it = {"port": asking.port, "security": "tls", "user": "samkoll"}

    def run(password: str, now: datetime) -> tuple[str, str | None]:
        mail_ = own.model_copy(update=to_it | {"password": SecretStr(password)})
        its = settings.model_copy(update={"mail": mail_})
        Runner(
            world, settings, "w", "mail", partial(mail_slot, world), lambda _: send_waiting(world, its), lambda: now
        ).run_if_due()
        with reading(world) as connection:
            (row,) = connection.execute(select(job_run.c.state, job_run.c.error))
        return row.state, row.error

    try:
        state, error = run("fel-hemlighet", clock.now())
        assert (state, post.taken) == ("failed", [])
        assert error == (
            "E-posten kunde inte skickas genom 127.0.0.1: användaren eller lösenordet godtas inte. Meddelandena "
            "väntar och skickas när det går."
        )
        assert states(world) == [("waiting", 1, "användaren eller lösenordet godtas inte")]
        assert run("ratt-hemlighet", clock.now() + timedelta(hours=1)) == ("done", None)
    finally:
        asking.stop()
    assert (states(world), len(post.taken)) == ([("sent", 2, None)], 1)
    told = caplog.text + "".join(capsys.readouterr()) + str(states(world))
    assert "job failed" in told
    assert not [one for one in ("ratt-hem", "fel-hem", b64encode(asked[-1].password).decode()) if one in told]


def test_without_addresses_there_is_no_mail_and_none_later(world: Engine, settings: Settings, post: Post) -> None:
    add(world)
    assert settings.mail is not None
    none = settings.model_copy(update={"mail": settings.mail.model_copy(update={"recipients": {BOARD: ()}})})
    assert send_waiting(world, none) is None
    add(world)
    assert send_waiting(world, settings.model_copy(update={"mail": None})) is None
    assert send_waiting(world, settings) is None
    assert (states(world), post.taken) == ([("none", 0, None)] * 2, [])
    add(world)
    with writing(world) as connection:
        old = clock.now() - timedelta(hours=2)
        connection.execute(update(notice).where(notice.c.notice_no == 3).values(made_at=old))
    grade, text = finding(world, settings)
    assert (grade, "schemaläggaren har inte skickat dem" in text) == (Grade.WRONG, True)
