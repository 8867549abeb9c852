"""Settings: what is refused, in which words, and what an empty or a misspelt variable does."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.app import post
from bot.channels.mail import SmtpSender
from bot.config import EXAMPLE, LOCALES, SCRIPTS, Settings, unknown_settings, wrong_settings


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("MEDVIND_")]:
        monkeypatch.delenv(name)


def refused(monkeypatch: pytest.MonkeyPatch, **variables: str) -> list[str]:
    for name, value in variables.items():
        monkeypatch.setenv(f"MEDVIND_{name}", value)
    with pytest.raises(ValidationError) as wrong:
        Settings()
    return list(wrong_settings(wrong.value))


def test_without_variables_the_shipped_folders_are_used() -> None:
    settings = Settings()
    assert (settings.scripts, settings.locales, settings.programme) == (SCRIPTS, LOCALES, EXAMPLE)
    assert settings.database() == f"sqlite:///{Path('var/medvind.db').absolute()}"


def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.setenv(f"MEDVIND_{name.upper()}", "")
    assert Settings().model_dump() == Settings.model_construct().model_dump()


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PORT", "80a", 'MEDVIND_PORT "80a": Write a port: a number from 0 to 65535.'),
        ("PORT", "65536", 'MEDVIND_PORT "65536": Write a port: a number from 0 to 65535.'),
        ("SMTP_PORT", "0", 'MEDVIND_SMTP_PORT "0": Write a port: a number from 1 to 65535.'),
        ("SCRIPTS", "nowhere", 'MEDVIND_SCRIPTS "nowhere": There is no such folder.'),
        ("LOCALES", "nowhere", 'MEDVIND_LOCALES "nowhere": There is no such folder.'),
        (
            "ADDRESS",
            "https://checkin.example/",
            'MEDVIND_ADDRESS "https://checkin.example/": Write it like https://checkin.example, with nothing after the'
            " name.",
        ),
        (
            "MAIL_FROM",
            "Medvind",
            'MEDVIND_MAIL_FROM "Medvind": Write an address for mail, like medvind@checkin.example.',
        ),
    ],
)
def test_what_cannot_be_used_is_said_with_what_to_write(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    assert refused(monkeypatch, **{name: value}) == [sentence]


def test_all_mistakes_are_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(refused(monkeypatch, PORT="x", SCRIPTS="nowhere")) == 2


def test_mail_needs_to_know_where_its_link_leads(monkeypatch: pytest.MonkeyPatch) -> None:
    (sentence,) = refused(monkeypatch, SMTP_HOST="mail.example")
    assert sentence.startswith("MEDVIND_SMTP_HOST is set, and mail holds a link to the pages.")
    monkeypatch.setenv("MEDVIND_ADDRESS", "https://checkin.example")
    assert Settings().address == "https://checkin.example"


@pytest.mark.parametrize(("port", "at_once"), [(465, True), (587, False)])
def test_the_port_says_when_the_connection_is_encrypted(port: int, at_once: bool) -> None:
    settings = Settings(smtp_host="mail.example", smtp_port=port, address="https://checkin.example")
    how = post(settings, settings.address, None)
    assert how is not None
    assert isinstance(how.sender, SmtpSender)
    assert how.sender.use_tls is at_once


def test_a_webhook_needs_an_address_that_telegram_can_bring_messages_to(monkeypatch: pytest.MonkeyPatch) -> None:
    bot = {"TELEGRAM_TOKENS": f"123456789:{'A' * 35}", "TELEGRAM_MODE": "webhook"}
    for address in ("", "http://checkin.example"):
        (sentence,) = refused(monkeypatch, **bot, ADDRESS=address)
        assert sentence == (
            "MEDVIND_TELEGRAM_MODE is webhook, so Telegram brings messages to MEDVIND_ADDRESS: write it there, "
            "beginning with https://. Without such an address use polling."
        )
    monkeypatch.setenv("MEDVIND_ADDRESS", "https://checkin.example")
    assert Settings().telegram_mode == "webhook"


def test_a_server_of_ones_own_may_bring_messages_in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    own = {
        "TELEGRAM_TOKENS": f"123456789:{'A' * 35}",
        "TELEGRAM_MODE": "webhook",
        "TELEGRAM_API": "http://127.0.0.1:81",
    }
    (sentence,) = refused(monkeypatch, **own)
    assert "beginning with https:// or http://." in sentence
    monkeypatch.setenv("MEDVIND_ADDRESS", "http://127.0.0.1:8080")
    assert Settings().address == "http://127.0.0.1:8080"


def test_secrets_are_not_repeated() -> None:
    settings = Settings(key="aGVsbG8=", smtp_password="hush")
    assert "aGVsbG8=" not in repr(settings)
    assert "hush" not in repr(settings)


def test_a_variable_that_is_no_setting_is_noticed() -> None:
    variables = ["MEDVIND_KEYFILE", "MEDVIND_PORT", "PATH", "MEDVIND_COLOUR_OF_BUTTONS"]
    assert list(unknown_settings(variables)) == [
        "MEDVIND_COLOUR_OF_BUTTONS is no setting. docs/settings.md lists them all.",
        "MEDVIND_KEYFILE is no setting. Did you mean MEDVIND_KEY_FILE?",
    ]
