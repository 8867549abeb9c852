"""Asset: one small file that pages refer to, kept in memory, compressed once, and named by its content."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from aiohttp import hdrs, web

_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as browsers get it. Its ``url`` changes with its content, so a browser may keep it for good."""

    url: str
    kind: str
    body: bytes
    zipped: bytes

    @classmethod
    def read(cls, path: Path, prefix: str) -> Asset:
        """The asset of a file. Raises KeyError for a kind of file that pages have no use for."""
        body = path.read_bytes()
        url = f"{prefix}/{path.name}?v={sha256(body).hexdigest()[:12]}"
        return cls(url, _KINDS[path.suffix], body, gzip.compress(body, mtime=0))

    def response(self, request: web.Request) -> web.Response:
        """The file, compressed for whoever can read that."""
        headers = {hdrs.CACHE_CONTROL: "public, max-age=31536000, immutable", hdrs.VARY: hdrs.ACCEPT_ENCODING}
        zipped = "gzip" in request.headers.get(hdrs.ACCEPT_ENCODING, "")
        if zipped:
            headers[hdrs.CONTENT_ENCODING] = "gzip"
        return web.Response(
            body=self.zipped if zipped else self.body, content_type=self.kind, charset="utf-8", headers=headers
        )


def add_assets(app: web.Application, folder: Path, prefix: str) -> Mapping[str, str]:
    """Serve the files of a folder below ``prefix``. Returns file name -> address."""
    assets = _read(folder, prefix)

    async def serve(request: web.Request) -> web.Response:
        asset = assets.get(request.match_info["name"])
        if asset is None:
            raise web.HTTPNotFound
        return asset.response(request)

    app.router.add_get(prefix + "/{name}", serve)
    return {name: asset.url for name, asset in assets.items()}


@cache
def _read(folder: Path, prefix: str) -> Mapping[str, Asset]:
    return {path.name: Asset.read(path, prefix) for path in sorted(folder.iterdir()) if path.suffix in _KINDS}
