"""A script with every tag that can lift somebody up, and what somebody may have shared of it, for tests."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.catalogs.sources import script_texts
from bot.digest.acts import Standing
from bot.digest.history import SharedCard
from bot.lines import CardLine
from bot.shelf import Published
from dialogues.loader import load_bundle
from dialogues.session import Answer
from storage.agreements import Agreement, Owner, State
from storage.replies import LineKey, Reply
from tests.bot.digest_samples import YESTERDAY

SOURCE = """\
dialogue: acts
language: en
steps:
  contact:
    ask: Contact?
    answer: yes or no
    label: Contact
    tags: asks:contact
  how:
    ask: How?
    answer: one of
    options: {meeting: At our next meeting, message: Message, call: Call, none: No answer}
    label: How
    tags: request:how
  when_then:
    ask: When?
    answer: one of
    options: {week: This week, meeting: At the meeting, no_hurry: No hurry}
    label: When
    tags: request:when
  help:
    ask: Help?
    answer: any of
    options: {letters: Letters, interpreter: An interpreter, money: Money, no: "No"}
    alone: no
    own words: yes
    label: Help
    tags: asks:help
  who:
    ask: Who?
    answer: one of
    options: {me: I do it, together: Together, specialist: The specialist, someone_else: Others, unknown: "?"}
    label: Who
    tags: need:who
  interpreter:
    ask: Which day do you want an interpreter?
    answer: date
    label: Interpreter
    tags: asks:interpreter
  talk:
    ask: Talk?
    answer: one of
    options: {specialist: With you, someone_else: With others, not_now: Not now}
    label: Talk
    tags: wants:talk
  quiet:
    ask: When quiet?
    answer: one of
    options: {never: "No", weeks_4: After 4 weeks, weeks_8: After 8 weeks}
    label: Get in touch
    tags: [asks:if_quiet, "choice:if_quiet"]
  news:
    ask: News?
    answer: any of
    options: {interview: An interview, sick: Being sick}
    own words: yes
    label: What happened
    tags: tells:news
  still:
    ask: Still your goal?
    answer: one of
    options: {yes: "Yes", change: Another goal, enough: Enough for now}
    label: Goal
    tags: ["goal:still", changes:goal]
  week:
    ask: Week?
    answer: scale 1 to 5
    label: Week
    tags: month:week
  hard:
    ask: Hard?
    answer: any of
    options: {noise: Noise, boss: The boss}
    own words: yes
    label: Hard
    tags: month:hard
  knew:
    ask: Did you know what to do?
    answer: one of
    options: {mostly: Most of the time, rarely: Not often}
    label: What to do
    tags: [soc:c, ordered]
  who_to_ask:
    ask: Who to ask?
    answer: one of
    options: {yes: "Yes", no: "No"}
    label: Who to ask
    tags: soc:c
  amount:
    ask: Work?
    answer: one of
    options: {little: Too little, much: Too much}
    label: Amount
    tags: [soc:m, ordered]
  meaning:
    ask: Meaning?
    answer: one of
    options: {yes: "Yes", no: "No"}
    label: This work
    tags: soc:me
  keep:
    ask: Keep?
    answer: text
    label: Stays
  change:
    ask: Change?
    answer: one of
    options: {pause: A break, nothing: Nothing}
    own words: yes
    label: Change
    tags: wants:change
  permission:
    ask: May we talk to them?
    answer: one of
    options: {after_we_talk: After we have talked, yes: "Yes", no: "No"}
    label: Talk to them
    tags: permission
  step:
    ask: Step?
    answer: text
    label: Next step
    tags: ["goal:step", balance]
  good:
    ask: Good?
    answer: text
    label: Good
    tags: [month:good, balance]
  sharing:
    share: This is what {specialist} will see.
    offer:
      - contact
      - how
      - when_then
      - help
      - who
      - interpreter
      - talk
      - quiet
      - news
      - still
      - week
      - hard
      - knew
      - who_to_ask
      - amount
      - meaning
      - keep
      - change
      - permission
      - step
      - good
"""


def _published() -> Published:
    script = load_bundle({"acts": SOURCE}, "acts")
    return Published("acts", 1, script, {"en": script_texts(script)})


PUBLISHED = _published()


def line(step: str, *choices: str, own: str = "", point: int | None = None, day: str = "") -> CardLine:
    """A shared line of this script."""
    return CardLine(f"acts/{step}", "", Answer(choices, point, day, own))


def shared(person: int, *lines: CardLine, at: datetime = YESTERDAY) -> SharedCard:
    """A card of the person with this id, called P1, P2, ... Its conversation is the minute."""
    number = int(at.timestamp()) // 60
    return SharedCard(person, f"P{person}", f"Person {person}", number, "ar", at, PUBLISHED, lines, "acts/sharing")


def replied(share: SharedCard, one: CardLine, code: str = "yes", *, after: timedelta = timedelta(hours=1)) -> Standing:
    """That this line was answered."""
    key: LineKey = (share.participant_id, share.conversation, share.step, one.id)
    return Standing(replies={key: Reply(*key, code, None, 1, share.shared_at + after)})  # type: ignore[arg-type]


def agreed(
    person: int, owner: Owner, due: date | None, *, state: State = "active", number: int = 1, what: str = "Send CV"
) -> Agreement:
    """An agreement as it stands."""
    at = YESTERDAY - timedelta(days=7)
    return Agreement(
        participant_id=person,
        number=number,
        revision=1,
        what=what,
        sign="",
        language="ar",
        owner=owner,
        due=due,
        state=state,
        made_by="participant",
        staff_id=1,
        confirmed_by_participant_at=at,
        confirmed_by_specialist_at=at,
        at=at,
    )
