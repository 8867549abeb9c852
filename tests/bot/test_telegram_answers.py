"""What Telegram's answers mean for a message, one by one."""

from __future__ import annotations

import pytest
from telegram.error import NetworkError, TelegramError

from bot.channels.telegram.answers import outcome_of
from bot.channels.telegram.request import Refusal, Unanswered, Unreached
from bot.delivery.outcomes import Failed, Gone, Later, Outcome, Refused, Sent, Shut, Unclear


@pytest.mark.parametrize(
    ("status", "said", "outcome"),
    [
        (429, "Too Many Requests: retry after 7", Later(7)),
        (403, "Forbidden: bot was blocked by the user", Gone("Forbidden: bot was blocked by the user")),
        (400, "Bad Request: chat not found", Gone("Bad Request: chat not found")),
        (400, "Bad Request: USER_IS_DEACTIVATED", Gone("Bad Request: USER_IS_DEACTIVATED")),
        (400, "Bad Request: message is too long", Refused("Bad Request: message is too long")),
        (400, "Bad Request: message is not modified", Refused("Bad Request: message is not modified")),
        (413, "Request Entity Too Large", Refused("Request Entity Too Large")),
        (401, "Unauthorized", Shut("Unauthorized")),
        (404, "Not Found", Shut("Not Found")),
        (409, "Conflict", Failed("Conflict")),
        (500, "Internal Server Error", Failed("Internal Server Error")),
        (504, "Gateway Timeout", Unclear("Gateway Timeout")),
    ],
)
def test_every_status_has_its_outcome(status: int, said: str, outcome: Outcome) -> None:
    assert outcome_of(Refusal(status, said, 7)) == outcome


@pytest.mark.parametrize(
    "said",
    [
        "Bad Request: message is not modified: specified new message content and reply markup are exactly the same",
        "Bad Request: message to edit not found",
        "Bad Request: message can't be edited",
        "Bad Request: MESSAGE_ID_INVALID",
    ],
)
def test_a_change_for_which_nothing_is_left_is_done(said: str) -> None:
    assert outcome_of(Refusal(400, said), edits="31") == Sent("31")


def test_another_refusal_of_a_change_is_one() -> None:
    assert outcome_of(Refusal(400, "Bad Request: BUTTON_DATA_INVALID"), edits="31") == Refused(
        "Bad Request: BUTTON_DATA_INVALID"
    )


def test_a_wait_is_never_none_at_all() -> None:
    assert outcome_of(Refusal(429, "Too Many Requests")) == Later(1)


def test_trouble_on_the_way_is_judged_by_its_cause() -> None:
    for cause, outcome in ((Unreached("A"), Failed("A")), (Unanswered("B"), Unclear("B")), (None, Failed("C"))):
        trouble: TelegramError = NetworkError("C")
        trouble.__cause__ = cause
        assert outcome_of(trouble) == outcome


def test_causes_are_short() -> None:
    assert outcome_of(Refusal(400, "x" * 900)) == Refused("x" * 200)
