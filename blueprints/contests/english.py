"""The page of an edition's English titles."""

import hashlib

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms import StringField
from wtforms.validators import ValidationError

from blueprints.access import allows
from blueprints.contests.overview import contest_crumbs
from blueprints.contests.views import blueprint
from blueprints.fields import one_line
from blueprints.forms import VersionedForm
from blueprints.web import attempt, translated
from models.contests import Contest
from rules.acts import Act
from rules.english_names import english_title, title_in_english
from rules.refusals import Refused
from services import contests, contests_english


def _key(title: str) -> str:
    """Name the field of a title, on whichever place it stands."""
    return "title_" + hashlib.sha256(title.encode()).hexdigest()[:12]


def _latin(_form: VersionedForm, field: StringField) -> None:
    """Refuse what is no English title where it was typed."""
    try:
        english_title(field.data or "", field.name)
    except Refused as problem:
        raise ValidationError(translated(problem)) from None


def _form(contest: Contest) -> tuple[VersionedForm, dict[str, str]]:
    """Return a form with a field for each title, and the titles by their fields."""

    class EnglishForm(VersionedForm):
        """English titles of one edition."""

    titles = {_key(title): title for title in contests_english.titles_of(contest)}
    for key, title in titles.items():
        made = StringField(title, filters=[one_line], validators=[_latin])
        setattr(EnglishForm, key, made)
    given = contest.titles_english
    shown = {key: title_in_english(title, given) for key, title in titles.items()}
    return EnglishForm(data={**shown, "version": contest.version}), titles


@blueprint.route("/contests/<int:contest_id>/english", methods=["GET", "POST"])
@allows(Act.EDIT_CONTEST)
def edit_english(contest_id: int) -> ResponseReturnValue:
    """Write down what certificates in English call an edition and what belongs to it."""
    contest = contests.get_contest(contest_id)
    form, titles = _form(contest)
    if form.validate_on_submit():
        typed = {title: form[key].data or "" for key, title in titles.items()}
        version = form.base_version
        if attempt(form, contests_english.edit_english, contest_id, version, typed):
            flash(gettext("Saved."), "success")
            return redirect(url_for(".show_contest", contest_id=contest_id), 303)
    page = render_template(
        "contests/edit_english.html",
        form=form,
        fields=[form[key] for key in titles],
        contest=contest,
        crumbs=contest_crumbs(contest),
    )
    return page, 422 if form.is_submitted() else 200
