"""Pages of notices: the public list, each notice, and the official results."""

from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date, gettext

from blueprints.access import allows, current_holder
from blueprints.notices.forms import NoticeForm, ReasonForm
from blueprints.web import attempt, attempt_button, page_number, today
from models.contests import Contest
from models.notices import Notice
from rules import access
from rules.access import Act, Place
from rules.states import ContestState, NoticeState
from rules.texts import N_
from services import contests, notices, objections_restarts, results_superseded

blueprint = Blueprint("notices", __name__)
NOTICE_BODY = N_(
    "The results of %(contest)s have been confirmed by the chief judges and signed by the "
    "supervisors. The proposed winners are hereby made public. Whoever objects may report it in "
    "writing within the period of this notice: persons under their real name with a way to reach "
    "them, units with their seal; the facts must be stated. Late objections are not accepted."
)


@blueprint.app_template_filter("long_date")
def long_date(day: date) -> str:
    """Show a day as on an official paper of the reader's language."""
    return str(format_date(day, "long"))


@blueprint.get("/notices")
@allows(Act.READ_PUBLIC)
def list_notices() -> ResponseReturnValue:
    """List the public notices and the contests with official results."""
    return render_template(
        "notices/list_notices.html",
        page=notices.list_notices(today(), page_number()),
        contests=notices.list_public_contests(),
    )


@blueprint.get("/notices/<int:notice_id>")
@allows(Act.READ_PUBLIC)
def show_notice(notice_id: int) -> ResponseReturnValue:
    """Show a notice to everybody; before its first day only to those who post notices."""
    return _notice_page(notice_id, ReasonForm())


def _notice_page(notice_id: int, form: ReasonForm) -> str:
    notice = notices.get_notice(notice_id)
    if notice.starts_on > today() and not _may_post(notice):
        abort(404)
    withdrawn = notice.state is NoticeState.WITHDRAWN
    return render_template(
        "notices/show_notice.html",
        replaced=results_superseded.replaced_in_notice(notice_id),
        notice=notice,
        moved=objections_restarts.changes_of(notice_id),
        lists=[] if withdrawn else notices.notice_lists(notice_id),
        withdrawn=withdrawn,
        running=notice.state is NoticeState.POSTED,
        over=today() > notice.ends_on,
        may_close=_may_post(notice),
        form=form,
    )


def _may_post(notice: Notice) -> bool:
    place = Place(contest_id=notice.contest_id)
    return access.allowed(Act.POST_NOTICE, current_holder(), place)


@blueprint.route("/contests/<int:contest_id>/notices/new", methods=["GET", "POST"])
@allows(Act.POST_NOTICE)
def new_notice(contest_id: int) -> ResponseReturnValue:
    """Write and post a notice."""
    contest = contests.get_outline(contest_id)
    revisions = notices.list_postable(contest_id)
    form = NoticeForm(**_suggested(contest))
    form.revision_ids.choices = [(one.id, one.event.title) for one in revisions]
    if not form.is_submitted():
        form.revision_ids.data = [one.id for one in revisions]
    elif form.validate():
        fields = ("revision_ids", "title", "body", "contact", "starts_on")
        values = {name: form[name].data for name in fields}
        done = attempt(form, notices.post, contest_id, **values)
        if done:
            flash(gettext("The notice is posted."), "success")
            return redirect(url_for("notices.show_notice", notice_id=done.id), 303)
    page = render_template(
        "notices/new_notice.html",
        contest=contest,
        form=form,
        revisions=revisions,
        rules=contests.rules_of(contest),
    )
    return page, 422 if form.is_submitted() else 200


def _suggested(contest: Contest) -> dict[str, object]:
    title = gettext("Notice of the proposed winners of %(contest)s", contest=contest.title)
    return {
        "title": title[:160],
        "body": gettext(NOTICE_BODY, contest=contest.title),
        "starts_on": today(),
    }


@blueprint.post("/notices/<int:notice_id>/close")
@allows(Act.CLOSE_NOTICE)
def close(notice_id: int) -> ResponseReturnValue:
    """End a notice after its last day."""
    if attempt_button(notices.close, notice_id):
        flash(gettext("The notice is closed; its results are final."), "success")
    return redirect(url_for("notices.show_notice", notice_id=notice_id), 303)


@blueprint.post("/notices/<int:notice_id>/withdraw")
@allows(Act.CLOSE_NOTICE)
def withdraw(notice_id: int) -> ResponseReturnValue:
    """Take a notice down, with a reason."""
    form = ReasonForm()
    if form.validate() and attempt(
        form, notices.withdraw, notice_id, reason=form.reason.data or ""
    ):
        flash(gettext("The notice is withdrawn."), "success")
        return redirect(url_for("notices.show_notice", notice_id=notice_id), 303)
    return _notice_page(notice_id, form), 422


@blueprint.get("/contests/<int:contest_id>/results")
@allows(Act.READ_PUBLIC)
def public_results(contest_id: int) -> ResponseReturnValue:
    """Show the official results of a contest: those of final events only."""
    contest = contests.get_outline(contest_id)
    if contest.state is ContestState.DRAFT:
        abort(404)
    lists = notices.public_results(contest_id)
    live = (
        contest.state is ContestState.PUBLISHED and contests.rules_of(contest).day.board == "live"
    )
    return render_template("notices/public_results.html", contest=contest, lists=lists, live=live)
