"""People and employers."""

from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, current_holder, require_holder
from blueprints.forms import SpellingForm
from blueprints.people.forms import EmployerForm, PersonForm
from blueprints.web import attempt, page_number, sorting
from rules import access
from rules.access import Role
from rules.acts import Act
from services import (
    awards_honours,
    entries_lists,
    honours,
    levels_lists,
    people,
    people_employers,
    people_english,
)
from services.people import PersonQuery

blueprint = Blueprint("people", __name__)
SIZES = (25, 50, 100)


def _within() -> frozenset[int] | None:
    """Return the contests to whose people the reader is limited; None for all."""
    return access.contests_of(require_holder(), access.roles_of(Act.SEE_PEOPLE))


def _size() -> int:
    size = request.args.get("per_page", 50, type=int)
    return size if size in SIZES else 50


def _search() -> str:
    return " ".join(request.args.get("q", "").split())[:60]


@blueprint.get("/people")
@allows(Act.SEE_PEOPLE)
def list_people() -> ResponseReturnValue:
    """Everybody who was ever entered."""
    sort, descending = sorting()
    asked = PersonQuery(
        q=_search(), sort=sort, descending=descending, page=page_number(), size=_size()
    )
    page = people.list_people(asked, _within())
    return render_template(
        "people/list_people.html", page=page, counts=people.count_entries(page.items)
    )


@blueprint.get("/people/<int:person_id>")
@allows(Act.SEE_PEOPLE)
def show_person(person_id: int) -> ResponseReturnValue:
    """One person, what he or she took part in, and what came of it."""
    person = people.get_person(person_id)
    won_by_year = awards_honours.list_honours(person_id, _within())
    return render_template(
        "people/show_person.html",
        person=person,
        levels=levels_lists.held_by(person.id),
        registered=honours.of_person(person.id),
        entries=entries_lists.list_for_person(person_id, _within()),
        years=[(year, list(won)) for year, won in groupby(won_by_year, key=lambda one: one.year)],
    )


@blueprint.route("/people/<int:person_id>/edit", methods=["GET", "POST"])
@allows(Act.EDIT_PERSON)
def edit_person(person_id: int) -> ResponseReturnValue:
    """Correct the name, phone or skill level of a person."""
    form = PersonForm()
    if form.validate_on_submit():
        name, phone = form.name.data or "", form.phone.data or ""
        if attempt(form, people.edit_person, person_id, name, phone, form.level):
            flash(gettext("Saved."), "success")
            return redirect(url_for(".show_person", person_id=person_id), 303)
    person = people.get_person(person_id)
    if not form.is_submitted():
        form.show(person)
    page = render_template("people/edit_person.html", form=form, person=person)
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/people/<int:person_id>/spelling", methods=["GET", "POST"])
@allows(Act.EDIT_PERSON)
def confirm_spelling(person_id: int) -> ResponseReturnValue:
    """Write down how a passport spells a name."""
    person, form = people.get_person(person_id), SpellingForm()
    if form.validate_on_submit():
        typed = (form.surname.data or "", form.given.data or "")
        if attempt(form, people_english.confirm_spelling, person_id, *typed):
            flash(gettext("Saved."), "success")
            return redirect(url_for(".show_person", person_id=person_id), 303)
        person = people.get_person(person_id)
    if not form.is_submitted():
        form.show(people_english.proposed(person))
    page = render_template("people/confirm_spelling.html", form=form, person=person)
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/employers")
@allows(Act.SEE_PEOPLE)
def list_employers() -> ResponseReturnValue:
    """All employers with their counts."""
    sort, descending = sorting()
    page = people_employers.list_employers(
        _search(), sort, descending, page_number(), _size(), _within()
    )
    counts = people_employers.count_for(page.items)
    return render_template("people/list_employers.html", page=page, counts=counts)


@blueprint.route("/employers/new", methods=["GET", "POST"])
@allows(Act.CREATE_EMPLOYER)
def new_employer() -> ResponseReturnValue:
    """Register an employer."""
    form = EmployerForm()
    if form.validate_on_submit():
        done = attempt(form, people_employers.create_employer, form.typed())
        if done:
            flash(gettext("The employer is registered."), "success")
            return redirect(url_for(".list_employers", q=form.title.data), 303)
    page = render_template("people/edit_employer.html", form=form, employer=None, is_official=True)
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/employers/<int:employer_id>")
@allows(Act.SEE_EMPLOYER)
def show_employer(employer_id: int) -> ResponseReturnValue:
    """One employer, its contact data and entries."""
    holder = require_holder()
    is_own = holder.employer_id == employer_id and holder.has(Role.EMPLOYER)
    within = None if is_own else _within()
    page = entries_lists.list_for_employer(employer_id, within, page_number(), _size())
    employer = people_employers.get_employer(employer_id)
    return render_template(
        "people/show_employer.html",
        employer=employer,
        page=page,
        counts=people_employers.count_for([employer])[employer_id],
    )


@blueprint.route("/employers/<int:employer_id>/edit", methods=["GET", "POST"])
@allows(Act.EDIT_EMPLOYER)
def edit_employer(employer_id: int) -> ResponseReturnValue:
    """Change an employer's data; the employer itself only its contact data."""
    form, is_official = EmployerForm(), access.may(Act.CREATE_EMPLOYER, current_holder())
    employer = people_employers.get_employer(employer_id)
    if form.is_submitted() and not is_official:
        form.title.data, form.uscc.data = employer.title, employer.uscc
    if form.validate_on_submit():
        typed = form.typed()
        if attempt(form, people_employers.edit_employer, employer_id, typed, is_official):
            flash(gettext("Saved."), "success")
            return redirect(url_for(".show_employer", employer_id=employer_id), 303)
    employer = people_employers.get_employer(employer_id)
    if not form.is_submitted():
        form.show(employer)
    page = render_template(
        "people/edit_employer.html", form=form, employer=employer, is_official=is_official
    )
    return page, 422 if form.is_submitted() else 200
