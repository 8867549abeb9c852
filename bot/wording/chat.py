"""What participants read that no script says. Contexts begin with ``ui/``; a pair is singular and plural.

Plain words (CEFR A2), at most twelve words a sentence, present tense, no exclamation marks, no "should", no praise.
Write so that no gender is needed in other languages. A text that tells what leaves a person, or where help is, has to
be read by a native speaker before its language is offered (see ``bot.catalogs.safety``).
"""

from __future__ import annotations

from collections.abc import Mapping

Texts = Mapping[str, str | tuple[str, str]]

# The pages of the web chat.
PAGE: Texts = {
    "ui/page.choose_language": "Choose your language",
    "ui/page.language": "Language",
    "ui/page.menu": "Menu",
    "ui/page.messages": "Messages",
    "ui/page.to_question": "Go to the question",
    "ui/page.you": "You:",
    "ui/page.progress": "{number} of {total}",
    "ui/page.question": "Question {number} of {total}",
    # Ways to answer
    "ui/page.your_answer": "Your answer",
    "ui/page.own_words": "In your own words",
    "ui/page.number": "Your number",
    "ui/page.date": "Your date",
    "ui/page.choose_any": "You can choose more than one.",
    "ui/page.choose_most": ("You can choose {n}.", "You can choose up to {n}."),
    "ui/page.send": "Send",
    # What became of an answer
    "ui/page.sending": "Sending",
    "ui/page.saved": "Saved",
    "ui/page.not_saved": "Not saved yet. Trying again.",
    "ui/page.kept": "Your answer cannot be saved right now. It stays here and is sent again.",
    "ui/page.away_title": "Not saved yet",
    "ui/page.away": "Nothing can be saved at the moment. Your answer is still on this page.",
    "ui/page.away_read_title": "The page does not open",
    "ui/page.away_read": "The page cannot be opened at the moment. Your answers are safe.",
    "ui/page.away_wait": "Wait a little. Then try again.",
    "ui/page.try_again": "Try again",
    # Nothing to answer
    "ui/page.done_title": "Your answers are saved",
    "ui/page.done": "There is nothing more to answer now. You can close this page.",
    "ui/page.start": "Start a check-in",
    # Coming and going
    "ui/page.close": "Close on this phone",
    "ui/page.closed_title": "This page is closed",
    "ui/page.closed": "Do you want to go on? Open your personal link again.",
    "ui/page.link_title": "This link does not work",
    "ui/page.link": "The link is old, or a part of it is missing.",
    "ui/page.link_ask": "You can ask for a new one. Ask the person who gave you the link.",
    "ui/page.trouble_title": "That did not work",
    "ui/page.trouble": "The mistake is ours. Open the page again.",
    "ui/page.open_again": "Open the page again",
    # About the texts
    "ui/page.example": "Example. This is not a real service.",
    "ui/page.machine_draft": "A machine translated this. It can be wrong.",
}

# What the pages say about sharing: safety texts.
SHARING: Texts = {
    "ui/share_page.lines": "What can be shared",
    "ui/share_page.private": "Private. It stays with you unless you choose it.",
    "ui/share_page.send": "Share what I chose",
}

# The page with the phone numbers, one tap from everywhere.
HELP: Texts = {
    "ui/help.now": "Help now",
    "ui/help.alone": "You do not have to be alone with this. You can talk to someone now.",
    "ui/help.danger": "In danger now",
    "ui/help.ambulance": "Ambulance",
    "ui/help.police": "Police",
    "ui/help.lines": "Someone to call",
    "ui/help.own": "Your own numbers",
    "ui/help.next": "Does nobody answer? Try the next number.",
    "ui/help.text": "Text {number}",
    "ui/help.chat": "Write to them here",
    "ui/help.about.talk": "Someone to talk to",
    "ui/help.about.doctor": "A doctor or nurse, day and night",
    "ui/help.about.violence": "When someone hurts or threatens you",
    "ui/help.about.work": "Your rights at work",
    "ui/help.hours.always": "Every day, all day and night",
    "ui/help.hours.some": "{days}, {start} to {end}",
    "ui/help.languages": "Languages: {languages}",
    "ui/help.interpreter": "You can ask for an interpreter.",
    "ui/help.cost.free": "The call is free.",
    "ui/help.cost.normal": "It costs the same as a normal call.",
    "ui/help.cost.extra": "This call costs extra.",
    "ui/help.checked": "Checked on {date}",
    "ui/help.example": "These numbers are an example. Nobody has checked them.",
    "ui/help.show": "Show this to someone near you",
    "ui/help.show_words": "I need help now. Please call {number} with me. I speak {language}.",
    "ui/help.limits": "What the check-in does not do",
    "ui/help.not_read": "Nobody reads your answers right away.",
    "ui/help.not_called": "It does not call anyone for you.",
    "ui/help.not_told": "Nobody is told that you open this page.",
    "ui/help.reads.on_working_days": "What you share is read on working days.",
    "ui/help.reads.twice_a_week": "What you share is read twice a week.",
    "ui/help.reads.once_a_week": "What you share is read once a week.",
    "ui/help.back": "Back to my check-in",
}

# What the bot says in a conversation, on every channel.
CONVERSATION: Texts = {
    # Ways to answer
    "ui/ok": "OK",
    "ui/yes": "Yes",
    "ui/no": "No",
    "ui/skip": "Skip",
    "ui/does_not_fit": "Does not fit me",
    "ui/back": "Back",
    "ui/keep": "Leave it as it is",
    "ui/not_read": "Nobody reads this right away.",
    "ui/participant": "the participant",
    "ui/specialist": "the specialist",
    # Sharing
    "ui/share.all": "Share all",
    "ui/share.all_but_private": "Share all but what is private",
    "ui/share.choose": "Choose",
    "ui/share.none": "Keep it for me",
    "ui/share.choosing": "Choose what {specialist} will see.",
    "ui/share.shared.on_working_days": "Shared. {specialist} reads on working days. Nobody reads it right away.",
    "ui/share.shared.twice_a_week": "Shared. {specialist} reads twice a week. Nobody reads it right away.",
    "ui/share.shared.once_a_week": "Shared. {specialist} reads once a week. Nobody reads it right away.",
    "ui/share.kept": "Kept. Only you can see it.",
    "ui/share.later": "Kept for later. {specialist} sees it only when that time comes.",
    # Not understood
    "ui/again.empty": "I see no answer. You can write one, choose one or skip.",
    "ui/again.not_an_option": "I do not know this answer. You can choose one of these.",
    "ui/again.several_match": "This can be more than one answer: {options}. Which one is it?",
    "ui/again.only_one": "Here there is room for one answer.",
    "ui/again.too_many": ("Here there is room for {n} answer.", "Here there is room for {n} answers."),
    "ui/again.alone": '"{option}" cannot stand with another answer.',
    "ui/again.not_a_number": "I look for a number here, like 4.",
    "ui/again.out_of_range": "I look for a number from {low} to {high}.",
    "ui/again.not_a_date": "I cannot read this date. You can write it like 31.1.2026.",
    "ui/again.too_long": (
        "This text is too long. There is room for {n} letter.",
        "This text is too long. There is room for {n} letters.",
    ),
    # Around the conversation
    "ui/old_button": "This button belongs to an earlier question. Here is the one that waits.",
    "ui/corrected": "Your answer is changed.",
    "ui/taken_back": "A later answer changed with it.",
    "ui/one_more": "A little more, if you want. You can skip it.",
    "ui/nothing_open": "There is no question now.",
    "ui/all_done": "That is all for now.",
    "ui/expired": "This check-in is closed. Only you can see its answers. You can start a new one.",
    "ui/trouble": "This did not work. The mistake is ours. Your other answers are saved.",
    "ui/away": "Nothing can be saved right now. You can send it again in a few minutes.",
    "ui/language.choose": "Which language do you want?",
    "ui/language.changed": "The language is English now.",
    "ui/language.later": "This check-in goes on in the language it has. The next one is in English.",
    # Other things than check-ins
    "ui/menu.choose": "What do you want to do?",
    "ui/menu.nothing": "Nothing now",
    "ui/nothing_to_ask": "There is nothing to ask here now.",
    "ui/goes_on": "Now we go on where we were.",
    "ui/remark.ask": "What is it about this question? Your service reads it without your name.",
    "ui/remark.not_good": "It is not good for me",
    "ui/remark.not_clear": "I do not understand it",
    "ui/remark.translation": "The words are wrong",
    "ui/remark.done": "Your service can read this now. Your name is not there.",
    # What others did
    "ui/agreement.together": "We do it together",
    "ui/agreement.someone_else": "Someone else does it",
    # When check-ins come
    "ui/reminder": "Your check-in is open until {day}. It is OK to skip.",
    "ui/next_check_in": "Your next check-in comes on {moment}.",
    "ui/no_check_in": "Check-ins come only when you start one.",
    "ui/welcome_back": "Welcome back. You do not have to explain.",
    "ui/quiet": "You can start a check-in at any time. It is also OK to do nothing.",
    "ui/absent": "{specialist} is away until {day}. Nobody reads what you share before that.",
    "ui/absent.cover": "{specialist} is away until {day}. {cover} reads what you share until then.",
    "ui/pause.done": "You have a break now. Nobody is told. You can come back at any time.",
    "ui/pause.told": "You have a break now. You can come back at any time.",
    "ui/pause.how_long": "How long is your break?",
    "ui/pause.one_week": "One week",
    "ui/pause.two_weeks": "Two weeks",
    "ui/pause.four_weeks": "Four weeks",
    "ui/pause.until_back": "Until I come back",
    "ui/pause.until": "Your break is until {day}. You can come back before that.",
    "ui/stop.done": "You have stopped. Nothing more is sent to you. You can come back at any time.",
    # Words that are commands, several with commas
    "ui/command.help": "help, help now",
    "ui/command.stop": "stop",
    "ui/command.pause": "pause, break",
    "ui/command.language": "language",
    "ui/command.back": "back",
    "ui/command.skip": "skip",
    "ui/command.start": "start",
    "ui/command.time": "time",
    "ui/command.mydata": "my data",
    "ui/command.delete": "delete",
    "ui/command.menu": "menu",
    "ui/command.question": "question",
    "ui/and": "and",
}

# What messengers need beside that: there is no page around the conversation.
MESSENGER: Texts = {
    # Getting in
    "ui/messenger.closed_door": "I cannot open this. You can ask for a new code where you got this one.",
    "ui/messenger.check_number": "Thank you. Your number is {number}. The person who invited you will ask for it.",
    "ui/messenger.then": "Then you can start.",
    "ui/messenger.ready": "{specialist} says that it is you. You can start when you want.",
    "ui/messenger.who_reads": "Telegram can also read what stands in this chat. You can ask for the web page instead.",
    "ui/messenger.deleting": "When you delete a message here, I cannot see that. /delete takes back your last answer.",
    "ui/messenger.begin": "Start",
    "ui/messenger.private_only": "I only talk with one person at a time. I leave this group.",
    # Ways to answer
    "ui/messenger.done": "Done",
    "ui/messenger.write": "You can write your answer.",
    "ui/messenger.or_write": "You can also write your own words.",
    "ui/messenger.write_number": "You can write a number.",
    "ui/messenger.write_date": "You can write a date, like 31.1.2026.",
    "ui/messenger.unread": "I can only read text and buttons. Nothing of this is saved.",
    "ui/messenger.words_only": "I only read the words. I did not open the rest.",
    # What became of an answer
    "ui/messenger.already_saved": "This answer is already saved.",
    "ui/messenger.added": "I added this to your answer before.",
    "ui/messenger.early": "You wrote this before the question came. It is not saved. You can send it again.",
    "ui/messenger.edit_late": "You changed an earlier message. The answer stays as it was.",
    # In place of an answer from an earlier conversation: others may read the chat.
    "ui/messenger.said_before": "what you said last time",
    # After a time away
    "ui/messenger.gap": "I was away for a while. Here is the question again.",
    "ui/messenger.long_gap": "I was away from {start} to {end}. What you wrote then may be lost.",
    # What the messenger shows of the bot
    "ui/messenger.about": "A few short questions. You choose what you answer and what you share.",
    "ui/messenger.about_short": "A few short questions. You choose.",
    "ui/menu.start": "Start or go on",
    "ui/menu.help": "Help now",
    "ui/menu.language": "Another language",
    "ui/menu.back": "The question before",
    "ui/menu.time": "When check-ins come",
    "ui/menu.pause": "Take a break",
    "ui/menu.mydata": "What is kept",
    "ui/menu.delete": "Delete my last answer",
    "ui/menu.stop": "Stop",
    "ui/menu.menu": "Other things",
    "ui/menu.question": "About this question",
}

# What a person can ask about their own answers.
OWN_DATA: Texts = {
    "ui/mydata.kept": "Your answers are locked away. What you did not share, only you can see.",
    "ui/mydata.shared_none": "You have shared nothing.",
    "ui/mydata.shared": "{specialist} can see what you shared:",
    "ui/mydata.shared_on": ("{date}: {n} line", "{date}: {n} lines"),
    "ui/mydata.ask": "You can ask your service for a copy. You can ask to delete everything.",
    "ui/delete.done": "Your last answer is deleted.",
    "ui/delete.none": "There is no answer to delete now.",
}

CHAT: Texts = {**PAGE, **SHARING, **HELP, **CONVERSATION, **MESSENGER, **OWN_DATA}
