"""The public check of a certificate: by the code on the paper, or by number and name."""

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.certificates.forms import CheckForm
from blueprints.certificates.views import blueprint
from blueprints.web import limiter, now
from models.certificates import Certificate
from rules.acts import Act
from services import certificates_verifying, statements_keys
from services.acting import ZONE
from services.statements_words import WORDS, plain

_CHECKS = "30 per minute; 300 per hour"


@blueprint.route("/verify", methods=["GET", "POST"])
@allows(Act.VERIFY_CERTIFICATE)
@limiter.limit(_CHECKS)
def verify() -> ResponseReturnValue:
    """Ask for number and name, or the check code, and answer; a name stands in no address."""
    if request.method == "GET":
        typed = request.args.get("number", "").strip()[:60]
        if certificates_verifying.is_code(typed):
            return _answer(CheckForm(formdata=None), certificates_verifying.find_by_code(typed))
        return _page(CheckForm(formdata=None, number=typed))
    form = CheckForm()
    if not form.validate():
        return _page(form), 422
    number, name = form.number.data or "", form.name.data or ""
    if certificates_verifying.is_code(number):
        return _answer(form, certificates_verifying.find_by_code(number))
    return _answer(form, certificates_verifying.find_by_name(number, name))


@blueprint.get("/verify/<code>")
@allows(Act.VERIFY_CERTIFICATE)
@limiter.limit(_CHECKS)
def check(code: str) -> ResponseReturnValue:
    """Answer for the check code of a QR code; the page compares the code itself in the browser."""
    found = certificates_verifying.find_by_code(code[:60])
    return _answer(CheckForm(formdata=None), found, by_code=True)


def _answer(
    form: CheckForm, found: Certificate | None, *, by_code: bool = False
) -> ResponseReturnValue:
    if found is None:
        return _page(form, asked=True), 404
    checked = certificates_verifying.look_up(found)
    data: dict[str, Any] | None = None
    if by_code and found.statement is not None:
        data = {
            "book": statements_keys.checking_set(),
            "register": certificates_verifying.register_of(checked),
            "words": {key: plain(gettext(text)) for key, text in WORDS.items()},
        }
    ended = found.revoked_at
    return _page(
        form,
        asked=True,
        found=checked,
        data=data,
        revoked_on=ended.astimezone(ZONE).date() if ended is not None else None,
    )


def _page(form: CheckForm, **more: Any) -> str:
    return render_template("certificates/verify.html", form=form, as_of=now(), **more)
