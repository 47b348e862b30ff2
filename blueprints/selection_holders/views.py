"""Pages of the register of titles: search, one title, its revocation, and the public list."""

from enum import StrEnum
from itertools import groupby
from typing import TypeVar

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, require_holder
from blueprints.labels import label
from blueprints.selection_holders.forms import ReasonForm
from blueprints.web import XLSX, attempt, attempt_button, download, page_number, today
from rules.access import Role, contests_of
from rules.acts import Act
from rules.selections import HolderState
from services import selection_holders, selection_holders_reports, selection_holders_revoking
from services.selection_holders import Wanted

blueprint = Blueprint("selection_holders", __name__)
Chosen = TypeVar("Chosen", bound=StrEnum)


def chosen(kinds: type[Chosen], name: str) -> Chosen | None:
    """Return a coded value from the address, or nothing."""
    value = request.values.get(name, "")
    return kinds(value) if value in set(kinds) else None


def check_bureau() -> None:
    """Let nobody of the bureau do for all titles what was granted for one contest."""
    if contests_of(require_holder(), {Role.BUREAU_STAFF}) is not None:
        abort(404)


def _wanted() -> Wanted:
    return Wanted(
        programme_id=request.values.get("programme", type=int),
        title=request.values.get("title", "")[:80],
        year=request.values.get("year", type=int),
        state=chosen(HolderState, "state"),
        of_company=request.values.get("of_company") == "1",
        q=request.values.get("q", "").strip()[:60],
    )


@blueprint.get("/selection-holders")
@allows(Act.SEE_TITLES)
def list_holders() -> ResponseReturnValue:
    """Search the register; persons and person-times are counted apart."""
    check_bureau()
    wanted = _wanted()
    found = selection_holders.counts(wanted)
    return render_template(
        "selection_holders/list_holders.html",
        page=selection_holders.list_holders(wanted, page_number()),
        totals=selection_holders.totals(wanted),
        table_of=selection_holders.by_title(found),
        counted_years=sorted({one.year for one in found}),
        programmes=selection_holders.programmes_known(),
        titles=selection_holders.titles_known(),
        years=selection_holders.years_known(),
        states=HolderState,
        waiting=len(selection_holders_reports.waiting_reports()),
    )


@blueprint.post("/selection-holders/export")
@allows(Act.SEE_TITLES)
def export() -> ResponseReturnValue:
    """Download the titles that are asked for; the download is recorded."""
    done = attempt_button(selection_holders.export, _wanted(), gettext, label)
    if done is None or not isinstance(done.value, bytes):
        return redirect(url_for(".list_holders"), 303)
    return download(done.value, f"{gettext('Register of titles')}-{today():%Y%m%d}.xlsx", XLSX)


@blueprint.get("/selection-holders/<int:selection_holder_id>")
@allows(Act.SEE_TITLES)
def show_holder(selection_holder_id: int) -> ResponseReturnValue:
    """Show one title with its term, reports, benefits and end."""
    return _page(selection_holder_id, ReasonForm())


def _page(holder_id: int, form: ReasonForm) -> str:
    return render_template(
        "selection_holders/show_holder.html",
        one=selection_holders.get_holder(holder_id),
        reports=selection_holders.reports_of(holder_id),
        benefits=selection_holders.benefits_of(holder_id),
        form=form,
        me=require_holder().account_id,
    )


@blueprint.post("/selection-holders/<int:selection_holder_id>/revocation")
@allows(Act.REVOKE_TITLE)
def propose_revocation(selection_holder_id: int) -> ResponseReturnValue:
    """Propose that a title is taken back."""
    form = ReasonForm()
    act = selection_holders_revoking.propose_revocation
    if form.validate() and attempt(form, act, selection_holder_id, reason=form.reason.data or ""):
        flash(gettext("Proposed. The title stands until somebody else agrees."), "success")
        return redirect(url_for(".show_holder", selection_holder_id=selection_holder_id), 303)
    return _page(selection_holder_id, form), 422


@blueprint.post("/selection-holders/<int:selection_holder_id>/revocation/confirm")
@allows(Act.REVOKE_TITLE)
def confirm_revocation(selection_holder_id: int) -> ResponseReturnValue:
    """Agree to a proposed revocation."""
    if attempt_button(selection_holders_revoking.confirm_revocation, selection_holder_id):
        flash(gettext("The title is revoked."), "success")
    return redirect(url_for(".show_holder", selection_holder_id=selection_holder_id), 303)


@blueprint.post("/selection-holders/<int:selection_holder_id>/revocation/drop")
@allows(Act.REVOKE_TITLE)
def drop_revocation(selection_holder_id: int) -> ResponseReturnValue:
    """Let a proposed revocation fall."""
    attempt_button(selection_holders_revoking.drop_revocation, selection_holder_id)
    return redirect(url_for(".show_holder", selection_holder_id=selection_holder_id), 303)


@blueprint.get("/selections/titles")
@allows(Act.READ_PUBLIC)
def list_present() -> ResponseReturnValue:
    """Show the public who bears a title today: name, unit, title and year alone."""
    found = selection_holders.list_present(today(), request.args.get("programme", type=int))
    groups = [
        (programme, list(rows)) for programme, rows in groupby(found, key=lambda one: one.programme)
    ]
    return render_template("selection_holders/list_present.html", groups=groups)
