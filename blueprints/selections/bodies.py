"""Pages of the bodies of a round: recommending quotas, and who takes steps for whom."""

from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from blueprints.access import allows
from blueprints.fields import WholeField
from blueprints.forms import ActForm, one_line, options, tidy
from blueprints.selections.rounds import round_crumbs
from blueprints.selections.texts import BODIES
from blueprints.selections.views import blueprint
from blueprints.web import XLSX, attempt, attempt_button, download
from rules.acts import Act
from services import selections, selections_bodies
from services.acting import Actor
from services.selections_bodies import BodyKind, QuotaFacts


class QuotaForm(ActForm):
    """How many a body may recommend."""

    kind = SelectField(lazy_gettext("Body"), choices=lambda: _bodies())
    name = StringField(
        lazy_gettext("Name"),
        filters=[one_line],
        validators=[DataRequired(), Length(max=120)],
        description=lazy_gettext("Units as they are registered."),
    )
    places = WholeField(
        lazy_gettext("May recommend"), validators=[InputRequired(), NumberRange(0, 1000)]
    )


class QuotasForm(ActForm):
    """A spreadsheet of quotas."""

    file = FileField(lazy_gettext("Spreadsheet"), validators=[FileRequired()])


class ClerkForm(ActForm):
    """Who takes a step for whom."""

    username = StringField(
        lazy_gettext("User name"), filters=[tidy], validators=[DataRequired(), Length(max=64)]
    )
    step = SelectField(lazy_gettext("Step"), validators=[InputRequired()])
    district = StringField(
        lazy_gettext("Whose candidates"),
        filters=[one_line],
        validators=[Length(max=40)],
        description=lazy_gettext("A district or association; empty: for all."),
    )


def _bodies() -> list[Any]:
    return options((kind.value, lazy_gettext(BODIES[kind.value])) for kind in BodyKind)


def _page(round_id: int, **forms: ActForm) -> str:
    row = selections.get_round(round_id)
    clerk = forms.get("clerk") or ClerkForm(formdata=None)
    steps = selections_bodies.clerk_steps(row)
    clerk.step.choices = options(steps)
    return render_template(
        "selections/show_bodies.html",
        row=row,
        quotas=selections_bodies.list_quotas(round_id),
        name_of=selections_bodies.name_of,
        clerks=selections_bodies.list_clerks(round_id),
        steps=dict(steps),
        quota=forms.get("quota") or QuotaForm(formdata=None),
        file=forms.get("file") or QuotasForm(formdata=None),
        clerk=clerk,
        crumbs=[
            *round_crumbs(row),
            (row.title, url_for(".show_round", selection_round_id=round_id)),
        ],
    )


def _back(round_id: int) -> ResponseReturnValue:
    return redirect(url_for(".show_bodies", selection_round_id=round_id), 303)


@blueprint.get("/selection-rounds/<int:selection_round_id>/bodies")
@allows(Act.SEE_SELECTIONS)
def show_bodies(selection_round_id: int) -> ResponseReturnValue:
    """Show the quotas of bodies, and who takes steps for them."""
    return _page(selection_round_id)


@blueprint.post("/selection-rounds/<int:selection_round_id>/quotas")
@allows(Act.EDIT_SELECTION)
def set_quota(selection_round_id: int) -> ResponseReturnValue:
    """Write down how many a body may recommend."""
    form = QuotaForm()
    if form.validate_on_submit():
        facts = QuotaFacts(BodyKind(form.kind.data), form.name.data or "", form.places.data or 0)
        if attempt(form, selections_bodies.set_quotas, selection_round_id, [facts]):
            flash(gettext("Saved."), "success")
            return _back(selection_round_id)
    return _page(selection_round_id, quota=form), 422


@blueprint.post("/selection-rounds/<int:selection_round_id>/quotas/import")
@allows(Act.EDIT_SELECTION)
def import_quotas(selection_round_id: int) -> ResponseReturnValue:
    """Read quotas from a spreadsheet; all rows count, or none."""
    form = QuotasForm()
    if form.validate_on_submit() and attempt(form, _import, selection_round_id, form):
        flash(gettext("The quotas are read in."), "success")
        return _back(selection_round_id)
    return _page(selection_round_id, file=form), 422


def _import(by: Actor, round_id: int, form: QuotasForm) -> int:
    """Read the file inside the attempt, so that its problems land on the form."""
    upload = form.file.data
    wanted = selections_bodies.read_quotas(upload.read(), upload.filename or "")
    return selections_bodies.set_quotas(by, round_id, wanted)


@blueprint.get("/selection-rounds/quotas.xlsx")
@allows(Act.SEE_SELECTIONS)
def quota_template() -> Response:
    """Download the empty spreadsheet of quotas."""
    return download(selections_bodies.quota_template(), "推荐名额.xlsx", XLSX)


@blueprint.post("/selection-rounds/<int:selection_round_id>/quotas/<int:quota>/remove")
@allows(Act.EDIT_SELECTION)
def remove_quota(selection_round_id: int, quota: int) -> ResponseReturnValue:
    """Remove what was written down for a body."""
    attempt_button(selections_bodies.remove_quota, selection_round_id, quota)
    return _back(selection_round_id)


@blueprint.post("/selection-rounds/<int:selection_round_id>/clerks")
@allows(Act.EDIT_SELECTION)
def name_clerk(selection_round_id: int) -> ResponseReturnValue:
    """Let an account take a step of the chain."""
    form = ClerkForm()
    row = selections.get_round(selection_round_id)
    form.step.choices = options(selections_bodies.clerk_steps(row))
    if form.validate_on_submit() and attempt(
        form,
        selections_bodies.name_clerk,
        selection_round_id,
        form.username.data or "",
        form.step.data or "",
        form.district.data or "",
    ):
        flash(gettext("Saved."), "success")
        return _back(selection_round_id)
    return _page(selection_round_id, clerk=form), 422


@blueprint.post("/selection-rounds/<int:selection_round_id>/clerks/<int:clerk>/remove")
@allows(Act.EDIT_SELECTION)
def remove_clerk(selection_round_id: int, clerk: int) -> ResponseReturnValue:
    """Take a step away from an account."""
    attempt_button(selections_bodies.remove_clerk, selection_round_id, clerk)
    return _back(selection_round_id)
