"""The tables. Every table a participant owns has ``participant_id`` first in its key, so it can be split by it.

Columns named ``sealed_*`` hold ciphertext of the owner's own key (see ``storage.vault``): without that key they are
noise, so erasing ``data_key`` erases the person. What has no owner is sealed with the deployment's key. Choices and
numbers stay readable to SQL.
"""

from storage.schema.columns import UtcDateTime, metadata
from storage.schema.emergencies import emergency, staff_notice
from storage.schema.people import (
    access_link,
    address,
    agreement,
    assignment,
    consent,
    contact_log,
    invitation,
    invitation_attempt,
    participant,
    reply,
    snooze,
    web_session,
)
from storage.schema.programmes import programme_draft, programme_version
from storage.schema.scripts import (
    draft_presence,
    draft_revision,
    publication,
    publication_version,
    script_draft,
    script_example,
    script_text,
    script_version,
    text_note,
)
from storage.schema.service import audit, process, vault_key
from storage.schema.signing_in import passkey, recovery_code, sign_in, sign_in_try, staff_app, staff_identity
from storage.schema.talks import answer, card, channel_state, conversation, feedback, inbox, outbox, stray, translation
from storage.schema.team import digest, reflection, staff, staff_address, staff_invitation, staff_leave, team_answer

__all__ = [
    "UtcDateTime",
    "access_link",
    "address",
    "agreement",
    "answer",
    "assignment",
    "audit",
    "card",
    "channel_state",
    "consent",
    "contact_log",
    "conversation",
    "digest",
    "draft_presence",
    "draft_revision",
    "emergency",
    "feedback",
    "inbox",
    "invitation",
    "invitation_attempt",
    "metadata",
    "outbox",
    "participant",
    "passkey",
    "process",
    "programme_draft",
    "programme_version",
    "publication",
    "publication_version",
    "recovery_code",
    "reflection",
    "reply",
    "script_draft",
    "script_example",
    "script_text",
    "script_version",
    "sign_in",
    "sign_in_try",
    "snooze",
    "staff",
    "staff_address",
    "staff_app",
    "staff_identity",
    "staff_invitation",
    "staff_leave",
    "staff_notice",
    "stray",
    "team_answer",
    "text_note",
    "translation",
    "vault_key",
    "web_session",
]
