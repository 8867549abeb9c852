"""Drawings: the names of the small pictures that can stand beside options, and of the faces beside points of a scale.

A drawing always stands beside words and never in their place. What each looks like is no matter of a script.
"""

from __future__ import annotations

DRAWINGS = (
    "ache",
    "arrows",
    "balance",
    "book",
    "box",
    "briefcase",
    "bubble",
    "building",
    "bus",
    "calendar",
    "cup",
    "desk",
    "diploma",
    "door",
    "empty",
    "envelope",
    "family",
    "flag",
    "globe",
    "headphones",
    "heart",
    "hourglass",
    "house",
    "image",
    "lifebuoy",
    "list",
    "lock",
    "magnifier",
    "meeting",
    "money",
    "moon",
    "paper",
    "passport",
    "people",
    "person",
    "phone",
    "pill",
    "pressure",
    "question",
    "read_and_listen",
    "send",
    "signpost",
    "sound",
    "stack",
    "stairs",
    "sun",
    "talk",
    "thought",
    "tree",
    "u_turn",
    "words",
)
"""Named for what is seen in them: each can stand beside several things."""

FACES = "faces"
"""What stands after ``picture:`` of a scale that can have faces."""
FACE = ("face_1", "face_2", "face_3", "face_4", "face_5")
"""The faces beside the points of such a scale, from the lowest to the highest."""
