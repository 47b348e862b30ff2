"""Sign-in, activation and display choices."""

from flask import (
    Blueprint,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from flask_security.utils import hash_password, login_user, logout_user, verify_password

from blueprints.access import allows
from blueprints.accounts.forms import ChangePasswordForm, NewPasswordForm, SignInForm
from blueprints.web import acting, attempt, now, safe_next
from models.accounts import Account
from rules.acts import Act
from services import accounts

blueprint = Blueprint("accounts", __name__)
YEAR = 365 * 24 * 3600


@blueprint.route("/sign-in", methods=["GET", "POST"])
@allows(Act.SIGN_IN)
def sign_in() -> ResponseReturnValue:
    """Ask for user name and password."""
    form = SignInForm()
    if current_user.is_authenticated:
        return redirect(safe_next(request.args.get("next")), 303)
    if not form.is_submitted():
        return render_template("accounts/sign_in.html", form=form)
    account = _checked(form) if form.validate() else None
    if account is None:
        return render_template("accounts/sign_in.html", form=form), 422
    accounts.record_sign_in(acting(), account.id)
    session.permanent = True  # ends after the hours that the settings allow
    login_user(accounts.get_account(account.id), authn_via=["password"])
    return redirect(safe_next(request.args.get("next")), 303)


def _checked(form: SignInForm) -> Account | None:
    """Return the account when the password is right; one message for every other case."""
    account = accounts.find_account(form.username.data or "")
    locked = account is not None and accounts.is_locked(account, now())
    stored = account.password if account is not None else None
    right = verify_password(form.password.data or "", stored or _decoy())
    if account is not None and stored and right and account.active and not locked:
        return account
    if account is not None and not locked:
        accounts.record_failure(acting(), account.id)
    form.refuse(gettext("User name or password is wrong, or the account is locked."), None)
    return None


def _decoy() -> str:
    """Return a password that nobody has: unknown names take as long as known ones."""
    global _DECOY
    _DECOY = _DECOY or hash_password("nobody's password")
    return _DECOY


_DECOY = ""


@blueprint.post("/sign-out")
@allows(Act.SIGN_OUT)
def sign_out() -> ResponseReturnValue:
    """End the session."""
    logout_user()
    return redirect(url_for("desks.home"), 303)


@blueprint.route("/activate/<token>", methods=["GET", "POST"])
@allows(Act.ACTIVATE_ACCOUNT)
def activate(token: str) -> ResponseReturnValue:
    """Let the owner of a one-time link choose a password."""
    invitation = accounts.find_invitation(token, now())
    if invitation is None:
        return render_template("accounts/link_used.html"), 404
    form = NewPasswordForm()
    if form.validate_on_submit():
        done = attempt(form, accounts.activate, token, hash_password(form.password.data or ""))
        if done:
            login_user(accounts.get_account(done.id), authn_via=["password"])
            flash(gettext("Your account is open. Welcome!"), "success")
            return redirect(url_for("desks.desk"), 303)
    page = render_template("accounts/activate.html", form=form, account_name=invitation.account)
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/password", methods=["GET", "POST"])
@allows(Act.CHANGE_PASSWORD)
def change_password() -> ResponseReturnValue:
    """Change one's own password."""
    form = ChangePasswordForm()
    if form.validate_on_submit() and _present_is_right(form):
        account_id = current_user.id
        hashed = hash_password(form.password.data or "")
        if attempt(form, accounts.change_password, account_id, hashed):
            login_user(accounts.get_account(account_id), authn_via=["password"])
            flash(gettext("The password is changed; other devices are signed out."), "success")
            return redirect(url_for("desks.desk"), 303)
    page = render_template("accounts/change_password.html", form=form)
    return page, 422 if form.is_submitted() else 200


def _present_is_right(form: ChangePasswordForm) -> bool:
    if verify_password(form.present.data or "", current_user.password):
        return True
    form.refuse(gettext("This is not your present password."), "present")
    return False


@blueprint.post("/language")
@allows(Act.CHOOSE_DISPLAY)
def choose_language() -> ResponseReturnValue:
    """Remember the language of the pages for this browser."""
    response = make_response(redirect(safe_next(request.form.get("next")), 303))
    language = request.form.get("language", "")
    if language in {"zh_Hans_CN", "en"}:
        response.set_cookie("language", language, max_age=YEAR, samesite="Lax", httponly=True)
    return response
