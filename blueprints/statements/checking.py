"""The means to check without us: the checker as page and as file, and the file of keys."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flask import current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from blueprints.access import allows
from blueprints.statements.views import blueprint, site
from blueprints.statements.words import both
from blueprints.web import download, limiter, now, today
from rules.acts import Act
from rules.status_lists import Purpose
from services import statements, statements_keys, statements_status

_READS = "60 per minute"
_STYLES = ("statements_file.css", "statements.css")
_SCRIPTS = ("statements.js", "statements_checker.js")


@blueprint.get("/verify/checker")
@allows(Act.VERIFY_CERTIFICATE)
@limiter.limit(_READS)
def checker() -> ResponseReturnValue:
    """Check a statement in the browser; nothing of it is sent here."""
    data = _data()
    addresses = [
        site().status_list(number, purpose) for number, purpose in _lists() if data["lists"]
    ]
    words = data["words"][data["language"]]
    return render_template("statements/checker.html", data=data, words=words, lists=addresses)


@blueprint.get("/verify/checker.html")
@allows(Act.VERIFY_CERTIFICATE)
@limiter.limit(_READS)
def checker_file() -> ResponseReturnValue:
    """Send the checker as one file, with today's keys and status lists in it."""
    data = _data()
    page = render_template(
        "statements/checker_file.html",
        data=data,
        words=data["words"][data["language"]],
        style="".join(_texts(_STYLES)),
        scripts=list(_texts(_SCRIPTS)),
    )
    return download(page.encode(), f"checker-{today().isoformat()}.html", "text/html")


@blueprint.get("/verify/keys.json")
@allows(Act.VERIFY_CERTIFICATE)
@limiter.limit(_READS)
def keys_file() -> ResponseReturnValue:
    """Send the public keys as a file, with their states."""
    text = json.dumps(statements_keys.checking_set(), ensure_ascii=False, indent=1)
    return download(text.encode(), "keys.json", "application/json")


def _data() -> dict[str, Any]:
    language = "zh" if str(get_locale()).startswith("zh") else "en"
    return {
        "language": language,
        "words": both(),
        "book": statements_keys.checking_set(),
        "lists": _tokens(),
        "made_on": today().isoformat(),
    }


def _lists() -> Iterable[tuple[int, Purpose]]:
    return [(number, one) for number in statements_status.list_numbers() for one in Purpose]


def _tokens() -> list[str]:
    if statements.active_key() is None:
        return []
    return [statements_status.publish(site(), *one, now()).token for one in _lists()]


def _texts(names: Iterable[str]) -> Iterable[str]:
    folder = Path(current_app.static_folder or "")
    return ((folder / name).read_text(encoding="utf-8") for name in names)
