"""Whose turn it is, what is sent together, and what is read before: without any channel or storage."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.chats import FRESH, JUST_NOW, LARGEST_GROUP, Chat, Row
from bot.delivery.queue import KEPT, Queue
from bot.delivery.scanning import Scanning, take
from bot.messages import Outbound
from storage.outbox import Waiting
from tests.bot.delivery_world import KeptRow, MemoryBook, TurnedClock, asked, redrawn, said

# Chats ----------------------------------------------------------------------------------------------------------------


def chat_of(*messages: Outbound | None, read_at: float = 0.0) -> Chat:
    """A chat with these, numbered from 1."""
    chat = Chat(1)
    for seq, message in enumerate(messages, 1):
        chat.add(Row(seq, 0.0, message, read_at if message else -math.inf))
    return chat


def group(chat: Chat, now: float = 0.0) -> list[int]:
    """Numbers of what goes together."""
    return [row.seq for row in chat.group(now)]


def test_a_group_ends_with_the_first_message_that_has_buttons() -> None:
    assert group(chat_of(said("1"), said("2"), asked("3"), said("4"))) == [1, 2, 3]
    assert group(chat_of(asked("1"), said("2"))) == [1]
    assert group(chat_of(Outbound("offered", "en", "1"), said("2"))) == [1], "whoever waits for an answer asks for it"


def test_new_buttons_are_a_group_of_their_own() -> None:
    assert group(chat_of(redrawn("41"), said("2"))) == [1]
    assert group(chat_of(said("1"), redrawn("41"))) == [1]


def test_a_group_holds_one_language_and_only_what_was_read_just_now() -> None:
    assert group(chat_of(said("1"), said("2"), said("3", "nb"))) == [1, 2]
    assert group(chat_of(said("1"), None, said("3"))) == [1]
    assert group(chat_of(*[said("x")] * 50)) == list(range(1, LARGEST_GROUP + 1))
    chat = chat_of(said("1"), said("2"))
    chat.rows[2].read_at = -5.0
    assert group(chat) == [1]


def test_what_was_begun_together_stays_together_whatever_came_since() -> None:
    chat = chat_of(said("1"), said("2"), said("3"), said("4"))
    for seq in (1, 2):
        chat.rows[seq].run = 1
    assert group(chat) == [1, 2]


def test_what_was_begun_together_before_a_restart_is_known_by_its_marks() -> None:
    clock, chat = TurnedClock(), Chat(1)
    assert take(chat, [Waiting(1, seq, 2, 1, None) for seq in (4, 6, 7)] + [Waiting(1, 9, 0, 0, None)], clock)
    assert [row.run for row in chat.rows.values()] == [4, 4, 4, 0]
    assert not take(chat, [Waiting(1, 6, 2, 1, None)], clock), "it is known already"


def test_a_group_that_lost_a_message_begins_again() -> None:
    chat = chat_of(said("1"), said("2"), said("3"))
    for seq in (1, 2):
        row = chat.rows[seq]
        row.run, row.parts_sent, row.attempts = 1, 1, 2
    chat.undo_run(1)
    assert [(row.run, row.parts_sent, row.attempts) for row in chat.rows.values()] == [(0, 0, 0)] * 3


def test_a_long_rest_that_a_wrong_clock_made_is_cut() -> None:
    clock = TurnedClock()
    chat = Chat(1)
    far = clock.now().replace(year=2099)
    take(chat, [Waiting(1, 1, 1, 0, far)], clock)
    assert chat.rest_until == 120.0


def test_only_the_last_of_several_changes_is_shown() -> None:
    chat = chat_of(redrawn("41", "a"), redrawn("42", "b"), redrawn("41", "c"), said("4"))
    assert [row.seq for row in chat.superseded()] == [1]
    assert [row.seq for row in chat_of(redrawn("41"), redrawn("41"), redrawn("41")).superseded()] == [1, 2]
    assert chat_of(said("1"), redrawn("41"), redrawn("41")).superseded() == []


@given(st.permutations(range(1, 12)))
def test_rows_are_in_order_however_they_came(order: list[int]) -> None:
    chat = Chat(1)
    for seq in order:
        chat.tell(Row(seq, 0.0, said(str(seq))))
    assert list(chat.rows) == sorted(order)


def test_what_is_told_again_after_it_left_has_no_effect() -> None:
    chat = chat_of(said("1"), said("2"))
    chat.resolve([chat.rows[1]])
    chat.tell(Row(1, 0.0, said("1")))
    assert list(chat.rows) == [2]


# The queue ------------------------------------------------------------------------------------------------------------


def placed(queue: Queue, person: int, since: float = 0.0, *, read_at: float = 0.0, wrote_at: float = -math.inf) -> Chat:
    """A chat with one message, at its place in the queue."""
    chat = queue.chat(person)
    chat.add(Row(1, since, said("x"), read_at))
    chat.wrote_at = wrote_at
    queue.place(chat, max(since, read_at, 0.0))
    return chat


def served(queue: Queue, now: float) -> list[int]:
    """Everybody who is served now, in order."""
    found = []
    while (chat := queue.next(now)) is not None:
        queue.hold(chat)
        found.append(chat.participant_id)
    return found


def test_first_who_wrote_just_now_then_who_waits_longest() -> None:
    queue = Queue(1.0)
    placed(queue, 1, since=5.0, read_at=8.0)
    placed(queue, 2, since=3.0, read_at=8.0)
    placed(queue, 3, since=4.0, read_at=8.0, wrote_at=7.0)
    placed(queue, 4, since=3.0, read_at=8.0)
    assert served(queue, 8.0) == [3, 2, 4, 1]


@given(st.lists(st.tuples(st.floats(0, 100), st.booleans(), st.booleans()), min_size=1, max_size=30))
def test_everybody_is_served_once_and_in_order_when_what_is_stale_is_read(
    given_: list[tuple[float, bool, bool]],
) -> None:
    queue, now = Queue(1.0), 200.0
    for person, (since, just_wrote, fresh) in enumerate(given_, 1):
        placed(queue, person, since, read_at=now if fresh else 0.0, wrote_at=now if just_wrote else -math.inf)
    order = []
    while len(order) < len(given_):
        order += served(queue, now)
        chats = queue.to_read(10, now)
        for chat in chats:
            chat.rows[1].read_at = now
        queue.release(chats, now)
    ranks = [(not just_wrote, since, person) for person, (since, just_wrote, _) in enumerate(given_, 1)]
    assert order == [person for *_, person in sorted(ranks)]


def test_nobody_is_served_while_somebody_with_a_better_place_is_read() -> None:
    queue = Queue(1.0)
    slow = placed(queue, 1, since=0.0, read_at=-9.0)
    placed(queue, 2, since=1.0, read_at=1.0)
    assert queue.next(1.0) is None
    assert queue.to_read(10, 1.0) == [slow]
    assert queue.next(1.0) is None
    slow.rows[1].read_at = 1.0
    queue.release([slow], 1.0)
    assert served(queue, 1.0) == [1, 2]


def test_only_as_many_are_read_ahead_as_can_be_served_soon() -> None:
    queue = Queue(1.0)
    for person in range(1, 101):
        placed(queue, person, read_at=-9.0)
    first = queue.to_read(10, 0.0)
    assert [chat.participant_id for chat in first] == list(range(1, 11))
    for chat in first:
        chat.rows[1].read_at = 0.0
    queue.release(first, 0.0)
    assert queue.to_read(10, 0.0) == [], "enough are ready"
    for _ in range(5):
        chat = queue.next(0.0)
        assert chat
        queue.hold(chat)
    assert len(queue.to_read(10, 0.0)) == 10


def test_what_was_read_too_long_ago_is_read_again() -> None:
    queue = Queue(1.0)
    chat = placed(queue, 1)
    assert queue.next(FRESH + 0.1) is None
    assert queue.to_read(10, FRESH + 0.1) == [chat]


def test_a_chat_rests_until_it_is_due() -> None:
    queue = Queue(1.0)
    chat = queue.chat(1)
    chat.said_at = 4.5
    placed(queue, 1, read_at=5.0)
    assert queue.next(5.0) is None
    assert queue.wakes_at() == 5.5
    assert queue.next(5.5) is chat
    chat.rest_until = 7.0
    queue.place(chat, 5.5)
    assert queue.next(6.9) is None


def test_who_wrote_long_ago_has_no_advantage() -> None:
    queue = Queue(1.0)
    placed(queue, 1, since=0.0, read_at=JUST_NOW + 1, wrote_at=2.0)
    placed(queue, 2, since=1.0, read_at=JUST_NOW + 1)
    placed(queue, 3, since=2.0, read_at=JUST_NOW + 1, wrote_at=0.0)
    assert served(queue, JUST_NOW + 1.0) == [1, 2, 3]


def test_nothing_is_remembered_of_chats_that_are_done() -> None:
    queue = Queue(1.0)
    for person in (1, 2, 3, 4):
        placed(queue, person).forget()
    queue.chat(1).said_at = 5.0
    queue.chat(2).wrote_at = 0.0
    queue.chat(3).busy = True
    queue.forget_idle(KEPT + 4.0)
    assert [chat.participant_id for chat in queue] == [1, 2, 3]
    queue.forget_idle(JUST_NOW + 1.0)
    assert [chat.participant_id for chat in queue] == [3]


# Looking --------------------------------------------------------------------------------------------------------------


async def test_what_one_look_cannot_hold_is_found_by_the_next_ones() -> None:
    clock = TurnedClock()
    book, queue = MemoryBook(clock), Queue(1.0)
    book.rows = {(person, seq): KeptRow(said("x")) for person in range(1, 11) for seq in (2, 3, 5)}
    scanning = Scanning(book, queue, clock, page=7)
    for looks in range(1, 6):
        await scanning.page()
        assert sum(len(chat.rows) for chat in queue) == min(7 * looks, 30)
    book.rows[1, 1] = KeptRow(said("x"))
    await scanning.page()
    assert list(queue.chat(1).rows) == [1, 2, 3, 5], "then it begins in front again"
    fresh = Queue(1.0)
    await Scanning(book, fresh, clock, page=7).everything()
    assert sum(len(chat.rows) for chat in fresh) == 31


async def test_what_has_left_and_is_not_marked_yet_is_not_found_again() -> None:
    clock = TurnedClock()
    book, queue = MemoryBook(clock), Queue(1.0)
    chat = placed(queue, 1)
    queue.hold(chat)
    chat.resolve([chat.rows[1]])
    book.rows = {(1, 1): KeptRow(said("x")), (1, 2): KeptRow(said("y"))}
    await Scanning(book, queue, clock).page()
    assert list(chat.rows) == [2]
