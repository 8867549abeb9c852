"""What staff read about who accompanies whom, who is on the staff, who is away, and what is set.

Nothing here says what somebody answered, or that they did not.
"""

from __future__ import annotations

from collections.abc import Mapping

_PARTICIPANTS: Mapping[str, str | tuple[str, str]] = {
    "staff/participants": "Participants",
    "staff/participants_intro": "Everyone who is here, and who works with them. You see no answers.",
    "staff/participants_search": "Name, pseudonym or number",
    "staff/participants_find": "Search",
    "staff/participants_all": "Show everyone",
    "staff/participants_none": "Nobody is here yet.",
    "staff/participants_not_found": "Nobody is called so.",
    "staff/participants_unassigned": "Without a specialist",
    "staff/participants_unassigned_note": "What these people share is kept. Nobody reads it until they have a "
    "specialist.",
    "staff/participants_assigned": "With a specialist",
    "staff/participant_number": "Number {number}",
    "staff/placed_give": "Give them this specialist",
    "staff/placed_specialist": "Specialist",
    "staff/placed_with": "{name} works with this person since {date}.",
    "staff/placed_with_nobody": "Nobody works with this person now.",
    "staff/placed_change": "Another specialist",
    "staff/placed_what": "The new specialist sees the agreements, and what is shared from now on. The person is asked "
    "what else the new specialist may see.",
    "staff/placed_do": "Change the specialist",
    "staff/placed_choose": "Choose at least one person.",
    "staff/placed_no_specialists": "There is no other specialist.",
    "staff/placed_same_name": "The specialist works with somebody who is called the same: {pseudonyms}. Nothing was "
    "changed.",
    "staff/placed_zone": "Time zone",
    "staff/placed_zone_hint": "Check-ins follow the clock there, like {example}. There are never two on one day.",
    "staff/placed_zone_do": "Save the time zone",
    "staff/placed_no_zone": "There is no such time zone. Write it like {example}.",
    "staff/placed_invitations": "Invitations",
    "staff/placed_invitations_what": "You can close every invitation that was not used, for example when a link was "
    "lost.",
    "staff/placed_invitations_do": "Close the invitations",
    "staff/placed_invite": "Make a new link",
    "staff/placed_unreachable_since": "This is so since {date}. The messenger does not say why.",
    "staff/placed_done_specialist": "The specialist has changed. The person is asked what the new one may see.",
    "staff/placed_done_zone": "The time zone is saved.",
    "staff/placed_done_invitations": "No invitation of this person opens anything now.",
}

_LEAVE: Mapping[str, str | tuple[str, str]] = {
    "staff/leave": "Leave",
    "staff/leave_intro_own": "While you are away you get no overview. The people you work with are told until when, "
    "and who reads.",
    "staff/leave_intro": "You can plan leave for a specialist, for example when somebody is ill. The people they work "
    "with are told until when, and who reads.",
    "staff/leave_planned": "What is planned",
    "staff/leave_none": "No leave is planned.",
    "staff/leave_days": "{first} to {last}",
    "staff/leave_one_day": "{day}",
    "staff/leave_reads": "{name} reads meanwhile.",
    "staff/leave_nobody_reads": "Nobody reads meanwhile.",
    "staff/leave_reads_for": "You read for {name}: {days}.",
    "staff/leave_next_digest": "The first overview after it comes on {date}. It holds everything.",
    "staff/leave_new": "Plan leave",
    "staff/leave_who": "Who is away",
    "staff/leave_first": "First day away",
    "staff/leave_last": "Last day away",
    "staff/leave_cover": "Who reads meanwhile",
    "staff/leave_cover_nobody": "Nobody",
    "staff/leave_cover_hint": "Another person begins to read tomorrow at the earliest. Today stays as people were "
    "told.",
    "staff/leave_save": "Save the leave",
    "staff/leave_end": "End the leave of {name}",
    "staff/leave_end_own": "I am back",
    "staff/leave_end_hint": "Leave that is planned for later ends too.",
    "staff/leave_not_backwards": "The last day is before the first day.",
    "staff/leave_not_past": "The first day is over. Leave begins today or later.",
    "staff/leave_not_long": "This is more than a year. Plan the first part of it now.",
    "staff/leave_not_self": "{name} is away then. Choose somebody else, or nobody.",
    "staff/leave_not_away": "{cover} is away then too: {days}.",
    "staff/leave_not_reads": "{name} reads for {other} then: {days}. First change who reads for {other}.",
}

_TEAM: Mapping[str, str | tuple[str, str]] = {
    "staff/first_proof": "First show again who you are. Then the form is here.",
    "staff/first_proof_do": "Show who I am",
    "staff/team": "Staff",
    "staff/team_intro": "Everyone who works with this service, and what they may do.",
    "staff/team_here": "Here now",
    "staff/team_gone": "Not here any more",
    "staff/team_you": "This is you",
    "staff/team_add": "Add somebody",
    "staff/team_name": "Name",
    "staff/team_mail": "Mail address",
    "staff/team_role": "Role",
    "staff/team_language": "Language",
    "staff/team_save_new": "Add and make a link",
    "staff/team_save": "Save",
    "staff/team_saved": "It is saved.",
    "staff/team_lacks": "A name is needed.",
    "staff/team_long": "There is room for {n} letters.",
    "staff/team_bad_mail": "This is no mail address. Write it like {example}.",
    "staff/team_taken": "Somebody else has this mail address.",
    "staff/team_bad_role": "This role cannot be chosen.",
    "staff/team_bad_language": "This language cannot be chosen.",
    "staff/team_self": "You cannot take your own role away. Another administrator can.",
    "staff/team_last": "This is the last administrator. First give somebody else this role.",
    "staff/team_why_needed": "Write in a few words why.",
    "staff/team_why_long": "There is room for {n} letters.",
    "staff/team_is_gone": "This person is not on the staff any more.",
    "staff/role.specialist": "Specialist",
    "staff/role.coordinator": "Coordinator",
    "staff/role.translator": "Translator",
    "staff/role.administrator": "Administrator",
    "staff/role.auditor": "Auditor",
    "staff/role.specialist_does": "Reads what people share, and answers.",
    "staff/role.coordinator_does": "Questions, invitations and who works with whom. Sees no answers.",
    "staff/role.translator_does": "Translates texts. Sees no participants.",
    "staff/role.administrator_does": "Staff and settings. Sees no answers.",
    "staff/role.auditor_does": "Reads the log of what was done, and nothing else.",
    "staff/member_change": "Change",
    "staff/member_role_note": "With another role the person signs in again. Who is no specialist any more works with "
    "nobody.",
    "staff/member_sessions": "Sign out everywhere",
    "staff/member_sessions_what": "All browsers are signed out. The person can sign in again.",
    "staff/member_sessions_done": "All browsers are signed out.",
    "staff/member_entrance": "A new way to sign in",
    "staff/member_entrance_what": "For somebody who has lost the phone or the key for signing in. What was used "
    "before opens nothing any more. The person is told, and your reason is in the log.",
    "staff/member_entrance_why": "Why",
    "staff/member_entrance_do": "Make a link",
    "staff/member_disable": "Leave the staff",
    "staff/member_disable_what": "The person is signed out at once and gets no messages. Their own check-ins are "
    "deleted. The log stays.",
    "staff/member_disable_people": (
        "{n} participant has no specialist then. Coordinators see it.",
        "{n} participants have no specialist then. Coordinators see it.",
    ),
    "staff/member_disable_do": "{name} leaves the staff",
    "staff/member_disabled": "{name} is not on the staff any more.",
    "staff/member_enable": "Come back",
    "staff/member_enable_what": "The person can be given a new way to sign in. They work with nobody yet.",
    "staff/member_enable_do": "{name} comes back",
    "staff/member_enabled": "{name} is on the staff again. Make a link for signing in.",
    "staff/member_released": (
        "{n} participant has no specialist now. Coordinators see it.",
        "{n} participants have no specialist now. Coordinators see it.",
    ),
    "staff/entrance_mailed": "A link was sent to {name} by mail. It opens once, for 24 hours.",
    "staff/entrance_link": "No mail could be sent. Give this link to {name} yourself. It opens once, for 24 hours. "
    "You see it only now.",
}

_SETTINGS: Mapping[str, str | tuple[str, str]] = {
    "staff/settings": "Settings",
    "staff/settings_intro": "What is set on this machine. You can read it here. Whoever runs the machine changes it.",
    "staff/settings_found": "What has to be seen to",
    "staff/settings_well": "All is well.",
    "staff/settings_unknown": "This cannot be looked at now.",
    "staff/settings_name": "Setting",
    "staff/settings_value": "Value",
    "staff/settings_secret": "Set. It is not shown.",
    "staff/settings_empty": "Not set",
    "staff/settings_english": "This part is in English, as in the documents for whoever runs the machine.",
}

OFFICE: Mapping[str, str | tuple[str, str]] = {**_PARTICIPANTS, **_LEAVE, **_TEAM, **_SETTINGS}
