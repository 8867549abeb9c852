"""Limits: how often something may be tried. They hold for all processes together, and after a restart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from sqlalchemy import Connection

from storage import sign_in
from storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many tries within so much time."""

    most: int
    within: timedelta


OF_A_CLIENT = Limit(30, timedelta(minutes=15))
OF_AN_ADDRESS = Limit(5, timedelta(minutes=15))
OF_CODES = Limit(10, timedelta(minutes=15))
"""Codes that one member of staff may type. A million of them are possible, and three are right at a time."""


def allowed(conn: Connection, vault: Vault, what: str, limit: Limit, now: datetime) -> bool:
    """Count a try at ``what``. Whether it is within the limit."""
    sign_in.tried(conn, vault, what, now)
    return sign_in.tries(conn, vault, what, now - limit.within) <= limit.most


def client_of(remote: str | None, forwarded: str, proxies: int) -> str:
    """Who is counted as one client: an address, of IPv6 the part that one household has.

    ``forwarded`` is what X-Forwarded-For says. Only what our own ``proxies`` added to it is believed.
    """
    hops = [hop.strip() for hop in forwarded.split(",")]
    address = (hops[-proxies] if 0 < proxies <= len(hops) else "") or remote or ""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(IPv6Address(int(parsed) >> 64 << 64)) if parsed.version == 6 else address
