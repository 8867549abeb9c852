"""Bringing: carries an errand out for one person: a reply in words, an agreement to answer, a new specialist; and keeps
what the person asked Medvind to say once they have been quiet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bot import agreeing, agreements, emergency, opening, roles
from bot.lines import CardLine, decode_lines, line_text
from bot.messages import Inbound, Outbound
from bot.rendering import Voice
from bot.schedule import Errand, Promise
from dialogues import engine
from dialogues.model import AnswerKind, Ask, Script
from storage.digests import sealed_card
from storage.replies import Reply

if TYPE_CHECKING:
    from bot.conversing import Conversing


def replies(one: Conversing, errands: Sequence[Errand], inbound: Inbound) -> list[Outbound]:
    """What the specialist answered, each with what it is about, and did with agreements, and who opened something in an
    emergency; then what waits is asked again."""
    wanted = {errand.about for errand in errands if errand.kind == "reply"}
    found = [reply for reply in one.past.untold(one.id) if reply.about in wanted] if wanted else []
    messages = [note for reply in found if (note := _worded(one, reply))]
    messages += [note for errand in errands if errand.kind == "agreed" and (note := _agreed(one, int(errand.about)))]
    messages += [_opened(one, errand.about) for errand in errands if errand.kind == "emergency"]
    if any(errand.kind == "start" for errand in errands):
        messages += opening.before_start(one)
    one.kept.told += [reply.key for reply in found]
    if messages and one.talk is not None:
        messages += one.play(engine.Again(), inbound, 0)
    return messages


def _worded(one: Conversing, reply: Reply) -> Outbound | None:
    """The reply in one language. A line that was withdrawn meanwhile has no reply any more."""
    card = one.past.card(one.id, one.cipher, reply.conversation, reply.step)
    lines = decode_lines(card.lines) if card else ()
    line = next((each for each in lines if each.id == reply.line and not each.withdrawn), None)
    if card is None or line is None:
        return None
    published = one.past.script(card.dialogue, card.version)
    voice = one.setting.speaking.voice(published, one.language, reply.conversation, one.who, form=one.form)
    role_card = one.setting.programme.role_card
    instead = role_card.named(reply.who or "") if role_card else None
    text = roles.reply_text(
        reply.code,
        texts=voice.ui,
        specialist=one.past.staff_name(reply.staff_id, one.setting.vault),
        topic_text=_topic(voice, published.script, line),
        who=instead.text(voice.ui) if instead else "",
    )
    return Outbound("note", voice.language, text)


def _agreed(one: Conversing, number: int) -> Outbound | None:
    """What the specialist did with an agreement, if that is still the last word."""
    revisions = one.past.agreement(one.id, one.cipher, number)
    context = agreements.told(agreements.Course(tuple(revisions))) if revisions else ""
    if not context:
        return None
    staff_id = revisions[-1].staff_id
    assert staff_id is not None, "a specialist's act has a specialist"
    return one.told(context, specialist=one.past.staff_name(staff_id, one.setting.vault))


def _opened(one: Conversing, about: str) -> Outbound:
    """Who opened in an emergency what the person shared, and when."""
    staff_id, moment = emergency.who_and_when(about)
    who, language = one.past.staff_name(staff_id, one.setting.vault), one.telling.offered(one.language)
    return one.told("ui/emergency.opened", who=who, moment=one.timetable.moment(moment, language))


def _topic(voice: Voice, script: Script, line: CardLine) -> str:
    """What the request is about. In a messenger others may read along: own words stay on the page."""
    worded = line_text(script, line, voice.texts, voice.ui, voice.language, voice.names)
    ask = script.by_key.get(line.name)
    says_what = isinstance(ask, Ask) and ask.kind is not AnswerKind.YES_OR_NO
    return worded.value if says_what and worded.value else worded.label


def conversation(one: Conversing, errand: Errand, inbound: Inbound) -> list[Outbound]:
    """The conversation that an errand is about; nothing where it has come about otherwise."""
    programme = one.setting.programme
    match errand.kind:
        case "agreement" | "agreement_day":
            return _about_agreement(one, errand, inbound)
        case "handover" if programme.new_specialist:
            return opening.begin(one, programme.new_specialist, inbound, by_person=False)
        case _:
            return []


def _about_agreement(one: Conversing, errand: Errand, inbound: Inbound) -> list[Outbound]:
    programme = one.setting.programme
    revisions = one.past.agreement(one.id, one.cipher, int(errand.about))
    if not revisions:
        return []
    course = agreements.Course(tuple(revisions))
    waits = errand.kind == "agreement" and course.waits_for("participant")
    is_its_day = errand.kind == "agreement_day" and course.now.state == "active" and course.now.due is not None
    dialogue = programme.agreement if waits else programme.agreement_day if is_its_day else ""
    if not dialogue:
        return []
    return opening.begin(one, dialogue, inbound, by_person=False, about=agreeing.about(course.now))


def promised(one: Conversing, promise: Promise, now: datetime) -> None:
    """The specialist gets the very lines that the person saw and shared for this."""
    key = (one.id, promise.conversation, promise.step)
    one.kept.cards[key] = sealed_card(
        one.cipher,
        participant_id=one.id,
        conversation=promise.conversation,
        step=promise.step,
        dialogue=promise.dialogue,
        version=promise.version,
        language=promise.language,
        lines=promise.lines.encode(),
        shared_at=now,
    )
