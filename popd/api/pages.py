"""The page's files: a fixed set of names, found once, so that no address leads elsewhere."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

import trio
from starlette.requests import Request
from starlette.responses import Response

import game
from popd.api.answers import not_found

CONTENT_TYPES: Final = MappingProxyType(
    {
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".svg": "image/svg+xml",
        ".json": "application/json",
        ".woff2": "font/woff2",
        ".webmanifest": "application/manifest+json",
        ".png": "image/png",
    }
)
"""Only files of these kinds are served."""
INDEX: Final = "index.html"


def client_folder() -> Path:
    """Where the page is installed."""
    return Path(game.__file__).parent / "client"


def files_in(folder: Path) -> Mapping[str, Path]:
    """Every file that may be served, by its name below `folder`; none that lies elsewhere."""
    root = folder.resolve()
    return {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.suffix in CONTENT_TYPES and path.is_file() and path.resolve().is_relative_to(root)
    }


class Pages:
    """Serves the page; contents are read anew each time, so that an edit shows on reload."""

    def __init__(self, folder: Path) -> None:
        """Takes stock of the folder."""
        self.files = files_in(folder)

    async def index(self, request: Request) -> Response:
        """The page itself."""
        return await self._file(INDEX)

    async def file(self, request: Request) -> Response:
        """A file that the page needs."""
        return await self._file(request.path_params["file"])

    async def _file(self, name: str) -> Response:
        path = self.files.get(name)
        try:
            content = None if path is None else await trio.Path(path).read_bytes()
        except OSError:
            content = None
        if path is None or content is None:
            raise not_found("There is no such file.", "Open the address that the daemon printed.")
        headers = {"content-type": CONTENT_TYPES[path.suffix], "cache-control": "no-cache"}
        return Response(content, headers=headers)
