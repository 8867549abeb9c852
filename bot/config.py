"""Settings: what an operator decides outside the programme file, read once from ``MEDVIND_*`` variables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, Self

from pydantic import DirectoryPath, Field, SecretStr, ValidationError, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

import dialogues
from bot.translating.address import FORM, is_safe

PREFIX = "MEDVIND_"
SCRIPTS = Path(dialogues.__file__).parent / "scripts"
LOCALES = Path(dialogues.__file__).parents[1] / "locales"
EXAMPLE = Path(__file__).parent / "demo" / "programme.yaml"

_TELEGRAM = "https://api.telegram.org"
_ADDRESS = r"(https?://[^/\s]+)?"
_API = r"https?://[^\s?#]+[^\s?#/]"
_TOKEN = re.compile(r"[0-9]{3,16}:[A-Za-z0-9_-]{20,100}")
_ISSUER = r"(https://[^/\s?#]+|http://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]+)?)(/[^\s?#]*)?"
_SENDER = r"[^@\s]+@[^@\s]+"


class Settings(BaseSettings):
    """Every setting with its meaning; ``docs/settings.md`` lists the same. An empty variable is none."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="ignore")

    folder: Path = Field(Path("var"), description="Where the demo and SQLite keep their data.")
    database_url: str = Field("", description="sqlite:///file.db or postgresql://...; empty: SQLite in the folder.")
    key: SecretStr = Field(SecretStr(""), description="The master key: 32 bytes in base64.")
    key_file: Path | None = Field(None, description="A file with the master key, instead of MEDVIND_KEY.")
    programme: Path = Field(EXAMPLE, description="The programme.yaml; empty: the demo's example.")
    scripts: DirectoryPath = Field(SCRIPTS, description="The folder with the scripts; empty: the shipped ones.")
    locales: DirectoryPath = Field(
        LOCALES, description="The folder with the translations; empty: those that come along."
    )
    audio: DirectoryPath | None = Field(
        None, description="The folder with recordings of texts; without one, nothing is read out."
    )
    pseudo: bool = Field(
        False, description="Whether the demo offers the pseudo-languages too, which show text that is not translated."
    )
    host: str = Field("127.0.0.1", description="The address to listen on.")
    port: int = Field(8080, ge=0, le=65535, description="The port to listen on; 0 takes any free one.")
    address: str = Field("", pattern=f"^{_ADDRESS}$", description="How people reach the pages; for links in mail.")
    stop_delay: int = Field(
        0, ge=0, le=300, description="Seconds from being asked to stop to closing; for a load balancer to notice."
    )
    metrics_port: int | None = Field(None, ge=0, le=65535, description="The port of /metrics; without one, none.")
    metrics_host: str = Field("127.0.0.1", description="The address to listen on for it.")
    smtp_host: str = Field("", description="The mail server; empty: no mail is sent (the demo writes it to a folder).")
    smtp_port: int = Field(587, ge=1, le=65535, description="Its port. On 465 the connection is encrypted at once.")
    smtp_user: str = Field("", description="Name for signing in to it, if it wants one.")
    smtp_password: SecretStr = Field(SecretStr(""), description="Password for signing in to it.")
    mail_from: str = Field("medvind@localhost", pattern=f"^{_SENDER}$", description="The sender of mail.")
    telegram_tokens: SecretStr = Field(
        SecretStr(""), description="The token of a Telegram bot, or of several with commas between; empty: no Telegram."
    )
    telegram_token_file: Path | None = Field(None, description="A file with the tokens, a line each, instead.")
    telegram_mode: Literal["polling", "webhook"] = Field(
        "polling",
        description="Ask Telegram for messages (polling), or have it bring them to MEDVIND_ADDRESS (webhook).",
    )
    telegram_api: str = Field(
        _TELEGRAM,
        pattern=f"^{_API}$",
        description="Where Telegram's Bot API is; for a server of one's own.",
    )
    telegram_per_second: int = Field(
        25,
        ge=1,
        le=1000,
        description="Most messages a second of one bot. Telegram allows about 30 unless it agreed to more.",
    )
    translate_url: str = Field(
        "",
        pattern=f"^({FORM})?$",
        description="Where a LibreTranslate server is, for people's own words; empty: no program translates them.",
    )
    translate_key: SecretStr = Field(SecretStr(""), description="The key that it asks for, if it does.")
    translate_key_file: Path | None = Field(None, description="A file with that key, instead of MEDVIND_TRANSLATE_KEY.")
    translate_in_clear: bool = Field(
        False, description="Whether it may be reached without encryption on a network that is not private."
    )
    proxies: int = Field(
        0, ge=0, le=9, description="How many proxies of yours are in front, each of which adds to X-Forwarded-For."
    )
    oidc_issuer: str = Field(
        "", description="The organisation's own sign-in for staff (OpenID Connect): its issuer; empty: none."
    )
    oidc_client_id: str = Field("", description="What Medvind is called there.")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="The secret that Medvind has there.")
    oidc_client_secret_file: Path | None = Field(None, description="A file with that secret, instead.")

    @model_validator(mode="after")
    def _mail_leads_somewhere(self) -> Self:
        if self.smtp_host and not self.address:
            raise ValueError(
                f"{PREFIX}SMTP_HOST is set, and mail holds a link to the pages. Say where they are reached in "
                f"{PREFIX}ADDRESS, like https://checkin.example."
            )
        return self

    @model_validator(mode="after")
    def _telegram_can_be_used(self) -> Self:
        tokens = self.bot_tokens()
        where = f"{PREFIX}TELEGRAM_TOKENS or {PREFIX}TELEGRAM_TOKEN_FILE"
        if not all(_TOKEN.fullmatch(token) for token in tokens):
            raise ValueError(f"{where} holds something that is no token. BotFather writes one like 123456789:AbC-dEf.")
        if len({token.partition(":")[0] for token in tokens}) < len(tokens):
            raise ValueError(f"{where} names the same bot twice. Keep the token that BotFather gave last.")
        if tokens and self.telegram_mode == "webhook" and not self.address.startswith(self._bringable()):
            raise ValueError(
                f"{PREFIX}TELEGRAM_MODE is webhook, so Telegram brings messages to {PREFIX}ADDRESS: write it there, "
                f"beginning with {' or '.join(self._bringable())}. Without such an address use polling."
            )
        return self

    @model_validator(mode="after")
    def _words_travel_safely(self) -> Self:
        if self.translate_url and not self.translate_in_clear and not is_safe(self.translate_url):
            raise ValueError(
                f"{PREFIX}TRANSLATE_URL would send people's words without encryption. Write an address that begins "
                "with https://, or one of this machine or a private network. Where only your own network lies between, "
                f"{PREFIX}TRANSLATE_IN_CLEAR=yes allows it."
            )
        self.translation_key()
        return self

    @model_validator(mode="after")
    def _organisation_can_be_asked(self) -> Self:
        if not self.oidc_issuer:
            return self
        if not is_issuer(self.oidc_issuer):
            raise ValueError(f"{PREFIX}OIDC_ISSUER has to begin with https://, and to hold no question mark.")
        for name, said in (("CLIENT_ID", self.oidc_client_id), ("CLIENT_SECRET", self.oidc_secret())):
            if not said:
                raise ValueError(f"{PREFIX}OIDC_ISSUER is set, so {PREFIX}OIDC_{name} is needed as well.")
        if not self.address:
            raise ValueError(
                f"{PREFIX}OIDC_ISSUER is set, and the organisation sends people back to the pages. Say where they are "
                f"reached in {PREFIX}ADDRESS, like https://checkin.example."
            )
        return self

    def oidc_secret(self) -> str:
        """Medvind's secret at the organisation's sign-in, or "". Raises ValueError when its file cannot be read."""
        secret = self.oidc_client_secret.get_secret_value()
        if secret or self.oidc_client_secret_file is None:
            return secret
        try:
            return self.oidc_client_secret_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise ValueError(f"{PREFIX}OIDC_CLIENT_SECRET_FILE: this file cannot be read.") from None

    def _bringable(self) -> tuple[str, ...]:
        """How an address begins that messages can be brought to: a server of one's own may bring them in the clear."""
        return ("https://",) if self.telegram_api == _TELEGRAM else ("https://", "http://")

    def bot_tokens(self) -> tuple[str, ...]:
        """The tokens of the Telegram bots. Raises ValueError when their file cannot be read."""
        text = self.telegram_tokens.get_secret_value()
        if not text and self.telegram_token_file is not None:
            try:
                text = self.telegram_token_file.read_text(encoding="ascii")
            except (OSError, UnicodeDecodeError):
                raise ValueError(f"{PREFIX}TELEGRAM_TOKEN_FILE: this file cannot be read.") from None
        return tuple(re.split(r"[\s,]+", text.strip())) if text.strip() else ()

    def translation_key(self) -> str:
        """The key of the server that translates, or "". Raises ValueError when its file cannot be read."""
        key = self.translate_key.get_secret_value()
        if key or self.translate_key_file is None:
            return key
        try:
            return self.translate_key_file.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            raise ValueError(f"{PREFIX}TRANSLATE_KEY_FILE: this file cannot be read.") from None

    def database(self) -> str:
        """The address of the database."""
        return self.database_url or f"sqlite:///{(self.folder / 'medvind.db').absolute()}"


def is_issuer(address: str) -> bool:
    """Whether an address can be an issuer's (OpenID Connect Discovery 1.0, 3); in the clear, only on this machine."""
    return re.fullmatch(_ISSUER, address) is not None


def wrong_settings(refused: ValidationError) -> Iterator[str]:
    """What is wrong with the settings, a sentence each. Values of secrets are not repeated."""
    for error in refused.errors():
        if not error["loc"]:
            yield str(error["msg"]).removeprefix("Value error, ")
            continue
        name = str(error["loc"][0])
        value = "" if "**" in str(error["input"]) else f' "{error["input"]}"'
        yield f"{PREFIX}{name.upper()}{value}: {_mend(name, error)}"


def _mend(name: str, error: ErrorDetails) -> str:
    match error["type"]:
        case "int_parsing" | "greater_than_equal" | "less_than_equal" if name == "telegram_per_second":
            return "Write a number from 1 to 1000."
        case "int_parsing" | "greater_than_equal" | "less_than_equal" if name == "proxies":
            return "Write a number from 0 to 9."
        case "int_parsing" | "greater_than_equal" | "less_than_equal" if name == "stop_delay":
            return "Write seconds: a number from 0 to 300."
        case "int_parsing" | "greater_than_equal" | "less_than_equal":
            return f"Write a port: a number from {'1' if name == 'smtp_port' else '0'} to 65535."
        case "path_not_directory":
            return "There is no such folder."
        case "string_pattern_mismatch" if name == "address":
            return "Write it like https://checkin.example, with nothing after the name."
        case "string_pattern_mismatch" if name == "telegram_api":
            return "Write it like https://api.telegram.org, with no slash at the end."
        case "string_pattern_mismatch" if name == "translate_url":
            return "Write it like https://translate.example, with no slash at the end."
        case "bool_parsing":
            return "Write yes or no."
        case "literal_error":
            return "Write polling or webhook."
        case "string_pattern_mismatch":
            return "Write an address for mail, like medvind@checkin.example."
        case _:
            return error["msg"]


def unknown_settings(variables: Iterable[str]) -> Iterator[str]:
    """A sentence for each variable that looks like a setting and is none, so that a slip is noticed."""
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    for name in sorted(variables):
        if name.startswith(PREFIX) and name not in known:
            close = get_close_matches(name, known, 1)
            hint = f"Did you mean {close[0]}?" if close else "docs/settings.md lists them all."
            yield f"{name} is no setting. {hint}"
