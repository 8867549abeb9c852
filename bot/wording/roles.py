"""What a specialist does and does not do, and how a request is answered."""

from __future__ import annotations

from collections.abc import Mapping

ROLES: Mapping[str, str | tuple[str, str]] = {
    # The role card
    "ui/role.does": "{specialist} can do this for you:",
    "ui/role.together": "You and {specialist} can do this together:",
    "ui/role.instead": "{specialist} does not do this. Someone else does:",
    "ui/role.instead.item": "{topics}: {who}",
    "ui/role.call": "{who}, telephone {number}",
    "ui/role.kind.benefits_office": "{who} (benefits office)",
    "ui/role.kind.health_service": "{who} (health service)",
    "ui/role.kind.union": "{who} (union)",
    "ui/role.kind.language_course": "{who} (language course)",
    "ui/role.kind.interpreter_service": "{who} (interpreters)",
    "ui/role.kind.family_service": "{who} (help for families)",
    "ui/role.kind.housing": "{who} (housing)",
    "ui/role.kind.lawyer": "{who} (lawyer)",
    "ui/role.kind.debt_adviser": "{who} (help with debt)",
    "ui/role.kind.school": "{who} (school)",
    "ui/role.kind.other": "{who}",
    # Answers to a request
    "ui/reply.about": "About: {topic}",
    "ui/reply.yes": "{specialist} says: yes, I do this.",
    "ui/reply.together": "{specialist} says: we do this together.",
    "ui/reply.try": "{specialist} asks: can you try it first? {specialist} helps you with it.",
    "ui/reply.not_my_role": "{specialist} does not do this. This is who can help: {who}",
    "ui/reply.not_my_role.open": "{specialist} does not do this. You can talk about who does.",
    "ui/reply.talk_first": "{specialist} wants to talk with you about it first.",
    "ui/reply.seen": "{specialist} has read this.",
}
