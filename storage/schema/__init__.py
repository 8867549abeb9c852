"""The tables. Every table a participant owns has ``participant_id`` first in its key, so it can be split by it.

Columns named ``sealed_*`` hold ciphertext of the owner's own key (see ``storage.vault``): without that key they are
noise, so erasing ``data_key`` erases the person. What has no owner is sealed with the deployment's key. Choices and
numbers stay readable to SQL.
"""

from storage.schema.columns import UtcDateTime, metadata
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
    web_session,
)
from storage.schema.scripts import script_version
from storage.schema.service import audit, process, vault_key
from storage.schema.talks import answer, card, channel_state, conversation, feedback, inbox, outbox, stray
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
    "feedback",
    "inbox",
    "invitation",
    "invitation_attempt",
    "metadata",
    "outbox",
    "participant",
    "process",
    "reflection",
    "reply",
    "script_version",
    "staff",
    "staff_address",
    "staff_invitation",
    "staff_leave",
    "stray",
    "team_answer",
    "vault_key",
    "web_session",
]
