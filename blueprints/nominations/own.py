"""What employers and people see: open calls, own proposals, what is next, the own ladder."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, require_holder
from blueprints.forms import ActForm
from blueprints.nominations.forms import ProposeForm
from blueprints.nominations.views import blueprint
from blueprints.web import attempt, today
from rules.access import Role
from rules.acts import Act
from rules.nomination_dues import next_due
from rules.nominations import CallState, Nominee
from services import (
    nominations,
    nominations_candidates,
    nominations_dues,
    nominations_ladder,
    nominations_lists,
    people,
)


@blueprint.get("/nominations/own")
@allows(Act.SEE_OWN_NOMINATIONS)
def list_own() -> ResponseReturnValue:
    """Show own nominations with what is next and by when, and the own ladder."""
    holder = require_holder()
    employer_id = holder.employer_id if holder.has(Role.EMPLOYER) else None
    person_id = holder.person_id if holder.has(Role.CONTESTANT) else None
    rows = nominations_lists.own_nominations(employer_id) if employer_id is not None else []
    calls = nominations_lists.calls_for_employers(today()) if employer_id is not None else []
    named = nominations_lists.of_person(person_id) if person_id is not None else []
    return render_template(
        "nominations/list_own.html",
        rows=rows,
        named=named,
        dues={one.id: next_due(nominations_dues.fact_of(one)) for one in (*rows, *named)},
        lists={
            one.id: nominations.rules_of(one.call).find(one.list_key) for one in (*rows, *named)
        },
        calls=[(call, nominations.rules_of(call)) for call in calls],
        of_employer=employer_id is not None,
        steps=[] if person_id is None else nominations_ladder.ladder_of(person_id),
    )


@blueprint.route("/nominations/calls/<int:nomination_call_id>/propose", methods=["GET", "POST"])
@allows(Act.PROPOSE_NOMINATION)
def propose(nomination_call_id: int) -> ResponseReturnValue:
    """Propose somebody of the own staff, or the own unit."""
    call = nominations.get_call(nomination_call_id)
    if call.state is not CallState.OPEN:
        abort(404)
    rules, key = nominations.rules_of(call), request.values.get("list", "")
    one = next((each for each in rules.lists if each.key == key), rules.lists[0])
    of_person = one.of is Nominee.PERSON
    form: ActForm = ProposeForm(today()) if of_person else ActForm()
    if form.validate_on_submit():
        person = form.person if isinstance(form, ProposeForm) else None
        act = nominations_candidates.propose
        done = attempt(form, act, nomination_call_id, one.key, person)
        if done:
            flash(gettext("Begun. Complete it, add the papers, then hand it in."), "success")
            return redirect(url_for(".edit_candidate", nomination_id=done.id), 303)
    call = nominations.get_call(nomination_call_id)
    page = render_template(
        "nominations/propose.html", form=form, call=call, one=one, of_person=of_person, rules=rules
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/nominations/ladder/<int:person_id>")
@allows(Act.SEE_NOMINATIONS)
def show_ladder(person_id: int) -> ResponseReturnValue:
    """Show the way up of a person: titles and nominations, rung by rung."""
    return render_template(
        "nominations/show_ladder.html",
        person=people.get_person(person_id),
        steps=nominations_ladder.ladder_of(person_id),
    )
