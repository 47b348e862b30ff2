"""An own list of applications, the way to a new one, and an application as it is read."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, require_holder
from blueprints.forms import options
from blueprints.labels import label
from blueprints.selection_applications.forms import YES_NO_TITLES, BeginForm, WithdrawForm
from blueprints.web import acting, attempt, download, files_dir, page_number, today, translated
from rules.acts import Act
from rules.selection_applications import EDITABLE, WITHDRAWABLE
from rules.selection_eligibility import Reason, Verdict
from rules.selection_forms import ANSWER
from rules.selection_rounds import RoundRules
from rules.selections import Channel, Post, UnitKind
from services import selection_applications as applications
from services import selection_applications_lists as lists
from services import selection_applications_papers as papers
from services import selection_applications_reading as reading
from services import selection_applications_submitting as submitting
from services import selection_files, selections
from services.selection_applications import CHANNEL_ROLES, Beginning
from services.selection_applications_reading import Dossier

blueprint = Blueprint("selection_applications", __name__)


def kept_days() -> int:
    """Return how long what was written is kept for those who were not chosen."""
    days: int = current_app.config["SETTINGS"].selection_days
    return days


@blueprint.get("/applications")
@allows(Act.APPLY_SELECTION)
def list_own() -> ResponseReturnValue:
    """List the own applications, each with what is next, and rounds that are open."""
    by = acting()
    return render_template(
        "selection_applications/list_own.html",
        page=reading.list_own(by, kept_days(), page_number()),
        rounds=reading.open_rounds(by),
    )


@blueprint.route("/selections/<int:selection_round_id>/apply", methods=["GET", "POST"])
@allows(Act.APPLY_SELECTION)
def apply(selection_round_id: int) -> ResponseReturnValue:
    """Begin an application by one of the channels that are open to the reader."""
    round_ = reading.open_round(selection_round_id)
    holder = require_holder()
    rules = selections.rules_of(round_)
    open_to = [one for one in rules.channels if holder.has(CHANNEL_ROLES[one])]
    form = BeginForm()
    form.channel.choices = options([(one.value, label(one)) for one in open_to])
    staff = lists.staff_of(holder.employer_id) if Channel.EMPLOYER in open_to else []
    people = [("0", gettext("Somebody else, named below")), *((str(k), n) for k, n in staff)]
    form.person.choices = options(people)
    if form.validate_on_submit():
        done = _begun(form, selection_round_id)
        if done is not None:
            return redirect(url_for(".edit", selection_application_id=done), 303)
    page = render_template(
        "selection_applications/apply.html", form=form, round=round_, rules=rules, channels=open_to
    )
    return page, 422 if form.is_submitted() else 200


def _begun(form: BeginForm, round_id: int) -> int | None:
    channel = Channel(form.channel.data)
    person_id = form.person.data or None
    typed = None
    if channel is not Channel.PERSON and person_id is None:
        typed = form.typed(today())
        if form.errors:
            return None
    lines = (form.nominators.data or "").splitlines()
    nominators = tuple(line.strip()[:120] for line in lines if line.strip())
    nominates = channel in (Channel.ASSOCIATION, Channel.EXPERT)
    beginning = Beginning(channel, person_id, typed, nominators if nominates else ())
    done = attempt(form, applications.start, round_id, beginning)
    return done.id if done else None


@blueprint.get("/applications/<int:selection_application_id>")
@allows(Act.SEE_SELECTION_APPLICATION)
def show(selection_application_id: int) -> ResponseReturnValue:
    """Show an application as it is read, with what is next."""
    return application_page(selection_application_id)


def application_page(key: int, form: WithdrawForm | None = None) -> str:
    """Draw an application, with a form that was refused."""
    by = acting()
    row = reading.read_application(by, key)
    dossier = reading.dossier_for(row)
    line = reading.line_of(by, row, kept_days())
    own = line.writes or row.person_id == require_holder().person_id
    return render_template(
        "selection_applications/show.html",
        dossier=dossier,
        row=row,
        line=line,
        answers=answers_of(dossier),
        basics_count=sum(not one.name.startswith(ANSWER) for one in dossier.answers),
        clauses=clauses_of(dossier.verdict),
        verdict=dossier.verdict,
        can_edit=line.writes and row.state in EDITABLE,
        can_withdraw=own and row.state in WITHDRAWABLE,
        form=form or WithdrawForm(formdata=None),
        next_words=translated(line.next.words),
    )


@blueprint.get("/applications/<int:selection_application_id>/paper")
@allows(Act.SEE_SELECTION_APPLICATION)
def print_paper(selection_application_id: int) -> ResponseReturnValue:
    """Download an application as a paper; a draft says that it is one."""
    data = papers.take_paper(acting(), selection_application_id)
    title = gettext("Application %(key)s.pdf", key=selection_application_id)
    return download(data, title, "application/pdf")


@blueprint.post("/applications/<int:selection_application_id>/withdraw")
@allows(Act.APPLY_SELECTION)
def withdraw(selection_application_id: int) -> ResponseReturnValue:
    """Withdraw an own application."""
    form = WithdrawForm()
    if form.validate():
        act, key = submitting.withdraw, selection_application_id
        if attempt(form, act, key, reason=form.reason.data or ""):
            flash(gettext("The application is withdrawn."), "success")
            return redirect(url_for(".show", selection_application_id=key), 303)
    return application_page(selection_application_id, form), 422


@blueprint.get("/selection-files/<int:selection_file_id>")
@allows(Act.SEE_SELECTION_APPLICATION)
def open_file(selection_file_id: int) -> ResponseReturnValue:
    """Download a file of a selection, for those whom its subject lets read it."""
    found = selection_files.open_file(acting(), selection_file_id, files_dir())
    return download(found.data, found.title, found.mimetype)


def answers_of(dossier: Dossier) -> list[tuple[str, str]]:
    """Return what was asked and answered, choices in words."""
    return [
        (gettext(one.title), _in_words(dossier.rules, one.name, one.value))
        for one in dossier.answers
    ]


def _in_words(rules: RoundRules, name: str, value: str) -> str:
    if not value:
        return ""
    if name == "tier":
        return next((one.title for one in rules.tiers if one.key == value), value)
    if name == "post":
        return label(Post(value))
    if name == "unit_kind":
        return label(UnitKind(value))
    kind = next((one.kind for one in rules.form if name.endswith(f"_{one.key}")), "")
    return str(YES_NO_TITLES[value]) if kind == "yes_no" and value in YES_NO_TITLES else value


def clauses_of(verdict: Verdict) -> list[tuple[Reason, str, list[str]]]:
    """Return the clauses with their text and what is missing, in the reader's language."""
    return [
        (one, gettext(one.text), [translated(word) for word in one.words])
        for one in verdict.reasons
    ]


def context_of(verdict: Verdict) -> dict[str, Any]:
    """Return what the panel of clauses shows."""
    return {"verdict": verdict, "clauses": clauses_of(verdict)}
