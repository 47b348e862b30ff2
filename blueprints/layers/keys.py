"""The own key: made, tried out, and what it opens."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from blueprints.access import allows
from blueprints.layers.forms import NewKeyForm, PassphraseForm
from blueprints.layers.views import blueprint
from blueprints.web import attempt
from rules.acts import Act
from services import layers_keys


@blueprint.get("/keys")
@allows(Act.HOLD_KEY)
def show_keys() -> ResponseReturnValue:
    """One's own keys and the layers that they open."""
    return _page(NewKeyForm(), _test_form(blank=True))


@blueprint.route("/keys/new", methods=["GET", "POST"])
@allows(Act.HOLD_KEY)
def make_key() -> ResponseReturnValue:
    """Make a key from a new passphrase."""
    form = NewKeyForm()
    if not form.is_submitted():  # a refused page that is loaded again
        return redirect(url_for(".show_keys"), 303)
    if form.validate() and attempt(form, layers_keys.make_key, form.passphrase.data or ""):
        flash(gettext("Your key is made. Try the passphrase out once more."), "success")
        return redirect(url_for(".show_keys"), 303)
    return _page(form, _test_form(blank=True)), 422


@blueprint.route("/keys/test", methods=["GET", "POST"])
@allows(Act.HOLD_KEY)
def try_key() -> ResponseReturnValue:
    """Say whether a passphrase opens one's present key."""
    form = _test_form()
    key = layers_keys.find_key(current_user.id)
    if not form.is_submitted() or key is None:  # loaded again, or there is nothing to try
        return redirect(url_for(".show_keys"), 303)
    if form.validate() and attempt(
        form, layers_keys.check_own_key, key.id, form.passphrase.data or ""
    ):
        flash(gettext("The passphrase opens your key."), "success")
        return redirect(url_for(".show_keys"), 303)
    return _page(NewKeyForm(formdata=None), form), 422


def _test_form(blank: bool = False) -> PassphraseForm:
    """Return the second form of the page; its fields have names of their own."""
    return PassphraseForm(formdata=None, prefix="test") if blank else PassphraseForm(prefix="test")


def _page(new: NewKeyForm, test: PassphraseForm) -> str:
    keys = layers_keys.list_keys(current_user.id)
    present = next((one for one in keys if one.key.replaced_at is None), None)
    return render_template(
        "layers/show_keys.html",
        new_form=new,
        test_form=test,
        keys=keys,
        present=present,
        crumbs=[],
    )
