"""What the script of a judge's device talks to: the batch of marks, the key, the pages to keep."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

from flask import current_app, jsonify, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import generate_csrf
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from blueprints.access import allows, require_holder
from blueprints.judging.lines import exact_worth, worth_text
from blueprints.judging.marks import LONGEST_TEXT, said
from blueprints.judging.offline import shell, shell_version
from blueprints.judging.views import blueprint
from blueprints.web import acting, now
from rules.access import allowed
from rules.acts import Act
from rules.data import plain
from rules.sheets import puts_out
from rules.syncing import PROTOCOL
from services import marks_syncing, places
from services.marks_syncing import Answer, Sent

MOST_MARKS = 200
_LATEST = 2**53  # the largest whole number that a script counts exactly


class _Item(BaseModel):
    """One mark of a batch as the device writes it."""

    model_config = ConfigDict(strict=True, extra="ignore")

    key: str = Field(pattern=r"^[0-9A-Za-z-]{8,64}$")
    sheet: int = Field(gt=0, le=places.LARGEST_ID)
    aspect: str = Field(min_length=1, max_length=60)
    value: str = Field(max_length=LONGEST_TEXT)
    base: int = Field(ge=0, le=places.LARGEST_ID)
    sequence: int = Field(ge=0, le=_LATEST)
    typed_at: int | None = None


class _Batch(BaseModel):
    """A batch: who sends it, from which device, and items that are read one by one."""

    model_config = ConfigDict(strict=True, extra="ignore")

    protocol: int
    account: int
    device: str = Field(pattern=r"^[0-9A-Za-z-]{8,40}$")
    marks: list[Any] = Field(max_length=MOST_MARKS)


@blueprint.get("/sheets/key")
@allows(Act.ENTER_MARK)
def queue_key() -> ResponseReturnValue:
    """Hand the signed-in judge what the device needs: key of the queue, token for sending."""
    account_id = require_holder().account_id
    answer = jsonify(
        account=account_id, key=marks_syncing.queue_key(account_id), csrf=generate_csrf()
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/sheets/sync")
@allows(Act.ENTER_MARK)
def sync() -> ResponseReturnValue:
    """Take in marks that a device kept; every mark gets an answer of its own."""
    holder = require_holder()
    try:
        batch = _Batch.model_validate(request.get_json(silent=True))
    except ValidationError:
        return jsonify(state="unreadable"), 422
    if batch.protocol > PROTOCOL:
        return jsonify(state="unknown protocol", protocol=PROTOCOL), 422
    if batch.account != holder.account_id:
        return jsonify(state="other account"), 409
    sent, broken = _read(batch.marks)
    may = partial(allowed, Act.ENTER_MARK, holder)
    digest, answers = marks_syncing.sync(acting(), batch.device, sent, may)
    return jsonify(
        protocol=PROTOCOL,
        answers=[_told(one) for one in answers] + broken,
        receipt={"digest": digest, "count": len(answers), "at": now().isoformat()},
    )


def _read(items: list[Any]) -> tuple[list[Sent], list[dict[str, Any]]]:
    """Read the items; one that cannot be read is answered and holds up none of the others."""
    sent: dict[str, Sent] = {}
    broken = []
    for raw in items:
        try:
            one = _Item.model_validate(raw)
        except ValidationError:
            key = raw.get("key") if isinstance(raw, dict) else None
            broken.append({"key": key, "state": "unreadable"})
            continue
        typed_at = _instant(one.typed_at)
        sent[one.key] = Sent(
            one.key, one.sheet, one.aspect, one.value, one.base, one.sequence, typed_at
        )
    return list(sent.values()), broken


def _instant(milliseconds: int | None) -> datetime | None:
    """Read the device's clock; it may say anything."""
    if milliseconds is None or not 0 < milliseconds < 4_000_000_000_000:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _told(answer: Answer) -> dict[str, Any]:
    stored, line = answer.stored, answer.line
    told: dict[str, Any] = {
        "key": answer.key,
        "state": answer.state,
        "value": "" if stored.value is None else plain(stored.value),
        "version": stored.version,
        "at": answer.at,
    }
    if answer.problem is not None:
        told["message"] = said(answer.problem)
    if stored.value is not None and line is not None:
        told["worth"] = exact_worth(line, stored.value)
        told["said"] = worth_text(line, stored.value)
        told["out"] = puts_out(line, stored.value)
    return told


@blueprint.get("/sheets/offline")
@allows(Act.ENTER_MARK)
def list_kept() -> ResponseReturnValue:
    """List the pages that the judge's device keeps, each with what changes when it does."""
    kept = marks_syncing.list_kept(require_holder().account_id)
    pages = {url_for(".list_own"): str(len(kept))}
    for one in kept:
        pages[url_for(".list_sheets", event_id=one.event_id)] = str(len(kept))
    for one in kept:
        pages[url_for(".show_sheet", sheet_id=one.sheet_id)] = one.mark
    answer = jsonify(pages=[{"url": url, "mark": mark} for url, mark in pages.items()])
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/worker.js")
@allows(Act.READ_PUBLIC)
def worker() -> ResponseReturnValue:
    """The script that answers for the server while there is no network."""
    words = {
        "title": gettext("No network"),
        "text": gettext(
            "This page is not kept on this device. Marks that wait here are safe; "
            "they are sent when the network is back."
        ),
        "link": gettext("Score sheets"),
    }
    text = render_template(
        "judging/worker.js",
        files=shell(current_app),
        version=shell_version(current_app),
        words=words,
    )
    answer = make_response(text)
    answer.headers["Content-Type"] = "text/javascript; charset=utf-8"
    answer.headers["Cache-Control"] = "no-cache"
    return answer
