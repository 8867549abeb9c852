"""Programme: what one deployment decides. It is read from a ``programme.yaml``, complete and checked.

Without a number for danger and two help lines there is no programme: a person who needs help has to find it, in their
language, before anybody asks them a question. What is not signed or not checked lately keeps new people out
(``Programme.missing``), and never those who are here already from going on.
"""

from bot.programme.help_lines import ABOUT, COSTS, DAYS, FRESH, HelpLine, Hours
from bot.programme.in_force import InForce
from bot.programme.missing import Missing, told
from bot.programme.programme import READS, Programme, ProgrammeRefused, load_programme, read_file, read_programme
from bot.programme.statements import Signature, Statements

__all__ = [
    "ABOUT",
    "COSTS",
    "DAYS",
    "FRESH",
    "READS",
    "HelpLine",
    "Hours",
    "InForce",
    "Missing",
    "Programme",
    "ProgrammeRefused",
    "Signature",
    "Statements",
    "load_programme",
    "read_file",
    "read_programme",
    "told",
]
