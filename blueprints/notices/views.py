"""Pages of notices: the public list, each notice, and the official results."""

from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, format_date, gettext

from blueprints.access import allows, current_holder
from blueprints.notices.forms import ReasonForm
from blueprints.web import (
    XLSX,
    attempt,
    attempt_button,
    download,
    files_dir,
    limiter,
    page_number,
    today,
)
from models.notices import Notice
from rules import access
from rules.access import Place
from rules.acts import Act
from rules.documents_wordings import ordering_text
from rules.states import ContestState, NoticeState
from services import (
    contests,
    notices,
    notices_lists,
    notices_papers,
    objections_restarts,
    results_superseded,
)
from services.notices_lists import WinnersOfDivision
from services.results_superseded import Replaced

blueprint = Blueprint("notices", __name__)
_PAPERS = "60/minute"


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
    notice = _readable(notice_id)
    withdrawn = notice.state is NoticeState.WITHDRAWN
    return render_template(
        "notices/show_notice.html",
        replaced=results_superseded.replaced_in_notice(notice_id),
        replaced_text=notices_papers.replaced_text(notice),
        notice=notice,
        moved=objections_restarts.changes_of(notice_id),
        lists=[] if withdrawn else notices_lists.notice_lists(notice),
        withdrawn=withdrawn,
        running=notice.state is NoticeState.POSTED,
        over=today() > notice.ends_on,
        may_close=_may_post(notice),
        form=form,
        is_final=notices.is_final(notice),
        ordering=gettext(ordering_text(notice.ordering, notice.contest.kind)),
    )


def _readable(notice_id: int) -> Notice:
    """Return a notice that the reader may see: before its first day those who post it."""
    notice = notices.get_notice(notice_id)
    if notice.starts_on > today() and not _may_post(notice):
        abort(404)
    return notice


def _may_post(notice: Notice) -> bool:
    place = Place(contest_id=notice.contest_id)
    return access.allowed(Act.POST_NOTICE, current_holder(), place)


@blueprint.get("/notices/<int:notice_id>/paper")
@limiter.limit(_PAPERS)
@allows(Act.READ_PUBLIC)
def notice_paper(notice_id: int) -> ResponseReturnValue:
    """Send a notice as PDF, to everybody."""
    shown = _shown(notice_id)
    made = notices_papers.pdf(*shown, _in_chinese, files_dir())
    return download(made, f"{gettext('Notice')} {notice_id}.pdf", "application/pdf")


@blueprint.get("/notices/<int:notice_id>/table")
@limiter.limit(_PAPERS)
@allows(Act.READ_PUBLIC)
def notice_table(notice_id: int) -> ResponseReturnValue:
    """Send the list of a notice as a table, to everybody."""
    made = notices_papers.workbook(*_shown(notice_id), _in_chinese)
    return download(made, f"{gettext('Notice')} {notice_id}.xlsx", XLSX)


def _shown(notice_id: int) -> tuple[Notice, list[WinnersOfDivision], list[Replaced]]:
    notice = _readable(notice_id)
    lists = notices_lists.notice_lists(notice)
    return notice, lists, results_superseded.replaced_in_notice(notice_id)


def _in_chinese(text: str) -> str:
    """Translate a term of the usual plan: papers are Chinese whatever the page's language."""
    with force_locale("zh_Hans_CN"):
        return str(gettext(text))


@blueprint.post("/notices/<int:notice_id>/close")
@allows(Act.CLOSE_NOTICE)
def close(notice_id: int) -> ResponseReturnValue:
    """End a notice after its last day."""
    if attempt_button(notices.close, notice_id):
        if notices.is_final(notices.get_notice(notice_id)):
            flash(gettext("The notice is closed; its results are final."), "success")
        else:
            flash(gettext("The notice is closed; its list goes to the next level."), "success")
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
    lists = notices_lists.public_results(contest_id)
    live = (
        contest.state is ContestState.PUBLISHED and contests.rules_of(contest).day.board == "live"
    )
    return render_template("notices/public_results.html", contest=contest, lists=lists, live=live)
