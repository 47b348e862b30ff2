"""Everything that one person was ever given, to see and to download."""

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.deliveries.claiming import OPEN, owner, require_owner
from blueprints.deliveries.forms import ConsentForm
from blueprints.deliveries.sending import send_archive, send_one
from blueprints.deliveries.views import blueprint
from blueprints.forms import SpellingForm
from blueprints.web import attempt, attempt_button, base_url, download, limiter, today
from rules.acts import Act
from rules.badges import Site
from rules.certificate_kinds import given_by
from rules.consents import WORDS
from services import consents, honours_lifetime, people_english, statements_badges

_LOOKS, _ARCHIVES = "120/minute", "10/minute"


@blueprint.get("/lifetime")
@limiter.limit(_LOOKS)
@allows(Act.CLAIM_HONOURS)
def lifetime() -> ResponseReturnValue:
    """Show every certificate and honour of one's life."""
    person_id = owner()
    if person_id is None:
        return redirect(url_for(".begin"), 303)
    return _page(person_id, ConsentForm(formdata=None), SpellingForm(formdata=None))


def _page(person_id: int, form: ConsentForm, spelling: SpellingForm) -> str:
    employers = consents.employers_of(person_id)
    form.offer(employers, today())
    life = honours_lifetime.lifetime_of(person_id)
    spelling.show(people_english.proposed(life.person))
    return render_template(
        "deliveries/lifetime.html",
        given=given_by,
        life=life,
        spelling=spelling,
        by_code=OPEN in session,
        consents=consents.list_own(person_id),
        employers=employers,
        words=gettext(WORDS),
        form=form,
    )


@blueprint.post("/lifetime/consents")
@allows(Act.CLAIM_HONOURS)
def give_consent() -> ResponseReturnValue:
    """Let an employer fetch one's certificates."""
    person_id, form = require_owner(), ConsentForm()
    form.offer(consents.employers_of(person_id), today())
    if form.validate():
        assert form.until.data is not None
        wanted = (person_id, form.employer.data, form.until.data, gettext(WORDS))
        if attempt(form, consents.give, *wanted):
            flash(gettext("The employer can fetch your certificates until that day."), "success")
            return redirect(url_for(".lifetime"), 303)
    return _page(person_id, form, SpellingForm(formdata=None)), 422


@blueprint.post("/lifetime/spelling")
@allows(Act.CLAIM_HONOURS)
def confirm_spelling() -> ResponseReturnValue:
    """Confirm how one's passport spells one's name."""
    person_id, form = require_owner(), SpellingForm()
    typed = (form.surname.data or "", form.given.data or "")
    if form.validate() and attempt(form, people_english.confirm_spelling, person_id, *typed):
        flash(gettext("Certificates issued from now on carry this spelling."), "success")
        return redirect(url_for(".lifetime"), 303)
    return _page(person_id, ConsentForm(formdata=None), form), 422


@blueprint.post("/lifetime/consents/<int:number>/withdraw")
@allows(Act.CLAIM_HONOURS)
def withdraw_consent(number: int) -> ResponseReturnValue:
    """Withdraw a consent."""
    if attempt_button(consents.withdraw, require_owner(), number):
        flash(gettext("The consent is withdrawn."), "success")
    return redirect(url_for(".lifetime"), 303)


@blueprint.get("/lifetime/certificates/<number>", endpoint="download")
@limiter.limit(_LOOKS)
@allows(Act.CLAIM_HONOURS)
def download_certificate(number: str) -> ResponseReturnValue:
    """Send one of one's own certificates as PDF."""
    found = honours_lifetime.find_valid(require_owner(), number) or abort(404)
    return send_one(found, url_for(".lifetime"))


@blueprint.get("/lifetime/certificates/<number>/badge")
@limiter.limit(_LOOKS)
@allows(Act.CLAIM_HONOURS)
def badge(number: str) -> ResponseReturnValue:
    """Send the badge of one of one's own certificates, with the name in clear if that is wished."""
    found = honours_lifetime.find_valid(require_owner(), number) or abort(404)
    named = request.args.get("name") == "1"
    token = statements_badges.badge_of(found, Site(base_url()), with_name=named)
    return download(token.encode(), f"{found.number}.jwt", statements_badges.MEDIA_TYPE)


@blueprint.get("/lifetime/certificates.zip")
@limiter.limit(_ARCHIVES)
@allows(Act.CLAIM_HONOURS)
def archive() -> ResponseReturnValue:
    """Send all of one's own certificates and their badges, with an index."""
    life = honours_lifetime.lifetime_of(require_owner())
    ids = [one.id for one in life.valid]
    title = gettext("Certificates of %(name)s", name=life.person.name)
    return send_archive(ids, title, url_for(".lifetime"), badges=True)
