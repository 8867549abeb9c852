"""What staff read when nobody new can be taken in: what is missing in the programme file."""

from __future__ import annotations

from collections.abc import Mapping

ENROLLING: Mapping[str, str | tuple[str, str]] = {
    "staff/enrol.closed": "Nobody new can be added now. Everybody who is here goes on.",
    "staff/enrol.missing": "This is missing in the programme file:",
    "staff/enrol.no_consequence": "Nobody has signed that taking part changes no benefit, support or place.",
    "staff/enrol.not_monitored": "Nobody has signed that answers are not monitored.",
    "staff/enrol.role_card": "There is no role card: what a specialist does, and who does the rest.",
    "staff/enrol.unchecked": "Nobody has called this help line: {line}.",
    "staff/enrol.stale": "The last call to this help line is more than 180 days old: {line}.",
}
