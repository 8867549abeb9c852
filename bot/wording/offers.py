"""What a person is offered beside what is asked: an agreement from what they shared, and questions before a start."""

from __future__ import annotations

from collections.abc import Mapping

OFFERS: Mapping[str, str | tuple[str, str]] = {
    # After something was shared that can become an agreement. What was shared stands above it.
    "ui/agree.offer": "Shall this become an agreement with {specialist}?",
    "ui/agree.make": "Make an agreement",
    # In it, under the question what is agreed on
    "ui/suggested": "You shared: {words}",
    "ui/suggested.take": "Take these words",
    # In the week before a first day that the person told of. Others may see it: no word of what begins.
    "ui/start.offer": "Something new begins soon. Here are some questions for it, if you want. It is OK to leave them.",
}
