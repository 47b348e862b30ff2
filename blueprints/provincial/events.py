"""Pages of one event: candidates, training, and the decision who goes."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.access import allows
from blueprints.provincial.forms import CandidateForm, LinkForm, ReasonForm
from blueprints.provincial.views import blueprint
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
    return render_template(
        "provincial/show_event.html",
        event=event,
        slots=slots,
        days=provincial_camps.days_of([one.id for one in slots]),
        tests=provincial_camps.list_tests([event_id]),
        namings=provincial_namings.list_namings(event_id),
        link_form=link,
        candidate_form=candidate,
        naming_form=naming,
        states=STATES,
        decidable=provincial_namings.DECIDABLE,
    )


def _back(event_id: int) -> ResponseReturnValue:
    return redirect(url_for(".show_event", provincial_event_id=event_id), 303)


@blueprint.post("/provincial-events/<int:provincial_event_id>/links")
@allows(Act.EDIT_PROVINCIAL)
def link(provincial_event_id: int) -> ResponseReturnValue:
    """Name a contest of the city that selects for an event."""
    form = LinkForm()
    form.offer(provincial.list_selecting())
    if form.validate():
        facts = (form.selecting_id.data, form.division.data or "", form.top.data or 3)
        if attempt(form, provincial.link, provincial_event_id, *facts):
            return _back(provincial_event_id)
    return _page(provincial_event_id, form, CandidateForm(None), ReasonForm(None)), 422


@blueprint.post("/provincial-events/<int:provincial_event_id>/candidates")
@allows(Act.EDIT_PROVINCIAL)
def add_candidate(provincial_event_id: int) -> ResponseReturnValue:
    """Add candidates by hand."""
    form = CandidateForm()
    form.offer()
    if form.validate() and _added(provincial_event_id, form):
        return _back(provincial_event_id)
    return _page(provincial_event_id, LinkForm(None), form, ReasonForm(None)), 422


def _added(event_id: int, form: CandidateForm) -> bool:
    try:
        found = [people.find_person(one) for one in form.numbers(today())]
    except Refused as problem:
        form.refuse(translated(problem), "id_numbers")
        return False
    known = [one for one in found if one is not None]
    if len(known) < len(found):
        text = N_("Nobody with this identity number is known.")
        form.refuse(translated(Refused(text)), "id_numbers")
        return False
    wish = ByHand(
        [one.id for one in known],
        provincial_slots.status_of(form.status.data or ""),
        form.of_company.data == "yes",
        form.reason.data or "",
        known[0].employer_id,
    )
    return attempt(form, provincial_slots.add_candidate, event_id, wish) is not None


@blueprint.post("/provincial-events/<int:provincial_event_id>/take")
@allows(Act.EDIT_PROVINCIAL)
def take_candidates(provincial_event_id: int) -> ResponseReturnValue:
    """Take the best of the linked contests."""
    attempt_button(provincial_slots.take_candidates, provincial_event_id)
    return _back(provincial_event_id)


@blueprint.post("/provincial-events/<int:provincial_event_id>/training")
@allows(Act.EDIT_PROVINCIAL)
def begin_training(provincial_event_id: int) -> ResponseReturnValue:
    """Send all candidates into training."""
    attempt_button(provincial_slots.begin_training, provincial_event_id)
    return _back(provincial_event_id)


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
            return _back(provincial_event_id)
    return _page(provincial_event_id, LinkForm(None), CandidateForm(None), form), 422


def _lines(event_id: int) -> list[Naming]:
    """Read what was chosen for each candidate; reserves stand in the order of the list."""
    found: list[Naming] = []
    wanted = {one.value: one for one in STATES}
    for slot in provincial_slots.list_slots([event_id], provincial_namings.DECIDABLE):
        state = wanted.get(request.form.get(f"slot_{slot.id}", ""))
        if state is not None:
            reserves = sum(one.state is SlotState.RESERVE for one in found)
            order = reserves + 1 if state is SlotState.RESERVE else 0
            found.append(Naming(slot.id, state, order))
    return found


@blueprint.post("/provincial-namings/<int:provincial_naming_id>/agree")
@allows(Act.DECIDE_PROVINCIAL)
def agree_naming(provincial_naming_id: int) -> ResponseReturnValue:
    """Agree as a second person."""
    attempt_button(provincial_namings.agree_naming, provincial_naming_id)
    return _back(provincial_namings.get_naming(provincial_naming_id).event_id)
