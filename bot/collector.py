"""The garbage collector, which looks for what refers to each other and to nothing else. A person never waits for it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def spared_until_served() -> Iterator[None]:
    """Without it until ``spare_collector``, at the latest until the end: nearly all that a service loads at its start
    stays, and looking through it again and again took an eighth of the time until the first answer."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def spare_collector() -> None:
    """Let the garbage collector pass over what is loaded by now, for it stays, and look for garbage less often.

    A batch makes tens of thousands of objects that die with it and need no collector; looking through them, and through
    everything else, in the middle of it took a fifth of a turn.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    gc.enable()
