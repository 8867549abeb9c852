"""Finding: something wrong with a translation, where it is, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. ``severe`` is False for what may wait: the text can be used as it is."""

    language: str
    context: str
    what: str
    remedy: str
    severe: bool = True
    place: str = ""

    def __str__(self) -> str:
        where = "  ".join(part for part in (self.place, self.language, self.context) if part)
        return f"{where}  {self.what} {self.remedy}"
