"""What translators and coordinators read where they read over translations."""

from __future__ import annotations

from collections.abc import Mapping

REVIEWING: Mapping[str, str | tuple[str, str]] = {
    # A translation as a chat
    "staff/review": "Read it as a chat",
    "staff/review_intro": "The words of the script and the translation, side by side. "
    "The answers are made up and not kept. What you save at a text is.",
    "staff/review_next": "What comes by itself next",
    "staff/review_progress": "{done} of {total} texts about taking part, sharing and help are reviewed "
    "in this language.",
    "staff/review_not_offered": "People cannot choose this language yet.",
    "staff/review_right": "Only a translator who has this language can say that a text is reviewed.",
    "staff/review_now": "The texts that stand there now",
    "staff/review_before": "The texts before them",
    "staff/review_saved": "Saved.",
    "staff/review_others": "Languages that are not offered",
    # Which texts are shown
    "staff/texts_where": "Where it stands",
    "staff/texts_state": "State",
    "staff/texts_all": "all",
    "staff/texts_not_reviewed": "not reviewed",
    "staff/texts_noted": "with a note",
    "staff/texts_find": "Words in it",
    "staff/texts_none": "There is no such text.",
    "staff/texts_page": "Page {n} of {total}",
    "staff/texts_back": "Texts before these",
    "staff/texts_on": "More texts",
    # At one text
    "staff/texts_forms": "One form on each line:",
    "staff/texts_recording": "The recording of {name}",
    "staff/texts_note": "A note",
    "staff/texts_note_at": "A note at {name}",
    "staff/texts_note_hint": "What seems wrong, for whoever words it next. "
    "It is gone when somebody empties it or says that the text is reviewed.",
    # Texts outside of conversations
    "staff/screens": "Texts of the screens",
    "staff/screens_intro": "What stands around the conversations: buttons, pages, short answers. "
    "What you save here comes into use when the operator has taken it over.",
    "staff/screens_talk": "In the conversation",
    "staff/screens_page": "The page of the chat, and pictures",
    "staff/screens_menu": "Menu, breaks and stopping",
    "staff/screens_sharing": "Sharing, requests and agreements",
    "staff/screens_me": "The person's own page",
    "staff/screens_help": "Help now",
    "staff/screens_messenger": "In a messenger",
    # Who may review
    "staff/member_reviews": "Languages to review",
    "staff/member_reviews_what": "Choose only languages that {name} has as their own. "
    "There they can say that a text is reviewed. It is written down with their name and the day.",
}
