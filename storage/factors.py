"""Factors: what a member of staff proves themselves with: passkeys, an authenticator app, recovery codes, and the
organisation's own sign-in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.schema import passkey, recovery_code, staff, staff_app, staff_identity
from storage.vault import Cipher, Vault


class Taken(ValueError):
    """Somebody else has it already."""


@dataclass(frozen=True, slots=True)
class Passkey:
    """One passkey, as its owner calls it."""

    id: int
    staff_id: int
    credential_id: bytes = field(repr=False)
    public_key: bytes = field(repr=False)
    sign_count: int
    name: str = field(repr=False)
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class App:
    """An authenticator app: its secret in base 32, and the last step of time of which a code was taken."""

    secret: str = field(repr=False)
    last_step: int
    created_at: datetime


class Ways(NamedTuple):
    """What somebody could sign in with."""

    passkeys: int
    app: bool
    codes: int
    identity: bool


def ways(conn: Connection, staff_id: int) -> Ways:
    """How many passkeys and recovery codes there are, and whether there is an app and a linked identity."""
    tables = (passkey, staff_app, recovery_code, staff_identity)
    here = [select(func.count()).select_from(one).where(one.c.staff_id == staff_id) for one in tables]
    keys, app, codes, identity = (conn.execute(each).scalar_one() for each in here)
    return Ways(keys, bool(app), codes, bool(identity))


def hold(conn: Connection, staff_id: int) -> None:
    """Let nobody else change what this person signs in with until the transaction ends."""
    conn.execute(select(staff.c.id).where(staff.c.id == staff_id).with_for_update())


def forget(conn: Connection, staff_id: int) -> None:
    """Remove all of it."""
    for table in (passkey, staff_app, recovery_code, staff_identity):
        conn.execute(delete(table).where(table.c.staff_id == staff_id))


# Passkeys -------------------------------------------------------------------------------------------------------------


def add_passkey(
    conn: Connection,
    vault: Vault,
    staff_id: int,
    *,
    credential_id: bytes,
    public_key: bytes,
    sign_count: int,
    name: str,
    now: datetime,
) -> None:
    """Let this passkey stand for somebody. Raises Taken when it is known already."""
    sealed = _cipher(conn, vault, staff_id).seal(_name(staff_id, credential_id), name)
    row = {"staff_id": staff_id, "credential_id": credential_id, "public_key": public_key, "sign_count": sign_count}
    try:
        with conn.begin_nested():
            conn.execute(insert(passkey), {**row, "sealed_name": sealed, "created_at": now})
    except IntegrityError:
        raise Taken("this passkey is known already") from None


def passkeys(conn: Connection, vault: Vault, staff_id: int) -> list[Passkey]:
    """The passkeys of one member of staff, the oldest first."""
    return [_passkey(vault, row) for row in conn.execute(_PASSKEYS.where(passkey.c.staff_id == staff_id))]


def passkey_with(conn: Connection, vault: Vault, credential_id: bytes) -> Passkey | None:
    """The passkey with this id; None for an unknown one, and for one of somebody who has left."""
    row = conn.execute(_PASSKEYS.where(passkey.c.credential_id == credential_id, staff.c.active)).first()
    return None if row is None else _passkey(vault, row)


def used_passkey(conn: Connection, used: Passkey, sign_count: int, now: datetime) -> bool:
    """Remember that it was used, and its counter. False when it was used meanwhile by somebody else."""
    mine = (passkey.c.id == used.id, passkey.c.sign_count == used.sign_count)
    return bool(conn.execute(update(passkey).where(*mine).values(sign_count=sign_count, used_at=now)).rowcount)


def remove_passkey(conn: Connection, staff_id: int, passkey_id: int) -> bool:
    """Whether somebody had this passkey, which is forgotten now."""
    mine = (passkey.c.id == passkey_id, passkey.c.staff_id == staff_id)
    return bool(conn.execute(delete(passkey).where(*mine)).rowcount)


# Authenticator app ----------------------------------------------------------------------------------------------------


def put_app(conn: Connection, vault: Vault, staff_id: int, secret: str, last_step: int, now: datetime) -> None:
    """Let the app with this secret stand for somebody, and no other."""
    sealed = _cipher(conn, vault, staff_id).seal(_secret(staff_id), secret)
    remove_app(conn, staff_id)
    row = {"staff_id": staff_id, "sealed_secret": sealed, "last_step": last_step, "created_at": now}
    conn.execute(insert(staff_app), row)


def app(conn: Connection, vault: Vault, staff_id: int) -> App | None:
    """The app of one member of staff."""
    row = conn.execute(select(staff_app).where(staff_app.c.staff_id == staff_id)).first()
    if row is None:
        return None
    secret = _cipher(conn, vault, staff_id).open(_secret(staff_id), row.sealed_secret).decode()
    return App(secret, row.last_step, row.created_at)


def use_step(conn: Connection, staff_id: int, step: int) -> bool:
    """Take a code of this step of time: whether none of it or a later one was taken before."""
    later = (staff_app.c.staff_id == staff_id, staff_app.c.last_step < step)
    return bool(conn.execute(update(staff_app).where(*later).values(last_step=step)).rowcount)


def remove_app(conn: Connection, staff_id: int) -> bool:
    """Whether there was one, which is forgotten now."""
    return bool(conn.execute(delete(staff_app).where(staff_app.c.staff_id == staff_id)).rowcount)


# Recovery codes -------------------------------------------------------------------------------------------------------


def put_codes(conn: Connection, staff_id: int, salt: bytes, hashes: Iterable[bytes]) -> None:
    """Let these codes help somebody in, each once, and no earlier ones."""
    conn.execute(delete(recovery_code).where(recovery_code.c.staff_id == staff_id))
    conn.execute(insert(recovery_code), [{"staff_id": staff_id, "code_hash": one, "salt": salt} for one in hashes])


def salt_of_codes(conn: Connection, staff_id: int) -> bytes | None:
    """With what the codes of somebody were hashed; None when none is left."""
    return conn.scalar(select(recovery_code.c.salt).where(recovery_code.c.staff_id == staff_id).limit(1))


def use_code(conn: Connection, staff_id: int, code_hash: bytes) -> bool:
    """Whether this is one of their codes, which is used now."""
    mine = (recovery_code.c.staff_id == staff_id, recovery_code.c.code_hash == code_hash)
    return bool(conn.execute(delete(recovery_code).where(*mine)).rowcount)


# Organisation's sign-in -----------------------------------------------------------------------------------------------


def link_identity(conn: Connection, vault: Vault, staff_id: int, issuer: str, subject: str, now: datetime) -> None:
    """Let who is ``subject`` at ``issuer`` be this member of staff. Raises Taken when they or somebody else are linked
    already."""
    row = {"lookup": _identity(vault, issuer, subject), "staff_id": staff_id, "linked_at": now}
    try:
        with conn.begin_nested():
            conn.execute(insert(staff_identity), row)
    except IntegrityError:
        raise Taken("somebody is linked already") from None


def identified(conn: Connection, vault: Vault, issuer: str, subject: str) -> int | None:
    """Who on the staff that is; None for nobody and for somebody who has left."""
    here = select(staff_identity.c.staff_id).join(staff, staff.c.id == staff_identity.c.staff_id)
    mine = staff_identity.c.lookup == _identity(vault, issuer, subject)
    return conn.scalar(here.where(mine, staff.c.active, staff.c.data_key.is_not(None)))


def linked_at(conn: Connection, staff_id: int) -> datetime | None:
    """Since when somebody is linked."""
    return conn.scalar(select(staff_identity.c.linked_at).where(staff_identity.c.staff_id == staff_id))


def unlink_identity(conn: Connection, staff_id: int) -> bool:
    """Whether somebody was linked, and is not any more."""
    return bool(conn.execute(delete(staff_identity).where(staff_identity.c.staff_id == staff_id)).rowcount)


_PASSKEYS = (
    select(passkey, staff.c.data_key)
    .join(staff, staff.c.id == passkey.c.staff_id)
    .where(staff.c.data_key.is_not(None))
    .order_by(passkey.c.id)
)


def _passkey(vault: Vault, row: Row[tuple[object, ...]]) -> Passkey:
    cipher = vault.cipher(f"staff:{row.staff_id}", row.data_key)
    name = cipher.open(_name(row.staff_id, row.credential_id), row.sealed_name).decode()
    return Passkey(
        row.id, row.staff_id, row.credential_id, row.public_key, row.sign_count, name, row.created_at, row.used_at
    )


def _cipher(conn: Connection, vault: Vault, staff_id: int) -> Cipher:
    key = conn.scalar(select(staff.c.data_key).where(staff.c.id == staff_id))
    return vault.cipher(f"staff:{staff_id}", key)


def _identity(vault: Vault, issuer: str, subject: str) -> bytes:
    return vault.lookup(f"identity {issuer}", subject)


def _name(staff_id: int, credential_id: bytes) -> str:
    return f"passkey.name|{staff_id}|{credential_id.hex()}"


def _secret(staff_id: int) -> str:
    return f"staff_app.secret|{staff_id}"
