"""What is said of emergencies: to the specialist who opens one, to staff who are told, and to the person."""

from __future__ import annotations

from collections.abc import Mapping

EMERGENCY: Mapping[str, str | tuple[str, str]] = {
    "staff/emergency": "Emergency",
    "staff/emergency_intro": "Only when it cannot wait and the person's own specialist is not there. You see what the "
    "person has shared, for 60 minutes.",
    "staff/emergency_told": "These are told at once: the person, their specialist, and all administrators. Each time "
    "you open the page it is written down.",
    "staff/emergency_who": "Pseudonym or number",
    "staff/emergency_why": "Why it cannot wait",
    "staff/emergency_why_hint": "The person and their specialist can read this.",
    "staff/emergency_do": "Open for 60 minutes",
    "staff/emergency_not_who": "Nobody is called so.",
    "staff/emergency_not_several": "More than one person is called so. Write the number.",
    "staff/emergency_not_own": "You work with this person. Their page is in your list.",
    "staff/emergency_not_reason": "Write in a few words why.",
    "staff/emergency_not_long": "There is room for {n} letters.",
    "staff/emergency_not_often": "You have tried this too often. Wait an hour, or call a coordinator.",
    "staff/emergency_open_now": "Open now",
    "staff/emergency_until": "Open until {time}",
    "staff/emergency_end": "End it now",
    "staff/emergency_shared": "What the person has shared",
    "staff/emergency_nothing": "Nothing is shared here.",
    "staff/emergency_with": "{name} works with this person.",
    "staff/emergency_with_nobody": "Nobody works with this person now.",
    "staff/emergency_about_yours": "About people you work with",
    "staff/emergency_everywhere": "Opened in the last 90 days",
    "staff/emergency_none": "Nothing was opened in the last 90 days.",
    "staff/emergency_by": "{name} opened it on {date} at {time}.",
    "staff/emergency_was": "It ended at {time}.",
    "staff/emergency_is": "It ends at {time}.",
    "staff/emergency_reason": "The reason: {reason}",
    "staff/notice.emergency.subject": "Opened in an emergency",
    "staff/notice.emergency": "{name} has opened what one of the people you work with has shared. It ends at {time} "
    "at the latest.",
    "staff/notice.emergency_anywhere.subject": "Opened in an emergency",
    "staff/notice.emergency_anywhere": "{name} has opened what a participant has shared. It ends at {time} at the "
    "latest.",
    "staff/notice.entrance_renewed.subject": "A new way to sign in",
    "staff/notice.entrance_renewed": "{name} has made a new way for you to sign in, at {time}. What you used before "
    "opens nothing any more. If you did not ask for this, call {name}.",
    # To the person
    "ui/emergency.opened": "{who} has opened what you shared. It could not wait. This was on {moment}, for 60 minutes "
    "at the most. Your page about what is kept says why.",
    "ui/me.opened_emergency": "Opened what you shared, as it could not wait",
    "ui/me.opened_emergency_page": "Read what you shared, as it could not wait",
    "ui/me.opened_reason": "The reason, as it was written:",
}
