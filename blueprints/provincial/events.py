"""Pages of one event: candidates, training, and the decision who goes."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.provincial.forms import (
    CandidateForm,
    EventForm,
    LinkForm,
    ReasonForm,
    numbers_in,
)
from blueprints.provincial.views import back_to, blueprint
from blueprints.web import attempt, attempt_button, today, translated
from rules.acts import Act
from rules.provincial import Naming, SlotState
from rules.refusals import Refused
from rules.texts import N_
from services import people, provincial, provincial_camps, provincial_namings, provincial_slots
from services.provincial_slots import ByHand

STATES = (SlotState.NAMED, SlotState.RESERVE, SlotState.RELEASED)


@blueprint.get("/provincial-events/<int:provincial_event_id>")
@allows(Act.SEE_PROVINCIAL)
def show_event(provincial_event_id: int) -> ResponseReturnValue:
    """Show an event: who is on the way, how they trained, what was decided."""
    return _page(provincial_event_id, LinkForm(), CandidateForm(), ReasonForm())


def _page(event_id: int, link: LinkForm, candidate: CandidateForm, naming: ReasonForm) -> str:
    event = provincial.get_event(event_id)
    link.offer(provincial.list_selecting())
    candidate.offer()
    slots = provincial_slots.list_slots([event_id])
    tests = provincial_camps.list_tests([event_id])
    return render_template(
        "provincial/show_event.html",
        event=event,
        slots=slots,
        days=provincial_camps.days_of([one.id for one in slots]),
        needed=provincial.rules_of(event.contest).training_days,
        tests=tests,
        marks=provincial_camps.marks_of(tests),
        namings=provincial_namings.list_namings(event_id),
        link_form=link,
        candidate_form=candidate,
        naming_form=naming,
        states=STATES,
        decidable=provincial_namings.DECIDABLE,
    )


def back_to_event(event_id: int) -> ResponseReturnValue:
    """Return to the page of an event."""
    return redirect(url_for(".show_event", provincial_event_id=event_id), 303)


@blueprint.route("/provincial-events/<int:provincial_event_id>/edit", methods=["GET", "POST"])
@allows(Act.EDIT_PROVINCIAL)
def edit_event(provincial_event_id: int) -> ResponseReturnValue:
    """Change an event; after the form was sent only what the contest itself tells."""
    event = provincial.get_event(provincial_event_id)
    form = EventForm()
    form.offer()
    if not form.is_submitted():
        form.show(event)
    elif form.validate() and attempt(form, provincial.edit_event, event.id, form.facts()):
        flash(gettext("Saved."), "success")
        return back_to_event(provincial_event_id)
    page = render_template("provincial/edit_event.html", event=event, form=form)
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/provincial-events/<int:provincial_event_id>/remove")
@allows(Act.EDIT_PROVINCIAL)
def remove_event(provincial_event_id: int) -> ResponseReturnValue:
    """Remove an event for which nobody is a candidate."""
    done = attempt_button(provincial.remove_event, provincial_event_id)
    return back_to(done.id) if done else back_to_event(provincial_event_id)


@blueprint.post("/provincial-events/<int:provincial_event_id>/links")
@allows(Act.EDIT_PROVINCIAL)
def link(provincial_event_id: int) -> ResponseReturnValue:
    """Name a contest of the city that selects for an event."""
    form = LinkForm()
    form.offer(provincial.list_selecting())
    if form.validate():
        facts = (form.selecting_id.data, form.division.data or "", form.top.data or 3)
        if attempt(form, provincial.link, provincial_event_id, *facts):
            return back_to_event(provincial_event_id)
    return _page(provincial_event_id, form, CandidateForm(None), ReasonForm(None)), 422


@blueprint.post("/provincial-links/<int:provincial_link_id>/remove")
@allows(Act.EDIT_PROVINCIAL)
def unlink(provincial_link_id: int) -> ResponseReturnValue:
    """Take a link away; the candidates stay."""
    event_id = provincial.get_link(provincial_link_id).event_id
    attempt_button(provincial.unlink, provincial_link_id)
    return back_to_event(event_id)


@blueprint.post("/provincial-events/<int:provincial_event_id>/candidates")
@allows(Act.EDIT_PROVINCIAL)
def add_candidate(provincial_event_id: int) -> ResponseReturnValue:
    """Add candidates by hand."""
    form = CandidateForm()
    form.offer()
    if form.validate() and _added(provincial_event_id, form):
        return back_to_event(provincial_event_id)
    return _page(provincial_event_id, LinkForm(None), form, ReasonForm(None)), 422


def _added(event_id: int, form: CandidateForm) -> bool:
    members = known_people(form, "id_numbers")
    coaches = known_people(form, "coach_numbers")
    if members is None or coaches is None:
        return False
    first = people.get_person(members[0]) if members else None
    wish = ByHand(
        members,
        provincial_slots.status_of(form.status.data or ""),
        form.of_company.data == "yes",
        form.reason.data or "",
        None if first is None else first.employer_id,
        coaches,
    )
    return attempt(form, provincial_slots.add_candidate, event_id, wish) is not None


def known_people(form: CandidateForm, name: str) -> list[int] | None:
    """Return the people whose identity numbers were typed in a field; None with its error."""
    try:
        found = [people.find_person(one) for one in numbers_in(form[name].data, today())]
    except Refused as problem:
        form.refuse(translated(problem), name)
        return None
    known = [one.id for one in found if one is not None]
    if len(known) < len(found):
        text = N_("Nobody with this identity number is known.")
        form.refuse(translated(Refused(text)), name)
        return None
    return known


@blueprint.post("/provincial-events/<int:provincial_event_id>/take")
@allows(Act.EDIT_PROVINCIAL)
def take_candidates(provincial_event_id: int) -> ResponseReturnValue:
    """Take the best of the linked contests."""
    attempt_button(provincial_slots.take_candidates, provincial_event_id)
    return back_to_event(provincial_event_id)


@blueprint.post("/provincial-events/<int:provincial_event_id>/training")
@allows(Act.EDIT_PROVINCIAL)
def begin_training(provincial_event_id: int) -> ResponseReturnValue:
    """Send all candidates into training."""
    attempt_button(provincial_slots.begin_training, provincial_event_id)
    return back_to_event(provincial_event_id)


@blueprint.post("/provincial-events/<int:provincial_event_id>/namings")
@allows(Act.EDIT_PROVINCIAL)
def propose_naming(provincial_event_id: int) -> ResponseReturnValue:
    """Propose who goes."""
    form = ReasonForm()
    if form.validate():
        lines = _lines(provincial_event_id)
        reason = form.reason.data or ""
        done = attempt(
            form, provincial_namings.propose_naming, provincial_event_id, lines, reason=reason
        )
        if done:
            return back_to_event(provincial_event_id)
    return _page(provincial_event_id, LinkForm(None), CandidateForm(None), form), 422


def _lines(event_id: int) -> list[Naming]:
    """Read what was chosen for each candidate; reserves have the order that was typed."""
    found: list[Naming] = []
    wanted = {one.value: one for one in STATES}
    for slot in provincial_slots.list_slots([event_id], provincial_namings.DECIDABLE):
        state = wanted.get(request.form.get(f"slot_{slot.id}", ""))
        if state is not None:
            reserves = sum(one.state is SlotState.RESERVE for one in found)
            typed = request.form.get(f"order_{slot.id}", "").strip()[:3]
            order = int(typed) if typed.isdecimal() and int(typed) else reserves + 1
            found.append(Naming(slot.id, state, order if state is SlotState.RESERVE else 0))
    return found


@blueprint.post("/provincial-namings/<int:provincial_naming_id>/agree")
@allows(Act.DECIDE_PROVINCIAL)
def agree_naming(provincial_naming_id: int) -> ResponseReturnValue:
    """Agree as a second person."""
    attempt_button(provincial_namings.agree_naming, provincial_naming_id)
    return back_to_event(provincial_namings.get_naming(provincial_naming_id).event_id)


@blueprint.post("/provincial-namings/<int:provincial_naming_id>/decline")
@allows(Act.DECIDE_PROVINCIAL)
def decline_naming(provincial_naming_id: int) -> ResponseReturnValue:
    """Send a proposed decision back, with the reason."""
    reason = request.form.get("reason", "").strip()
    attempt_button(provincial_namings.decline_naming, provincial_naming_id, reason=reason)
    return back_to_event(provincial_namings.get_naming(provincial_naming_id).event_id)
