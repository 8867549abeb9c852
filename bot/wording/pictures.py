"""What stands in pictures and in the texts beside them."""

from __future__ import annotations

from collections.abc import Mapping

PICTURES: Mapping[str, str | tuple[str, str]] = {
    # The last four weeks
    "ui/picture.month": "Your last four weeks",
    "ui/picture.month_empty": "There are no answers in these four weeks.",
    "ui/picture.week_of": "Week of {day}",
    "ui/picture.week": "Week",
    "ui/picture.sure": "Sure",
    "ui/picture.hard": "Hard",
    "ui/picture.good": "Good",
    # The web of what makes things harder
    "ui/picture.web": "Your web",
    "ui/picture.web_empty": "There is nothing in your web.",
    "ui/picture.at_work": "At work",
    "ui/picture.away": "Away from work",
    "ui/picture.several": "In several places, or on the way",
    "ui/picture.where": "Where",
    "ui/picture.sign": "First sign",
    "ui/picture.helps": "Helps",
    "ui/picture.safer": "A safer way",
    "ui/picture.who": "Can help",
    "ui/picture.harder": "Makes this harder: {things}",
    "ui/picture.lines": "A line joins two things. The dot is at what gets harder.",
    # Beside every picture
    "ui/picture.words": "Everything in the picture is here in words too.",
    # On the pages of a specialist
    "staff/picture.month": "Last four weeks, as shared",
    "staff/picture.web": "What makes things harder, as shared",
    "staff/picture.lines": "The participant drew every line. The dot is at what gets harder.",
}
