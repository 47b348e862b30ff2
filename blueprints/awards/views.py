"""Pages of awards: prizes, recommended levels, payments."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, require_holder
from blueprints.web import XLSX, attempt_button, download, page_number, today
from rules.access import contests_of, roles_of
from rules.acts import Act
from services import awards, awards_workbooks, contests
from services.awards import Wanted

blueprint = Blueprint("awards", __name__)


def read_wanted() -> Wanted:
    """Read what part of the awards is asked for."""
    return Wanted(
        request.args.get("event", type=int),
        request.args.get("division", "")[:40],
        request.args.get("tier", "")[:60],
        request.args.get("level", type=int),
        request.args.get("q", "").strip()[:60],
    )


@blueprint.get("/contests/<int:contest_id>/awards")
@allows(Act.SEE_AWARDS)
def list_awards(contest_id: int) -> ResponseReturnValue:
    """List the awards of a contest."""
    return render_template(
        "awards/list_awards.html",
        contest=contests.get_outline(contest_id),
        page=awards.list_awards(contest_id, read_wanted(), page_number()),
        totals=awards.tier_totals(contest_id),
    )


@blueprint.get("/contests/<int:contest_id>/levels")
@allows(Act.SEE_AWARDS)
def list_levels(contest_id: int) -> ResponseReturnValue:
    """List the recommended skill levels of a contest."""
    return render_template(
        "awards/list_levels.html",
        contest=contests.get_outline(contest_id),
        page=awards.list_levels(contest_id, read_wanted(), page_number()),
        totals=awards.level_totals(contest_id),
    )


@blueprint.get("/payments")
@allows(Act.SEE_PAYMENTS)
def list_payments() -> ResponseReturnValue:
    """List what is to be paid for the awards of final events."""
    limit = contests_of(require_holder(), roles_of(Act.SEE_PAYMENTS))
    contest_id = _contest()
    return render_template(
        "awards/list_payments.html",
        payments=awards.list_payments(limit, contest_id, page_number()),
        contests=awards.payable_contests(limit),
    )


@blueprint.post("/payments/export")
@allows(Act.EXPORT_PAYMENTS)
def export_payments() -> ResponseReturnValue:
    """Download all payments, of one contest if it is named; the download is recorded."""
    limit = contests_of(require_holder(), roles_of(Act.EXPORT_PAYMENTS))
    done = attempt_button(awards_workbooks.export_payments, limit, _contest(), gettext)
    if done is None or not isinstance(done.value, bytes):
        return redirect(url_for("awards.list_payments", contest=_contest()), 303)
    return download(done.value, f"{gettext('Payments')}-{today():%Y%m%d}.xlsx", XLSX)


def _contest() -> int | None:
    return request.args.get("contest", type=int)
