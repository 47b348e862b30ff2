"""The outbox, for the administrator: what went out, what did not, and why."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.web import attempt_button, page_number
from rules.acts import Act
from rules.messages import MessageState
from services import messages

blueprint = Blueprint("messages", __name__)


@blueprint.get("/messages")
@allows(Act.SEE_MESSAGES)
def list_messages() -> ResponseReturnValue:
    """List messages, the newest first; nobody reads what they say."""
    state = {one.value: one for one in MessageState}.get(request.args.get("state", ""))
    return render_template(
        "messages/list_messages.html",
        page=messages.list_messages(state, page_number()),
        counts=messages.count_messages(),
    )


@blueprint.post("/messages/<int:message_id>/again")
@allows(Act.SEE_MESSAGES)
def try_again(message_id: int) -> ResponseReturnValue:
    """Put a message that was given up back into the outbox."""
    if attempt_button(messages.try_again, message_id):
        flash(gettext("The message is tried again."), "success")
    return redirect(url_for(".list_messages"), 303)
