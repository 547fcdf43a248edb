"""The page: its own files, and those of npm's packages that it names; nothing else of any directory."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from console.answers import context_of
from console.problems import not_found
from console.security import NOTHING_POLICY, page_policy

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request

TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
}
PACKAGES: Final = (
    "@dagrejs/dagre/dist/dagre.esm.js",
    "@preact/signals-core/dist/signals-core.mjs",
    "@preact/signals/dist/signals.mjs",
    "@tanstack/virtual-core/dist/esm/index.js",
    "@tanstack/virtual-core/dist/esm/ios-gesture.js",
    "@tanstack/virtual-core/dist/esm/lazy-measurements.js",
    "@tanstack/virtual-core/dist/esm/scroll-classifier.js",
    "@tanstack/virtual-core/dist/esm/utils.js",
    "htm/dist/htm.mjs",
    "htm/preact/index.mjs",
    "preact/dist/preact.mjs",
    "preact/hooks/dist/hooks.mjs",
)
"""Every file that a browser may have of console/node_modules; the page's import map has them below /packages/."""
_INLINE_SCRIPT: Final = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
_NAME: Final = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")


async def page(request: Request) -> Response:
    """The page itself, with the policy that lets its import map in and no other inline script."""
    context = context_of(request)
    body = await run_in_threadpool(_read, context.web / "index.html")
    return Response(
        body, media_type=TYPES[".html"], headers={"Content-Security-Policy": page_policy(inline_hashes(body))}
    )


def inline_hashes(page: bytes) -> list[str]:
    """The hashes of a page's inline scripts, as a Content-Security-Policy names them."""
    scripts = _INLINE_SCRIPT.findall(page)
    return [f"sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}" for script in scripts]


async def web_file(request: Request) -> Response:
    """A file of the page."""
    return await _file(request, context_of(request).web, request.path_params["path"])


async def package_file(request: Request) -> Response:
    """A file of a package that the page needs."""
    path = request.path_params["path"]
    if path not in PACKAGES:
        raise not_found("A file of that name")
    return await _served(context_of(request).packages / path)


async def _file(_: Request, directory: Path, path: str) -> Response:
    names = path.split("/")
    if not all(_NAME.fullmatch(name) for name in names):
        raise not_found("A file of that name")
    return await _served(directory.joinpath(*names))


async def _served(path: Path) -> Response:
    kind = TYPES.get(path.suffix)
    if kind is None:
        raise not_found("A file of that name")
    body = await run_in_threadpool(_read, path)
    return Response(body, media_type=kind, headers={"Content-Security-Policy": NOTHING_POLICY})


def _read(path: Path) -> bytes:
    if path.is_symlink() or not path.is_file():
        raise not_found("A file of that name")
    return path.read_bytes()
