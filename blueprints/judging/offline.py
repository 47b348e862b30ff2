"""The files that a judge's device keeps, so that pages look and work alike without network."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, url_for

FILES = (
    "theme.js",
    "app.js",
    "marks.js",
    "sheet.js",
    "sheet_cards.js",
    "sheet_sums.js",
    "queue.js",
    "queue_store.js",
    "queue_status.js",
    "skillstar.css",
    "parts.css",
    "print.css",
    "marks.css",
    "judging.css",
    "logo.svg",
    "favicon.svg",
    "icons.svg",
)


def shell(app: Flask) -> list[str]:
    """Return the addresses of the files that every kept page needs."""
    bootstrap = url_for("bootstrap.static", filename="css/bootstrap.min.css")
    return [*(url_for("static", filename=name) for name in FILES), bootstrap]


def shell_version(app: Flask) -> str:
    """Return what changes whenever one of the files does."""
    return _version(Path(app.static_folder or ""))


@cache
def _version(folder: Path) -> str:
    content = hashlib.sha256()
    for name in (*FILES, "../templates/judging/worker.js"):
        content.update((folder / name).read_bytes())
    return content.hexdigest()[:16]
