"""Pages of shares: who is paid what, and the prizes of employers."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.awards.views import blueprint, read_wanted
from blueprints.web import attempt_button, page_number
from rules.acts import Act
from rules.refusals import Missing
from services import awards_organisations, awards_shares_lists, contests, results_superseded
from services import results as results_service


@blueprint.get("/contests/<int:contest_id>/shares")
@allows(Act.SEE_AWARDS)
def list_shares(contest_id: int) -> ResponseReturnValue:
    """List who is paid what: by the present results, or by one revision, also an old one."""
    revision_id = request.args.get("revision", type=int)
    revision = None if revision_id is None else results_service.get_revision(revision_id)
    if revision is not None and revision.event.contest_id != contest_id:
        raise Missing(revision_id)
    page = awards_shares_lists.list_shares(contest_id, read_wanted(), revision_id, page_number())
    return render_template(
        "awards/list_shares.html",
        contest=contests.get_outline(contest_id),
        revision=revision,
        superseded=revision_id is not None and results_superseded.is_superseded(revision_id),
        page=page,
        sums=awards_shares_lists.share_sums(contest_id, revision_id),
    )


@blueprint.get("/contests/<int:contest_id>/employer-prizes")
@allows(Act.SEE_AWARDS)
def show_prizes(contest_id: int) -> ResponseReturnValue:
    """Show how employers stand for their prizes, and which of them are given."""
    contest = contests.get_contest(contest_id)
    table = awards_organisations.read_table(contest)
    return render_template("awards/show_prizes.html", contest=contest, table=table)


@blueprint.post("/contests/<int:contest_id>/employer-prizes")
@allows(Act.GIVE_PRIZES)
def give_prizes(contest_id: int) -> ResponseReturnValue:
    """Give the prizes of employers."""
    contest = contests.get_contest(contest_id)
    choices = {
        prize.key: request.form.getlist(f"first-{prize.key}", type=int)
        for prize in contests.rules_of(contest).organisation_prizes
    }
    if attempt_button(awards_organisations.give_prizes, contest_id, choices):
        flash(gettext("The prizes of employers are given."), "success")
    return redirect(url_for(".show_prizes", contest_id=contest_id), 303)
