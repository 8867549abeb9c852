"""Answers: what Telegram's answer, or its silence, means for a message that was to be sent."""

from __future__ import annotations

from telegram.error import TelegramError

from bot.channels.telegram.request import Refusal, Unanswered
from bot.delivery.outcomes import Failed, Gone, Later, Outcome, Refused, Sent, Shut, Unclear

_NOBODY_THERE = ("chat not found", "user not found", "user_is_deactivated", "peer_id_invalid")
"""Said with 400: the person never began this chat, or their account is no more. They can come back and write."""
_NOTHING_TO_CHANGE = (
    "message is not modified",
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
)
"""Said of a change of buttons: they are so already, or the message is gone or too old. There is nothing left to do."""
_LEAST_WAIT = 1.0
_LONGEST_CAUSE = 200


def outcome_of(error: TelegramError, *, edits: str = "") -> Outcome:
    """What became of a message that an error came back for. ``edits`` is the message whose buttons were to change."""
    if isinstance(error, Refusal):
        return _of_refusal(error, edits)
    kind = str(error.__cause__ or error)[:_LONGEST_CAUSE]
    return Unclear(kind) if isinstance(error.__cause__, Unanswered) else Failed(kind)


def _of_refusal(error: Refusal, edits: str) -> Outcome:
    cause, said = error.description[:_LONGEST_CAUSE], error.description.casefold()
    match error.status:
        case 429:
            return Later(max(error.retry_after, _LEAST_WAIT))
        case 403:
            return Gone(cause)
        case 401 | 404:
            return Shut(cause)
        case 400 if edits and any(sign in said for sign in _NOTHING_TO_CHANGE):
            return Sent(edits)
        case 400 if any(sign in said for sign in _NOBODY_THERE):
            return Gone(cause)
        case 504:
            return Unclear(cause)
        case status if status >= 500 or status == 409:
            return Failed(cause)
        case _:
            return Refused(cause)
