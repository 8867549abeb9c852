"""Settings: what an operator decides outside the programme file, read once from ``MEDVIND_*`` variables."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Every setting with its meaning; ``docs/settings.md`` lists the same."""

    model_config = SettingsConfigDict(env_prefix="MEDVIND_", extra="ignore")

    folder: Path = Field(Path("var"), description="Where the demo and SQLite keep their data.")
    database_url: str = Field("", description="sqlite:///file.db or postgresql://...; empty: SQLite in the folder.")
    key: SecretStr = Field(SecretStr(""), description="The master key: 32 bytes in base64.")
    key_file: Path | None = Field(None, description="A file with the master key, instead of MEDVIND_KEY.")
    programme: Path | None = Field(None, description="The programme.yaml; empty: the demo's example.")
    scripts: Path | None = Field(None, description="The folder with the scripts; empty: those that come along.")
    locales: Path | None = Field(None, description="The folder with the translations; empty: those that come along.")
    host: str = Field("127.0.0.1", description="The address to listen on.")
    port: int = Field(8080, description="The port to listen on; 0 takes any free one.")
    address: str = Field("", description="How people reach the pages, e.g. https://checkin.example; for links in mail.")
    smtp_host: str = Field("", description="The mail server; empty: no mail is sent (the demo writes it to a folder).")
    smtp_port: int = Field(587, description="Its port.")
    smtp_user: str = Field("", description="Name for signing in to it, if it wants one.")
    smtp_password: SecretStr = Field(SecretStr(""), description="Password for signing in to it.")
    mail_from: str = Field("medvind@localhost", description="The sender of mail.")

    def database(self) -> str:
        """The address of the database."""
        return self.database_url or f"sqlite:///{(self.folder / 'medvind.db').absolute()}"
