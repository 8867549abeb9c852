"""Signing in: passkeys, one-time links, codes and sessions of staff."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)

IN_PLACE: Literal["never"] = "never"
"""SQLite adds and drops these columns without copying the table."""


def upgrade() -> None:
    """Add it. The personal links of staff open nothing more: whoever has one is invited anew."""
    _end_what_staff_had()
    with op.batch_alter_table("web_session", recreate=IN_PLACE) as batch:
        batch.add_column(
            sa.Column("how", sa.String(length=20), comment="Of staff: passkey, app, code, identity, demo.")
        )
        batch.add_column(sa.Column("used_at", INSTANT, comment="Of staff: the last use, to the minute."))
        batch.add_column(sa.Column("confirmed_at", INSTANT, comment="Of staff: when they last proved who they are."))
    _under_way()
    _factors()


def _end_what_staff_had() -> None:
    for table in ("web_session", "access_link"):
        op.execute(f"DELETE FROM {table} WHERE staff_id IS NOT NULL")  # noqa: S608, names of two tables


def _staff_id(table: str, *, nullable: bool = False) -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    reference = sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=f"fk_{table}_staff_id_staff")
    return sa.Column("staff_id", ID, nullable=nullable), reference


def _under_way() -> None:
    op.create_table(
        "sign_in",
        sa.Column(
            "browser_hash",
            sa.LargeBinary(),
            nullable=False,
            comment="Of what the browser that began it keeps in a cookie.",
        ),
        sa.Column("kind", sa.String(length=20), nullable=False, comment="mail, second, passkey, identity, enrol, app"),
        sa.Column("staff_id", ID, comment="NULL: not known yet, or nobody."),
        sa.Column("sealed_state", sa.LargeBinary(), nullable=False, comment="Sealed with the deployment's key."),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_sign_in_staff_id_staff"),
        sa.PrimaryKeyConstraint("browser_hash", name="pk_sign_in"),
        comment="What a browser has begun and not ended: a sign-in, or a change of what somebody signs in with.",
    )
    op.create_index("ix_sign_in_staff_id", "sign_in", ["staff_id"])
    op.create_table(
        "sign_in_try",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column(
            "lookup", sa.LargeBinary(), nullable=False, comment="Keyed hash of what is limited: an address, a client."
        ),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_try"),
    )
    op.create_index("ix_sign_in_try_lookup_at", "sign_in_try", ["lookup", "at"])


def _factors() -> None:
    op.create_table(
        "passkey",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        *_staff_id("passkey"),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False, comment="COSE."),
        sa.Column("sign_count", sa.BigInteger(), nullable=False, comment="0 where the authenticator does not count."),
        sa.Column("sealed_name", sa.LargeBinary(), nullable=False, comment="What its owner calls it."),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_passkey"),
        sa.UniqueConstraint("credential_id", name="uq_passkey_credential_id"),
    )
    op.create_index("ix_passkey_staff_id", "passkey", ["staff_id"])
    op.create_table(
        "staff_app",
        *_staff_id("staff_app"),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False, comment="RFC 6238: 20 bytes, in base 32."),
        sa.Column(
            "last_step",
            sa.BigInteger(),
            nullable=False,
            comment="No code of this step or an earlier one is taken again.",
        ),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("staff_id", name="pk_staff_app"),
        comment="The authenticator app of a member of staff.",
    )
    op.create_table(
        "recovery_code",
        *_staff_id("recovery_code"),
        sa.Column(
            "code_hash",
            sa.LargeBinary(),
            nullable=False,
            comment="scrypt, and keyed. A code that was used has no row.",
        ),
        sa.Column("salt", sa.LargeBinary(), nullable=False, comment="The same for all codes that were made together."),
        sa.PrimaryKeyConstraint("staff_id", "code_hash", name="pk_recovery_code"),
    )
    op.create_table(
        "staff_identity",
        sa.Column(
            "lookup",
            sa.LargeBinary(),
            nullable=False,
            comment="Keyed hash of the issuer and its name for the person.",
        ),
        *_staff_id("staff_identity"),
        sa.Column("linked_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("lookup", name="pk_staff_identity"),
        sa.UniqueConstraint("staff_id", name="uq_staff_identity_staff_id"),
        comment="Who is who at the organisation's own sign-in (OpenID Connect).",
    )


def downgrade() -> None:
    """Take it away. Staff come in by new personal links then."""
    _end_what_staff_had()
    for table in ("staff_identity", "recovery_code", "staff_app", "passkey", "sign_in_try", "sign_in"):
        op.drop_table(table)
    with op.batch_alter_table("web_session", recreate=IN_PLACE) as batch:
        for name in ("confirmed_at", "used_at", "how"):
            batch.drop_column(name)
