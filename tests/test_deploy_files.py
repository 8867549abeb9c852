"""What lies in ``deploy/`` fits together, and fits the program: settings, ports, pages and times."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.channels.web_socket import HEARTBEAT
from bot.config import Settings, unknown_settings

ROOT = Path(__file__).parent.parent
DEPLOY = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "deploy").iterdir())}
OPERATING = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
CLOSING = 10
"""Seconds in which a process ends after its stop delay."""


def given() -> dict[str, str]:
    """The settings of the example, those in comments too."""
    return dict(re.findall(r"^#?(MEDVIND_[A-Z_]+)=(.*)$", DEPLOY["medvind.env"], re.MULTILINE))


def seconds(text: str, name: str) -> int:
    """A time in a configuration."""
    found = re.search(rf"^\s*{name}[ =](\d+)s?;?$", text, re.MULTILINE)
    assert found, name
    return int(found[1])


@pytest.mark.parametrize("name", DEPLOY)
def test_every_setting_that_is_named_exists(name: str) -> None:
    assert list(unknown_settings(re.findall(r"MEDVIND_[A-Z_]*[A-Z]", DEPLOY[name]))) == []


def test_the_example_is_one_that_can_be_used(tmp_path: Path) -> None:
    tokens = tmp_path / "tokens"
    tokens.write_text("123456789:AnExampleAnExampleAnExample\n")
    values = {name.removeprefix("MEDVIND_").lower(): value for name, value in given().items()}
    assert values["telegram_mode"] == "webhook"
    assert Settings(**{**values, "telegram_token_file": tokens}).bot_tokens()


def test_everything_that_is_there_is_described() -> None:
    assert re.findall(r"^\| `([a-z@.]+)` \| `/etc", OPERATING, re.MULTILINE) == [
        "medvind.env",
        "medvind@.service",
        "haproxy.cfg",
        "nginx.conf",
    ]
    assert set(DEPLOY) == {"medvind.env", "medvind@.service", "haproxy.cfg", "nginx.conf"}


def test_the_same_ports_are_everywhere() -> None:
    ports = re.findall(r"^    server p\d+ 127\.0\.0\.1:(\d+)$", DEPLOY["haproxy.cfg"], re.MULTILINE)
    assert len(ports) == 3
    assert re.findall(r"server 127\.0\.0\.1:(\d+) ", DEPLOY["nginx.conf"]) == ports
    started = " ".join(f"medvind@{port}" for port in ports)
    assert started in DEPLOY["medvind@.service"]
    assert f"systemctl enable --now {started}" in OPERATING
    assert "MEDVIND_PORT=%i" in DEPLOY["medvind@.service"]


def test_an_open_chat_is_not_taken_for_a_dead_one() -> None:
    assert seconds(DEPLOY["haproxy.cfg"], "timeout tunnel") > HEARTBEAT
    assert seconds(DEPLOY["nginx.conf"], "proxy_read_timeout") > HEARTBEAT


def test_a_process_is_given_the_time_to_end() -> None:
    stop_delay = int(given()["MEDVIND_STOP_DELAY"])
    assert seconds(DEPLOY["medvind@.service"], "TimeoutStopSec") > stop_delay + CLOSING
    checks = re.search(r"inter (\d+)s fall (\d+)", DEPLOY["haproxy.cfg"])
    assert checks
    assert stop_delay > int(checks[1]) * int(checks[2])


def test_addresses_that_hold_tokens_are_in_no_log() -> None:
    assert "httplog" not in DEPLOY["haproxy.cfg"]
    assert "log /dev/log local0 notice" in DEPLOY["haproxy.cfg"]
    assert DEPLOY["nginx.conf"].count("access_log off;") == DEPLOY["nginx.conf"].count("server {")
    assert re.search(r"error_log \S+ crit;", DEPLOY["nginx.conf"])
