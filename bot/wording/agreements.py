"""What specialists read about requests, contacts and agreements on the page of one person, and what that person is told
in the chat when an agreement was acted on.

The same words whoever owns an agreement, and nothing about whether a person was reached: that would tell a pause.
"""

from __future__ import annotations

from collections.abc import Mapping

AGREEMENTS: Mapping[str, str | tuple[str, str]] = {
    # Requests
    "staff/requests": "Requests",
    "staff/reply_yes": "Yes, I will",
    "staff/reply_together": "Let's do it together",
    "staff/reply_try": "Can you try it, I support",
    "staff/reply_talk_first": "Let's talk first",
    "staff/reply_not_my_role": "Not my role",
    "staff/reply_seen": "Seen",
    "staff/reply_not_my_role_who": "Not my role. Who does it?",
    "staff/reply_nobody": "To talk about",
    "staff/reply_send": "Answer",
    "staff/reply_told": "Medvind gives your answer in the chat, in words that are translated already.",
    "staff/reply_contact": "This leaves when you note a contact.",
    "staff/replied": "Answered",
    "staff/replied_by": "{reply} ({name}, {date})",
    "staff/replied_who": "{reply}: {who}",
    # Contact
    "staff/contact": "Contact",
    "staff/contact_day": "I was in contact on",
    "staff/contact_hint": "Only the day is kept, for you. You can take it back.",
    "staff/contact_save": "Note the day",
    "staff/contact_back": "Take back",
    "staff/contact_last": "Your last contact: {date}",
    "staff/contact_not_come": "This day has not come yet.",
    # Agreements
    "staff/agreements": "Agreements",
    "staff/agreements_intro": "An agreement counts when both of you have said yes to the same words.",
    "staff/agreement_who": "Who does it",
    "staff/agreement_by": "By",
    "staff/agreement_sign": "Done when",
    "staff/agreement_planned": "Planned for {date}.",
    "staff/agreement_still_open": "Planned for {date}. Still open.",
    "staff/agreement_active": "Agreed.",
    "staff/agreement_waits_you": "Waits for your answer.",
    "staff/agreement_waits_other": "Waits for {pseudonym}: yes or no.",
    "staff/agreement_waits_words": "Somebody asked to change it. Either of you can write it anew.",
    "staff/agreement_done": "Done.",
    "staff/agreement_dropped": "Dropped.",
    "staff/agreement_declined": "Not agreed.",
    "staff/agreement_until_then": "Until both agree, this counts:",
    "staff/agreement_confirm": "Yes, agreed",
    "staff/agreement_decline": "No",
    "staff/agreement_mark_done": "Done",
    "staff/agreement_not_yet": "Not yet, new date",
    "staff/agreement_new_day": "New date",
    "staff/agreement_drop": "We drop it",
    "staff/agreement_take_back": "Take it back",
    "staff/agreement_change": "Change it",
    "staff/agreement_propose": "Propose an agreement",
    "staff/agreement_what": "What",
    "staff/agreement_what_hint": "In few and plain words. {pseudonym} reads exactly this.",
    "staff/agreement_due": "By which day",
    "staff/agreement_optional": "You can leave this empty.",
    "staff/agreement_sign_how": "How do you both notice that it is done?",
    "staff/agreement_send": "Send it to {pseudonym}",
    "staff/agreement_over": "Earlier agreements",
    "staff/agreement_history": "History",
    # Its history
    "staff/history_proposed": "{name} proposed it",
    "staff/history_confirmed": "{name} said yes",
    "staff/history_changed": "{name} changed it",
    "staff/history_change_asked": "{name} asked to change it",
    "staff/history_change_let_go": "{name} kept it as it was",
    "staff/history_declined": "{name} said no",
    "staff/history_done": "{name} said it is done",
    "staff/history_dropped": "{name} dropped it",
    # What cannot be done
    "staff/agreement_empty": "It needs a few words about what you agree on.",
    "staff/agreement_same": "This says the same as before. You can say yes to it.",
    "staff/agreement_long": "There is room for {n} letters.",
    "staff/agreement_no_day": "This is no day. Write it like {example}.",
    "staff/agreement_passed": "This day has passed. Choose today or a later day.",
    "staff/agreement_meanwhile": "It was changed in the meantime. Please look at how it stands now.",
    # What the person is told
    "ui/agreed.confirmed": "{specialist} says yes to an agreement. Now it counts.",
    "ui/agreed.declined": "{specialist} says no to an agreement. You can talk about it.",
    "ui/agreed.done": "{specialist} says that an agreement is done.",
    "ui/agreed.dropped": "{specialist} ends an agreement.",
    "ui/agreed.change_let_go": "{specialist} keeps an agreement as it was.",
}
"""Contexts begin with ``staff/`` for specialists and with ``ui/`` for participants."""
