"""Passkeys: what the browser is asked for, and whether what it answers is right (WebAuthn, level 2).

The person is always verified by their device. A passkey is found by itself, so nobody types who they are.

The library is loaded when the first of them is asked for: it takes a tenth of a second and 7 MB. Call in a thread.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection
from yarl import URL

from storage import factors
from storage.factors import Passkey
from storage.people import Staff
from storage.vault import Vault

if TYPE_CHECKING:
    from webauthn.helpers.structs import PublicKeyCredentialCreationOptions, PublicKeyCredentialRequestOptions

    _Options = PublicKeyCredentialCreationOptions | PublicKeyCredentialRequestOptions

LONGEST_ANSWER = 16 * 1024
"""Letters of what a browser answers; the longest that are known have a few thousand."""


class Refused(Exception):
    """What the browser answered proves nothing. The message is for the log of those who run this, and names nobody."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where the pages are, as browsers see it: ``https://checkin.example``."""

    origin: str

    @property
    def name(self) -> str:
        """The domain that passkeys belong to."""
        return URL(self.origin).host or ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a browser is asked for, as JSON, and the challenge that its answer has to hold."""

    options: str
    challenge: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class New:
    """A passkey that was just made."""

    credential_id: bytes = field(repr=False)
    public_key: bytes = field(repr=False)
    sign_count: int

    def keep(self, conn: Connection, vault: Vault, staff_id: int, name: str, now: datetime) -> None:
        """Let it stand for somebody. Raises ``storage.factors.Taken``."""
        factors.add_passkey(
            conn,
            vault,
            staff_id,
            credential_id=self.credential_id,
            public_key=self.public_key,
            sign_count=self.sign_count,
            name=name,
            now=now,
        )


def ask_for_new(site: Site, vault: Vault, staff: Staff, known: Iterable[Passkey]) -> Wanted:
    """Ask for a new passkey of somebody, on a device that has none of those they have."""
    from webauthn import generate_registration_options
    from webauthn.helpers import structs

    challenge = secrets.token_bytes(32)
    options = generate_registration_options(
        rp_id=site.name,
        rp_name="Medvind",
        user_id=handle(vault, staff.id),
        user_name=staff.mail,
        user_display_name=staff.name,
        challenge=challenge,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=one.credential_id) for one in known],
    )
    return _wanted(options, challenge)


def made(site: Site, challenge: str, answer: str) -> New:
    """The passkey that the browser made. Raises Refused."""
    from webauthn import base64url_to_bytes, verify_registration_response
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        verified = verify_registration_response(
            credential=_credential(answer),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.name,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, *_WRONG) as wrong:
        raise Refused(type(wrong).__name__) from None
    return New(verified.credential_id, verified.credential_public_key, verified.sign_count)


def ask_for_one(site: Site, known: Iterable[Passkey] = ()) -> Wanted:
    """Ask for a proof with any passkey of this site, or with one of those that are ``known``."""
    from webauthn import generate_authentication_options
    from webauthn.helpers import structs

    challenge = secrets.token_bytes(32)
    options = generate_authentication_options(
        rp_id=site.name,
        challenge=challenge,
        allow_credentials=[structs.PublicKeyCredentialDescriptor(id=one.credential_id) for one in known],
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    return _wanted(options, challenge)


def prove(conn: Connection, vault: Vault, site: Site, challenge: str, answer: str, now: datetime) -> int:
    """Who on the staff proves themselves with their passkey. Raises Refused."""
    from webauthn import base64url_to_bytes, verify_authentication_response
    from webauthn.helpers import parse_authentication_credential_json
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        credential = parse_authentication_credential_json(_credential(answer))
        known = factors.passkey_with(conn, vault, credential.raw_id)
        if known is None:
            raise Refused("unknown")
        if credential.response.user_handle not in (None, handle(vault, known.staff_id)):
            raise Refused("of somebody else")
        verified = verify_authentication_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.name,
            expected_origin=site.origin,
            credential_public_key=known.public_key,
            credential_current_sign_count=known.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, *_WRONG) as wrong:
        raise Refused(type(wrong).__name__) from None
    if not factors.used_passkey(conn, known, verified.new_sign_count, now):
        raise Refused("used at the same time")
    return known.staff_id


def handle(vault: Vault, staff_id: int) -> bytes:
    """By what an authenticator knows a person: it says nothing about them, and no two services have the same."""
    return vault.lookup("passkey", str(staff_id))


_WRONG = (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, RecursionError)
"""What the library raises, besides its own, for an answer that is none at all."""


def _wanted(options: _Options, challenge: bytes) -> Wanted:
    from webauthn import options_to_json
    from webauthn.helpers import bytes_to_base64url

    return Wanted(options_to_json(options), bytes_to_base64url(challenge))


def _credential(answer: str) -> dict[str, object]:
    if len(answer) > LONGEST_ANSWER:
        raise ValueError("too long")
    found = json.loads(answer)
    if not isinstance(found, dict):
        raise TypeError("no object")
    return found
