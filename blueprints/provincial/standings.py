"""Pages of the organiser's table of delegations: medals, points, places."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.provincial.result_forms import StandingsForm
from blueprints.provincial.views import blueprint
from blueprints.rows import changed
from blueprints.web import attempt
from models.provincial import ProvincialContest
from rules.acts import Act
from rules.provincial import Medal
from services import provincial, provincial_results


@blueprint.get("/provincial/<int:provincial_contest_id>/standings")
@allows(Act.SEE_PROVINCIAL)
def show_standings(provincial_contest_id: int) -> ResponseReturnValue:
    """Show the table of delegations with medal points, and our own count beside it."""
    contest = provincial.get_contest(provincial_contest_id)
    return render_template(
        "provincial/show_standings.html",
        contest=contest,
        table=provincial_results.table_of(contest),
        given={
            one.delegation: one.given_rank
            for one in provincial_results.list_standing_rows(contest.id)
        },
        own=provincial_results.own_tally(contest),
        medals={one.value: one for one in Medal},
        worth=provincial.rules_of(contest).medal_points,
        open=contest.state in provincial_results.OPEN,
    )


@blueprint.route("/provincial/<int:provincial_contest_id>/standings/edit", methods=["GET", "POST"])
@allows(Act.EDIT_PROVINCIAL)
def edit_standings(provincial_contest_id: int) -> ResponseReturnValue:
    """Type the organiser's table, or only the own place."""
    contest = provincial.get_contest(provincial_contest_id)
    change = request.form.get("change")
    form = _form(contest, change)
    own = contest.delegation_title
    if change is None and form.validate_on_submit() and form.check_own(own):
        facts = (form.read(own), form.teams.data, form.own_rank.data)
        if attempt(form, provincial_results.record_standings, contest.id, *facts):
            flash(gettext("Saved."), "success")
            address = url_for(".show_standings", provincial_contest_id=contest.id)
            return redirect(address, 303)
    page = render_template("provincial/edit_standings.html", contest=contest, form=form)
    return page, 422 if form.is_submitted() and change is None else 200


def _form(contest: ProvincialContest, change: str | None) -> StandingsForm:
    if change is not None:
        return StandingsForm(formdata=changed(request.form, change))
    if request.method == "POST":
        return StandingsForm()
    form = StandingsForm(formdata=None)
    form.teams.data, form.own_rank.data = contest.teams, contest.own_rank
    names = ("delegation", "events", "gold", "silver", "bronze", "medallion", "given_rank")
    for row in provincial_results.list_standing_rows(contest.id):
        form.lines.append_entry({name: getattr(row, name) for name in names})
    return form
