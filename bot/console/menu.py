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


class Menu(NamedTuple):
    """The pages of one role: what is needed every day, and what stands under "More". Where the account does not stand
    there, it stands beside signing out."""

    daily: tuple[Entry, ...]
    more: tuple[Entry, ...] = ()


_SCRIPTS = Entry("/scripts", "scripts")
_INVITE = Entry("/invite", "invite")
_OWN = Entry("/own", "own", lambda desk: bool(desk.programme.own_check_in))
_MESSENGER = Entry("/digest/telegram", "messenger", lambda desk: desk.has_bots)
_MAIL = Entry("/demo/mail", "mail_demo", lambda desk: desk.demo_mail is not None)
_HOURS = Entry("/hours", "hours")
_NUMBERS = Entry("/numbers", "numbers")
_LEAVE = Entry("/leave", "leave")
_PARTICIPANTS = Entry("/participants", "participants")
_EMERGENCY = Entry("/emergency", "emergency")
_ACCOUNT = Entry("/account", "account")

MENUS: Mapping[str, Menu] = {
    "specialist": Menu(
        (Entry("/digest", "overview"), Entry("/people", "all_people"), _INVITE, _OWN),
        (_EMERGENCY, _HOURS, _LEAVE, _MESSENGER, _ACCOUNT, _MAIL),
    ),
    "coordinator": Menu(
        (_SCRIPTS, Entry("/programme", "programme"), _PARTICIPANTS, _INVITE), (_LEAVE, _NUMBERS, _ACCOUNT)
    ),
    "translator": Menu((_SCRIPTS,)),
    "administrator": Menu((Entry("/staff", "team"), _EMERGENCY, _NUMBERS, Entry("/settings", "settings")), (_MAIL,)),
    "auditor": Menu((Entry("/log", "log"),)),
}
"""By role. The first page is where signing in leads."""


def menu(desk: Desk, role: str) -> Menu:
    """The pages that exist here for somebody with this role."""
    whole = MENUS.get(role, Menu(()))
    return Menu(*(tuple(entry for entry in part if entry.exists(desk)) for part in whole))
