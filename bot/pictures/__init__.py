"""Pictures of somebody's own answers: the last four weeks, and the web of what makes things harder.

The words are the answer, the picture stands beside them: whatever is drawn is also said (``twin``). Nothing is said by
colour, and nothing by a shape alone. Drawn once, as SVG, for pages; a messenger gets the same as PNG.
"""

from bot.pictures.model import MonthPicture, Picture, WebPicture
from bot.pictures.svg import svg
from bot.pictures.twin import twin

__all__ = ["MonthPicture", "Picture", "WebPicture", "svg", "twin"]
