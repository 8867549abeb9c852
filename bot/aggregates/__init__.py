"""Aggregates: what coordinators may know of all people together, and of nobody. Pure.

``tally`` counts, ``rules`` says what of a count may be seen, ``numbers`` is what is left. ``month`` is what is counted
together.
"""

from bot.aggregates.month import Month as Month
from bot.aggregates.month import closed as closed
from bot.aggregates.numbers import Figures as Figures
from bot.aggregates.numbers import Invited as Invited
from bot.aggregates.numbers import Numbers as Numbers
from bot.aggregates.numbers import numbers as numbers
from bot.aggregates.rules import FEWEST_PEOPLE as FEWEST_PEOPLE
from bot.aggregates.rules import Behind as Behind
from bot.aggregates.tally import Tally as Tally
