"""The opening of layers: two witnesses with their own passwords, one passphrase."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from flask_security.utils import verify_password

from blueprints.access import allows
from blueprints.layers.forms import PassphraseForm, WitnessForm
from blueprints.layers.views import blueprint, crumbs_of
from blueprints.web import acting, attempt, now
from rules.acts import Act
from services import accounts, layers_lists, layers_opening


@blueprint.route("/events/<int:event_id>/codes/witness", methods=["GET", "POST"])
@allows(Act.WITNESS_OPENING)
def witness(event_id: int) -> ResponseReturnValue:
    """Let a witness say, with the own password, to be there."""
    form = WitnessForm()
    if (
        form.validate_on_submit()
        and _password_is_right(form)
        and attempt(form, layers_opening.confirm_presence, event_id)
    ):
        flash(gettext("It is noted that you are here. It holds for 15 minutes."), "success")
        return redirect(url_for(".show_codes", event_id=event_id), 303)
    return _page("layers/witness.html", event_id, form)


def _password_is_right(form: WitnessForm) -> bool:
    """Check the own password again; wrong ones count as they do when signing in."""
    account_id, locked = current_user.id, accounts.is_locked(current_user, now())
    if not locked and verify_password(form.password.data or "", current_user.password):
        return True
    if not locked:
        accounts.record_failure(acting(), account_id)
    form.refuse(gettext("This is not your password, or your account is locked."), "password")
    return False


@blueprint.route("/events/<int:event_id>/codes/open", methods=["GET", "POST"])
@allows(Act.OPEN_LAYER)
def open_layer(event_id: int) -> ResponseReturnValue:
    """Open the next layer with the passphrase of its sealer or second keyholder."""
    form = PassphraseForm()
    if form.validate_on_submit() and attempt(
        form, layers_opening.open_next, event_id, form.passphrase.data or ""
    ):
        flash(gettext("The layer is open."), "success")
        return redirect(url_for(".show_codes", event_id=event_id), 303)
    return _page("layers/open.html", event_id, form)


def _page(template: str, event_id: int, form: WitnessForm | PassphraseForm) -> ResponseReturnValue:
    codes = layers_lists.get_codes(event_id, acting())
    page = render_template(
        template, form=form, codes=codes, event=codes.event, crumbs=crumbs_of(codes.event)
    )
    return page, 422 if form.is_submitted() else 200
