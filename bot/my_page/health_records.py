"""Health records: what a person answered, as FHIR R4: a Questionnaire for each version and language in which they were
asked, and a QuestionnaireResponse for each conversation. Options are codes, with the words that stood on the screen.

Only the person can take it. Nothing in it is worked out: it has no score and no judgement.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import msgspec

from bot.lines import each_text, option_text, point_text
from bot.my_page.answered import title_of
from bot.my_page.record import Record
from bot.my_page.words import OwnWords, Tongue
from bot.past_answers import answer_of
from bot.shelf import Published
from bot.speaking import every_option
from dialogues.model import AnswerKind, Ask
from dialogues.session import Answer
from dialogues.texts import fill
from storage.own import OwnAnswer

Resource = dict[str, Any]

URN = "urn:medvind"
"""What the names of questionnaires and of their codes begin with."""

_STATUS = {"open": "in-progress", "aside": "in-progress", "closed": "completed"}
"""State of a conversation -> what a response is; any other was stopped."""

_CHOICES = (AnswerKind.ONE_OF, AnswerKind.ANY_OF, AnswerKind.YES_OR_NO, AnswerKind.SCALE)


@dataclass(frozen=True, slots=True)
class _Form:
    """One version of a dialogue in one language, as a questionnaire."""

    published: Published
    tongue: Tongue
    words: OwnWords

    @property
    def url(self) -> str:
        return f"{URN}:{self.published.dialogue}:{self.tongue.language}"

    @property
    def canonical(self) -> str:
        """What a response names it by."""
        return f"{self.url}|{self.published.version}"

    def resource(self, names: Sequence[str]) -> Resource:
        """The questionnaire, with every question of the version, and of repeated ones those that were asked."""
        steps = self.published.script.steps
        asked = [step.key for step in steps if _is_question(step) and not step.for_each]
        repeated = [name for name in names if name not in asked]
        return {
            "resourceType": "Questionnaire",
            "id": _id(self.canonical),
            "url": self.url,
            "version": str(self.published.version),
            "title": title_of(self.published, self.words),
            "status": "active",
            "subjectType": ["Patient"],
            "language": _tag(self.tongue.language),
            "item": [self._item(name) for name in [*asked, *repeated]],
        }

    def _item(self, name: str) -> Resource:
        ask = self.ask(name)
        item: Resource = {"linkId": name, "text": self.text(name), "type": _type(ask)}
        if ask.kind in _CHOICES:
            item["answerOption"] = [{"valueCoding": self.coding(ask, option)} for option in every_option(ask)]
        if ask.kind is AnswerKind.ANY_OF:
            item["repeats"] = True
        return item

    def ask(self, name: str) -> Ask:
        """The question of a name."""
        ask = self.published.script.step(name)
        assert isinstance(ask, Ask), "only questions have answers"
        return ask

    def text(self, name: str) -> str:
        """The question as it was asked."""
        each = fill(each_text(self.published.script, name, self.tongue.texts), self.words.names(), isolate=False)
        return self._filled(self.tongue.texts[self.ask(name).key], {"each": each} if each else {})

    def coding(self, ask: Ask, option: str) -> Resource:
        """One option: its permanent name, and its words."""
        if ask.scale is not None:
            said = point_text(ask, int(option), self.tongue.texts, self.tongue.language)
        else:
            said = self._filled(option_text(ask, option, self.tongue.texts, self.tongue.ui), {})
        return {"system": f"{URN}:{ask.key.replace('/', ':')}", "code": option, "display": said}

    def answers(self, name: str, answer: Answer) -> Iterator[Resource]:
        """What was answered: options as codes, then own words."""
        ask = self.ask(name)
        known = {*every_option(ask)} if ask.kind in _CHOICES else set()
        for choice in answer.choices:
            if choice in known:
                yield {"valueCoding": self.coding(ask, choice)}
        if answer.number is not None and ask.scale is not None:
            yield {"valueCoding": self.coding(ask, str(int(answer.number)))}
        elif answer.number is not None:
            yield {"valueDecimal": answer.number}
        if answer.day:
            yield {"valueDate": answer.day}
        if answer.words.strip():
            yield {"valueString": answer.words}

    def _filled(self, text: str, values: dict[str, str]) -> str:
        return " ".join(fill(text, self.words.names(values), isolate=False).split())


def as_fhir(record: Record, words: OwnWords, now: datetime) -> bytes:
    """A bundle in JSON."""
    forms: dict[str, tuple[_Form, list[str]]] = {}
    responses = []
    for number in record.talks:
        given = [one for one in record.latest if one.conversation == number]
        for language in dict.fromkeys(one.given.language for one in given):
            published = record.published(number)
            form = _Form(published, words.tongue(published, language), words)
            inside = [one for one in given if one.given.language == language and _is_question_of(form, one)]
            items = [item for one in inside if (item := _answered(form, one)) is not None]
            if items:
                names = forms.setdefault(form.canonical, (form, []))[1]
                names += [item["linkId"] for item in items if item["linkId"] not in names]
                responses.append(_response(record, form, number, items, inside))
    resources = [*(form.resource(names) for form, names in forms.values()), *responses]
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": _instant(now),
        "entry": [{"fullUrl": f"urn:uuid:{each['id']}", "resource": each} for each in resources],
    }
    return msgspec.json.format(msgspec.json.encode(bundle), indent=2)


def _response(
    record: Record, form: _Form, number: int, items: Sequence[Resource], given: Sequence[OwnAnswer]
) -> Resource:
    return {
        "resourceType": "QuestionnaireResponse",
        "id": _id(f"{form.canonical}:{record.person.id}:{number}"),
        "questionnaire": form.canonical,
        "status": _STATUS.get(record.talks[number].state, "stopped"),
        "language": _tag(form.tongue.language),
        "subject": {"type": "Patient", "display": record.person.name},
        "authored": _instant(max(one.given.at for one in given)),
        "item": list(items),
    }


def _answered(form: _Form, given: OwnAnswer) -> Resource | None:
    answers = list(form.answers(given.name, answer_of(given.given, given.words)))
    return {"linkId": given.name, "text": form.text(given.name), "answer": answers} if answers else None


def _is_question_of(form: _Form, given: OwnAnswer) -> bool:
    return _is_question(form.published.script.by_key.get(given.given.question))


def _is_question(step: object) -> bool:
    return isinstance(step, Ask) and step.kind is not AnswerKind.OK


def _type(ask: Ask) -> str:
    match ask.kind:
        case AnswerKind.NUMBER:
            return "decimal"
        case AnswerKind.DATE:
            return "date"
        case kind if kind in _CHOICES:
            return "open-choice" if ask.own_words else "choice"
        case _:
            return "text"


def _id(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"{URN}:{name}"))


def _tag(language: str) -> str:
    return language.replace("_", "-")


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
