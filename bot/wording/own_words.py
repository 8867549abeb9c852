"""What stands beside people's own words: a translation, who made it, and what a person is told of it."""

from __future__ import annotations

from collections.abc import Mapping

OWN_WORDS: Mapping[str, str | tuple[str, str]] = {
    # Beside somebody's words, for staff
    "staff/translated_machine": "Machine translation",
    "staff/translated_person": "Translation by {name}, {date}",
    "staff/translated_somebody": "Translation by someone of the staff, {date}",
    "staff/translate": "Write a translation",
    "staff/translate_into": "Translation ({language})",
    "staff/translate_hint": "Word for word, as an interpreter said it. The person sees it too, with your name.",
    "staff/translate_save": "Save the translation",
    "staff/translate_remove": "Take your translation away",
    "staff/translate_empty": "Write the translation first.",
    "staff/translate_long": "There is room for {n} letters. The translation was not saved.",
    "staff/translate_gone": "These words are not shared any more. The translation was not saved.",
    # Before sharing, for participants
    "ui/share.translated": (
        "{specialist} also sees a machine translation of your own words. A program of this service makes it. "
        "You can switch it off on your page, under “What you chose”."
    ),
    # On the page of one's own
    "ui/me.translated.machine": "Machine translation, {date}",
    "ui/me.translated.person": "Translation by {person}, {date}",
    "ui/me.translating.title": "Translation of your own words",
    "ui/me.translating.what": (
        "A program of this service can translate the words that you write and share. {specialist} then sees both."
    ),
    "ui/me.translating.on": "This is on.",
    "ui/me.translating.off": "This is off.",
    "ui/me.translating.switch_off": "Switch it off",
    "ui/me.translating.switch_on": "Switch it on",
    "ui/me.translating.off_what": "Translations that the program made are then deleted.",
    "ui/me.translating.by_hand": "{specialist} can still write a translation. You see it on your page.",
}
