"""Receipts: the judge's own, the check of a code and digest, and the text to take along."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, require_holder
from blueprints.judging.views import blueprint
from blueprints.web import china_time, download, translated
from models.receipts import Receipt
from rules.access import allowed
from rules.acts import Act
from rules.refusals import Missing, Refused
from rules.seats import bench_of
from services import contests, places, receipts

_LONGEST = 80


@blueprint.get("/receipts")
@allows(Act.SEE_RECEIPTS)
def list_receipts() -> ResponseReturnValue:
    """The reader's own receipts, and the check of what somebody holds in his hands."""
    typed = {name: request.args.get(name, "").strip()[:_LONGEST] for name in ("code", "digest")}
    problem, batch = None, None
    account_id = require_holder().account_id
    if typed["digest"] and not typed["code"]:
        batch = receipts.find_batch(account_id, typed["digest"])
        problem = None if batch else gettext("Nothing with this digest came from your devices.")
    elif any(typed.values()):
        try:
            found = _proved(**typed)
        except Refused as refusal:
            problem = translated(refusal)
        else:
            return redirect(url_for(".show_receipt", receipt_id=found.id, checked=1), 303)
    return render_template(
        "judging/list_receipts.html",
        lines=receipts.list_own(account_id),
        typed=typed,
        problem=problem,
        batch=batch,
    ), 422 if problem else 200


def _proved(code: str, digest: str) -> Receipt:
    """Return the receipt that is proved, if the reader may see it; others look unknown."""
    found = receipts.find_proved(code, digest)
    place = places.find_place("receipt", found.id)
    if place is None or not allowed(Act.SEE_RECEIPTS, require_holder(), place):
        raise Refused(receipts.NO_CODE, field="code")
    return found


@blueprint.get("/receipts/<int:receipt_id>")
@allows(Act.SEE_RECEIPTS)
def show_receipt(receipt_id: int) -> ResponseReturnValue:
    """What was signed, and whether it still stands."""
    return render_template(
        "judging/show_receipt.html",
        checked=request.args.get("checked") == "1",
        crumbs=[(gettext("Receipts"), url_for(".list_receipts"))],
        **_shown(receipt_id),
    )


def _shown(receipt_id: int) -> dict[str, Any]:
    view = receipts.get_view(receipt_id)
    try:
        layout = bench_of(contests.scheme_of(view.event), view.part).layout(view.number)
    except KeyError as error:  # a seat that the scheme no longer has
        raise Missing(receipt_id) from error
    titles = {line.key: line.title for line in layout.lines}
    return {"view": view, "layout": layout, "titles": titles, "then": view.marks}


@blueprint.get("/receipts/<int:receipt_id>/text")
@allows(Act.SEE_RECEIPTS)
def download_receipt(receipt_id: int) -> ResponseReturnValue:
    """The receipt as a text file: its last line is what the digest was taken of."""
    receipt = receipts.get_receipt(receipt_id)
    lines = (
        gettext("Receipt of a signed score sheet"),
        f"{gettext('Code')}: {receipt.code}",
        f"SHA-256: {receipt.digest}",
        f"{gettext('Work code')}: {receipt.work}",
        f"{gettext('Signed at')}: {china_time(receipt.signed_at)}",
        gettext("The digest is the SHA-256 of the next line (UTF-8, without its end)."),
        receipt.content,
    )
    data = ("\n".join(lines) + "\n").encode()
    return download(data, f"receipt-{receipt.code}.txt", "text/plain; charset=utf-8")
