"""Check-in at the door: scan, type or choose, and a large answer."""

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.halls.forms import CheckInForm, PhotoForm
from blueprints.halls.views import blueprint, hall_crumbs
from blueprints.web import attempt, now, translated
from rules.acts import Act
from rules.refusals import Missing, Refused
from services import arrivals, contests, halls, passes
from services.arrivals import Candidate


@dataclass(frozen=True)
class Answer:
    """What is said large after a scan: good or bad, why, and of whom."""

    is_good: bool
    text: str
    person: Candidate | None = None
    asks_reason: bool = False


@blueprint.get("/events/<int:event_id>/hall/check-in")
@allows(Act.RUN_HALL)
def show_door(event_id: int) -> ResponseReturnValue:
    """The door: one box to scan or type into."""
    person = arrivals.find_arrival(event_id, request.args.get("arrival", 0, type=int))
    answer = None if person is None else Answer(True, gettext("Welcome. Checked in."), person)
    return _door(event_id, CheckInForm(), answer)


@blueprint.post("/events/<int:event_id>/hall/check-in")
@allows(Act.RUN_HALL)
def check_in(event_id: int) -> ResponseReturnValue:
    """Let somebody in, or say why not."""
    form = CheckInForm()
    if not form.validate():
        return _door(event_id, form, Answer(False, gettext("Nobody fits this."))), 422
    return _answer(event_id, form, form.typed.data or "")


@blueprint.route("/events/<int:event_id>/hall/check-in/photo", methods=["GET", "POST"])
@allows(Act.RUN_HALL)
def check_in_photo(event_id: int) -> ResponseReturnValue:
    """Read the code on a photo of a pass."""
    if request.method != "POST":  # a refused page that is loaded again
        return redirect(url_for(".show_door", event_id=event_id), 303)
    photo, form = PhotoForm(), CheckInForm(formdata=None)
    try:
        if not photo.validate():
            raise Refused(passes.NO_PHOTO)
        text = passes.read_code(photo.photo.data.stream.read(passes.LARGEST_PHOTO + 1))
    except Refused as refused:
        return _door(event_id, form, Answer(False, translated(refused))), 422
    return _answer(event_id, form, text)


def _answer(event_id: int, form: CheckInForm, typed: str) -> ResponseReturnValue:
    """Check in the only one who is meant by pass or number; otherwise let staff choose."""
    chosen = form.chosen
    if chosen is not None:
        found = [one for one in _named(event_id, form) if (one.entry_id, one.person_id) == chosen]
    else:
        found = arrivals.look_up(event_id, typed, now())
    if not found:
        return _door(event_id, form, Answer(False, gettext("Nobody fits this."))), 422
    if len(found) == 1 and (chosen or found[0].token or _is_number(found[0], typed)):
        return _let_in(event_id, form, found[0])
    return _door(event_id, form, None, found), 200


def _named(event_id: int, form: CheckInForm) -> list[Candidate]:
    """Look up again who was chosen from the list, by the pass or number it was found by."""
    return arrivals.look_up(event_id, form.token.data or form.typed.data or "", now())


def _is_number(person: Candidate, typed: str) -> bool:
    return typed.strip().upper() == person.number.upper()


def _let_in(event_id: int, form: CheckInForm, person: Candidate) -> ResponseReturnValue:
    reason = form.late_reason.data or ""
    if person.problem is not None and not (person.problem.field == "late_reason" and reason):
        return _refused(event_id, form, person, person.problem)
    done = attempt(
        form, arrivals.check_in, event_id, person.entry_id, person.person_id, person.token, reason
    )
    if done is None:
        text = " ".join([*form.form_errors, *(str(one) for one in form.typed.errors)])
        return _door(event_id, form, Answer(False, text, person)), 422
    return redirect(url_for(".show_door", event_id=event_id, arrival=done.id), 303)


def _refused(
    event_id: int, form: CheckInForm, person: Candidate, problem: Refused
) -> ResponseReturnValue:
    asks = problem.field == "late_reason"
    return _door(event_id, form, Answer(False, translated(problem), person, asks)), 422


def _door(
    event_id: int, form: CheckInForm, answer: Answer | None, found: list[Candidate] | None = None
) -> str:
    event = contests.get_event(event_id)
    if event.state not in halls.OPEN_STATES and request.method == "POST":
        raise Missing(event_id)
    came, expected = arrivals.count_arrivals(event_id)
    return render_template(
        "halls/door.html",
        event=event,
        form=form,
        photo=PhotoForm(formdata=None),
        answer=answer,
        found=found or [],
        problems=[translated(one.problem) if one.problem else "" for one in found or []],
        typed=form.typed.data or "",
        came=came,
        expected=expected,
        latest=arrivals.list_arrivals(event_id),
        open=event.state in halls.OPEN_STATES,
        crumbs=hall_crumbs(event),
    )
