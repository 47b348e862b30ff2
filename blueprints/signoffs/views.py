"""The chain of signatures: where it stands, confirm, send back, name the heads of groups."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, current_holder, require_holder
from blueprints.labels import label
from blueprints.signoffs.forms import ReturnForm
from blueprints.web import attempt, attempt_button, contest_crumbs, may_at, translated
from models.contests import Event
from rules import access
from rules.access import Place, Role
from rules.acts import Act
from rules.refusals import Missing
from rules.seats import titles_of
from rules.signoffs import Chain, LinkState, Step
from services import contests, signoffs, signoffs_blockers, signoffs_printouts
from services.signoffs_blockers import ChainView

blueprint = Blueprint("signoffs", __name__)
_STATES = {LinkState.DONE: "done", LinkState.CURRENT: "current", LinkState.WAITING: "todo"}


def crumbs_of(event: Event) -> list[tuple[str, str]]:
    """Return the way back from a page of an event, for those who may go it."""
    crumbs = contest_crumbs(event.contest)
    if may_at("see_event", event.contest_id, event.id):
        crumbs.append((event.title, url_for("contests.show_event", event_id=event.id)))
    return crumbs


def below(event: Event) -> list[tuple[str, str]]:
    """Return the way back from a page below the chain."""
    return [*crumbs_of(event), (gettext("Sign-off"), url_for(".show", event_id=event.id))]


def event_for_reader(event_id: int) -> Event:
    """Return an event; for a judge only one in which he has a seat."""
    event = contests.get_event(event_id)
    holder = require_holder()
    place = Place(contest_id=event.contest_id, event_id=event.id)
    officials = access.roles_of(Act.SEE_SIGNOFF) - {Role.JUDGE}
    official = any(g.role in officials and access.covers(g, place) for g in holder.grants)
    if not official and not signoffs.has_seat(event_id, holder.account_id):
        raise Missing(event_id)
    return event


@blueprint.get("/sign-off")
@allows(Act.SIGN_OFF)
def list_own() -> ResponseReturnValue:
    """The events whose marks are signed step by step, and what waits in each."""
    return render_template("signoffs/list_own.html", lines=signoffs.list_open(require_holder()))


@blueprint.get("/events/<int:event_id>/signoff")
@allows(Act.SEE_SIGNOFF)
def show(event_id: int) -> ResponseReturnValue:
    """Where the chain stands, what keeps it open, and whom it waits for."""
    event = event_for_reader(event_id)
    view = signoffs_blockers.get_chain(event)
    holder = current_holder()
    own = [] if holder is None else signoffs.list_own_links(holder, event, view.chain)
    return render_template(
        "signoffs/show.html",
        event=event,
        view=view,
        steps=_steps(view),
        blockers=[(translated(one.text), one) for one in view.blockers],
        own=own,
        titles=titles_of(event.scheme),
        before={link.step: label(_before(view.chain, link.step)) for link in own},
        has_steps=len(view.chain.steps) > 2,
        crumbs=crumbs_of(event),
    )


def _before(chain: Chain, step: Step) -> Step:
    return chain.steps[chain.steps.index(step) - 1]


def _steps(view: ChainView) -> list[dict[str, Any]]:
    """Draw the chain: the current steps, the ones done with name and time."""
    items = []
    current = view.chain.next_step()
    for step in view.chain.steps:
        links = view.chain.of(step)
        done = bool(links) and all(link.done for link in links)
        state = "done" if done else "current" if step is current else "todo"
        items.append({"title": label(step), "state": state, "note": _note(view, step)})
    return items


def _note(view: ChainView, step: Step) -> str | None:
    links = view.chain.of(step)
    signed = [link.signing for link in links if link.signing is not None]
    if len(links) > 1:
        done = sum(link.done for link in links)
        return str(gettext("%(done)s of %(all)s", done=done, all=len(links)))
    return view.names.get(signed[0].account_id) if signed else None


@blueprint.post("/events/<int:event_id>/signoff/confirm")
@allows(Act.SIGN_OFF)
def confirm(event_id: int) -> ResponseReturnValue:
    """Confirm a step for the marks that the page showed."""
    step, part = _step(request.form.get("step", "")), request.form.get("part", "")[:40]
    digest = request.form.get("digest", "")[:64]
    if attempt_button(signoffs.confirm_step, event_id, step, part, digest):
        flash(gettext("Your confirmation is recorded."), "success")
    return redirect(url_for(".show", event_id=event_id), 303)


def _step(text: str) -> Step:
    try:
        return Step(text)
    except ValueError:
        raise Missing(text) from None


@blueprint.route("/events/<int:event_id>/signoff/<step>/back", methods=["GET", "POST"])
@allows(Act.SIGN_OFF)
def send_back(event_id: int, step: str) -> ResponseReturnValue:
    """Send a step back with a reason."""
    event = event_for_reader(event_id)
    wanted, form = _step(step), ReturnForm()
    part = request.values.get("of", "")[:40]
    found = signoffs.read_chain(event)
    form.offer(*signoffs_printouts.choices_before(event, found, wanted, part))
    if form.validate_on_submit() and attempt(
        form, signoffs.send_back, event_id, wanted, part, form.wanted()
    ):
        flash(gettext("It is sent back."), "success")
        return redirect(url_for(".show", event_id=event_id), 303)
    page = render_template(
        "signoffs/send_back.html",
        form=form,
        event=event,
        step=wanted,
        part=part,
        before=_before(found, wanted) if wanted in found.steps[1:] else wanted,
        crumbs=below(event),
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/seats/<int:seat_id>/leader")
@allows(Act.NAME_LEADER)
def name_leader(seat_id: int) -> ResponseReturnValue:
    """Name the head of a group."""
    done = attempt_button(signoffs.name_leader, seat_id)
    if done is not None:
        flash(gettext("The head of the group is named."), "success")
    return redirect(url_for(".show", event_id=signoffs.event_of_seat(seat_id)), 303)


@blueprint.get("/events/<int:event_id>/signoff/printout")
@allows(Act.SIGN_OFF)
def printout(event_id: int) -> ResponseReturnValue:
    """All marks by work code, to be compared with the paper: for those who sign for them."""
    event = event_for_reader(event_id)
    place = Place(contest_id=event.contest_id, event_id=event.id)
    holder = require_holder()
    officials = {Role.CHIEF_JUDGE, Role.SUPERVISOR, Role.ENTRY_CLERK}
    all_parts = any(g.role in officials and access.covers(g, place) for g in holder.grants)
    view = signoffs_printouts.get_printout(event, None if all_parts else holder.account_id)
    return render_template("signoffs/printout.html", event=event, view=view, crumbs=below(event))
