"""Pages of the register of honours: search, one honour, honours from elsewhere, one's own."""

from enum import StrEnum
from typing import Any, TypeVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, require_holder
from blueprints.honours.forms import HonourForm, RejectForm, RevokeForm
from blueprints.labels import label
from blueprints.web import XLSX, attempt, attempt_button, download, page_number, today
from rules.access import contests_of, roles_of
from rules.acts import Act
from rules.honours import HonourKind, HonourLevel, HonourVia
from rules.states import HonourState
from services import honours, honours_lists, people
from services.acting import Actor
from services.honours_lists import Wanted

blueprint = Blueprint("honours", __name__)
Chosen = TypeVar("Chosen", bound=StrEnum)


def _chosen(kinds: type[Chosen], name: str) -> Chosen | None:
    value = request.values.get(name, "")
    return kinds(value) if value in set(kinds) else None


def _wanted() -> Wanted:
    return Wanted(
        q=request.values.get("q", "").strip()[:60],
        title=request.values.get("title", "")[:80],
        year=request.values.get("year", type=int),
        kind=_chosen(HonourKind, "kind"),
        level=_chosen(HonourLevel, "level"),
        via=_chosen(HonourVia, "via"),
        state=_chosen(HonourState, "state") or HonourState.STANDING,
        of_company=request.values.get("of_company") == "1",
        within=contests_of(require_holder(), roles_of(Act.SEE_HONOURS)),
    )


@blueprint.get("/honours")
@allows(Act.SEE_HONOURS)
def list_honours() -> ResponseReturnValue:
    """Search the register; persons and person-times are counted apart."""
    wanted = _wanted()
    return render_template(
        "honours/list_honours.html",
        page=honours_lists.list_honours(wanted, page_number()),
        totals=honours_lists.totals(wanted),
        titles=honours_lists.titles_known(),
        years=honours_lists.years_known(),
        kinds=HonourKind,
        levels=HonourLevel,
        ways=HonourVia,
        states=HonourState,
        waiting=honours.waiting_contests(wanted.within),
    )


@blueprint.post("/honours/export")
@allows(Act.SEE_HONOURS)
def export() -> ResponseReturnValue:
    """Download the honours that are asked for; the download is recorded."""
    done = attempt_button(honours_lists.export, _wanted(), gettext, label)
    if done is None or not isinstance(done.value, bytes):
        return redirect(url_for(".list_honours"), 303)
    return download(done.value, f"{gettext('Register of honours')}-{today():%Y%m%d}.xlsx", XLSX)


@blueprint.post("/contests/<int:contest_id>/honours")
@allows(Act.RECORD_HONOUR)
def bring_up(contest_id: int) -> ResponseReturnValue:
    """Bring the register up to date with the final results of a contest."""
    if attempt_button(honours.bring_up, contest_id):
        flash(gettext("The register is up to date."), "success")
    return redirect(url_for(".list_honours"), 303)


@blueprint.get("/honours/<int:honour_id>")
@allows(Act.SEE_HONOURS)
def show_honour(honour_id: int) -> ResponseReturnValue:
    """Show one honour with its source."""
    return _page(honour_id, RejectForm(), RevokeForm())


def _page(honour_id: int, reject: RejectForm, revoke: RevokeForm) -> str:
    found = honours.get_honour(honour_id)
    return render_template(
        "honours/show_honour.html",
        honour=found,
        others=honours.of_person(found.person_id),
        replaced=honours.is_replaced(found),
        reject=reject,
        revoke=revoke,
    )


@blueprint.route("/people/<int:person_id>/honours/new", methods=["GET", "POST"])
@allows(Act.RECORD_HONOUR)
def record_external(person_id: int) -> ResponseReturnValue:
    """Record an honour from elsewhere; a second person confirms it."""
    person = people.get_person(person_id)
    form = HonourForm()
    if form.validate_on_submit():
        done = attempt(form, _record, person_id, form)
        if done:
            flash(gettext("Recorded. It counts once somebody else has confirmed it."), "success")
            return redirect(url_for("people.show_person", person_id=person_id), 303)
    page = render_template("honours/record_external.html", form=form, person=person)
    return page, 422 if form.is_submitted() else 200


def _record(by: Actor, person_id: int, form: HonourForm) -> int:
    return honours.record_external(by, person_id, form.facts())


@blueprint.post("/honours/<int:honour_id>/confirm")
@allows(Act.RECORD_HONOUR)
def confirm(honour_id: int) -> ResponseReturnValue:
    """Confirm an honour from elsewhere."""
    if attempt_button(honours.confirm, honour_id):
        flash(gettext("Confirmed; the honour stands in the register."), "success")
    return redirect(url_for(".show_honour", honour_id=honour_id), 303)


@blueprint.post("/honours/<int:honour_id>/reject")
@allows(Act.RECORD_HONOUR)
def reject(honour_id: int) -> ResponseReturnValue:
    """Reject an honour that is not proved."""
    form = RejectForm()
    if form.validate() and attempt(form, honours.reject, honour_id, reason=form.reason.data or ""):
        return redirect(url_for(".show_honour", honour_id=honour_id), 303)
    return _page(honour_id, form, RevokeForm(formdata=None)), 422


@blueprint.post("/honours/<int:honour_id>/revoke")
@allows(Act.REVOKE_HONOUR)
def revoke(honour_id: int) -> ResponseReturnValue:
    """Revoke an honour, with its certificate."""
    form = RevokeForm()
    more: dict[str, Any] = {"reason": form.reason.data or "", "whole": bool(form.whole.data)}
    if form.validate() and attempt(form, honours.revoke, honour_id, **more):
        flash(gettext("The honour is revoked."), "success")
        return redirect(url_for(".show_honour", honour_id=honour_id), 303)
    return _page(honour_id, RejectForm(formdata=None), form), 422


@blueprint.get("/honours/own")
@allows(Act.SEE_OWN_HONOURS)
def list_own() -> ResponseReturnValue:
    """Lead somebody who signed in to the page of a lifetime."""
    if require_holder().person_id is None:
        return render_template("honours/list_own.html")
    return redirect(url_for("deliveries.lifetime"), 303)
