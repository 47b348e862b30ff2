"""Yearly grades: rounds by year and level, entered, proposed, decided."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from blueprints.access import allows
from blueprints.forms import ActForm, VersionedForm, one_line, options
from blueprints.labels import label
from blueprints.web import attempt, attempt_button, today, translated
from blueprints.workshops.forms import ReasonForm
from blueprints.workshops.views import blueprint
from models.workshops import WorkshopGradeRound
from rules.acts import Act
from rules.workshop_policies import excellent_places
from rules.workshops import Grade, WorkshopLevel
from services import workshops_grades
from services.workshops_policies import rules_of


class RoundForm(ActForm):
    """The year and level whose grades are opened."""

    year = IntegerField(lazy_gettext("Year"), validators=[InputRequired(), NumberRange(2000, 2100)])
    level = SelectField(lazy_gettext("Level of the workshop"), validators=[InputRequired()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.level.choices = options((one.value, label(one)) for one in WorkshopLevel)


class GradesForm(VersionedForm):
    """The grades of a round; a pair of fields for each workshop is read beside it."""

    experts = StringField(
        lazy_gettext("Group of experts"), filters=[one_line], validators=[Length(max=400)]
    )


@blueprint.route("/workshops/grades", methods=["GET", "POST"])
@allows(Act.CHECK_WORKSHOP)
def list_rounds() -> ResponseReturnValue:
    """List the rounds of grades, and open one."""
    form = RoundForm()
    if not form.is_submitted():
        form.year.data = today().year - 1
    elif form.validate():
        level = WorkshopLevel(form.level.data)
        done = attempt(form, workshops_grades.open_round, int(form.year.data or 0), level)
        if done:
            return redirect(url_for(".show_round", workshop_round_id=done.id), 303)
    page = render_template(
        "workshops/list_rounds.html", form=form, rounds=workshops_grades.list_rounds()
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/workshops/grades/<int:workshop_round_id>")
@allows(Act.CHECK_WORKSHOP)
def show_round(workshop_round_id: int) -> ResponseReturnValue:
    """Show the grades of a round with the quota."""
    return _page(workshop_round_id)


def _page(key: int, form: GradesForm | None = None, reason: ReasonForm | None = None) -> str:
    row = workshops_grades.get_round(key)
    if form is None:
        form = GradesForm(formdata=None)
        form.experts.data, form.version.data = row.experts, str(row.version)
    return render_template(
        "workshops/show_round.html",
        row=row,
        form=form,
        reason=reason or ReasonForm(formdata=None),
        grades=Grade,
        places=excellent_places(rules_of(row.policy), len(row.grades)),
        reported=workshops_grades.reported_in(row),
        problems=[translated(one) for one in workshops_grades.problems_in(row)],
    )


def _typed(row: WorkshopGradeRound) -> dict[int, tuple[Grade | None, str]]:
    found = {}
    for one in row.grades:
        grade = request.form.get(f"grade-{one.workshop_id}", "")
        reason = request.form.get(f"reason-{one.workshop_id}", "").strip()[:400]
        found[one.workshop_id] = (Grade(grade) if grade in set(Grade) else None, reason)
    return found


@blueprint.post("/workshops/grades/<int:workshop_round_id>")
@allows(Act.CHECK_WORKSHOP)
def enter_grades(workshop_round_id: int) -> ResponseReturnValue:
    """Keep the grades of a round."""
    form, key = GradesForm(), workshop_round_id
    grades = _typed(workshops_grades.get_round(key))
    if form.validate():
        experts, act = form.experts.data or "", workshops_grades.enter_grades
        if attempt(form, act, key, grades, experts, form.base_version):
            flash(gettext("The grades are kept."), "success")
            return redirect(url_for(".show_round", workshop_round_id=key), 303)
    return _page(key, form), 422


@blueprint.post("/workshops/grades/<int:workshop_round_id>/propose")
@allows(Act.CHECK_WORKSHOP)
def propose_grades(workshop_round_id: int) -> ResponseReturnValue:
    """Propose the grades of a round."""
    attempt_button(workshops_grades.propose_grades, workshop_round_id)
    return redirect(url_for(".show_round", workshop_round_id=workshop_round_id), 303)


@blueprint.post("/workshops/grades/<int:workshop_round_id>/decide")
@allows(Act.DECIDE_WORKSHOP)
def decide_grades(workshop_round_id: int) -> ResponseReturnValue:
    """Decide the grades of a round as a second person."""
    if attempt_button(workshops_grades.decide_grades, workshop_round_id):
        flash(gettext("The grades are decided."), "success")
    return redirect(url_for(".show_round", workshop_round_id=workshop_round_id), 303)


@blueprint.post("/workshops/grades/<int:workshop_round_id>/return")
@allows(Act.CHECK_WORKSHOP)
def return_grades(workshop_round_id: int) -> ResponseReturnValue:
    """Take proposed grades back into work."""
    form, key = ReasonForm(), workshop_round_id
    act = workshops_grades.return_grades
    if form.validate() and attempt(form, act, key, reason=form.reason.data or ""):
        return redirect(url_for(".show_round", workshop_round_id=key), 303)
    return _page(key, None, form), 422
