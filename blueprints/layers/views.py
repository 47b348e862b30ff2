"""The layers of an event: closed list, envelopes, sealing, and the reset."""

import base64

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, current_holder
from blueprints.labels import label
from blueprints.layers.forms import BeginForm, ResetForm, SealForm
from blueprints.web import acting, attempt, contest_crumbs, today
from models.contests import Event
from rules import access
from rules.access import Place
from rules.acts import Act
from services import contests, layers, layers_keys, layers_lists, layers_papers
from services.layers_papers import Handout

blueprint = Blueprint("layers", __name__)


def crumbs_of(event: Event, inner: bool = True) -> list[tuple[str, str]]:
    """Return the way back from a page of an event's codes, for those who may go it."""
    crumbs = contest_crumbs(event.contest)
    place = Place(event.contest_id, event.id)
    if access.allowed(Act.SEE_EVENT, current_holder(), place):
        crumbs.append((event.title, url_for("contests.show_event", event_id=event.id)))
    if inner:
        crumbs.append((gettext("Sealed codes"), url_for(".show_codes", event_id=event.id)))
    return crumbs


@blueprint.route("/events/<int:event_id>/codes", methods=["GET"])
@allows(Act.SEE_CODES)
def show_codes(event_id: int) -> ResponseReturnValue:
    """The envelopes of an event, and what comes next."""
    return _codes_page(event_id, BeginForm())


@blueprint.route("/events/<int:event_id>/codes/list", methods=["GET", "POST"])
@allows(Act.DRAW)
def begin_sealing(event_id: int) -> ResponseReturnValue:
    """Close the list of entries; the sealers begin."""
    form = BeginForm()
    if not form.is_submitted():  # a refused page that is loaded again
        return redirect(url_for(".show_codes", event_id=event_id), 303)
    if form.validate() and attempt(form, layers.begin_sealing, event_id, bool(form.early.data)):
        flash(gettext("The list is closed. The first sealer can begin."), "success")
        return redirect(url_for(".show_codes", event_id=event_id), 303)
    return _codes_page(event_id, form), 422


def _codes_page(event_id: int, form: BeginForm) -> str:
    codes = layers_lists.get_codes(event_id, acting())
    event = codes.event
    return render_template(
        "layers/show_codes.html",
        codes=codes,
        event=event,
        form=form,
        early=today() <= event.contest.entry_closes_on,
        decoded=layers_lists.list_decoded(event_id) if codes.step.value == "known" else [],
        has_key=layers_keys.find_key(acting().account_id) is not None,
        crumbs=crumbs_of(event, inner=False),
    )


@blueprint.route("/events/<int:event_id>/codes/seal", methods=["GET", "POST"])
@allows(Act.SEAL_LAYER)
def seal(event_id: int) -> ResponseReturnValue:
    """Draw and seal the next layer; its list is shown in the answer, this once."""
    event = contests.get_event(event_id)
    form = SealForm()
    form.offer(layers.list_escrow_keys(event, acting().account_id))
    if form.validate_on_submit():
        escrow = form.escrow.data or None
        done = attempt(form, layers_papers.seal_next, event_id, form.passphrase.data or "", escrow)
        if done is not None:
            return _handed_out(event_id, done.value)
    codes = layers_lists.get_codes(event_id, acting())
    page = render_template(
        "layers/seal.html",
        form=form,
        codes=codes,
        event=codes.event,
        has_key=layers_keys.find_key(acting().account_id) is not None,
        crumbs=crumbs_of(codes.event),
    )
    return page, 422 if form.is_submitted() else 200


def _handed_out(event_id: int, made: object) -> ResponseReturnValue:
    """Answer with the list itself: it is stored nowhere, so no other page could show it."""
    if not isinstance(made, Handout):
        flash(gettext("This layer is sealed already; its list was shown then."), "warning")
        return redirect(url_for(".show_codes", event_id=event_id), 303)
    event = contests.get_event(event_id)
    page = make_response(
        render_template(
            "layers/handout.html",
            handout=made,
            event=event,
            kind=label(made.kind),
            file=base64.b64encode(made.pdf).decode(),
            crumbs=crumbs_of(event),
        )
    )
    page.headers["Cache-Control"] = "no-store"
    return page


@blueprint.route("/events/<int:event_id>/codes/reset", methods=["GET", "POST"])
@allows(Act.RESET_CODES)
def reset(event_id: int) -> ResponseReturnValue:
    """Throw all layers away, with the reason."""
    event = contests.get_event(event_id)
    form = ResetForm()
    if form.validate_on_submit() and attempt(
        form, layers.reset_sealing, event_id, form.reason.data or ""
    ):
        flash(gettext("All layers are thrown away. What was handed out is void."), "success")
        return redirect(url_for(".show_codes", event_id=event_id), 303)
    page = render_template(
        "layers/reset.html",
        form=form,
        event=contests.get_event(event.id),
        crumbs=crumbs_of(event),
    )
    return page, 422 if form.is_submitted() else 200
