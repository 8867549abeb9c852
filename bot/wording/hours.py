"""What specialists read about their own hours, about the day by which an answer is expected, and about what they put
off; and what people read of that day.

A day is said in words, the same before and after it has come. Nothing is counted that somebody is behind with.
"""

from __future__ import annotations

from collections.abc import Mapping

_HOURS: Mapping[str, str | tuple[str, str]] = {
    "staff/hours": "My hours",
    "staff/hours_intro": "Messages to you leave at the time that you set here, on working days only.",
    "staff/hours_free": "Nothing leaves on other days, on public holidays, or while you are away.",
    "staff/hours_saved": "Saved.",
    "staff/hours_next": "Your next overview comes on {day} at {time}.",
    "staff/hours_next_none": "No overview comes for a very long time. Look at your working days and at your leave.",
    "staff/hours_look": "Some of what is shared around this change comes in no message. It is here:",
    "staff/hours_days": "Working days",
    "staff/hours_from": "Work begins at",
    "staff/hours_to": "Work ends at",
    "staff/hours_optional": "You can leave both times empty.",
    "staff/hours_digest": "The overview comes at",
    "staff/hours_digest_hint": "It can come after that time when something was out of order, "
    "but never after your work ends.",
    "staff/hours_zone": "Time zone",
    "staff/hours_language": "Language of these pages and of messages to you",
    "staff/hours_within": "I answer requests within",
    "staff/hours_within_days": ("{n} working day", "{n} working days"),
    "staff/hours_within_usual": ("{n} working day, as is usual here", "{n} working days, as is usual here"),
    "staff/hours_within_hint": "It is counted from the day on which you read a request.",
    "staff/hours_most": "Open requests that I can manage",
    "staff/hours_most_hint": "When there are more, your own overview says so. You can leave this empty.",
    "staff/hours_people_read": "Who asks you for something now reads this before sharing it:",
    "staff/hours_save": "Save",
    # What cannot be
    "staff/hours_look_again": "Nothing is saved yet. Look at what is marked below.",
    "staff/hours_no_day": "Choose one day or more.",
    "staff/hours_no_time": "This is no time of day. Write it like {example}.",
    "staff/hours_both": "Fill in both times of work, or none of them.",
    "staff/hours_wrong_way": "Work ends later on the same day than it begins.",
    "staff/hours_outside": "This is not while you work: from {start} on, and before {end}.",
    "staff/hours_not_listed": "Choose one from the list.",
    "staff/hours_covered": (
        "Somebody reads for you on days of leave, which follow {zone}. You can change it after that."
    ),
    "staff/hours_no_number": "This is no number from 1 to {n}.",
}

_REQUESTS: Mapping[str, str | tuple[str, str]] = {
    "staff/answer_by": "Answer by {day}.",
    "staff/answer_by_other": "{name} reads this one. Answer by {day}.",
    "staff/snooze": "Show it again on",
    "staff/snooze_do": "Put off",
    "staff/snooze_until": "You put it off until {day}. Nobody else sees that.",
    "staff/snooze_stays": "For {pseudonym} the day stays: {day}.",
    "staff/snooze_end": "Show it again now",
    "staff/snooze_passed": "This day cannot be chosen now. Choose another one.",
    "staff/put_off": ("Put off by you: {n}.", "Put off by you: {n}."),
    "staff/more_than_enough": (
        "That is more than the {n} that you named.",
        "That is more than the {n} that you named.",
    ),
}

_PEOPLE: Mapping[str, str | tuple[str, str]] = {
    "ui/share.asks": "If you share it, {reader} reads it on {day}. The answer comes by {by}.",
    "ui/share.shared.asks": "Shared. {reader} reads this on {day} and answers by {by}. Nobody reads it right away.",
    "ui/me.sent.answer_by": "{reader} answers by {day}.",
    "ui/me.sent.still_open": "An answer was planned for {day}. It is still open.",
}

HOURS: Mapping[str, str | tuple[str, str]] = {**_HOURS, **_REQUESTS, **_PEOPLE}
