"""What coordinators read about the numbers of a programme."""

from __future__ import annotations

from collections.abc import Mapping

NUMBERS: Mapping[str, str] = {
    "staff/numbers": "Numbers",
    "staff/numbers_of": "Numbers of {month}",
    "staff/numbers_intro": "All people together, for one month that is over. Nobody can be found in these numbers.",
    "staff/numbers_few": "Too few people to show numbers.",
    "staff/numbers_why": "How these numbers are made",
    "staff/numbers_rule_fewest": (
        "Each number stands for at least {people} people of at least {specialists} specialists. What is smaller is "
        "left out, also when it is nobody."
    ),
    "staff/numbers_rule_round": "Numbers are rounded to {step}. Shares are in words.",
    "staff/numbers_rule_whole": "A table is left out when its parts could be worked out from other numbers.",
    "staff/numbers_rule_shared": "Only lines that people chose to share are counted.",
    "staff/numbers_rule_month": "A month is shown when it is over.",
    "staff/numbers_months": "Months",
    "staff/numbers_table": "Download as a table",
    "staff/numbers_wall": (
        "These numbers are for making the service better. They are not for judging a person, a specialist or a "
        "workplace."
    ),
    "staff/numbers_logged": "Who takes them, and what for, is kept in the log.",
    "staff/numbers_purpose": "What for",
    "staff/numbers_choose": "Choose one",
    "staff/numbers_for_improve": "To make check-ins and help better",
    "staff/numbers_for_plan": "To plan staff, interpreters and time",
    "staff/numbers_for_report": "To report to those who pay for or oversee the service",
    "staff/numbers_for_study": "For a study that was approved",
    "staff/numbers_say_why": "Choose what the numbers are for.",
    "staff/numbers_as": "Kind of file",
    "staff/numbers_as_xlsx": "Workbook (XLSX)",
    "staff/numbers_as_csv": "Text with commas (CSV)",
    "staff/numbers_take": "Download",
    "staff/numbers_about": "About",
    "staff/numbers_taken_for": "Taken on {date}. What for: {purpose}.",
    "staff/numbers_month": "Month",
    "staff/numbers_part": "Part",
    "staff/numbers_what": "What",
    "staff/numbers_number": "Number",
    "staff/numbers_taking_part": "Taking part",
    "staff/numbers_taking_part_note": "People who wrote or pressed something, and check-ins that people answered.",
    "staff/numbers_using": "People who took part",
    "staff/numbers_taken_up": "Check-ins that were answered",
    "staff/numbers_topics": "Help that people want",
    "staff/numbers_topics_note": "How many people shared that they want help with this.",
    "staff/numbers_changes": "Changes at the workplace",
    "staff/numbers_changes_note": "How many people shared that this could change.",
    "staff/numbers_languages": "Languages",
    "staff/numbers_languages_note": "In which language people shared something.",
    "staff/numbers_both": "Help by language",
    "staff/numbers_both_note": "Only where both the help and the language stand for at least {n} people.",
    "staff/numbers_opinions": "Questions that are not good",
    "staff/numbers_opinions_note": "How often people said so. Nobody can tell who it was.",
    "staff/numbers_not_good": "not good for me",
    "staff/numbers_not_clear": "not clear",
    "staff/numbers_translation": "the translation is not good",
    "staff/numbers_undelivered": "Messages",
    "staff/numbers_undelivered_note": "People to whom a message could not be delivered.",
    "staff/numbers_undelivered_people": "Not reached",
    "staff/numbers_team": "The team",
    "staff/numbers_team_note": "From specialists' own check-ins, for those who chose to be counted.",
    "staff/numbers_team_people": "{question}: answers",
    "staff/numbers_pair": "{first}: {second}",
    "staff/numbers_band_few": "few or none",
    "staff/numbers_band_quarter": "about a quarter",
    "staff/numbers_band_half": "about half",
    "staff/numbers_band_three_quarters": "about three quarters",
    "staff/numbers_band_most": "nearly all or all",
}
