"""Pages of the rules of a contest above the city's: read as a whole, edited part by part."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.provincial.rule_forms import BASIS, FORMER, PARTS, PartForm
from blueprints.provincial.views import blueprint
from blueprints.rows import changed
from blueprints.web import Outcome, attempt
from models.provincial import ProvincialContest
from rules.acts import Act
from rules.provincial import ProvincialState
from services import provincial

OPEN = (ProvincialState.PREPARING, ProvincialState.ENTERED)


@blueprint.get("/provincial/<int:provincial_contest_id>/rules")
@allows(Act.SEE_PROVINCIAL)
def show_rules(provincial_contest_id: int) -> ResponseReturnValue:
    """Show the rules of a contest."""
    contest = provincial.get_contest(provincial_contest_id)
    return render_template(
        "provincial/show_rules.html",
        contest=contest,
        rules=provincial.rules_of(contest),
        former=FORMER,
        basis=BASIS,
        parts={key: title for key, (title, _) in PARTS.items()},
        open=contest.state in OPEN,
    )


@blueprint.route(
    "/provincial/<int:provincial_contest_id>/rules/<string:part>", methods=["GET", "POST"]
)
@allows(Act.EDIT_PROVINCIAL)
def edit_rules(provincial_contest_id: int, part: str) -> ResponseReturnValue:
    """Change one part of the rules."""
    if part not in PARTS:
        abort(404)
    title, made = PARTS[part]
    contest = provincial.get_contest(provincial_contest_id)
    change = request.form.get("change")
    form = _form(made, contest, change)
    if change is None and form.validate_on_submit() and _save(form, contest):
        flash(gettext("Saved."), "success")
        return redirect(url_for(".show_rules", provincial_contest_id=contest.id), 303)
    page = render_template(
        "provincial/edit_rules.html", contest=contest, form=form, title=gettext(title), part=part
    )
    return page, 422 if form.is_submitted() and change is None else 200


def _form(made: type[PartForm], contest: ProvincialContest, change: str | None) -> PartForm:
    """Return a part as typed, or as it is; rows that are gone must not come back."""
    if change is not None:
        return made(formdata=changed(request.form, change))
    if request.method == "POST":
        return made()
    form = made(formdata=None)
    form.show(provincial.rules_of(contest))
    form.version.data = str(contest.version)
    return form


def _save(form: PartForm, contest: ProvincialContest) -> Outcome | None:
    rules = provincial.rules_of(contest).model_dump(mode="json") | form.changes()
    return attempt(form, provincial.edit_rules, contest.id, form.base_version, rules)
