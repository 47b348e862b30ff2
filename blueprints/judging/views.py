"""A judge's pages: own events, own sheets, the score sheet."""

import re
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, current_holder, require_holder
from blueprints.judging.lines import FILTERS, TESTS, exact_worth, worth_text
from blueprints.judging.marks import Attempt, answer, read_sheet
from blueprints.web import translated
from rules.acts import Act
from rules.data import plain
from rules.refusals import Missing
from rules.seats import bench_of
from rules.sheets import fits_table, puts_out
from rules.states import EventState
from services import contests, marks, receipts, remarks, sheets
from services.marks import Typed
from services.sheets import SheetView

blueprint = Blueprint("judging", __name__)
_SHORT_CODE = re.compile(r"[0-9A-Za-z.]{1,10}")

for _filter in FILTERS:
    blueprint.add_app_template_filter(_filter)
for _test in TESTS:
    blueprint.add_app_template_test(_test)


@blueprint.app_template_filter("said")
def said(text: str) -> str:
    """Translate a title from the rules where it is one of the usual ones (Theory, Practical)."""
    return " · ".join(str(gettext(piece)) for piece in text.split(" · ")) if text else ""


@blueprint.app_template_filter("mark")
def mark(value: Decimal) -> str:
    """Write a mark the short way: 7.5, 10."""
    return plain(value)


@blueprint.app_template_filter("short_code")
def short_code(key: str) -> str:
    """Return the key of a section or aspect where it is one that people read."""
    return key if _SHORT_CODE.fullmatch(key) else ""


@blueprint.after_request
def name_reader(response: Response) -> Response:
    """Say whose page this is, so that a shared tablet keeps it for nobody else."""
    holder = current_holder()
    if holder is not None and response.mimetype == "text/html":
        response.headers["Skillstar-Account"] = str(holder.account_id)
    return response


@blueprint.get("/sheets")
@allows(Act.SEE_SHEETS)
def list_own() -> ResponseReturnValue:
    """The events in which the reader sits on a panel."""
    seats = sheets.list_own(require_holder().account_id)
    return render_template("judging/list_own.html", seats=seats, states=EventState)


@blueprint.get("/events/<int:event_id>/sheets")
@allows(Act.SEE_SHEETS)
def list_sheets(event_id: int) -> ResponseReturnValue:
    """The reader's sheets of one event by work code."""
    account_id = require_holder().account_id
    seats = [one for one in sheets.list_own(account_id) if one.event.id == event_id]
    if not seats:
        raise Missing(event_id)
    event = seats[0].event
    scheme = contests.scheme_of(event)
    layouts = {
        one.seat.id: bench_of(scheme, one.seat.part).layout(one.seat.number) for one in seats
    }
    wanted = request.args.get("q", "").strip().upper()
    lines = sheets.list_sheets(event_id, account_id)
    before, after = url_for(".show_sheet", sheet_id=0).rsplit("0", 1)
    if wanted:
        lines = {
            seat: [line for line in found if wanted in line.code] for seat, found in lines.items()
        }
    return render_template(
        "judging/list_sheets.html",
        event=event,
        seats=seats,
        layouts=layouts,
        lines=lines,
        link=(before, after),
        wanted=wanted,
        closed=sheets.scoring_closed(event.state),
        fits_table=fits_table,
        translated=translated,
        crumbs=[(gettext("Score sheets"), url_for(".list_own"))],
    )


@blueprint.get("/sheets/<int:sheet_id>")
@allows(Act.SEE_SHEETS)
def show_sheet(sheet_id: int) -> ResponseReturnValue:
    """One score sheet."""
    return _page(sheets.get_sheet(sheet_id), Attempt([]))


@blueprint.post("/sheets/<int:sheet_id>")
@allows(Act.ENTER_MARK)
def save_sheet(sheet_id: int) -> ResponseReturnValue:
    """Save the whole sheet, as a browser without scripts does."""
    attempt = Attempt(read_sheet(request.form, sheet_id))
    if attempt.run(marks.enter_marks, sheet_id):
        flash(gettext("Saved."), "success")
        return redirect(url_for(".show_sheet", sheet_id=sheet_id), 303)
    return _page(sheets.get_sheet(sheet_id), attempt), 422


@blueprint.post("/sheets/<int:sheet_id>/marks")
@allows(Act.ENTER_MARK)
def enter_mark(sheet_id: int) -> ResponseReturnValue:
    """Save one mark in the background."""
    typed = read_sheet(request.form, sheet_id)
    if len(typed) != 1:
        raise Missing("mark")
    attempt = Attempt(typed)
    if attempt.run(marks.enter_marks, sheet_id):
        return jsonify(state="saved", **_saved(typed[0]))
    problem = next(iter(attempt.problems.values()), " ".join(attempt.messages))
    if attempt.stored:
        return jsonify(state="conflict", message=problem, **_saved(typed[0])), 409
    return jsonify(state="refused", message=problem), 422


def _saved(typed: Typed) -> dict[str, Any]:
    """Tell the page's script what is stored now, and what it is worth."""
    line, stored = sheets.get_saved(typed.sheet_id, typed.aspect)
    if stored is None:
        return answer(None)
    return answer(stored) | {
        "worth": exact_worth(line, stored.value),
        "said": worth_text(line, stored.value),
        "out": puts_out(line, stored.value),
    }


@blueprint.route("/sheets/<int:sheet_id>/sign", methods=["GET", "POST"])
@allows(Act.SIGN_SHEET)
def sign_sheet(sheet_id: int) -> ResponseReturnValue:
    """Save what the page shows, sign the sheet and go on to the next one."""
    if request.method != "POST":  # a refused page that is loaded again
        return redirect(url_for(".show_sheet", sheet_id=sheet_id), 303)
    attempt = Attempt(read_sheet(request.form, sheet_id))
    if not attempt.run(marks.sign_sheet, sheet_id):
        return _page(sheets.get_sheet(sheet_id), attempt), 422
    view = sheets.get_sheet(sheet_id)
    following = view.next_open()
    receipt = receipts.last_receipt(sheet_id)
    if receipt is not None:
        flash(
            gettext("Receipt %(receipt)s: it proves later what you signed.", receipt=receipt.code),
            "info",
        )
    if following is None:
        flash(gettext("%(code)s is signed. All your sheets are signed.", code=view.code), "success")
        return redirect(url_for(".list_sheets", event_id=view.event.id), 303)
    flash(gettext("%(code)s is signed. Here is the next sheet.", code=view.code), "success")
    return redirect(url_for(".show_sheet", sheet_id=following), 303)


def _page(view: SheetView, attempt: Attempt) -> str:
    event = view.event
    return render_template(
        "judging/show_sheet.html",
        view=view,
        event=event,
        attempt=attempt,
        state=attempt.state({view.sheet.id: view.marks}),
        shows_total=contests.rules_of(event.contest).day.running_total,
        receipt=receipts.last_receipt(view.sheet.id) if view.sheet.signed_at else None,
        locked=translated(view.locked) if view.locked else None,
        asked=[] if view.locked else remarks.list_open(view.sheet.id),
        crumbs=[
            (gettext("Score sheets"), url_for(".list_own")),
            (event.title, url_for(".list_sheets", event_id=event.id)),
        ],
    )
