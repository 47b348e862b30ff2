"""Whom the registers suggest for a list; search among people and employers; naming one of them."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.forms import ActForm
from blueprints.nominations.views import blueprint
from blueprints.web import attempt, page_number, translated
from rules.acts import Act
from rules.nominations import Nominee
from services import nominations, nominations_candidates, nominations_lists
from services.nominations_lists import SUGGESTED


@blueprint.get("/nominations/calls/<int:nomination_call_id>/suggestions")
@allows(Act.SEE_NOMINATIONS)
def suggest(nomination_call_id: int) -> ResponseReturnValue:
    """List whom the registers suggest for a list, or what a search finds."""
    return _page(nomination_call_id, request.args.get("list", ""), None)


def _page(key: int, list_key: str, form: ActForm | None) -> str:
    call = nominations.get_call(key)
    rules = nominations.rules_of(call)
    one = next((each for each in rules.lists if each.key == list_key), rules.lists[0])
    q = request.values.get("q", "").strip()[:60]
    found = nominations_lists.suggestions(call, one.key, page_number())
    return render_template(
        "nominations/suggest.html",
        call=call,
        rules=rules,
        one=one,
        of_people=one.of is Nominee.PERSON,
        found=found,
        size=SUGGESTED,
        number=page_number(),
        missing={
            row.person_id: [translated(word) for why in row.missing for word in why.words]
            for row in found.rows
        },
        q=q,
        matches=nominations_lists.search(one.of, q) if q else [],
        errors=[] if form is None else list(form.form_errors),
    )


@blueprint.post("/nominations/calls/<int:nomination_call_id>/nominate")
@allows(Act.MANAGE_NOMINATIONS)
def nominate(nomination_call_id: int) -> ResponseReturnValue:
    """Name somebody of the registers for a list."""
    form, key = ActForm(), nomination_call_id
    candidate, list_key = request.form.get("candidate", ""), request.form.get("list", "")[:40]
    if not candidate.isdecimal() or len(candidate) > 10:
        abort(404)
    act = nominations_candidates.nominate
    if form.validate():
        done = attempt(form, act, key, list_key, int(candidate))
        if done:
            flash(gettext("Named. Complete what the registers don't know."), "success")
            return redirect(url_for(".edit_candidate", nomination_id=done.id), 303)
    return _page(key, list_key, form), 422
