"""Pages of trainings, made for a phone: a day's list with big ticks, tests, notes, attendance."""

from datetime import date
from decimal import Decimal

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.provincial.camp_forms import CampForm, NoteForm, TestForm
from blueprints.provincial.views import blueprint
from blueprints.web import attempt, attempt_button, today, translated
from models.provincial_delegations import ProvincialTest
from rules.acts import Act
from rules.data import plain
from rules.provincial import Presence
from rules.provincial_marks import mean_of, places_of, read_mark
from rules.refusals import Refused
from services import provincial, provincial_camps, provincial_slots


@blueprint.route("/provincial/<int:provincial_contest_id>/camps", methods=["GET", "POST"])
@allows(Act.EDIT_PROVINCIAL)
def list_camps(provincial_contest_id: int) -> ResponseReturnValue:
    """List the trainings of a contest, and open one."""
    form = CampForm()
    if form.validate_on_submit():
        done = attempt(form, provincial_camps.open_camp, provincial_contest_id, form.facts())
        if done:
            return _back(done.id)
    page = render_template(
        "provincial/list_camps.html",
        contest=provincial.get_contest(provincial_contest_id),
        camps=provincial_camps.list_camps(provincial_contest_id),
        form=form,
    )
    return page, 422 if form.is_submitted() else 200


def _back(camp_id: int, anchor: str | None = None) -> ResponseReturnValue:
    return redirect(url_for(".show_camp", provincial_camp_id=camp_id, _anchor=anchor), 303)


@blueprint.get("/provincial-camps/<int:provincial_camp_id>")
@allows(Act.EDIT_PROVINCIAL)
def show_camp(provincial_camp_id: int) -> ResponseReturnValue:
    """Show a training: its days, the table of attendance, tests with marks, notes."""
    return _page(provincial_camp_id, TestForm(), NoteForm())


def _page(camp_id: int, test: TestForm, note: NoteForm) -> str:
    camp = provincial_camps.get_camp(camp_id)
    contest = provincial.get_contest(camp.contest_id)
    people = provincial_camps.attendance_of(camp)
    test.offer(contest.events)
    note.offer(people)
    for form in (test, note):
        if form.day.data is None and not form.is_submitted():
            form.day.data = min(max(today(), camp.starts_on), camp.ends_on)
    tests = [one for one in provincial_camps.list_tests([one.id for one in contest.events])
             if one.camp_id == camp_id]  # fmt: skip
    marks = provincial_camps.marks_of(tests)
    return render_template(
        "provincial/show_camp.html",
        camp=camp,
        contest=contest,
        titles={one.id: one.title for one in contest.events},
        people=people,
        days=provincial_camps.days_of_camp(camp),
        recorded=provincial_camps.recorded_days(camp_id),
        tests=tests,
        marks=marks,
        names={one.slot_id: one.name for one in reversed(people)},
        means={key: mean_of(rows) for key, rows in marks.items()},
        places={key: places_of(rows, 364, 150) for key, rows in marks.items()},
        notes=provincial_camps.list_notes(camp_id),
        test_form=test,
        note_form=note,
    )


@blueprint.route("/provincial-camps/<int:provincial_camp_id>/edit", methods=["GET", "POST"])
@allows(Act.EDIT_PROVINCIAL)
def edit_camp(provincial_camp_id: int) -> ResponseReturnValue:
    """Change a training."""
    camp = provincial_camps.get_camp(provincial_camp_id)
    form = CampForm()
    form.show(camp)
    act = provincial_camps.edit_camp
    if form.validate_on_submit() and attempt(form, act, provincial_camp_id, form.facts()):
        flash(gettext("Saved."), "success")
        return _back(provincial_camp_id)
    page = render_template(
        "provincial/edit_camp.html",
        camp=camp,
        contest=provincial.get_contest(camp.contest_id),
        form=form,
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.route(
    "/provincial-camps/<int:provincial_camp_id>/days/<string:day>", methods=["GET", "POST"]
)
@allows(Act.EDIT_PROVINCIAL)
def tick_day(provincial_camp_id: int, day: str) -> ResponseReturnValue:
    """Tick off who was there on a day."""
    camp = provincial_camps.get_camp(provincial_camp_id)
    days = provincial_camps.days_of_camp(camp)
    chosen = next((one for one in days if one.isoformat() == day), None) or abort(404)
    ticks = provincial_camps.day_list(camp, chosen)
    if request.method == "POST":
        wanted = {one.value: one for one in Presence}
        typed = {one.member_id: request.form.get(f"member_{one.member_id}", "") for one in ticks}
        marks = {key: wanted[value] for key, value in typed.items() if value in wanted}
        if attempt_button(provincial_camps.tick, camp.id, chosen, marks):
            flash(gettext("The list of the day is kept."), "success")
            return _back(camp.id, "attendance")
    page = render_template(
        "provincial/tick_day.html",
        camp=camp,
        contest=provincial.get_contest(camp.contest_id),
        day=chosen,
        days=days,
        is_open=chosen <= today(),
        ticks=ticks,
        presences=list(Presence),
        around=_around(days, chosen),
    )
    return page, 422 if request.method == "POST" else 200


def _around(days: list[date], day: date) -> tuple[date | None, date | None]:
    place = days.index(day)
    return (days[place - 1] if place else None, days[place + 1] if place + 1 < len(days) else None)


@blueprint.post("/provincial-camps/<int:provincial_camp_id>/tests")
@allows(Act.EDIT_PROVINCIAL)
def add_test(provincial_camp_id: int) -> ResponseReturnValue:
    """Add a test."""
    form = TestForm()
    camp = provincial_camps.get_camp(provincial_camp_id)
    form.offer(provincial.get_contest(camp.contest_id).events)
    if form.validate():
        done = attempt(form, provincial_camps.add_test, provincial_camp_id, *form.facts())
        if done:
            return redirect(url_for(".enter_test", provincial_test_id=done.id), 303)
    return _page(provincial_camp_id, form, NoteForm(None)), 422


@blueprint.post("/provincial-camps/<int:provincial_camp_id>/notes")
@allows(Act.EDIT_PROVINCIAL)
def note(provincial_camp_id: int) -> ResponseReturnValue:
    """Write something down."""
    form = NoteForm()
    form.offer(provincial_camps.attendance_of(provincial_camps.get_camp(provincial_camp_id)))
    if form.validate():
        done = attempt(form, provincial_camps.note, provincial_camp_id, *form.facts())
        if done:
            return _back(provincial_camp_id, "notes")
    return _page(provincial_camp_id, TestForm(None), form), 422


@blueprint.route("/provincial-tests/<int:provincial_test_id>", methods=["GET", "POST"])
@allows(Act.EDIT_PROVINCIAL)
def enter_test(provincial_test_id: int) -> ResponseReturnValue:
    """Enter the marks of a test."""
    test = provincial_camps.get_test(provincial_test_id)
    slots = provincial_slots.list_slots([test.event_id], provincial_camps.TRAINED)
    texts = {one.slot_id: "" if one.mark is None else plain(one.mark) for one in test.marks}
    problems: dict[int, str] = {}
    if request.method == "POST":
        texts = {one.id: request.form.get(f"mark_{one.id}", "").strip() for one in slots}
        marks, problems = _marks(test, texts)
        if not problems and attempt_button(provincial_camps.enter_test, test.id, marks):
            flash(gettext("The marks are kept."), "success")
            return _back(test.camp_id, "tests")
    page = render_template(
        "provincial/enter_test.html",
        test=test,
        camp=test.camp,
        contest=provincial.get_contest(test.camp.contest_id),
        slots=slots,
        texts=texts,
        problems=problems,
    )
    return page, 422 if request.method == "POST" else 200


def _marks(
    test: ProvincialTest, texts: dict[int, str]
) -> tuple[dict[int, Decimal | None], dict[int, str]]:
    """Read what was typed; an empty field says that somebody did not take the test."""
    marks: dict[int, Decimal | None] = {}
    problems: dict[int, str] = {}
    for key, text in texts.items():
        try:
            marks[key] = read_mark(text, test.full)
        except Refused as problem:
            problems[key] = translated(problem)
    return marks, problems
