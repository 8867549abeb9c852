"""Contents: what a message without words holds. Only its kind is looked at: nothing is fetched and nothing is kept."""

from __future__ import annotations

from collections.abc import Iterable

# The first that fits counts: an animation is sent as a document as well, and a venue as a location.
_KINDS = {
    "voice": "voice",
    "video_note": "video",
    "video": "video",
    "animation": "video",
    "photo": "photo",
    "sticker": "sticker",
    "venue": "place",
    "location": "place",
    "contact": "contact",
    "poll": "poll",
    "audio": "file",
    "document": "file",
}

_ABOUT_THE_CHAT = """
boost_added channel_chat_created chat_background_set chat_owner_changed chat_owner_left chat_shared
checklist_tasks_added checklist_tasks_done connected_website delete_chat_photo direct_message_price_changed
forum_topic_closed forum_topic_created forum_topic_edited forum_topic_reopened general_forum_topic_hidden
general_forum_topic_unhidden gift gift_upgrade_sent giveaway_completed giveaway_created group_chat_created
left_chat_member message_auto_delete_timer_changed migrate_from_chat_id migrate_to_chat_id new_chat_members
new_chat_photo new_chat_title paid_message_price_changed passport_data pinned_message proximity_alert_triggered
refunded_payment successful_payment suggested_post_approval_failed suggested_post_approved suggested_post_declined
suggested_post_paid suggested_post_refunded supergroup_chat_created unique_gift users_shared video_chat_ended
video_chat_participants_invited video_chat_scheduled video_chat_started web_app_data write_access_allowed
"""
_UNWRITTEN = frozenset(_ABOUT_THE_CHAT.split())
"""Messages that nobody wrote: Telegram puts them into a chat by itself."""


def kind_of(fields: Iterable[str]) -> str:
    """The kind of content by the names of a message's fields: "other" for one that is not known, "" for a message that
    nobody wrote."""
    present = set(fields)
    if present & _UNWRITTEN:
        return ""
    return next((kind for name, kind in _KINDS.items() if name in present), "other")
