"""What staff read in the overview, on cards, and in the message that an overview is ready.

No pronoun for a participant, no adjective about a person, nothing about answers that did not come.
"""

from __future__ import annotations

from collections.abc import Mapping

DIGEST: Mapping[str, str | tuple[str, str]] = {
    # The day
    "staff/overview": "Overview",
    "staff/overview_of": "{day} · {reader}",
    "staff/nothing_new": "Nothing new shared.",
    "staff/nothing_else": "Nothing else is waiting.",
    "staff/order": "Order: requests, agreements, news, new check-ins. Oldest first.",
    "staff/why": "Why am I seeing this?",
    "staff/count": "{heading} ({n})",
    "staff/asked_for_contact": "Asked for contact",
    "staff/asked_for_help": "Asked for help",
    "staff/asked_for_interpreter": "Asked for an interpreter",
    "staff/wants_to_talk": "Wants to talk",
    "staff/asked_if_quiet": "Asked you to get in touch",
    "staff/agreements_today": "Agreements today",
    "staff/news": "News",
    "staff/changed": "Changed",
    "staff/new": "New shared check-ins",
    "staff/why_contact": "The person asked for contact and chose to share it with you.",
    "staff/why_help": "The person asked for help with this and chose to share it with you.",
    "staff/why_interpreter": "The person asked for an interpreter and chose to share it with you.",
    "staff/why_talk": "The person wants to talk about the workplace and chose to share it with you.",
    "staff/why_if_quiet": "The person asked earlier: get in touch when nothing has come for so long.",
    "staff/why_agreement": "You both agreed on this, and its day is today or was before.",
    "staff/why_news": "The person says that something happened and chose to share it with you.",
    "staff/why_changed": "The person changed a goal or a next step and chose to share it with you.",
    "staff/why_new": "Each person here saw these lines first and chose to share them with you.",
    "staff/planned": "{owner}, {date}",
    "staff/owner_together": "together",
    "staff/owner_someone_else": "someone else",
    "staff/open_requests": ("Requests open: {n}.", "Requests open: {n}."),
    "staff/new_this_week": ("New this week: {n}.", "New this week: {n}."),
    "staff/maybe_not_mine": ("{n} may be not your role.", "{n} may be not your role."),
    "staff/seen": "Seen",
    "staff/days": "Days",
    "staff/day_before": "Earlier: {day}",
    "staff/today": "Today",
    # A card
    "staff/shared_on": "shared {date}",
    "staff/shared_by": "Shared by {name} for job support. Not an activity report.",
    "staff/earlier": "Earlier: {answers}.",
    "staff/earlier_answers": "Earlier answers",
    "staff/earlier_answer": "{answer} ({date})",
    "ui/separator": ", ",
    "staff/labelled": "{label}: {value}",
    "staff/lower": (
        "The last two answers are lower than the {n} before.",
        "The last two answers are lower than the {n} before.",
    ),
    "staff/higher": (
        "The last two answers are higher than the {n} before.",
        "The last two answers are higher than the {n} before.",
    ),
    "staff/clear": "Clear",
    "staff/manageable": "Do-able",
    "staff/meaningful": "Meaning",
    "staff/permission_none": "Talk to them? After we have talked.",
    "staff/withdrawn": "Withdrawn by the participant.",
    "staff/answered_on": "Answered {date}.",
    "staff/seen_on": "Seen {date}.",
    "staff/open_agreements": "Open",
    "staff/more": "more",
    "staff/more_lines": ("{n} more line", "{n} more lines"),
    "staff/more_people": ("{n} more person", "{n} more people"),
    "staff/more_agreements": ("{n} more agreement", "{n} more agreements"),
    "staff/person_page": "All from {pseudonym}",
    # That it is ready
    "staff/mail_subject": "Your overview is ready",
    "staff/mail_greeting": "Hello {name}",
    "staff/mail_where": "It is here:",
    "staff/mail_once": "This comes once on a working day, and only when there is something.",
    "staff/mail_held": "The message of {date} may not have reached you. Everything shared is on these pages.",
    "staff/ready": "Your overview is ready.",
    # In a messenger
    "staff/messenger": "Telegram",
    "staff/messenger_intro": "Telegram can tell you that your overview is ready. It says nothing else.",
    "staff/messenger_instead": (
        "It comes at your usual time, in place of the mail. When it cannot arrive, a mail comes."
    ),
    "staff/messenger_none": "Telegram does not answer now. Please look again later.",
    "staff/messenger_make": "Make a link for {bot}",
    "staff/messenger_once": "Open it on your own phone. It opens once, until {time}.",
    "staff/messenger_on": "{bot} tells you since {date}.",
    "staff/messenger_away": "{bot} does not reach you since {date}. Mail comes instead.",
    "staff/messenger_end": "Tell me no more in {bot}",
    "staff/messenger_started": "You are told here when your overview is ready. Nobody reads what is written here.",
    "staff/messenger_unread": "Nobody reads what is written here. Your overview is on the staff pages.",
}
