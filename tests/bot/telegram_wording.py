"""Wording for screens: English as it is shipped, and a little Arabic, so that no screen waits for a translation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from bot.channels.telegram import screens
from bot.delivery.outcomes import Key, Part
from bot.messages import Button, Outbound, ShareLine, Tap
from bot.wording import WORDING

ENGLISH: Mapping[str, str] = {context: text for context, text in WORDING.items() if isinstance(text, str)}
ARABIC: Mapping[str, str] = {
    **ENGLISH,
    "ui/page.progress": "{number} من {total}",
    "ui/help.now": "مساعدة الآن",
    "ui/help.alone": "لست مضطرا لأن تكون وحدك.",
    "ui/messenger.done": "تم",
    "ui/messenger.write": "يمكن كتابة الجواب.",
    "ui/share_page.private": "خاص.",
    "ui/share_page.send": "مشاركة ما اخترته",
    "ui/separator": "، ",
}
STEP = "weekly/week"


class Spoken:
    """What screens need of the catalogues."""

    def ui(self, language: str) -> Mapping[str, str]:
        """The wording of a language."""
        return ARABIC if language == "ar" else ENGLISH

    def count(self, language: str, context: str, n: int) -> str:
        """The form of a plural text."""
        one, many = WORDING[context]
        return one if n == 1 else many

    def direction(self, language: str) -> Literal["ltr", "rtl"]:
        """Only Arabic is written from the right here."""
        return "rtl" if language == "ar" else "ltr"


SPOKEN = Spoken()


def parts(*messages: Outbound, most: int = screens.MOST_UNITS) -> list[Part]:
    """What messages become."""
    return screens.parts(messages, SPOKEN, most)


def part(*messages: Outbound) -> Part:
    """The one part that messages become."""
    (only,) = parts(*messages)
    return only


def said(text: str, language: str = "en", **more: Any) -> Outbound:
    """Something that is said."""
    return Outbound("said", language, text, 7, **more)


def asked(text: str = "How was it?", *labels: str, language: str = "en", **more: Any) -> Outbound:
    """A question with options ``o1``, ``o2`` and so on."""
    buttons = tuple(button(label, "choose", f"o{number}") for number, label in enumerate(labels, 1))
    given: dict[str, Any] = {"step": STEP, "buttons": buttons, "pick": "one" if buttons else "", **more}
    return Outbound("asked", language, text, 7, **given)


def button(label: str, action: str = "choose", choice: str = "", group: str = "", **more: Any) -> Button:
    """A button of the step."""
    return Button(label, Tap(7, STEP, action, (choice,) if choice else ()), group, **more)  # type: ignore[arg-type]


def scale(*labels: str, low: int = 1, language: str = "en") -> Outbound:
    """A question with a scale."""
    buttons = tuple(button(label, "choose", str(point)) for point, label in enumerate(labels, low))
    return asked(language=language, buttons=buttons, pick="one", scale=True)


def offered(*lines: ShareLine, choosing: bool = False, language: str = "en", **more: Any) -> Outbound:
    """A share step."""
    if choosing:
        buttons = tuple(button(line.label, "share_lines", line.id) for line in lines)
    else:
        buttons = (button("Share all", "share_all"), button("Choose", "share_choose"), button("No", "share_none"))
    given: dict[str, Any] = {"step": STEP, "buttons": buttons, "pick": "many" if choosing else "one", "lines": lines}
    return Outbound("offered", language, "This is what Anna sees.", 7, **{**given, **more})


def redrawn(message: Outbound, edits: str = "31") -> Outbound:
    """The same keys again, under an earlier message."""
    return msgspec.structs.replace(message, kind="redrawn", edits=edits, text="")


def labels(rows: tuple[tuple[Key, ...], ...]) -> list[list[str]]:
    """What stands on the keys."""
    return [[key.label for key in row] for row in rows]


def data(rows: tuple[tuple[Key, ...], ...]) -> list[list[str]]:
    """What comes back from the keys."""
    return [[key.data for key in row] for row in rows]
