"""Claim one's honours by ID number, phone and a one-time code, without an account."""

from flask import abort, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, current_holder
from blueprints.deliveries.forms import ClaimForm, CodeForm
from blueprints.deliveries.views import blueprint
from blueprints.web import acting, attempt, attempt_button, limiter, now
from rules.access import Role
from rules.acts import Act
from services import claims, messages_mail
from services.claims import Asked, Wrong

ASKING, OPEN = "claim_asks", "claim_open"  # keys of the session, apart from those of a sign-in
_ASKED, _TRIED = "30/minute; 200/hour", "60/minute"


@blueprint.route("/claim", methods=["GET", "POST"])
@limiter.limit(_ASKED, methods=["POST"])
@allows(Act.CLAIM_HONOURS)
def begin() -> ResponseReturnValue:
    """Ask for ID number and phone; the answer is the same whoever asks."""
    key = session.get(ASKING) or session.setdefault(ASKING, claims.new_key())
    form = ClaimForm()
    possible = messages_mail.has_sms(current_app.config["SETTINGS"])
    if possible and form.validate_on_submit():
        asked = Asked(form.id_number.data or "", form.phone.data or "", request.remote_addr or "")
        if attempt(form, claims.begin, key, asked, _wording):
            return redirect(url_for(".enter"), 303)
    page = render_template("deliveries/begin.html", form=form, possible=possible)
    return page, 422 if form.is_submitted() else 200


def _wording(code: str) -> str:
    text: str = gettext(
        "%(code)s is your code for certificates and honours, valid for ten minutes. "
        "Give it to nobody.",
        code=code,
    )
    return text


@blueprint.route("/claim/code", methods=["GET", "POST"])
@limiter.limit(_TRIED, methods=["POST"])
@allows(Act.CLAIM_HONOURS)
def enter() -> ResponseReturnValue:
    """Take the code; the right one opens a short session that is no sign-in."""
    form = CodeForm()
    if form.validate_on_submit():
        # Without the form's key: a code that is sent twice opens twice.
        done = claims.enter(acting(), session.get(ASKING, ""), form.code.data or "")
        if not isinstance(done, Wrong):
            session[OPEN] = done
            return redirect(url_for(".lifetime"), 303)
        form.refuse(_refusal(done), "code" if done else None)
    page = render_template("deliveries/enter.html", form=form)
    return page, 422 if form.is_submitted() else 200


def _refusal(left: Wrong) -> str:
    if not left:
        return str(gettext("This code no longer counts. Ask for a new one."))
    return str(gettext("This code is not right. Tries left: %(count)s.", count=int(left)))


@blueprint.post("/claim/leave")
@allows(Act.CLAIM_HONOURS)
def leave() -> ResponseReturnValue:
    """End the short session."""
    if attempt_button(claims.leave, session.get(OPEN, "")):
        session.pop(OPEN, None)
        session.pop(ASKING, None)
        flash(gettext("You have left your page of honours."), "success")
    return redirect(url_for(".begin"), 303)


def owner() -> int | None:
    """Return whose lifetime may be seen: by a code, or by an account of a contestant."""
    claimed = claims.find_person(session.get(OPEN, ""), now())
    holder = current_holder()
    if claimed is None and holder is not None and holder.has(Role.CONTESTANT):
        return holder.person_id
    return claimed


def require_owner() -> int:
    """Return whose lifetime may be seen; 404 for nobody."""
    return owner() or abort(404)
