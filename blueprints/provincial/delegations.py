"""Pages of the delegation: people, vehicles, papers, tasks, name cards, the telephone list."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.access import allows
from blueprints.forms import ActForm
from blueprints.provincial.delegation_forms import (
    JourneyForm,
    MemberForm,
    PaperForm,
    TaskForm,
    VehicleForm,
)
from blueprints.provincial.views import blueprint
from blueprints.web import (
    XLSX,
    acting,
    attempt,
    attempt_button,
    download,
    files_dir,
    today,
    translated,
)
from models.provincial_delegations import ProvincialDelegation
from rules.acts import Act
from rules.provincial import paper_state
from rules.refusals import Refused
from services import provincial, provincial_delegations, provincial_delegations_papers
from services.attachments import Upload

ROUTE = "/provincial/<int:provincial_contest_id>/delegation"


@blueprint.get(ROUTE)
@allows(Act.EDIT_PROVINCIAL)
def show_delegation(provincial_contest_id: int) -> ResponseReturnValue:
    """Show who travels, with what, and what is still to do."""
    return _page(provincial_contest_id)


def _page(contest_id: int, **refused: ActForm) -> str:
    contest = provincial.get_contest(contest_id)
    row = provincial_delegations.find(contest_id)
    if row is None:
        return render_template("provincial/open_delegation.html", contest=contest)
    members = provincial_delegations.list_members(row.id)
    papers = provincial_delegations.list_papers(row.id)
    last = row.returns_on or contest.ends_on
    return render_template(
        "provincial/show_delegation.html",
        contest=contest,
        delegation=row,
        members=members,
        vehicles=provincial_delegations.list_vehicles(row.id),
        papers=[(one, paper_state(one.expires_on, last, today())) for one in papers],
        tasks=provincial_delegations.list_tasks(row.id),
        seats=len(provincial_delegations_papers.passes_of(contest)),
        forms=_forms(row, members, refused),
    )


def _forms(row: ProvincialDelegation, members: Any, refused: dict[str, ActForm]) -> dict[str, Any]:
    """Return the forms of the page; one that was refused as it was typed."""
    made: dict[str, type[ActForm]] = {
        "journey": JourneyForm,
        "member": MemberForm,
        "vehicle": VehicleForm,
        "paper": PaperForm,
        "task": TaskForm,
    }
    forms: dict[str, Any] = {
        key: refused.get(key) or form(formdata=None) for key, form in made.items()
    }
    if "journey" not in refused:
        forms["journey"].show(row)
    forms["member"].offer()
    forms["vehicle"].offer(members)
    return forms


def _back(contest_id: int, anchor: str | None = None) -> ResponseReturnValue:
    address = url_for(".show_delegation", provincial_contest_id=contest_id, _anchor=anchor)
    return redirect(address, 303)


def _delegation(contest_id: int) -> ProvincialDelegation:
    return provincial_delegations.find(contest_id) or abort(404)


@blueprint.post(ROUTE)
@allows(Act.EDIT_PROVINCIAL)
def open_delegation(provincial_contest_id: int) -> ResponseReturnValue:
    """Open the delegation with the usual checklist."""
    attempt_button(provincial_delegations.open_delegation, provincial_contest_id)
    return _back(provincial_contest_id)


@blueprint.post(f"{ROUTE}/journey")
@allows(Act.EDIT_PROVINCIAL)
def edit_journey(provincial_contest_id: int) -> ResponseReturnValue:
    """Say where the delegation stays and when it travels."""
    row, form = _delegation(provincial_contest_id), JourneyForm()
    if form.validate():
        facts = (form.hotel.data or "", form.leaves_on.data, form.returns_on.data)
        if attempt(form, provincial_delegations.edit_journey, row.id, *facts):
            return _back(provincial_contest_id)
    return _page(provincial_contest_id, journey=form), 422


@blueprint.post(f"{ROUTE}/members")
@allows(Act.EDIT_PROVINCIAL)
def add_member(provincial_contest_id: int) -> ResponseReturnValue:
    """Add somebody who travels."""
    row, form = _delegation(provincial_contest_id), MemberForm()
    form.offer()
    act = provincial_delegations.add_member
    if form.validate() and attempt(form, act, row.id, form.facts()):
        return _back(provincial_contest_id, "members")
    return _page(provincial_contest_id, member=form), 422


@blueprint.post("/provincial-members/<int:provincial_member_id>/remove")
@allows(Act.EDIT_PROVINCIAL)
def remove_member(provincial_member_id: int) -> ResponseReturnValue:
    """Take somebody off the delegation."""
    return _removed(provincial_delegations.remove_member, provincial_member_id, "members")


def _removed(act: Any, key: int, anchor: str, *more: Any) -> ResponseReturnValue:
    done = attempt_button(act, key, *more)
    return _back(done.id, anchor) if done else redirect(url_for(".list_contests"), 303)


@blueprint.post(f"{ROUTE}/vehicles")
@allows(Act.EDIT_PROVINCIAL)
def add_vehicle(provincial_contest_id: int) -> ResponseReturnValue:
    """Add a vehicle."""
    row, form = _delegation(provincial_contest_id), VehicleForm()
    form.offer(provincial_delegations.list_members(row.id))
    act = provincial_delegations.add_vehicle
    if form.validate() and attempt(form, act, row.id, *form.facts()):
        return _back(provincial_contest_id, "vehicles")
    return _page(provincial_contest_id, vehicle=form), 422


@blueprint.post("/provincial-vehicles/<int:provincial_vehicle_id>/remove")
@allows(Act.EDIT_PROVINCIAL)
def remove_vehicle(provincial_vehicle_id: int) -> ResponseReturnValue:
    """Take a vehicle away."""
    return _removed(provincial_delegations.remove_vehicle, provincial_vehicle_id, "vehicles")


@blueprint.post(f"{ROUTE}/papers")
@allows(Act.EDIT_PROVINCIAL)
def add_paper(provincial_contest_id: int) -> ResponseReturnValue:
    """Add a paper, with its scan if there is one."""
    row, form = _delegation(provincial_contest_id), PaperForm()
    if form.validate():
        file = form.scan.data
        scan = Upload(file.filename or "", file.read()) if file else None
        act = provincial_delegations.bring_paper
        if attempt(form, act, row.id, form.facts(), scan, files_dir()):
            return _back(provincial_contest_id, "papers")
    return _page(provincial_contest_id, paper=form), 422


@blueprint.post("/provincial-papers/<int:provincial_paper_id>/remove")
@allows(Act.EDIT_PROVINCIAL)
def remove_paper(provincial_paper_id: int) -> ResponseReturnValue:
    """Take a paper off the list."""
    return _removed(provincial_delegations.remove_paper, provincial_paper_id, "papers")


@blueprint.post(f"{ROUTE}/tasks")
@allows(Act.EDIT_PROVINCIAL)
def add_task(provincial_contest_id: int) -> ResponseReturnValue:
    """Add a line to the checklist."""
    row, form = _delegation(provincial_contest_id), TaskForm()
    if form.validate():
        facts = (form.title.data or "", form.due_on.data)
        if attempt(form, provincial_delegations.add_task, row.id, *facts):
            return _back(provincial_contest_id, "tasks")
    return _page(provincial_contest_id, task=form), 422


@blueprint.post("/provincial-tasks/<int:provincial_task_id>")
@allows(Act.EDIT_PROVINCIAL)
def settle_task(provincial_task_id: int) -> ResponseReturnValue:
    """Tick a line of the checklist off, or open it again."""
    done = request.form.get("done") == "1"
    return _removed(provincial_delegations.settle_task, provincial_task_id, "tasks", done)


@blueprint.get(f"{ROUTE}/passes.pdf")
@allows(Act.SEE_PROVINCIAL_FORM)
def print_passes(provincial_contest_id: int) -> ResponseReturnValue:
    """Take the name cards of all who travel."""
    contest = provincial.get_contest(provincial_contest_id)
    try:
        made = provincial_delegations_papers.passes_pdf(contest)
    except Refused as refused:
        flash(translated(refused), "danger")
        return _back(provincial_contest_id)
    return download(made, f"{contest.code}-passes.pdf", "application/pdf")


@blueprint.get(f"{ROUTE}/contacts.<string:kind>")
@allows(Act.SEE_PROVINCIAL_FORM)
def download_contacts(provincial_contest_id: int, kind: str) -> ResponseReturnValue:
    """Take the telephone list, as a spreadsheet or to print; it is recorded."""
    kinds = {
        "xlsx": (provincial_delegations_papers.contacts_table, XLSX),
        "pdf": (provincial_delegations_papers.contacts_pdf, "application/pdf"),
    }
    make, mimetype = kinds.get(kind) or abort(404)
    contest = provincial.get_contest(provincial_contest_id)
    made = make(contest)
    provincial_delegations_papers.record_contacts(acting(), contest.id, kind)
    return download(made, f"{contest.code}-contacts.{kind}", mimetype)
