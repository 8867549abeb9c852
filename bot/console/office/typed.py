"""Typed: what somebody filled into a form that could not be used, with a sentence about it, beside its field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Typed:
    """``form`` says which form of the page, ``where`` which of its fields; "" for all of it."""

    form: str = ""
    fields: Mapping[str, str] = field(default_factory=dict, repr=False)
    trouble: str = ""
    where: str = ""

    @property
    def status(self) -> int:
        """Of the page that shows it."""
        return 422 if self.trouble else 200

    def of(self, form: str) -> Typed:
        """What was typed into one form: nothing where it was another one."""
        return self if self.form == form else Typed(form)

    def value(self, name: str, otherwise: object = "") -> str:
        """What stands in a field."""
        return self.fields.get(name, str(otherwise))

    def about(self, name: str) -> str:
        """What is wrong with a field, or ""."""
        return self.trouble if self.trouble and self.where == name else ""
