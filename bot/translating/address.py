"""Address: whether words may travel to a server in the clear: only where nobody else's network lies between."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

FORM = r"https?://[^\s?#@]+[^\s?#@/]"
"""An address without a query, and without a name and a password in it."""


def is_safe(url: str) -> bool:
    """Whether an address is encrypted, or leads to this machine or a private network. A name can lead anywhere."""
    parts = urlsplit(url)
    if parts.scheme == "https":
        return True
    host = (parts.hostname or "").rstrip(".").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_private
