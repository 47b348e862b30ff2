"""What waits to be checked, and one application at its step."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.access import allows, require_holder
from blueprints.forms import ActForm
from blueprints.selection_checks.forms import (
    CheckForm,
    NoticeForm,
    OverrideForm,
    ProofForm,
    ReasonForm,
    UntilForm,
)
from blueprints.web import acting, download, files_dir, page_number, today, translated
from models.accounts import Account
from rules.acts import Act
from rules.selections import StepState
from services import (
    accounts,
    selection_checks_lists,
    selection_checks_opinions_lists,
    selection_checks_ranks,
    selection_files,
)
from services.selection_checks_lists import Wanted

blueprint = Blueprint("selection_checks", __name__)


def own_account() -> Account:
    """Return the account of the reader."""
    return accounts.get_account(require_holder().account_id)


def _wanted() -> Wanted:
    state = request.args.get("state", "")
    return Wanted(
        round_id=request.args.get("round", type=int),
        key=request.args.get("step", "")[:40],
        state=StepState(state) if state in set(StepState) else StepState.WAITING,
        overdue=request.args.get("overdue") == "1",
        district=request.args.get("district", "")[:40],
        q=request.args.get("q", "").strip()[:60],
    )


@blueprint.get("/selection-checks")
@allows(Act.SEE_SELECTION_CHECKS)
def list_steps() -> ResponseReturnValue:
    """List what the reader's body has to check, what is due first on top."""
    return steps_page(ActForm(formdata=None))


def steps_page(form: ActForm) -> str:
    """Render the queue, with what was refused of passing many on."""
    account, wanted = own_account(), _wanted()
    queue = selection_checks_lists.list_queue(account, wanted, today(), page_number())
    staff = accounts.is_staff(account)
    return render_template(
        "selection_checks/list_steps.html",
        queue=queue,
        wanted=wanted,
        staff=staff,
        form=form,
        states=StepState,
        districts=selection_checks_lists.list_districts(queue.rounds),
        steps=selection_checks_lists.list_steps(queue, staff),
        rankings=selection_checks_ranks.list_rankings(account, queue.rounds),
        doings=selection_checks_opinions_lists.list_doings(queue.rounds) if staff else [],
    )


@blueprint.get("/selection-checks/<int:selection_step_id>")
@allows(Act.SEE_SELECTION_CHECKS)
def show_step(selection_step_id: int) -> ResponseReturnValue:
    """Show an application at a step, as far as the reader's body takes it."""
    return step_page(selection_step_id, {})


def step_page(step_id: int, forms: dict[str, ActForm]) -> str:
    """Render the page of a step, with the forms that were refused."""
    account = own_account()
    dossier = selection_checks_lists.get_dossier(account, step_id)
    own = _forms() | forms
    own["check"].offer(dossier)
    own["override"].offer(dossier)
    return render_template(
        "selection_checks/show_step.html",
        it=dossier,
        account=account,
        staff=accounts.is_staff(account),
        forms=own,
        refused=forms,
        say=translated,
        opinion_titles={one.key: one.title for one in dossier.rules.opinions},
    )


def _forms() -> dict[str, Any]:
    """Make one form for each act of the page; ids are told apart by their names."""
    kinds: dict[str, type[ActForm]] = {
        "check": CheckForm,
        "return": ReasonForm,
        "refuse": ReasonForm,
        "again": ReasonForm,
        "extend": UntilForm,
        "notice": NoticeForm,
        "proof": ProofForm,
        "override": OverrideForm,
        "reject": ReasonForm,
    }
    return {name: told_apart(kind(formdata=None), name) for name, kind in kinds.items()}


def told_apart(form: ActForm, name: str) -> ActForm:
    """Give the fields of one of several forms on a page ids of their own."""
    for field in form:
        field.id = f"{name}-{field.name}"
    return form


@blueprint.get("/selection-checks/files/<int:selection_file_id>")
@allows(Act.SEE_SELECTION_CHECKS)
def open_file(selection_file_id: int) -> ResponseReturnValue:
    """Download a file of an application, a proof or an answer; the download is recorded."""
    found = selection_files.open_file(acting(), selection_file_id, files_dir())
    return download(found.data, found.title, found.mimetype)
