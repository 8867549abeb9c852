"""InForce: the programme that is used now, in one place: whoever keeps something made of it is told when it changes."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from bot.programme.programme import Programme

Use = Callable[[Programme], None]
Adapt = Callable[[Connection, Programme], Programme]


def as_it_is(_: Connection, programme: Programme) -> Programme:
    """Nothing here has to differ from what was agreed to."""
    return programme


class InForce:
    """Holds one programme at a time, and the number of its version (0 where there are none).

    ``adapt`` makes of every new version what can be offered here: what nobody can listen to is left out.
    """

    def __init__(self, programme: Programme, version: int = 0, adapt: Adapt = as_it_is) -> None:
        self.programme = programme
        self.version = version
        self.adapt = adapt
        self._users: list[Use] = []

    @classmethod
    def of(cls, programme: Programme | InForce) -> InForce:
        """What was given; a programme alone stays as it is."""
        return cls(programme) if isinstance(programme, Programme) else programme

    def follow(self, use: Use) -> None:
        """Call ``use`` with every programme that comes after this one."""
        self._users.append(use)

    def put(self, programme: Programme, version: int) -> None:
        """From now on this one."""
        self.programme, self.version = programme, version
        for use in self._users:
            use(programme)
