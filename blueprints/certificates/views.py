"""Pages of certificates: list, issue, download, revoke, and the public check."""

from typing import TypeVar

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, require_holder
from blueprints.certificates.forms import RevokeForm
from blueprints.web import (
    acting,
    attempt,
    attempt_button,
    check_url,
    download,
    files_dir,
    in_chinese,
    now,
    page_number,
    translated,
)
from rules.access import Holder, Role, contests_of
from rules.acts import Act
from rules.certificate_kinds import WHEN_DUE, CertificateKind
from rules.refusals import Refused
from rules.states import CertificateState
from services import (
    certificates,
    certificates_files,
    certificates_lists,
    certificates_preflight,
    issuing_lists,
    signatures,
    statements,
)
from services.certificates_identity import source_of
from services.certificates_lists import Wanted

blueprint = Blueprint("certificates", __name__)
_OFFICIALS = frozenset({Role.ORGANIZER, Role.BUREAU_STAFF})


@blueprint.get("/certificates")
@allows(Act.SEE_CERTIFICATES)
def list_certificates() -> ResponseReturnValue:
    """List certificates: officials see their contests', winners their own."""
    return _list_page(RevokeForm(formdata=None))


def _list_page(form: RevokeForm, revoking: int | None = None) -> str:
    holder = require_holder()
    official = holder.has(*_OFFICIALS)
    limit = contests_of(holder, _OFFICIALS) if official else None
    return render_template(
        "certificates/list_certificates.html",
        page=certificates_lists.list_certificates(_wanted(holder, official), page_number()),
        official=official,
        waiting=certificates_lists.count_waiting(limit) if official else [],
        runs=issuing_lists.open_runs(limit) if official else {},
        contests=certificates_lists.list_contests(limit) if official else [],
        states=list(CertificateState),
        kinds=list(CertificateKind),
        is_replaced=certificates_lists.is_replaced,
        signing=_present() if official else None,
        form=form,
        revoking=revoking,
        signed=statements.active_key() is not None,
    )


def _present() -> signatures.Present:
    return signatures.present(source_of(current_app.config["SETTINGS"], now()), now())


def _wanted(holder: Holder, official: bool) -> Wanted:
    state = {one.value: one for one in CertificateState}.get(request.args.get("state", ""))
    if not official:
        return Wanted(person_id=holder.person_id or 0, account_id=holder.account_id)
    return Wanted(
        contests=contests_of(holder, _OFFICIALS),
        contest_id=request.args.get("contest", type=int),
        event_id=request.args.get("event", type=int),
        state=state,
        kind=_kind(None),
        q=request.args.get("q", "").strip()[:60],
    )


Usual = TypeVar("Usual", None, CertificateKind)


def _kind(usual: Usual) -> CertificateKind | Usual:
    """Return the kind that the address names."""
    return {one.value: one for one in CertificateKind}.get(request.args.get("kind", ""), usual)


@blueprint.get("/contests/<int:contest_id>/certificates/preflight")
@allows(Act.ISSUE_CERTIFICATE)
def preflight(contest_id: int) -> ResponseReturnValue:
    """Show what would be issued, and what stands in its way."""
    kind = _kind(CertificateKind.HONOUR)
    found = certificates_preflight.look_ahead(acting(), contest_id, in_chinese, kind)
    problems = [translated(problem) for problem in found.obstacles]
    return render_template(
        "certificates/preflight.html",
        found=found,
        problems=problems,
        counts=certificates_lists.count_papers(contest_id),
        honours=certificates_lists.count_honours(contest_id),
        rule=gettext(WHEN_DUE[kind]),
        signed=statements.active_key() is not None,
    )


@blueprint.get("/contests/<int:contest_id>/certificates/sample")
@allows(Act.ISSUE_CERTIFICATE)
def sample(contest_id: int) -> ResponseReturnValue:
    """Send the first certificate to be issued as a sample sheet."""
    kind = _kind(CertificateKind.HONOUR)
    folder = files_dir()
    address = url_for("certificates.verify", _external=True)
    try:
        made = certificates_preflight.sample_sheet(
            acting(), contest_id, folder, address, in_chinese, kind
        )
    except Refused as problem:
        flash(translated(problem), "danger")
        return redirect(
            url_for("certificates.preflight", contest_id=contest_id, kind=kind.value), 303
        )
    return download(made, "sample.pdf", "application/pdf")


@blueprint.get("/certificates/<int:certificate_id>/download", endpoint="download")
@allows(Act.DOWNLOAD_CERTIFICATE)
def download_certificate(certificate_id: int) -> ResponseReturnValue:
    """Send a valid certificate as PDF: made and signed at the first request, then kept."""
    certificate = certificates_lists.get_certificate(certificate_id)
    if certificate.state is not CertificateState.ISSUED:
        abort(404)
    number = certificate.number
    address = check_url(certificate.check_code)
    settings = current_app.config["SETTINGS"]
    source = source_of(settings, now())
    try:
        made = certificates_files.pdf_of(
            acting(), certificate_id, address, settings.files_dir, source
        )
    except Refused as problem:
        flash(translated(problem), "danger")
        return redirect(url_for("certificates.list_certificates"), 303)
    return download(made, f"{number}.pdf", "application/pdf")


@blueprint.post("/certificates/<int:certificate_id>/revoke")
@allows(Act.REVOKE_CERTIFICATE)
def revoke(certificate_id: int) -> ResponseReturnValue:
    """Revoke a certificate, with a reason."""
    form = RevokeForm()
    if form.validate() and attempt(
        form, certificates.revoke, certificate_id, reason=form.reason.data or ""
    ):
        flash(gettext("The certificate is revoked."), "success")
        return redirect(url_for("certificates.list_certificates"), 303)
    return _list_page(form, certificate_id), 422


@blueprint.post("/certificates/<int:certificate_id>/reissue")
@allows(Act.ISSUE_CERTIFICATE)
def reissue(certificate_id: int) -> ResponseReturnValue:
    """Issue a new certificate in place of a revoked one."""
    if attempt_button(certificates.reissue, certificate_id, in_chinese):
        flash(gettext("The certificate is issued anew, under a new number."), "success")
    return redirect(url_for("certificates.list_certificates"), 303)
