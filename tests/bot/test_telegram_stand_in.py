"""The stand-in as a server: who may call what and how, what a bot tells about itself, and what is noted."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, FormData

from tests.bot.bot_api_caller import SAM, Caller, board, calling
from tests.telegram_stand_in import Phone, StandIn
from tests.telegram_stand_in.menus import commands_shown

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def api() -> AsyncIterator[Caller]:
    async with calling() as made:
        yield made


async def test_a_bot_learns_who_it_is(api: Caller) -> None:
    me = await api.result("getMe")
    assert me["id"] == api.bot.id == int(api.bot.token.partition(":")[0])
    assert (me["is_bot"], me["username"]) == (True, "medvind_bot")


@pytest.mark.parametrize("token", ["1:x", "nothing", "7000000001:AA"])
async def test_a_wrong_token_is_not_known(api: Caller, token: str) -> None:
    async with api.session.post(api.address("getMe", token)) as response:
        assert response.status == 401
        assert await response.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}


async def test_a_revoked_token_is_not_known_and_the_new_one_is(api: Caller) -> None:
    old = api.bot.token
    waiting = asyncio.create_task(api.call("getUpdates", timeout=50))
    await asyncio.sleep(0.02)
    new = api.bot.revoke()
    assert (await waiting)[0] == 401
    assert new.partition(":")[0] == old.partition(":")[0]
    assert new != old
    async with api.session.get(api.address("getMe", old)) as response:
        assert response.status == 401
    assert (await api.result("getMe"))["id"] == api.bot.id


async def test_an_unknown_method_is_not_found(api: Caller) -> None:
    assert await api.call("sendTelepathy") == (
        404,
        {"ok": False, "error_code": 404, "description": "Not Found: method not found"},
    )
    async with api.session.get(f"{api.telegram.url}/bot{api.bot.token}") as response:
        assert response.status == 404


async def test_names_of_methods_may_be_written_in_any_letters(api: Caller) -> None:
    assert (await api.result("GETme"))["id"] == api.bot.id
    assert api.telegram.log.count("getMe", 200) == 1


@pytest.mark.parametrize("way", ["address", "form", "json", "multipart"])
async def test_parameters_come_in_four_ways(api: Caller, way: str) -> None:
    markup = '{"inline_keyboard":[[{"text":"Ja","callback_data":"y"}]]}'
    fields = {"chat_id": str(SAM), "text": "Hei & på deg + كيف", "reply_markup": markup, "protect_content": "True"}
    ways: dict[str, dict[str, Any]] = {
        "address": {"params": fields},
        "form": {"data": fields},
        "json": {"json": {**fields, "chat_id": SAM, "protect_content": True}},
        "multipart": {"data": FormData(fields, default_to_multipart=True)},
    }
    async with api.session.post(api.address("sendMessage"), **ways[way]) as response:
        message = (await response.json())["result"]
    assert message["text"] == "Hei & på deg + كيف"
    assert message["has_protected_content"] is True
    assert api.phone.last.labels == ("Ja",)


async def test_a_body_that_is_no_json_is_refused(api: Caller) -> None:
    for body in ("{", "[1]"):
        async with api.session.post(
            api.address("getMe"), data=body, headers={"Content-Type": "application/json"}
        ) as response:
            assert response.status == 400
    assert "can't parse reply keyboard markup JSON object" in await api.refused(
        "sendMessage", chat_id=SAM, text="x", reply_markup="{"
    )


async def test_several_bots_know_nothing_of_each_other(api: Caller) -> None:
    other = api.telegram.add_bot("other_bot", "Other")
    await Phone(SAM, "en", api.telegram, other).type("to the other")
    assert other.id != api.bot.id
    assert await api.updates() == []
    async with api.session.post(api.address("getUpdates", other.token)) as response:
        assert [each["message"]["text"] for each in (await response.json())["result"]] == ["to the other"]
    with pytest.raises(ValueError, match="already"):
        api.telegram.add_bot("Other_Bot")


async def test_calls_and_messages_are_noted(api: Caller) -> None:
    message = await api.say("Hi", [("Yes", "y"), ("No", "n")])
    await api.result("editMessageText", chat_id=SAM, message_id=message["message_id"], text="Hi again")
    await api.refused("sendMessage", chat_id=SAM, text="")
    sent, edited = api.telegram.log.sent
    assert (sent.method, sent.bot, sent.chat, sent.text) == ("sendMessage", "medvind_bot", SAM, "Hi")
    assert sent.keyboard == ((("Yes", "y"), ("No", "n")),)
    assert (edited.method, edited.message, edited.text, edited.keyboard) == (
        "editMessageText",
        sent.message,
        "Hi again",
        (),
    )
    assert sent.at == api.telegram.clock.now()
    assert [(call.method, call.status) for call in api.telegram.log.calls] == [
        ("sendMessage", 200),
        ("editMessageText", 200),
        ("sendMessage", 400),
    ]
    assert api.telegram.log.calls[-1].description == "Bad Request: message text is empty"
    assert api.telegram.log.texts(SAM) == ["Hi"]
    assert api.telegram.log.count("sendMessage") == 2


async def test_without_keeping_only_numbers_are_noted(api: Caller) -> None:
    api.telegram.log.keep = False
    await api.say("Hi")
    assert api.telegram.log.counts["sendMessage", 200] == 1
    assert not api.telegram.log.calls
    assert not api.telegram.log.sent


async def test_commands_are_kept_for_each_scope_and_language(api: Caller) -> None:
    def commands(name: str) -> list[dict[str, str]]:
        return [{"command": name, "description": "About it"}]

    await api.result("setMyCommands", commands=commands("all"))
    await api.result("setMyCommands", commands=commands("norsk"), language_code="nb")
    await api.result("setMyCommands", commands=commands("alone"), scope={"type": "all_private_chats"})
    await api.result("setMyCommands", commands=commands("sam"), scope={"type": "chat", "chat_id": SAM})
    assert await api.result("getMyCommands") == commands("all")
    assert await api.result("getMyCommands", language_code="nb") == commands("norsk")
    assert await api.result("getMyCommands", language_code="ar") == []
    assert commands_shown(api.bot, SAM, "nb") == commands("sam")
    await api.result("deleteMyCommands", scope={"type": "chat", "chat_id": SAM})
    assert commands_shown(api.bot, SAM, "nb") == commands("alone")
    await api.result("deleteMyCommands", scope={"type": "all_private_chats"})
    assert commands_shown(api.bot, SAM, "nb-no") == commands("norsk")
    assert commands_shown(api.bot, SAM, "ar") == commands("all")


@pytest.mark.parametrize(
    ("command", "description", "taken"),
    [
        ("a" * 32, "d" * 256, True),
        ("a" * 33, "d", False),
        ("Help", "d", False),
        ("hjelp-meg", "d", False),
        ("", "d", False),
        ("help", "", False),
        ("help", "d" * 257, False),
    ],
)
async def test_a_command_has_a_short_name_and_a_description(
    api: Caller, command: str, description: str, taken: bool
) -> None:
    status, _ = await api.call("setMyCommands", commands=[{"command": command, "description": description}])
    assert status == (200 if taken else 400)


async def test_there_are_at_most_a_hundred_commands(api: Caller) -> None:
    many = [{"command": f"c{number}", "description": "d"} for number in range(101)]
    assert (await api.call("setMyCommands", commands=many))[0] == 400
    assert await api.result("setMyCommands", commands=many[:100]) is True


async def test_languages_of_menus_have_two_letters(api: Caller) -> None:
    for method in ("setMyCommands", "setMyDescription", "setMyShortDescription"):
        assert await api.refused(method, language_code="kmr") == "Bad Request: invalid language code specified"
        assert await api.refused(method, language_code="pt-br") == "Bad Request: invalid language code specified"
        assert await api.result(method, language_code="pt") is True


async def test_descriptions_have_languages_and_bounds(api: Caller) -> None:
    await api.result("setMyDescription", description="Short check-ins")
    await api.result("setMyDescription", description="Korte spørsmål", language_code="nb")
    assert await api.result("getMyDescription", language_code="nb") == {"description": "Korte spørsmål"}
    assert await api.result("getMyDescription", language_code="ar") == {"description": "Short check-ins"}
    assert (await api.call("setMyDescription", description="x" * 513))[0] == 400
    assert (await api.call("setMyShortDescription", short_description="x" * 121))[0] == 400
    assert await api.result("setMyShortDescription", short_description="x" * 120) is True
    assert await api.result("getMyShortDescription") == {"short_description": "x" * 120}
    await api.result("setMyName", name="Medvind på norsk", language_code="nb")
    assert await api.result("getMyName", language_code="nb") == {"name": "Medvind på norsk"}
    assert await api.result("getMyName") == {"name": "Medvind"}


async def test_the_button_beside_the_field_is_kept(api: Caller) -> None:
    assert await api.result("setChatMenuButton", menu_button={"type": "default"}) is True
    assert await api.result("setChatMenuButton", chat_id=SAM, menu_button={"type": "commands"}) is True
    assert await api.result("getChatMenuButton", chat_id=SAM) == {"type": "commands"}
    assert await api.result("getChatMenuButton") == {"type": "default"}
    assert (await api.call("setChatMenuButton", menu_button={"type": "hologram"}))[0] == 400


async def test_a_chat_can_be_looked_up_once_it_is_known(api: Caller) -> None:
    assert (await api.result("getChat", chat_id=SAM))["type"] == "private"
    Phone(5, "en", api.telegram, api.bot)
    assert await api.refused("getChat", chat_id=5) == "Bad Request: chat not found"


async def test_a_port_can_be_refused_and_taken_again(api: Caller) -> None:
    port = api.telegram.port
    await api.telegram.refuse()
    with pytest.raises(OSError, match="Cannot connect"):
        await api.call("getMe")
    await api.telegram.listen()
    assert api.telegram.port == port
    assert (await api.result("getMe"))["id"] == api.bot.id


async def test_a_mistake_of_the_stand_in_itself_is_loud() -> None:
    async def break_it() -> None:
        async with calling() as api:
            del api.bot.username
            await api.session.post(api.address("getMe"))

    with pytest.raises(AttributeError):
        await break_it()


async def test_it_can_be_started_without_a_block() -> None:
    telegram = await StandIn.start()
    bot = telegram.add_bot()
    async with ClientSession() as session, session.get(f"{telegram.url}/bot{bot.token}/getMe") as response:
        assert response.status == 200
    await telegram.close()


async def test_it_runs_by_hand() -> None:
    command = [sys.executable, "-m", "tests.telegram_stand_in", "--port", "0", "--bot", "by_hand_bot"]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    lines = [(await process.stdout.readline()).decode() for _ in range(5)]
    shown = dict(line.split(maxsplit=1) for line in lines[1:])
    process.terminate()
    await process.communicate()
    assert "not Telegram" in lines[0]
    assert shown["Token"].strip().startswith("7000000001:")
    assert "bot=by_hand_bot" in shown["Phone"]
    assert shown["Link"].strip().endswith("/t.me/by_hand_bot?start=CODE")


async def test_a_keyboard_may_be_given_as_text_or_as_it_is(api: Caller) -> None:
    await api.say("As it is", [("A", "a")])
    async with api.session.post(
        api.address("sendMessage"),
        data={"chat_id": SAM, "text": "x", "reply_markup": '{"inline_keyboard":[[{"text":"A","callback_data":"a"}]]}'},
    ) as response:
        assert (await response.json())["result"]["reply_markup"] == board([("A", "a")])["reply_markup"]


@pytest.mark.parametrize(
    "path", ["/phone?user=1&bot=nobody_bot", "/phone?user=x&bot=medvind_bot", "/phone/state?user=1"]
)
async def test_a_phone_that_there_cannot_be_is_refused(api: Caller, path: str) -> None:
    async with api.session.get(api.telegram.url + path) as response:
        assert response.status == 400


async def test_what_is_no_page_is_not_found(api: Caller) -> None:
    for path in ("/nothing", "/page/../server.py", "/page/server.py"):
        async with api.session.get(api.telegram.url + path) as response:
            assert response.status == 404
    async with api.session.post(f"{api.telegram.url}/phone/type", data="text=x") as response:
        assert response.status == 415


async def test_the_link_of_a_bot_leads_to_a_phone(api: Caller) -> None:
    async with api.session.get(f"{api.telegram.url}/t.me/Medvind_bot?start=CODE", allow_redirects=False) as response:
        assert response.status == 302
        assert response.headers["Location"] == "/phone?user=1001&bot=medvind_bot&start=CODE"


async def test_a_page_acts_for_a_person(api: Caller) -> None:
    async def act(name: str, **given: Any) -> dict[str, Any]:
        given = {"user": SAM, "bot": "medvind_bot", **given}
        async with api.session.post(f"{api.telegram.url}/phone/{name}", json=given) as response:
            assert response.status == 200
            return await response.json()  # type: ignore[no-any-return]

    await api.say("Well?", [("Yes", "y")])
    state = await act("tap", message=1, data="y")
    assert state["waiting"] == [[1, "y"]]
    assert state["messages"][0]["keyboard"] == [[["Yes", "y"]]]
    assert (await act("type", text="words"))["messages"][1]["text"] == "words"
    assert (await act("language", language="fa"))["language"] == "fa"
    address = f"{api.telegram.url}/phone/state?user={SAM}&bot=medvind_bot&version={state['version'] + 2}"
    waiting = asyncio.create_task(api.session.get(address))
    await asyncio.sleep(0.02)
    assert not waiting.done()
    await api.say("News")
    async with await waiting as response:
        assert (await response.json())["messages"][-1]["text"] == "News"
