"""One work beside the whole panel: where marks lie apart, and asking for them again."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.control.forms import AskForm
from blueprints.control.views import below, blueprint
from blueprints.web import attempt, now, translated
from rules.acts import Act
from rules.states import EventState, SheetState
from services import control_works, remarks
from services.control_works import WorkView


@blueprint.get("/sheets/<int:sheet_id>/panel")
@allows(Act.SEE_PROGRESS)
def show_work(sheet_id: int) -> ResponseReturnValue:
    """The marks of one work by all judges of the part, side by side."""
    view = control_works.get_work(sheet_id, now())
    form = AskForm(formdata=None)
    form.offer(view.layout)
    form.aspects.data = [key for key in request.args.getlist("aspect") if key in view.keys]
    return render_template("control/work.html", **_shown(view, form))


@blueprint.post("/sheets/<int:sheet_id>/panel")
@allows(Act.ASK_AGAIN)
def ask_again(sheet_id: int) -> ResponseReturnValue:
    """Ask the judge or the panel to look at some lines again."""
    form = AskForm()
    view = control_works.get_work(sheet_id, now())
    form.offer(view.layout)
    chosen = form.aspects.data or []
    if form.validate_on_submit() and attempt(
        form, remarks.ask_again, sheet_id, chosen, form.reason.data or "", form.panel.data
    ):
        flash(gettext("Asked again. These lines are open, both versions are kept."), "success")
        return redirect(url_for(".show_work", sheet_id=sheet_id), 303)
    return render_template("control/work.html", **_shown(view, form)), 422


def _shown(view: WorkView, form: AskForm) -> dict[str, Any]:
    open_now = view.event.state is EventState.SCORING
    can_ask = open_now and (view.sheet.state is SheetState.SIGNED or view.asked)
    return {
        "view": view,
        "form": form,
        "event": view.event,
        "can_ask": can_ask and not view.layout.is_record,
        "said": lambda found: translated(found.alarm.said),
        "crumbs": below(view.event),
    }
