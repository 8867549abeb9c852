"""What a person answered as FHIR R4: only their own, with codes, in the words that they were asked in."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.questionnaire import Questionnaire
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

from storage import audit
from tests.bot.diary import OWN, STEP, wrote
from tests.bot.own_page import OwnPage, own_page
from tests.bot.phone import OURS

VALID = {"Questionnaire": Questionnaire, "QuestionnaireResponse": QuestionnaireResponse}


@pytest.fixture
async def own(tmp_path: Path) -> AsyncIterator[OwnPage]:
    async with own_page(tmp_path) as made:
        yield made


async def taken(own: OwnPage) -> dict[str, list[dict[str, Any]]]:
    """The resources of the person's bundle by kind, each of which is valid."""
    response = await own.phone.client.post("/me/copy", data={"as": "fhir"}, headers=OURS)
    assert response.status == 200
    assert response.content_type == "application/fhir+json"
    assert response.headers["Content-Disposition"] == 'attachment; filename="my-data.fhir.json"'
    text = await response.text()
    Bundle.model_validate_json(text)
    entries = json.loads(text).get("entry", [])
    assert len({entry["fullUrl"] for entry in entries}) == len(entries)
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in VALID}
    for entry in entries:
        resource = entry["resource"]
        VALID[resource["resourceType"]].model_validate_json(json.dumps(resource))
        assert entry["fullUrl"] == f"urn:uuid:{resource['id']}"
        found[resource["resourceType"]].append(resource)
    return found


def items(resource: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {item["linkId"]: item for item in resource["item"]}


async def test_what_was_answered_is_there_with_codes_and_the_words_of_then(own: OwnPage) -> None:
    await wrote(own.world, "step", person=own.person)
    found = await taken(own)
    (asked,), (given,) = found["Questionnaire"], found["QuestionnaireResponse"]
    assert given["questionnaire"] == f"{asked['url']}|{asked['version']}" == "urn:medvind:diary:en|1"
    assert (given["status"], given["language"], given["subject"]["display"]) == ("completed", "en", "Sam")
    answers = items(given)
    assert answers["diary/step"] == {
        "linkId": "diary/step",
        "text": "What is your next step?",
        "answer": [{"valueString": STEP}],
    }
    *coded, words = answers["diary/what"]["answer"]
    assert words == {"valueString": OWN}
    assert [each["valueCoding"]["display"] for each in coded] == ["Noise", "Sleep"]
    assert {each["valueCoding"]["system"] for each in coded} == {"urn:medvind:diary:what"}
    questions = items(asked)
    assert set(answers) <= set(questions)
    assert questions["diary/sure"]["type"] == "choice"
    assert [each["valueCoding"]["code"] for each in questions["diary/sure"]["answerOption"]] == list("12345")
    for link, item in answers.items():
        assert item["text"] == questions[link]["text"]
        known = [each["valueCoding"] for each in questions[link].get("answerOption", ())]
        assert all(each["valueCoding"] in known for each in item["answer"] if "valueCoding" in each)


async def test_two_conversations_are_two_responses_to_one_questionnaire(own: OwnPage) -> None:
    await wrote(own.world, "step", person=own.person)
    own.move(days=7)
    await own.person.says("start")
    await own.person.chooses("no")
    found = await taken(own)
    assert len(found["QuestionnaireResponse"]) == 2
    assert len(found["Questionnaire"]) == 1
    first, second = found["QuestionnaireResponse"]
    assert first["authored"] < second["authored"]
    assert (first["status"], second["status"]) == ("completed", "in-progress")
    again = items(second)["diary/again"]
    assert [each["valueCoding"]["code"] for each in again["answer"]] == ["no"]
    assert STEP not in json.dumps(second), "what a question repeated may be taken back by now"


async def test_it_is_worded_in_the_language_in_which_it_was_answered(own: OwnPage) -> None:
    await own.person.onboards()
    await own.person.says("start")
    await own.person.skips_to("week")
    await own.person.says("2")
    found = await taken(own)
    weekly = next(each for each in found["QuestionnaireResponse"] if "weekly_checkin" in each["questionnaire"])
    assert weekly["status"] == "in-progress"
    (coding,) = [each["valueCoding"] for each in items(weekly)["weekly_checkin/week"]["answer"]]
    assert coding == {"system": "urn:medvind:weekly_checkin:week", "code": "2", "display": "Hard"}


async def test_it_is_only_the_own_and_it_is_written_down(own: OwnPage) -> None:
    other = await own.world.person(pseudonym="B.K.")
    await wrote(own.world, "step", person=other)
    found = await taken(own)
    assert found == {"Questionnaire": [], "QuestionnaireResponse": []}, "others answered, and this person did not"
    (record,) = await own.site.parts.database.read(lambda conn: audit.records(conn, own.person.id))
    assert (record.actor, record.action) == (f"participant:{own.person.id}", "copy taken")
    assert record.details == {"as": "fhir"}


async def test_what_was_taken_back_is_not_there(own: OwnPage) -> None:
    await wrote(own.world, "step", person=own.person)
    fields = {"conversation": "1", "name": "diary/step"}
    (talk,) = (await own.record()).talks
    await own.phone.client.post("/me/answer/delete", data={**fields, "conversation": str(talk)}, headers=OURS)
    found = await taken(own)
    assert STEP not in json.dumps(found)
