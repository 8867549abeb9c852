"""Keyboards: the keys under a message, in rows as a phone shows them. Pure.

Clients lay every row out from left to right, so rows are turned round for languages that read from the right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

import msgspec

from bot.channels.telegram.buttons import MOST_BYTES, data_of
from bot.channels.telegram.labels import WIDEST_KEY, WIDEST_OF_TWO, shortened, width
from bot.delivery.outcomes import Key
from bot.messages import Button, Outbound, Tap

TICK = "✓ "

_MOST_POINTS = 8
"""Points of a scale in one row that a thumb still hits."""
_WIDEST_POINT = 2
_MOST_KEYS = 90
"""Answers that get a key: Telegram takes 100 keys, and some are needed for other things."""
_LARGEST, _KEY_BYTES = 6_000, 20
"""Telegram takes a keyboard of about 8,000 bytes; a key is its label, its data and what holds them together."""


def keyboard(message: Outbound, ui: Mapping[str, str], *, from_the_right: bool) -> tuple[tuple[Key, ...], ...]:
    """The rows of keys under a message, none for a message that no key answers.

    Answers come first, then what else can be done. Help stands alone at the bottom: always in the same place. What
    ends a conversation holds the way to begin another.
    """
    rows = [*_answers(message), *_done(message, ui), *_controls(message.controls)]
    if message.kind == "closed" and not rows:
        rows.append([Key(ui["ui/page.start"], data_of(Tap(0, "", "start")))])
    if message.kind in ("asked", "offered") or (message.kind == "redrawn" and rows):
        rows.append([Key(ui["ui/help.now"], data_of(Tap(0, "", "help", (message.language,))))])
    return tuple(tuple(reversed(row)) if from_the_right else tuple(row) for row in rows)


def listed(message: Outbound) -> list[tuple[int, Button]]:
    """Options that the message has to hold in words, with their numbers: no key has room for them. Those in groups
    stand there anyway."""
    if message.scale or ticks_lines(message):
        return []
    fitting = fitting_keys(message)
    numbered = enumerate(message.buttons, 1)
    return [(number, each) for number, each in numbered if number > fitting or _is_too_wide(each)]


def fitting_keys(message: Outbound) -> int:
    """How many of the answers get a key. The others can be typed, by their number or their words."""
    # Almost always all of them, and then their data need not be made for this.
    largest = sum(len(each.label.encode()) + MOST_BYTES + _KEY_BYTES for each in message.buttons)
    if largest <= _LARGEST:
        return len(message.buttons)
    sizes = accumulate(len(each.label.encode()) + len(data_of(each.tap)) + _KEY_BYTES for each in message.buttons)
    return min(sum(size <= _LARGEST for size in sizes), _MOST_KEYS)


def ticks_lines(message: Outbound) -> bool:
    """Whether the keys tick lines that can be shared."""
    return message.pick == "many" and any(button.tap.action == "share_lines" for button in message.buttons)


def has_words(message: Outbound) -> bool:
    """Whether the points of a scale have words that keys in one row have no room for."""
    return message.scale and any(width(button.label) > _WIDEST_POINT for button in message.buttons)


def _answers(message: Outbound) -> list[list[Key]]:
    if message.scale:
        return _points(message)
    buttons = message.buttons[: fitting_keys(message)]
    narrow = all(width(button.label) <= WIDEST_OF_TWO and not button.group for button in buttons)
    in_a_row = 2 if narrow and message.kind != "offered" and not ticks_lines(message) else 1
    return _in_rows([_answer(message, button, number) for number, button in enumerate(buttons, 1)], in_a_row)


def _points(message: Outbound) -> list[list[Key]]:
    """One row in reading direction; for longer scales several that are as equal as can be."""
    worded, buttons = has_words(message), message.buttons
    keys = [Key(each.tap.choices[0] if worded else each.label, data_of(each.tap)) for each in buttons]
    rows = max(1, -(-len(keys) // _MOST_POINTS))
    return _in_rows(keys, max(1, -(-len(keys) // rows)))


def _answer(message: Outbound, button: Button, number: int) -> Key:
    """An answer, with the number under which the message holds the whole of it."""
    label = f"{number}. {button.label}" if ticks_lines(message) or _is_too_wide(button) else button.label
    if message.pick != "many":
        return Key(shortened(label), data_of(button.tap))
    tap = msgspec.structs.replace(button.tap, action="untick" if button.ticked else "tick")
    return Key((TICK if button.ticked else "") + shortened(label), data_of(tap))


def _is_too_wide(button: Button) -> bool:
    return width(button.label) > WIDEST_KEY and not button.group


def _done(message: Outbound, ui: Mapping[str, str]) -> Iterator[list[Key]]:
    """The key that answers with everything ticked. Where something leaves the person, it says so."""
    if message.pick == "many" and message.buttons:
        first = message.buttons[0].tap
        context = "ui/share_page.send" if ticks_lines(message) else "ui/messenger.done"
        yield [Key(ui[context], data_of(Tap(first.conversation, first.step, "done")))]


def _controls(controls: Sequence[Button]) -> list[list[Key]]:
    """Two in a row where both fit into half of it."""
    rows: list[list[Key]] = []
    has_room = False
    for button in controls:
        key, is_narrow = Key(shortened(button.label), data_of(button.tap)), width(button.label) <= WIDEST_OF_TWO + 2
        if is_narrow and has_room:
            rows[-1].append(key)
        else:
            rows.append([key])
        has_room = is_narrow and len(rows[-1]) == 1
    return rows


def _in_rows(keys: Sequence[Key], in_a_row: int) -> list[list[Key]]:
    return [list(keys[at : at + in_a_row]) for at in range(0, len(keys), in_a_row)]
