"""The assessment at the end of a term: the sheet is filled by one and confirmed by another."""

from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, DateField, DecimalField, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import NumberInput

from blueprints.access import allows
from blueprints.forms import ActForm, one_line
from blueprints.web import attempt, today
from blueprints.workshops.forms import ReasonForm
from blueprints.workshops.views import blueprint
from rules.acts import Act
from rules.workshop_sheets import MOST_COUNTED, Answer, Sheet, SheetLine, keys_of
from services import workshops_assessments
from services.workshops_policies import rules_of


class SheetForm(ActForm):
    """When and by whom a term was assessed; the lines of the sheet are added to it."""

    held_on = DateField(lazy_gettext("Day of the assessment"), validators=[InputRequired()])
    experts = StringField(
        lazy_gettext("Group of experts"), filters=[one_line], validators=[Length(max=400)]
    )
    note = StringField(lazy_gettext("Note"), filters=[one_line], validators=[Length(max=400)])


def form_for(sheet: Sheet) -> type[SheetForm]:
    """Return the form of a sheet: points, numbers and faults by its lines."""
    fields: dict[str, Any] = {}
    for line in sheet.lines:
        if line.given:
            fields[line.key] = _points(line)
        for one in line.deductions:
            fields[one.key] = (
                IntegerField(
                    one.title,
                    widget=NumberInput(min=0, max=MOST_COUNTED),
                    validators=[InputRequired(), NumberRange(0, MOST_COUNTED)],
                )
                if one.is_counted
                else BooleanField(one.title)
            )
    return type("FilledSheetForm", (SheetForm,), fields)


def _points(line: SheetLine) -> Any:
    return DecimalField(
        line.title,
        places=1,
        default=Decimal(0) if line.bonus else line.points,
        widget=NumberInput(min=0, max=float(line.points), step="0.5"),
        validators=[InputRequired(), NumberRange(0, line.points)],
    )


def _answers(sheet: Sheet, form: SheetForm) -> dict[str, Answer]:
    return {key: form._fields[key].data for key in keys_of(sheet)}


def _parts(sheet: Sheet) -> dict[str, list[SheetLine]]:
    """Return the lines by part, in the order of the sheet."""
    found: dict[str, list[SheetLine]] = {}
    for line in sheet.lines:
        found.setdefault(line.part, []).append(line)
    return found


@blueprint.route("/workshops/terms/<int:workshop_term_id>/assessment", methods=["GET", "POST"])
@allows(Act.CHECK_WORKSHOP)
def fill_sheet(workshop_term_id: int) -> ResponseReturnValue:
    """Fill the sheet of a term."""
    term = workshops_assessments.get_term(workshop_term_id)
    sheet = rules_of(term.policy).sheet
    form = form_for(sheet)()
    if not form.is_submitted():
        form.held_on.data = today()
    elif form.validate():
        done = attempt(
            form,
            workshops_assessments.fill_sheet,
            workshop_term_id,
            _answers(sheet, form),
            held_on=form.held_on.data or today(),
            experts=form.experts.data or "",
            note=form.note.data or "",
        )
        if done:
            return redirect(url_for(".show_assessment", workshop_assessment_id=done.id), 303)
        term = workshops_assessments.get_term(workshop_term_id)
    page = render_template(
        "workshops/fill_sheet.html",
        form=form,
        term=term,
        sheet=sheet,
        parts=_parts(sheet),
        gaps=workshops_assessments.gaps_of(term, today().year - 1),
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/workshops/assessments/<int:workshop_assessment_id>")
@allows(Act.SEE_WORKSHOP)
def show_assessment(workshop_assessment_id: int) -> ResponseReturnValue:
    """Show a filled sheet with every deduction and its reason."""
    return _page(workshop_assessment_id, ReasonForm(formdata=None))


def _page(key: int, reason: ReasonForm) -> str:
    row = workshops_assessments.get_assessment(key)
    return render_template("workshops/show_assessment.html", row=row, reason=reason)


@blueprint.post("/workshops/assessments/<int:workshop_assessment_id>/confirm")
@allows(Act.DECIDE_WORKSHOP)
def confirm_assessment(workshop_assessment_id: int) -> ResponseReturnValue:
    """Confirm an assessment as a second person, with what follows."""
    form = ActForm()
    act = workshops_assessments.confirm_assessment
    if form.validate():
        done = attempt(form, act, workshop_assessment_id)
        if done:
            flash(gettext("The assessment is confirmed."), "success")
            key = workshop_assessment_id
            return redirect(url_for(".show_assessment", workshop_assessment_id=key), 303)
    for message in form.form_errors:
        flash(message, "danger")
    return _page(workshop_assessment_id, ReasonForm(formdata=None)), 422


@blueprint.post("/workshops/assessments/<int:workshop_assessment_id>/return")
@allows(Act.DECIDE_WORKSHOP)
def return_sheet(workshop_assessment_id: int) -> ResponseReturnValue:
    """Send a filled sheet back."""
    form, key = ReasonForm(), workshop_assessment_id
    act = workshops_assessments.return_sheet
    if form.validate() and attempt(form, act, key, reason=form.reason.data or ""):
        return redirect(url_for(".show_assessment", workshop_assessment_id=key), 303)
    return _page(key, form), 422
