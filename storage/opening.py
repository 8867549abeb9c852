"""Opening: a storage that is ready for use, or a clear refusal that has changed nothing."""

from __future__ import annotations

from storage.database import Database
from storage.engines import Limits
from storage.vault import Vault


async def open_storage(url: str, master_key: bytes, limits: Limits = Limits()) -> tuple[Database, Vault]:  # noqa: B008
    """The key is tried before anything is touched, then the tables are brought up to date, then the vault is opened.

    Raises StartRefused (KeyWrong, StorageBusy, StorageNewer, StorageAddressWrong) and StorageAway.
    """
    database = Database.open(url, limits)
    try:
        await database.read(lambda conn: Vault.check(conn, master_key))
        await database.migrate()
        vault = await database.write(lambda conn: Vault.open(conn, master_key))
    except BaseException:
        await database.close()
        raise
    return database, vault
