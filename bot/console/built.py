"""Built: the scripts that the web build made for the staff pages, and the chat's style sheet for previews.

Where nothing was built, pages do without: their forms work as they are.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from aiohttp import web

from bot.channels.assets import Asset

PREFIX = "/console/built"
_BUILT = Path(__file__).parent / "static" / "built"
_CHAT = Path(__file__).parents[1] / "channels" / "static"
_FILES = {
    "editor.js": _BUILT,
    "flow.js": _BUILT,
    "preview.js": _BUILT,
    "chat.css": _CHAT,
}


def built(name: str) -> str:
    """The address of a file, which changes with its content; "" where it was not built."""
    asset = _asset(name)
    return "" if asset is None else asset.url


async def serve(request: web.Request) -> web.Response:
    """One of these files. Anybody may have it: it holds nothing about anybody."""
    asset = _asset(request.match_info["name"])
    if asset is None:
        raise web.HTTPNotFound
    return asset.response(request)


def _asset(name: str) -> Asset | None:
    path = _FILES[name] / name if name in _FILES else None
    return _read(path, path.stat().st_mtime_ns) if path is not None and path.is_file() else None


@lru_cache(maxsize=16)
def _read(path: Path, changed: int) -> Asset:
    """A file as it was at a moment: one that changed since is read anew."""
    return Asset.read(path, PREFIX)
