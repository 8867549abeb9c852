"""The catalogue of problems: what each code means and how to mend it. Each has a page in ``docs/problems``.

A code keeps its meaning for ever; one that is no longer found is left out, never given to something else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """What a code stands for. ``playable`` problems make a script worse for people, but leave clear how it plays. Those
    that are only ``advice`` keep nobody from publishing: whether they are right is for a reader to judge."""

    title: str
    meaning: str
    remedy: str
    playable: bool = False
    advice: bool = False


FILE: Mapping[str, Entry] = {
    "MV001": Entry(
        "The file holds signs that are not text",
        "A script is plain text in UTF-8. This file holds bytes or invisible control signs that no editor shows.",
        "Save the file as UTF-8, or delete the sign at the place that is named and type the word again.",
    ),
    "MV002": Entry(
        "The file is too large",
        "A script may have 256 KiB, 20 levels of indentation, 20,000 parts, 200 steps, and 100 options in a question. "
        "A real check-in has a small part of that, so something has gone into the file that does not belong there.",
        "Split the script into several dialogues, or remove what does not belong in it.",
    ),
    "MV003": Entry(
        "The layout cannot be read",
        "Colons, quotes and indentation show what belongs where. At this place they do not fit together, and nothing "
        "after it can be read.",
        "Compare the line, and the line above it, with the steps around it. A text that holds a colon, or begins with "
        "a sign, goes in quotes or under |.",
    ),
    "MV004": Entry(
        "A name is here twice",
        "The same name, key or option stands twice in the same place. Only one of them could count.",
        "Give one of them another name, or delete it.",
    ),
    "MV005": Entry(
        "A sign with a special meaning",
        "YAML has marks (& * ! # and lines with --- or %) that make a file say more than it shows, or less. Only notes "
        "have a use in scripts: they begin with # and stand on a line of their own, never behind a text.",
        "Put a text with such a sign in quotes. Delete marks that you did not mean to write.",
    ),
    "MV006": Entry(
        "There is a tab",
        "A tab looks like spaces, but it is a different sign, and it is not the same width everywhere.",
        "Put spaces in its place. Most editors can do that for the whole file.",
    ),
    "MV007": Entry(
        "A direction mark without its other half",
        "Invisible marks that turn the direction of writing come in pairs. A single one turns all that follows it, so "
        "the file says something else than it shows.",
        "Delete the mark, or type the line again. Names that are filled in need no marks.",
    ),
    "MV008": Entry(
        "Something else belongs here",
        "In this place there is a text where a list or a group of lines belongs, or the other way round.",
        "Write it as the hint says. A list has a line for each item, and each line begins with a dash.",
    ),
}

WORDS: Mapping[str, Entry] = {
    "MV009": Entry(
        "A placeholder cannot be filled in",
        'Between braces stand name, specialist, month, each (in a step with "for each"), or the name of an earlier '
        "question or of something remembered. Nothing else is known.",
        "Correct the name between the braces.",
    ),
    "MV010": Entry(
        "A brace stands alone",
        "Braces show where a name is filled in: {name}. One of the pair is missing, or what is between them is not a "
        "name.",
        "Write both braces and a name between them. For braces that are meant as signs, use ( and ).",
    ),
    "MV011": Entry(
        "An unknown key",
        "The word before the colon is none of those that can stand here.",
        "Correct the word. If it is right, look at its indentation: it may belong to the line above.",
    ),
    "MV012": Entry(
        "Something is missing",
        "A part that is always needed is not there.",
        "Add the line that the message names.",
    ),
    "MV013": Entry(
        "A key that does not belong here",
        "The key exists, but not for this kind of step or answer, so it would have no effect.",
        "Delete the line, or change the kind of step or answer.",
    ),
    "MV014": Entry(
        "A step does exactly one thing",
        "Each step has one of say, ask, share and run. This one has none of them, or several.",
        "Make a step of each, with a name of its own.",
    ),
    "MV015": Entry(
        "A text is empty",
        "People would see nothing here.",
        "Write the text, or delete the line.",
    ),
    "MV016": Entry(
        "A name has signs that names do not have",
        "Names are permanent marks, not texts: they begin with a letter and have small letters a-z, digits and _ only, "
        "at most 60 of them. An option's name may begin with a digit.",
        "Write the name with small letters, and _ in place of a space. People never see it.",
    ),
    "MV017": Entry(
        "A reserved name",
        "The word has a meaning of its own in scripts. As the name of a step or an option it would hide that a line is "
        "indented too far or too little, or that a placeholder means something else.",
        "If the line belongs to the step, move it below the step's other lines. If it is a name, choose another one.",
    ),
    "MV018": Entry(
        "A text is too long",
        "What is said at once has at most 600 signs, an option, a point, a label or a title at most 60. More is not "
        "read on a phone, and does not fit on a button.",
        "Make it shorter, or make two steps of it.",
        playable=True,
    ),
    "MV019": Entry(
        "An unknown kind of answer",
        'After "answer:" stands one of: ok, text, voice or text, one of, any of, yes or no, scale 1 to 5 (or other '
        "numbers), number, date.",
        "Write one of them.",
    ),
    "MV020": Entry(
        "A value that is not possible here",
        "This key takes only certain words, or only a whole number.",
        "Write one of the values that the hint names.",
    ),
}

CONDITIONS: Mapping[str, Entry] = {
    "MV021": Entry(
        "There is no such question",
        'A condition, an offer, "for each", "groups of" or "rotate" names a question that this dialogue does not have. '
        'Only questions of the same dialogue, and what stands under "remember", can be named.',
        'Correct the name. To use an answer from an earlier conversation, name it under "remember".',
    ),
    "MV022": Entry(
        "A condition that cannot be understood",
        "A condition is a question's name, one of the tests, and for most tests a value: hard includes work.",
        "Write one of: is, is not, includes, does not include, is at least, is at most, was answered, was not "
        "answered, was skipped, was asked, was not asked.",
    ),
    "MV023": Entry(
        "A test that does not fit the answer",
        '"is" fits one option or a number, "includes" fits any of several options, "is at least" and "is at '
        'most" fit numbers, and texts and dates can only be asked whether they were answered.',
        "Use a test that fits the kind of answer of the question.",
    ),
    "MV024": Entry(
        "There is no such option",
        "The option that is named is not among the options of the question.",
        "Correct the name of the option.",
    ),
    "MV025": Entry(
        "A number that cannot be an answer",
        "The number is outside the question's scale, or is not a number.",
        "Write a number that the question can be answered with.",
    ),
    "MV026": Entry(
        "The question comes later",
        "A script is played from top to bottom, so a step can only look back. The question that it names is further "
        "down, or it is the step itself.",
        "Move the step below the question, or name an earlier one.",
    ),
    "MV027": Entry(
        "That step has no answer",
        "The step that is named says something, shows the share list, runs a dialogue, or only waits for OK. There is "
        "no answer to look at or to share.",
        "Name a question that has an answer.",
    ),
    "MV028": Entry(
        "That question has several answers",
        'A step with "for each" is asked once for each chosen option, so it has no single answer. It can be offered '
        'for sharing, but not used in conditions or placeholders, or by another "for each".',
        "Use the question that the options were chosen in.",
    ),
    "MV029": Entry(
        "A step that can never be reached",
        "No answers lead to this step: its conditions rule each other out, or they need a question that is never "
        "asked then.",
        "Correct the condition. If the step is not needed, delete it.",
        playable=True,
    ),
}

QUESTIONS: Mapping[str, Entry] = {
    "MV030": Entry(
        "Too few options",
        'Somebody who is asked to choose needs at least two options. "own words: yes" counts as one.',
        "Add an option, or use another kind of answer.",
    ),
    "MV031": Entry(
        "Two options with the same text",
        "People cannot tell the two apart, and somebody who types the text cannot be understood.",
        "Change one of the texts, or delete one of the options.",
        playable=True,
    ),
    "MV032": Entry(
        "The ends of a scale",
        "A scale goes up, in whole numbers from 0 to 100, with at most 11 points.",
        "Write the smaller number first, and keep to 11 points: scale 0 to 10.",
    ),
    "MV033": Entry(
        "The number of points",
        "Each point of the scale needs its own text, from the lowest to the highest.",
        "Add or delete points until there is one for each number.",
    ),
    "MV034": Entry(
        "The texts of a scale",
        "A scale has either a text for every point, or one for each end. One end alone, or both ways at once, would "
        "leave people guessing.",
        'Write both "low" and "high", or "points".',
    ),
    "MV035": Entry(
        '"most" is too small or too large',
        '"most" says how many options can be chosen together: at least 2, and at most as many as there are.',
        'Change the number, use "answer: one of" for a single choice, or delete the line.',
    ),
    "MV036": Entry(
        "A question without several options",
        '"for each" and "groups of" go through the options that were chosen in an earlier question with '
        '"answer: any of". The question that is named has another kind of answer.',
        'Name a question with "answer: any of".',
    ),
    "MV037": Entry(
        "An offered question without a label",
        "The label is what the answer is called in the share list and in the specialist's digest. Without it nobody "
        "knows what the answer is about.",
        'Add a label to the question, or take it out of "offer". Grouped options have a label for each group, and one '
        'for "own words".',
        playable=True,
    ),
    "MV038": Entry(
        "Labels that do not fit the groups",
        "Where options are in groups, each group has its own label. Where they are not, there is one.",
        "Write one label for each group, with the group's name before the colon.",
    ),
    "MV039": Entry(
        "Private, but never offered",
        '"private" leaves an answer unticked in the share list. This question is not in any share list, so it never '
        "leaves the person anyway.",
        'Add the question to "offer", or delete the line.',
        playable=True,
    ),
    "MV040": Entry(
        "Offered twice",
        'The same question stands twice in one "offer".',
        "Delete one of the lines.",
    ),
    "MV041": Entry(
        "A length of time that cannot be understood",
        "Times are written as 2 hours, 1 day or 3 weeks. A check-in can stay open for 60 days, and a question can rest "
        "for 366.",
        "Write a number and hour, day or week, with an s when there are several.",
    ),
    "MV042": Entry(
        "The reminder comes too late",
        "The check-in is closed before, or just when, its reminder would come.",
        'Make "remind after" shorter than "close after".',
        playable=True,
    ),
}

DIALOGUES: Mapping[str, Entry] = {
    "MV043": Entry(
        "There is no such dialogue",
        "No script in the folder has that name.",
        "Correct the name. It is the name of the file without .yaml.",
    ),
    "MV044": Entry(
        "Dialogues that run in a circle",
        "A dialogue runs another one that runs the first one again. Such a conversation would never end.",
        'Delete one of the "run" steps.',
    ),
    "MV045": Entry(
        "A dialogue runs twice",
        "Each question has one answer in a conversation, so the steps of a dialogue can only be in it once.",
        'Keep one of the two "run" steps. If it belongs in several places, let its "when" name both reasons.',
    ),
    "MV046": Entry(
        "The dialogue that is run has problems",
        "The other script cannot be read, so this one cannot run it.",
        "Check the other script first.",
    ),
    "MV047": Entry(
        "Two languages in one place",
        "A dialogue that is run becomes part of this one, and all scripts of a folder are translated from the same "
        "language. With two languages, people would read both.",
        "Write the scripts in the same language. Translations go into the catalogues, not into scripts.",
    ),
    "MV048": Entry(
        "Something that cannot be remembered",
        "After a remembered name stands dialogue/step: a question of this or another dialogue that is asked once and "
        "has an answer. An answer with a tag that begins with schedule: or choice: is kept in the person's own plan "
        "and nowhere else.",
        "Write the dialogue's name, a slash, and the name of one of its questions.",
        playable=True,
    ),
    "MV049": Entry(
        "A remembered name is taken",
        "A step, or something else that is remembered in this conversation, has the same name, and conditions could "
        "mean either.",
        'Choose another name under "remember".',
    ),
    "MV050": Entry(
        "An unknown language",
        '"language" is the code of the language that the texts of this script are written in, like en, nb or ar. '
        "A script or a country can follow: sr-Latn, pt-BR.",
        "Write the code of the language. Translations do not change it.",
    ),
    "MV051": Entry(
        "The dialogue and its file have different names",
        "Other scripts find a dialogue by the name of its file, and answers are stored under the name in its first "
        "line. If the two differ, earlier answers and translations are lost.",
        "Make them the same. The name must not change once people have answered.",
        playable=True,
    ),
}

CARE: Mapping[str, Entry] = {
    "MV052": Entry(
        "A text with a gap",
        "The text fills in an answer, but some people come to this step without having given one.",
        "Add a condition to the step, so that it is only shown when there is an answer: when: step was answered.",
        playable=True,
    ),
    "MV053": Entry(
        "An answer in a text that can be shared",
        "Options and labels go into the share list. An answer that is filled in there, or the month, would be shared "
        "along with another one.",
        "Fill answers in only in the text of a step. Options and labels can have {name}, {specialist} and {each}.",
        playable=True,
    ),
    "MV054": Entry(
        "Too many questions",
        "On the longest way through the conversation people meet more than 12 questions, or more than the dialogue "
        'itself says under "at most". Length is what makes people stop answering.',
        'Leave questions out, ask some of them less often with "not again within", or make two dialogues.',
        playable=True,
    ),
    "MV055": Entry(
        "A tag that cannot be used",
        "A tag is a short word for reports: small letters, digits and - _ . : and nothing else.",
        "Write the tag without spaces and other signs.",
        playable=True,
    ),
    "MV056": Entry(
        "A name has changed, but not its text",
        "The name of a question or an option is what its answers and translations are kept by. With a new name for "
        "the same text, both would be lost.",
        "Put the old name back. If the meaning really is a new one, change the text too.",
        playable=True,
    ),
    "MV057": Entry(
        "Remembered, but not used",
        "No condition and no text of this dialogue uses what is remembered here, so an earlier answer would be looked "
        "up for nothing.",
        "Use it, or delete the line.",
        playable=True,
    ),
    "MV058": Entry(
        "A time that nobody can keep to",
        "A tag that begins with schedule: says that the answer decides when check-ins come. Such a question has one of "
        "a few tags, and its options have the names that belong to it.",
        "Use the names that docs/scripts.md lists for the tag. An option as_it_is changes nothing.",
        playable=True,
    ),
    "MV059": Entry(
        "An answer that does not fit its tag",
        "A tag that begins with choice:, goal:, agreement:, request: or need: says what Medvind does with the answer. "
        "There are only a few such tags. Each belongs to certain kinds of answer, and its options have fixed names. "
        "What is chosen with a choice: tag is kept in the person's own plan.",
        "Use the tags, the kinds of answer and the names that docs/scripts.md lists. Other words are free to be tags.",
        playable=True,
    ),
    "MV060": Entry(
        "A topic that nobody can choose",
        "A topic is something that people let us ask about. They choose topics in the question with the tag "
        "choice:topics, and this one is not among its options. So nobody who chose would ever be asked.",
        "Correct the topic, or add it to the options of that question.",
        playable=True,
    ),
    "MV061": Entry(
        "Questions that cannot take turns",
        'Under "rotate" stands how many of some questions are asked each time. There have to be more questions than '
        "that, each of them once. None of them waits for an answer of the same conversation, because it could lose its "
        "turn again and again.",
        "Name more questions, or choose fewer of them. A condition can stand at the questions that follow.",
        playable=True,
    ),
    "MV062": Entry(
        "Turns that leave a side of work out",
        "Work can be clear (soc:c), manageable (soc:m) and meaningful (soc:me). Where questions about this take turns, "
        "each of the three sides is asked about by at least two questions in every two conversations in a row. That is "
        "how many four weeks hold, when other check-ins come in turn with it.",
        'Raise "choose", give each side a list of its own, or add a question with the tag that is missing.',
        playable=True,
    ),
    "MV063": Entry(
        "An answer that cannot become an agreement",
        "A question with the tag agreement:offer is followed by an offer, once its answer was shared: it can become an "
        "agreement. That takes an answer that is shared, one answer and not several, and a dialogue that does not ask "
        "for an agreement itself.",
        'Add the question to "offer", or take the tag away.',
        playable=True,
    ),
    "MV064": Entry(
        "Faces without five points in words",
        "There are five faces, from the lowest point to the highest. A face alone does not mean the same to "
        'everybody, so each stands beside the words of a point: the scale has five texts under "points".',
        'Write five points, or delete "picture".',
        playable=True,
    ),
}

AROUND: Mapping[str, Entry] = {
    # Compared with the programme file
    "MV070": Entry(
        "A help topic without a place",
        "The role card of the programme says what a specialist does, what is done together, and who does the rest. It "
        "says nothing of this option, so whoever asks for it cannot be told whose it is.",
        'In the programme file, name it under "does" or "together", or in "topics" of somebody under "instead".',
        playable=True,
    ),
    "MV071": Entry(
        "A topic of the role card that nobody can ask for",
        "The role card names a topic, and no question that is tagged asks:help has an option with this name.",
        "Correct the name in the programme file, or take it out.",
        playable=True,
    ),
    "MV072": Entry(
        "A dialogue for somebody else",
        'In the programme file, "own check-in" names a dialogue for specialists, and everything else dialogues for '
        "participants. This one says that it is for somebody else.",
        'Name another dialogue in the programme file, or correct "for" at the top of the script.',
        playable=True,
    ),
    # Plain words
    "MV080": Entry(
        "A word of duty or reward",
        "Taking part is free, and so is every answer. A word of duty, or praise for answering, says the opposite, "
        "however kindly it is meant.",
        "Say what is there and what people can do. Praise nobody for an answer.",
        playable=True,
    ),
    "MV081": Entry(
        "A word against people",
        "Some words about people carry a judgement that follows them from desk to desk.",
        "Say what happened, or what the workplace is like, without a word about what the person is.",
        playable=True,
    ),
    "MV082": Entry(
        "An exclamation mark",
        "An exclamation mark raises the voice. In a message on a phone that is easily too much.",
        "Write a full stop.",
        playable=True,
        advice=True,
    ),
    "MV083": Entry(
        "A long sentence",
        "Whoever reads in a new language takes in about ten words at once. A sentence has at most 18 words in English, "
        "and 20 in other languages.",
        "Make two sentences of it.",
        playable=True,
        advice=True,
    ),
    "MV084": Entry(
        "Sentences are long on average",
        "The sentences of this script have more than ten words on average.",
        "Split the longest ones.",
        playable=True,
        advice=True,
    ),
    "MV085": Entry(
        "A long question",
        "A question has at most 12 words in English. One idea is enough for one question.",
        "Leave words out, or say something before the question, in a sentence of its own.",
        playable=True,
        advice=True,
    ),
    "MV086": Entry(
        "Hard to read",
        "LIX is the number of words in a sentence plus the share of words with more than six letters. In Norwegian, "
        "Danish and Swedish a text up to 25 is very easy.",
        "Write shorter sentences and shorter words. Split compound words where that is right.",
        playable=True,
        advice=True,
    ),
    "MV087": Entry(
        "Words that few learners know",
        "Of 100 words of an English script at least 95 belong to the list of common words: those that learners meet "
        "first, and words of working life.",
        "Put ordinary words in place of those that are named.",
        playable=True,
        advice=True,
    ),
    "MV088": Entry(
        "A word of offices",
        "Public letters sound like this. Each such word has an ordinary one beside it.",
        "Write what you would say to somebody at the table.",
        playable=True,
        advice=True,
    ),
    "MV089": Entry(
        "A form for a woman or a man only",
        "This form speaks to a woman, or to a man. Nobody has said which one reads it.",
        "Use a noun, or turn the sentence round.",
        playable=True,
        advice=True,
    ),
}
"""What is found beside the reading of one script: against the programme file, and in the words."""

CATALOGUE: Mapping[str, Entry] = {**FILE, **WORDS, **CONDITIONS, **QUESTIONS, **DIALOGUES, **CARE, **AROUND}
