"""Tables of how members of staff sign in: what is under way, what they prove themselves with, and tries that failed."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    text,
)

from storage.schema.columns import Id, UtcDateTime, metadata

sign_in = Table(
    "sign_in",
    metadata,
    Column(
        "browser_hash", LargeBinary, primary_key=True, comment="Of what the browser that began it keeps in a cookie."
    ),
    Column("kind", String(20), nullable=False, comment="mail, second, passkey, identity, enrol, app"),
    Column("staff_id", Id, ForeignKey("staff.id"), comment="NULL: not known yet, or nobody."),
    Column("sealed_state", LargeBinary, nullable=False, comment="Sealed with the deployment's key."),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("expires_at", UtcDateTime, nullable=False),
    Index(None, "staff_id"),
    comment="What a browser has begun and not ended: a sign-in, or a change of what somebody signs in with.",
)

sign_in_try = Table(
    "sign_in_try",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("lookup", LargeBinary, nullable=False, comment="Keyed hash of what is limited: an address, a client."),
    Column("at", UtcDateTime, nullable=False),
    Index(None, "lookup", "at"),
)

passkey = Table(
    "passkey",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("staff_id", Id, ForeignKey("staff.id"), nullable=False),
    Column("credential_id", LargeBinary, nullable=False),
    Column("public_key", LargeBinary, nullable=False, comment="COSE."),
    Column("sign_count", BigInteger, nullable=False, comment="0 where the authenticator does not count."),
    Column("sealed_name", LargeBinary, nullable=False, comment="What its owner calls it."),
    Column("created_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    UniqueConstraint("credential_id"),
    Index(None, "staff_id"),
)

staff_app = Table(
    "staff_app",
    metadata,
    Column("staff_id", Id, ForeignKey("staff.id"), primary_key=True),
    Column("sealed_secret", LargeBinary, nullable=False, comment="RFC 6238: 20 bytes, in base 32."),
    Column("last_step", BigInteger, nullable=False, comment="No code of this step or an earlier one is taken again."),
    Column("created_at", UtcDateTime, nullable=False),
    comment="The authenticator app of a member of staff.",
)

recovery_code = Table(
    "recovery_code",
    metadata,
    Column("staff_id", Id, ForeignKey("staff.id"), primary_key=True),
    Column("code_hash", LargeBinary, primary_key=True, comment="scrypt, and keyed. A code that was used has no row."),
    Column("salt", LargeBinary, nullable=False, comment="The same for all codes that were made together."),
)

staff_identity = Table(
    "staff_identity",
    metadata,
    Column("lookup", LargeBinary, primary_key=True, comment="Keyed hash of the issuer and its name for the person."),
    Column("staff_id", Id, ForeignKey("staff.id"), nullable=False),
    Column("linked_at", UtcDateTime, nullable=False),
    UniqueConstraint("staff_id"),
    comment="Who is who at the organisation's own sign-in (OpenID Connect).",
)
