"""The register of workshops: the list, the board of dates, one workshop, a host's own."""

from enum import StrEnum
from typing import TypeVar

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, require_holder
from blueprints.web import attempt, page_number, today
from blueprints.workshops.forms import ChangeForm, CloseForm, ReasonForm
from rules.acts import Act
from rules.workshops import ClosedFor, WorkshopLevel, WorkshopState, next_level
from services import (
    workshops,
    workshops_assessments,
    workshops_changes,
    workshops_dues,
    workshops_founding,
    workshops_grades,
    workshops_lists,
    workshops_reports,
)
from services.workshops_lists import Wanted

blueprint = Blueprint("workshops", __name__)
Chosen = TypeVar("Chosen", bound=StrEnum)


def chosen(kinds: type[Chosen], name: str) -> Chosen | None:
    """Return the value of a filter, if it is one."""
    value = request.values.get(name, "")
    return kinds(value) if value in set(kinds) else None


def _wanted() -> Wanted:
    return Wanted(
        q=request.args.get("q", "").strip()[:60],
        level=chosen(WorkshopLevel, "level"),
        recognised_by=request.args.get("recognised_by", "")[:80],
        district=request.args.get("district", "")[:40],
        occupation=request.args.get("occupation", "")[:60],
        state=chosen(WorkshopState, "state") or WorkshopState.STANDING,
    )


@blueprint.get("/workshops")
@allows(Act.SEE_WORKSHOPS)
def list_workshops() -> ResponseReturnValue:
    """Search the register; counted by level and by the body that recognises them."""
    return render_template(
        "workshops/list_workshops.html",
        page=workshops_lists.list_workshops(_wanted(), page_number()),
        counts=workshops_lists.count_workshops(),
        choices=workshops_lists.choices(),
        levels=WorkshopLevel,
        states=WorkshopState,
    )


@blueprint.get("/workshops/dues")
@allows(Act.SEE_WORKSHOPS)
def show_dues() -> ResponseReturnValue:
    """Show what is due, the most overdue first."""
    return render_template(
        "workshops/show_dues.html",
        lines=workshops_dues.board(today()),
        reports=workshops_lists.waiting_reports(),
    )


@blueprint.get("/workshops/notices")
@allows(Act.READ_PUBLIC)
def list_notices() -> ResponseReturnValue:
    """Show everybody the workshops whose notice stands."""
    return render_template(
        "workshops/list_notices.html", rows=workshops_founding.open_notices(today())
    )


@blueprint.get("/workshops/own")
@allows(Act.SEE_OWN_WORKSHOPS)
def list_own() -> ResponseReturnValue:
    """Show a host its workshops, its applications, and what it has to do."""
    employer_id = require_holder().employer_id
    if employer_id is None:
        abort(404)
    return render_template(
        "workshops/list_own.html",
        workshops=workshops_lists.workshops_of(employer_id),
        page=workshops_lists.list_applications(None, page_number(), employer_id),
        lines=workshops_dues.board(today(), employer_id=employer_id),
    )


@blueprint.get("/workshops/<int:workshop_id>")
@allows(Act.SEE_WORKSHOP)
def show_workshop(workshop_id: int) -> ResponseReturnValue:
    """Show one workshop with its terms, money, reports and grades."""
    return workshop_page(workshop_id)


def workshop_page(workshop_id: int, close: CloseForm | None = None) -> str:
    """Return the page of one workshop."""
    workshop = workshops.get_workshop(workshop_id)
    return render_template(
        "workshops/show_workshop.html",
        workshop=workshop,
        upper=next_level(workshop.level),
        money=workshops_reports.money_of(workshop_id),
        reports=workshops_reports.reports_of(workshop_id),
        years=workshops_lists.years_to_report(workshop, today()),
        grades=workshops_grades.grades_of(workshop_id),
        assessments=workshops_assessments.assessments_of(workshop_id),
        changes=workshops_changes.changes_of(workshop_id),
        bars=workshops.bars_of(workshop_id),
        close=close or CloseForm(formdata=None),
        change=ChangeForm(formdata=None),
        reason=ReasonForm(formdata=None),
    )


@blueprint.post("/workshops/<int:workshop_id>/close")
@allows(Act.DECIDE_WORKSHOP)
def close(workshop_id: int) -> ResponseReturnValue:
    """Close a workshop before its term ends."""
    form = CloseForm()
    if form.validate():
        closed_for = ClosedFor(form.closed_for.data)
        reason = form.reason.data or ""
        if attempt(form, workshops.close, workshop_id, closed_for, reason=reason):
            flash(gettext("The workshop is closed."), "success")
            return redirect(url_for(".show_workshop", workshop_id=workshop_id), 303)
    return workshop_page(workshop_id, form), 422
