"""Entry passes: issue, print, void."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.halls.views import blueprint, hall_crumbs
from blueprints.web import attempt_button, download, translated
from rules.acts import Act
from rules.refusals import Refused
from services import contests, halls, passes


@blueprint.get("/events/<int:event_id>/hall/passes")
@allows(Act.RUN_HALL)
def list_passes(event_id: int) -> ResponseReturnValue:
    """Who has a pass, and who still needs one."""
    event = contests.get_event(event_id)
    lines = passes.list_passes(event_id)
    return render_template(
        "halls/list_passes.html",
        event=event,
        lines=lines,
        missing=sum(1 for line in lines if line.pass_id is None),
        issued=sum(1 for line in lines if line.pass_id is not None),
        open=event.state in halls.OPEN_STATES,
        crumbs=hall_crumbs(event),
    )


@blueprint.post("/events/<int:event_id>/hall/passes")
@allows(Act.RUN_HALL)
def issue_passes(event_id: int) -> ResponseReturnValue:
    """Issue a pass to everybody who has none."""
    if attempt_button(passes.issue_passes, event_id):
        flash(gettext("The passes are issued. Now print them."), "success")
    return redirect(url_for(".list_passes", event_id=event_id), 303)


@blueprint.get("/events/<int:event_id>/hall/passes.pdf")
@allows(Act.RUN_HALL)
def print_passes(event_id: int) -> ResponseReturnValue:
    """All passes of an event, four on a page."""
    return _paper(event_id, None, url_for(".list_passes", event_id=event_id))


@blueprint.get("/entries/<int:entry_id>/pass.pdf")
@allows(Act.DOWNLOAD_PASS)
def own_pass(entry_id: int) -> ResponseReturnValue:
    """The passes of one entry, for whoever entered it."""
    entry = halls.get_turn_entry(entry_id)
    return _paper(entry.event_id, entry_id, url_for("entries.show_entry", entry_id=entry_id))


def _paper(event_id: int, entry_id: int | None, back: str) -> ResponseReturnValue:
    event, rules = contests.get_event(event_id), halls.hall_of(event_id)
    lines = passes.list_passes(event_id, entry_id)
    try:
        made = passes.passes_pdf(event, rules, contests.rules_of(event.contest).day, lines)
    except Refused as refused:
        flash(translated(refused), "danger")
        return redirect(back, 303)
    return download(made, f"passes-{event.code}.pdf", "application/pdf")


@blueprint.post("/passes/<int:pass_id>/void")
@allows(Act.RUN_HALL)
def void_pass(pass_id: int) -> ResponseReturnValue:
    """Void a lost pass; the contestant gets a new one."""
    event_id = passes.get_pass(pass_id).entry.event_id
    if attempt_button(passes.void_pass, pass_id, request.form.get("reason", "")):
        flash(gettext("The old pass is void, a new one is made. Print it."), "success")
    return redirect(url_for(".list_passes", event_id=event_id), 303)
