"""Menu: which pages each member of staff may open, in the order of their day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bot.console.desk import Desk


class Entry(NamedTuple):
    """One page of the menu: its address, its text (``staff/`` and this name), and where it exists."""

    address: str
    label: str
    exists: Callable[[Desk], bool] = lambda desk: True


_OVERVIEW = (Entry("/digest", "overview"), Entry("/people", "all_people"))
_INVITE = Entry("/invite", "invite")
_OWN = Entry("/own", "own", lambda desk: bool(desk.programme.own_check_in))
_MESSENGER = Entry("/digest/telegram", "messenger", lambda desk: desk.has_bots)
_MAIL = Entry("/demo/mail", "mail_demo", lambda desk: desk.demo_mail is not None)
_HOURS = Entry("/hours", "hours")
_NUMBERS = Entry("/numbers", "numbers")
_LEAVE = Entry("/leave", "leave")
_PARTICIPANTS = Entry("/participants", "participants")
_EMERGENCY = Entry("/emergency", "emergency")

MENUS: Mapping[str, tuple[Entry, ...]] = {
    "specialist": (*_OVERVIEW, _INVITE, _OWN, _HOURS, _LEAVE, _EMERGENCY, _MESSENGER, _MAIL),
    "coordinator": (
        Entry("/scripts", "scripts"),
        Entry("/programme", "programme"),
        _PARTICIPANTS,
        _INVITE,
        _LEAVE,
        _NUMBERS,
    ),
    "translator": (Entry("/scripts", "scripts"),),
    "administrator": (Entry("/staff", "team"), _EMERGENCY, _NUMBERS, Entry("/settings", "settings")),
    "auditor": (Entry("/log", "log"),),
}
"""By role. The first page is where signing in leads."""


def menu(desk: Desk, role: str) -> tuple[Entry, ...]:
    """The pages that exist here for somebody with this role."""
    return tuple(entry for entry in MENUS.get(role, ()) if entry.exists(desk))
