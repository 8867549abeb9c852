"""Preview: a draft as the conversation it would be, with made-up answers, and the card a specialist would get of it.

Pure: nothing is stored and nothing is sent. What was done so far (``Acts``) travels with the page and is played anew
each time, so a text that was changed meanwhile is seen at once, at the same place of the conversation.
"""

from bot.preview.acts import MOST_ACTS as MOST_ACTS
from bot.preview.acts import Act as Act
from bot.preview.acts import Acts as Acts
from bot.preview.course import Course as Course
from bot.preview.course import Shared as Shared
from bot.preview.drafted import drafted as drafted
from bot.preview.exampled import example as example
from bot.preview.filling import answered_to_the_end as answered_to_the_end
from bot.preview.gaps import Tried as Tried
from bot.preview.gaps import tried as tried
from bot.preview.played import played as played
from bot.preview.scripted import CannotPlay as CannotPlay
from bot.preview.scripted import scripted as scripted
from bot.preview.traced import names_in as names_in
from bot.preview.traced import traced as traced
from bot.preview.worded import card as card
from bot.preview.worded import entries as entries
