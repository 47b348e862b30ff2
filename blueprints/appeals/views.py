"""Pages of appeals for those who file them: one's own list, filing, one case, its letters."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, current_holder, require_holder
from blueprints.appeals.forms import (
    FileForm,
    FilingForm,
    FurtherForm,
    NoteForm,
    RulingForm,
    VoteForm,
)
from blueprints.forms import ActForm
from blueprints.web import (
    acting,
    attempt,
    attempt_button,
    download,
    files_dir,
    now,
    page_number,
    translated,
)
from models.appeals import Appeal
from models.entries import Entry
from rules import access
from rules.access import Holder, Place, Role
from rules.acts import Act
from rules.appeals import Effect, Filer
from rules.refusals import Missing, Refused
from rules.states import AppealState
from services import (
    accounts,
    appeals,
    appeals_letters,
    appeals_lists,
    appeals_rulings,
    attachments,
    contests,
    entries,
)
from services.appeals import Filing
from services.appeals_holds import number_of
from services.attachments import Upload

blueprint = Blueprint("appeals", __name__)
PDF = "application/pdf"


@blueprint.app_template_filter("appeal_number")
def appeal_number(appeal: Appeal) -> str:
    """Write the number of an appeal."""
    return number_of(appeal.event, appeal.number)


@blueprint.get("/appeals")
@allows(Act.SEE_OWN_APPEALS)
def list_own() -> ResponseReturnValue:
    """The appeals of one's own entries and those one is to answer; where one can still appeal."""
    holder = require_holder()
    return render_template(
        "appeals/list_own.html",
        page=appeals_lists.list_seen(holder, page_number()),
        chances=appeals_lists.list_chances(holder),
        arbitrates=holder.has(Role.ARBITRATOR),
        now=now(),
    )


def filer_of(entry: Entry) -> Filer | None:
    """Return in whose name the reader acts for an entry, None for nobody's."""
    holder = require_holder()
    place = Place(contest_id=entry.event.contest_id, event_id=entry.event_id)
    if holder.has(Role.EMPLOYER) and holder.employer_id and holder.employer_id == entry.employer_id:
        return Filer.LEADER
    persons = {member.person_id for member in entry.members}
    if holder.has(Role.CONTESTANT) and holder.person_id in persons:
        return Filer.CONTESTANT
    return Filer.PAPER if _runs(holder, place) else None


def _runs(holder: Holder, place: Place) -> bool:
    return any(
        grant.role is Role.ORGANIZER and access.covers(grant, place) for grant in holder.grants
    )


@blueprint.route("/entries/<int:entry_id>/appeal", methods=["GET", "POST"])
@allows(Act.FILE_APPEAL)
def file_appeal(entry_id: int) -> ResponseReturnValue:
    """File an appeal, or enter one that came on paper."""
    entry = entries.get_entry(entry_id)
    filer = filer_of(entry)
    if filer is None:
        raise Missing(entry_id)
    form, window = FilingForm(), appeals.window_of(entry.event)
    day = contests.rules_of(entry.event.contest).day
    form.offer(day.appeal_kinds, filer is Filer.PAPER)
    if form.validate_on_submit() and (done := _filed(form, entry_id, filer)):
        return redirect(url_for(".show_appeal", appeal_id=done), 303)
    problem = window.problem()
    page = render_template(
        "appeals/file_appeal.html",
        form=form,
        entry=entries.get_entry(entry_id),
        window=window,
        problem=translated(problem) if problem else "",
        on_paper=filer is Filer.PAPER,
        answer_minutes=day.appeal_answer_minutes,
        now=now(),
    )
    return page, 422 if form.is_submitted() else 200


def _filed(form: FilingForm, entry_id: int, filer: Filer) -> int | None:
    """File what the form says and add its file; return the appeal's id, None when refused."""
    received = form.received_at.instant if form.received_at else None
    facts, request = form.facts.data or "", form.request.data or ""
    filing = Filing(form.kind.data, facts, request, filer, received)
    done = attempt(form, appeals.file_appeal, entry_id, filing)
    if done is None:
        return None
    if appeals.get_appeal(done.id).state is AppealState.LATE:
        flash(gettext("The time for appeals is over. The appeal is kept as refused."), "danger")
        return done.id
    flash(gettext("The appeal is filed. Keep the receipt."), "success")
    if form.file.data:
        _add_first(done.id, form.file.data)
    return done.id


def _add_first(appeal_id: int, file: Any) -> None:
    """Add the file that came with the appeal; refused, it takes the appeal not with it."""
    try:
        # An act of its own: the key of the form belongs to the appeal.
        attachments.attach(acting(), appeal_id, _upload(file), files_dir())
    except Refused as refusal:
        flash(translated(refusal), "danger")


def _upload(file: Any) -> Upload:
    return Upload(file.filename or "", file.read())


@blueprint.get("/appeals/<int:appeal_id>")
@allows(Act.SEE_APPEAL)
def show_appeal(appeal_id: int) -> ResponseReturnValue:
    """One case: what was filed, its files, where it stands, and what the reader can do."""
    return appeal_page(appeal_id)


def appeal_page(appeal_id: int, forms: Mapping[str, ActForm] | None = None) -> str:
    """Return the page of an appeal, with the forms that were refused."""
    appeal = appeals.get_appeal(appeal_id)
    place = Place(contest_id=appeal.event.contest_id, event_id=appeal.event_id)
    decides = access.allowed(Act.DECIDE_APPEAL, current_holder(), place)
    day = contests.rules_of(appeal.event.contest).day
    problem = None
    if decides:
        account = accounts.get_account(require_holder().account_id)
        problem = appeals_rulings.member_problem(account, appeal)
    member = decides and problem is None
    shown = {"file": FileForm(), "further": FurtherForm()}
    if member:
        shown |= {"note": NoteForm(), "vote": VoteForm(), "ruling": RulingForm()}
    return render_template(
        "appeals/show_appeal.html",
        appeal=appeal,
        files=attachments.list_files(appeal_id),
        is_filer=filer_of(appeal.entry) is appeal.filer,
        member=member,
        conflict=translated(problem) if problem else "",
        votes=appeals_rulings.votes_of(appeal_id) if member else [],
        notes=appeals_rulings.notes_of(appeal_id) if member else [],
        needed=day.appeal_votes,
        further_until=appeals.second_stage_until(appeal, day),
        nothing=Effect.NONE,
        forms=shown | dict(forms or {}),
        now=now(),
    )


@blueprint.post("/appeals/<int:appeal_id>/withdraw")
@allows(Act.WITHDRAW_APPEAL)
def withdraw(appeal_id: int) -> ResponseReturnValue:
    """Take an appeal back."""
    filer = filer_of(appeals.get_appeal(appeal_id).entry)
    if filer is None:
        raise Missing(appeal_id)
    if attempt_button(appeals.withdraw, appeal_id, filer):
        flash(gettext("The appeal is withdrawn."), "success")
    return redirect(url_for(".show_appeal", appeal_id=appeal_id), 303)


@blueprint.post("/appeals/<int:appeal_id>/further")
@allows(Act.WITHDRAW_APPEAL)
def carry_on(appeal_id: int) -> ResponseReturnValue:
    """Take a ruling to the second stage."""
    form, filer = FurtherForm(), filer_of(appeals.get_appeal(appeal_id).entry)
    if filer is None:
        raise Missing(appeal_id)
    if form.validate() and attempt(form, appeals.carry_on, appeal_id, filer, form.facts.data or ""):
        flash(gettext("The appeal goes to the committee of the contest."), "success")
        return redirect(url_for(".show_appeal", appeal_id=appeal_id), 303)
    return appeal_page(appeal_id, {"further": form}), 422


@blueprint.post("/appeals/<int:appeal_id>/files")
@allows(Act.FILE_APPEAL)
def attach(appeal_id: int) -> ResponseReturnValue:
    """Add a file to an open appeal."""
    form = FileForm()
    if form.validate():
        upload, folder = _upload(form.file.data), files_dir()
        if attempt(form, attachments.attach, appeal_id, upload, folder):
            flash(gettext("The file is added."), "success")
            return redirect(url_for(".show_appeal", appeal_id=appeal_id), 303)
    return appeal_page(appeal_id, {"file": form}), 422


@blueprint.get("/attachments/<int:attachment_id>")
@allows(Act.SEE_APPEAL)
def open_file(attachment_id: int) -> ResponseReturnValue:
    """Send a file, always to be saved; who took it when is recorded."""
    found = attachments.open_file(acting(), attachment_id, files_dir())
    return download(found.data, found.title, found.mimetype)


@blueprint.get("/appeals/<int:appeal_id>/receipt")
@allows(Act.SEE_APPEAL)
def receipt(appeal_id: int) -> ResponseReturnValue:
    """Send the receipt as PDF."""
    appeal = appeals.get_appeal(appeal_id)
    made = appeals_letters.receipt(appeal)
    return download(made, f"{appeal_number(appeal)}-receipt.pdf", PDF)


@blueprint.get("/appeals/<int:appeal_id>/letters/<int:stage>")
@allows(Act.SEE_APPEAL)
def letter(appeal_id: int, stage: int) -> ResponseReturnValue:
    """Send the ruling on one stage as PDF."""
    appeal = appeals.get_appeal(appeal_id)
    found = next((one for one in appeal.rulings if one.stage == stage), None)
    if found is None:
        raise Missing(stage)
    made = appeals_letters.ruling(appeal, found)
    return download(made, f"{appeal_number(appeal)}-ruling-{stage}.pdf", PDF)
