"""What specialists read around their own check-in."""

from __future__ import annotations

from collections.abc import Mapping

OWN_CHECKIN: Mapping[str, str] = {
    "staff/own": "My own check-in",
    "staff/own_intro": "Only you see this. No manager, no coordinator and no participant can open it.",
    "staff/own_no_names": "Leave out names and details of a person.",
    "staff/own_begin": "Begin",
    "staff/own_none": "There is no own check-in in this service yet.",
    "staff/own_question": "The question now",
    "staff/own_so_far": "So far",
    "staff/own_passed": "Not answered",
    "staff/own_progress": "{number} of {total}",
    "staff/own_hint": "Only you see this. Please leave out names.",
    "staff/own_names": "Please leave out names. This is not saved yet.",
    "staff/own_moved_on": "This page was an old one, so nothing was saved. Here is the question that waits.",
    "staff/own_heavy_title": "When it is too heavy",
    "staff/own_heavy": (
        "Nobody is told what you wrote. You can talk to your manager, to the safety representative or to the "
        "occupational health service."
    ),
    "staff/own_heavy_now": "When you cannot wait, call your doctor or a helpline. They are there for you too.",
    "staff/own_earlier": "What you wrote before",
    "staff/own_colleague": "You wanted to talk this over with a colleague.",
    "staff/own_note": "Do you want to talk it over with a colleague? Print this page and bring it. Nothing is sent.",
    "staff/own_empty": "You answered no question here.",
    "staff/own_back": "All of mine",
    "staff/own_delete": "Delete this",
    "staff/own_delete_all": "Delete everything",
    "staff/own_delete_sure": "It is gone for good then. What it added to the team this month goes too.",
    "staff/own_delete_yes": "Yes, delete it",
    "staff/own_stop": "Stop and delete what I wrote now",
}
