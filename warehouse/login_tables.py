"""The tables of login. None of them holds a token, a password or what the provider said beyond who it was."""

from __future__ import annotations

from sqlalchemy import JSON, Column, DateTime, Index, Integer, String, Table

from warehouse.tables import metadata

__all__ = ["login_attempt", "login_session", "metadata", "service_token"]

login_attempt = Table(
    "login_attempt",
    metadata,
    Column("state_hash", String(64), primary_key=True),
    Column("browser_hash", String(64), nullable=False),
    Column("nonce", String(64), nullable=False),
    Column("code_verifier", String(128), nullable=False),
    Column("destination", String(2000), nullable=False),
    Column("begun_at", DateTime(timezone=True), nullable=False, index=True),
)
"""A login that the provider has not answered yet: taken once, by the browser that began it."""

login_session = Table(
    "login_session",
    metadata,
    Column("session_hash", String(64), primary_key=True),
    Column("subject_hash", String(64), nullable=False),
    Column("label", String(80), nullable=False),
    Column("grants", JSON, nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("last_seen_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Index("ix_login_session_subject_hash", "subject_hash"),
)
"""A login. `session_hash`: SHA-256 of the browser's token; `subject_hash`: of the provider's name and the user's."""

service_token = Table(
    "service_token",
    metadata,
    Column("token_no", Integer, primary_key=True),
    Column("name", String(60), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("grants", JSON, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("created_by", String(80), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("revoked_at", DateTime(timezone=True)),
    Column("last_used_at", DateTime(timezone=True)),
)
"""What a program presents to the API. `token_hash`: SHA-256; the token itself is shown once and kept nowhere."""
