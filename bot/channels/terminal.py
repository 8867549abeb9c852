"""The terminal: a script played as a conversation, for those who write scripts. It goes the whole way that a message of
a participant goes, on a database that is thrown away, and shows at its end the card the specialist would see."""

from __future__ import annotations

from collections.abc import Callable

from bot.channels.terminal_stage import NotPlayable as NotPlayable
from bot.channels.terminal_stage import Write, staged
from bot.config import Settings
from bot.messages import Tap

Read = Callable[[str], str]

START = Tap(0, "", "start")
SEES_NOTHING = "--- The specialist sees nothing of this. ---"
SEES = "--- What the specialist sees ---"


def play(settings: Settings, dialogue: str, language: str, read: Read, write: Write) -> None:
    """Hold one conversation on a script of the folder. Without a ``language`` it is that of the script.

    ``read`` raises EOFError or KeyboardInterrupt when nothing more comes. It is called outside of the event loop: while
    somebody types nothing else happens, and Ctrl-C ends the waiting at once. Raises what ``staged`` raises.
    """
    with staged(settings, dialogue, language) as stage:
        write("Type a number or words, or one of the words in [ ]. Ctrl-D ends it.\n")
        waiting = stage.say(write, tap=START)
        while waiting is not None:
            try:
                typed = read("> ")
            except (EOFError, KeyboardInterrupt):
                write("\n--- Stopped before the end. ---")
                break
            told = stage.type(write, waiting, typed)
            waiting = None if told.kind == "closed" else told
        cards = stage.cards()
        write("\n".join([SEES, *(line for _, lines in cards for line in lines)] if cards else [SEES_NOTHING]))
