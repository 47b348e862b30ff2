"""Pages of marking schemes: show, edit parts and criteria, workbooks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.contests.change_words import node_words
from blueprints.contests.checking import kept_aspects
from blueprints.contests.overview import around, event_crumbs
from blueprints.contests.scheme_forms import (
    CriterionForm,
    PartsForm,
    RulesForm,
    WorkbookForm,
    criterion_values,
    parts_values,
    with_usual,
)
from blueprints.contests.taking import file_problems, preview
from blueprints.contests.views import blueprint
from blueprints.contests.wording import say
from blueprints.rows import changed
from blueprints.web import XLSX, attempt, download, translated
from models.contests import Event
from rules.acts import Act
from rules.data import InvalidRules
from rules.refusals import Missing, Refused
from rules.schemes import Scheme, Section
from rules.texts import N_
from services import contests, event_rules, rule_versions
from services.acting import Actor
from services.event_rules import Base
from services.scheme_workbooks import read_scheme, scheme_template, write_scheme
from services.scheme_workbooks_cis import NOT_CIS, read_cis
from services.scheme_workbooks_cis_writing import write_cis
from services.score_files import BadFile
from services.score_schemes import KINDS, LARGEST, read_upload

T = TypeVar("T")
NOTES = (
    N_("One row for each aspect. Leave the code columns as they are; new rows need no codes."),
    N_("The weight of a part stands in its first row; the weights add up to 100."),
    N_("Judgement aspects need a description for each of 0, 1, 2 and 3."),
    N_("Rules that have no column stay as they are where the codes stay."),
)


@blueprint.get("/events/<int:event_id>/scheme")
@allows(Act.SEE_EVENT)
def show_scheme(event_id: int) -> ResponseReturnValue:
    """The whole marking scheme as a tree."""
    event = contests.get_event(event_id)
    scheme = contests.scheme_of(event)
    return render_template(
        "contests/show_scheme.html",
        event=event,
        scheme=scheme,
        words=node_words(scheme),
        why_fixed=_why_fixed(event),
        crumbs=event_crumbs(event),
    )


def _why_fixed(event: Event) -> str:
    """Say why the scheme stands as it is; nothing while it can be changed."""
    why = rule_versions.why_fixed(event)
    return translated(why) if why is not None else ""


@blueprint.route("/events/<int:event_id>/scheme/edit", methods=["GET", "POST"])
@allows(Act.EDIT_CONTEST)
def edit_scheme(event_id: int) -> ResponseReturnValue:
    """Change the parts of a scheme: weights, pass marks, panels."""
    event = contests.get_event(event_id)
    change = request.form.get("change")
    form = _parts_form(event, change)
    if change is None and form.validate_on_submit():
        task = say(N_("Practical task"))
        act = event_rules.edit_parts
        if attempt(form, act, event_id, form.base(), form.frame(), task):
            flash(gettext("The parts are saved."), "success")
            return redirect(url_for(".show_scheme", event_id=event_id), 303)
    page = render_template("contests/edit_scheme.html", form=form, **around(event_id))
    return page, 422 if form.is_submitted() and change is None else 200


def _parts_form(event: Event, change: str | None) -> PartsForm:
    if change is not None:
        return PartsForm(formdata=with_usual(changed(request.form, change)))
    if request.method == "POST":
        return PartsForm()  # only what was typed: rows that are gone must not come back
    return PartsForm(data=parts_values(event, contests.scheme_of(event)))


@blueprint.route("/events/<int:event_id>/scheme/<int:part>/new", methods=["GET", "POST"])
@allows(Act.EDIT_CONTEST)
def new_criterion(event_id: int, part: int) -> ResponseReturnValue:
    """Add a criterion to a part."""
    return _criterion_page(event_id, part, None)


@blueprint.route("/events/<int:event_id>/scheme/<int:part>/<int:number>", methods=["GET", "POST"])
@allows(Act.EDIT_CONTEST)
def edit_criterion(event_id: int, part: int, number: int) -> ResponseReturnValue:
    """Change a criterion and its aspects."""
    return _criterion_page(event_id, part, number)


def _nth(things: Sequence[T], number: int) -> T:
    """Return the n-th of a scheme's parts or criteria; keys may hold what no address can."""
    if not 1 <= number <= len(things):
        raise Missing(number)
    return things[number - 1]


def _criterion_page(event_id: int, place: int, number: int | None) -> ResponseReturnValue:
    event = contests.get_event(event_id)
    part = _nth(contests.scheme_of(event).parts, place)
    criterion = None if number is None else _nth(part.sections, number)
    form = _criterion_form(event, criterion)
    if "change" not in request.form and form.validate_on_submit():
        key, title = criterion.key if criterion else None, form.title.data or ""
        act = event_rules.edit_criterion
        if attempt(form, act, event_id, form.base(), part.key, key, title, form.rows()):
            flash(gettext("The criterion is saved."), "success")
            return redirect(url_for(".show_scheme", event_id=event_id), 303)
    check_url = url_for(".check_criterion", event_id=event_id, part=place, number=number or 0)
    page = render_template(
        "contests/edit_criterion.html",
        form=form,
        part=part,
        criterion=criterion,
        kept=kept_aspects(contests.scheme_of(event), criterion),
        check_url=check_url,
        **around(event_id),
    )
    return page, 422 if form.is_submitted() and "change" not in request.form else 200


def _criterion_form(event: Event, criterion: Section | None) -> CriterionForm:
    change = request.form.get("change")
    if change is not None:
        return CriterionForm(formdata=changed(request.form, change))
    if request.method == "POST":
        return CriterionForm()
    return CriterionForm(data=criterion_values(event, criterion))


@blueprint.post("/events/<int:event_id>/scheme/<int:part>/<int:number>/remove")
@allows(Act.EDIT_CONTEST)
def remove_criterion(event_id: int, part: int, number: int) -> ResponseReturnValue:
    """Take a criterion out of a scheme."""
    there = _nth(contests.scheme_of(contests.get_event(event_id)).parts, part)
    key = _nth(there.sections, number).key
    form = RulesForm()
    valid = form.validate_on_submit()
    act = event_rules.remove_criterion
    if valid and attempt(form, act, event_id, form.base(), there.key, key):
        flash(gettext("The criterion is removed."), "success")
    for messages in form.errors.values():
        for message in messages:
            flash(message, "danger")
    return redirect(url_for(".show_scheme", event_id=event_id), 303)


@dataclass(frozen=True)
class Read:
    """What an uploaded workbook holds: a whole scheme, or the criteria of one part."""

    scheme: Scheme | None = None
    criteria: tuple[Section, ...] = ()
    warnings: tuple[Refused, ...] = ()
    problems: tuple[Refused, ...] = ()


@blueprint.route("/events/<int:event_id>/scheme/upload", methods=["GET", "POST"])
@allows(Act.EDIT_CONTEST)
def upload_scheme(event_id: int) -> ResponseReturnValue:
    """Take over a marking scheme from a workbook."""
    event = contests.get_event(event_id)
    form = WorkbookForm(data={"version": event.version})
    form.offer(contests.scheme_of(event))
    problems: list[str] = []
    if form.validate_on_submit() and _is_scheme_file(form):
        try:
            return _preview_file(event_id, form)
        except BadFile as bad:
            problems = file_problems(bad)
    elif form.validate_on_submit():
        read = _read(form, contests.scheme_of(event))
        problems = [translated(problem) for problem in read.problems]
        if not problems and attempt(form, _keep, event_id, form, read):
            return _after_upload(event_id, read)
    page = render_template(
        "contests/upload_scheme.html", form=form, problems=problems, **around(event_id)
    )
    return page, 422 if form.is_submitted() else 200


def _is_scheme_file(form: WorkbookForm) -> bool:
    name = form.workbook.data.filename or ""
    return name.lower().endswith(KINDS)


def _preview_file(event_id: int, form: WorkbookForm) -> ResponseReturnValue:
    """Read a scheme file; it is taken over only after a look at what it changes."""
    file = form.workbook.data
    rules = read_upload(file.read(LARGEST + 1), file.filename or "")
    return preview(event_id, rules, file.filename or "")


def _read(form: WorkbookForm, present: Scheme) -> Read:
    data = form.workbook.data.read()
    name = form.workbook.data.filename or ""
    cis = read_cis(data)
    if not any(problem.message == NOT_CIS for problem in cis.problems) and name.endswith(".xlsx"):
        return Read(criteria=cis.criteria, warnings=cis.warnings, problems=cis.problems)
    own = read_scheme(data, name, present.title, present)
    if own.scheme is None:
        return Read(problems=own.problems)
    try:
        return Read(scheme=event_rules.aligned(own.scheme, present))
    except InvalidRules as invalid:
        return Read(problems=invalid.problems)


def _keep(by: Actor, event_id: int, form: WorkbookForm, read: Read) -> int:
    base: Base = form.base()
    if read.scheme is not None:
        return event_rules.replace_scheme(by, event_id, base, read.scheme)
    return event_rules.replace_criteria(by, event_id, base, form.part.data, read.criteria)


def _after_upload(event_id: int, read: Read) -> ResponseReturnValue:
    """Go on to the scheme; warnings are shown first, on a page of their own."""
    if not read.warnings:
        flash(gettext("The scheme is taken over. Check panels and pass marks."), "success")
        return redirect(url_for(".show_scheme", event_id=event_id), 303)
    warnings = [translated(warning) for warning in read.warnings]
    scheme = contests.scheme_of(contests.get_event(event_id))
    return render_template(
        "contests/scheme_read.html", warnings=warnings, scheme=scheme, **around(event_id)
    )


@blueprint.get("/events/<int:event_id>/scheme.xlsx")
@allows(Act.SEE_EVENT)
def download_scheme(event_id: int) -> ResponseReturnValue:
    """The present scheme as a workbook that can be changed and taken back."""
    event = contests.get_event(event_id)
    try:
        data = write_scheme(contests.scheme_of(event), tuple(gettext(note) for note in NOTES))
    except Refused as refused:
        flash(translated(refused), "danger")
        return redirect(url_for(".show_scheme", event_id=event_id), 303)
    return download(data, f"{event.contest.code}-{event.code}-scheme.xlsx", XLSX)


@blueprint.get("/events/<int:event_id>/scheme/<int:part>/cis.xlsx")
@allows(Act.SEE_EVENT)
def download_cis(event_id: int, part: int) -> ResponseReturnValue:
    """One part of the present scheme in the workbook layout of CIS."""
    event = contests.get_event(event_id)
    there = _nth(contests.scheme_of(event).parts, part)
    try:
        data = write_cis(there, f"{event.code} {event.title}")
    except InvalidRules as invalid:
        for problem in invalid.problems:
            flash(translated(problem), "danger")
        return redirect(url_for(".show_scheme", event_id=event_id), 303)
    return download(data, f"{event.contest.code}-{event.code}-cis-{part}.xlsx", XLSX)


@blueprint.get("/schemes/template.xlsx")
@allows(Act.EDIT_CONTEST)
def download_template() -> ResponseReturnValue:
    """The empty workbook in which a scheme is typed."""
    data = scheme_template(tuple(gettext(note) for note in NOTES))
    return download(data, "scheme-template.xlsx", XLSX)
