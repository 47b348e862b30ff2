"""Print files and ZIP of a contest's certificates, for the organizer."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.deliveries.sending import PDF, attached, plain_maker, send_archive, stepwise
from blueprints.deliveries.views import blueprint
from blueprints.web import acting, download, now, today, translated
from rules.acts import Act
from rules.certificate_kinds import CertificateKind
from rules.certificate_prints import PrintSheet
from rules.refusals import Refused
from services import certificates_archives, certificates_prints, contests
from services.certificates_prints import Chosen, Part


def _chosen(contest_id: int) -> Chosen:
    kinds = {one.value: one for one in CertificateKind}
    sheets = {one.value: one for one in PrintSheet}
    return Chosen(
        contest_id,
        request.args.get("event", type=int),
        kinds.get(request.args.get("kind", ""), CertificateKind.HONOUR),
        sheets.get(request.args.get("sheet", ""), PrintSheet.SINGLE),
        request.args.get("backs") == "1",
    )


@blueprint.get("/contests/<int:contest_id>/certificates/print")
@allows(Act.PRINT_CERTIFICATES)
def choose_print(contest_id: int) -> ResponseReturnValue:
    """Show what can be printed, and how."""
    chosen = _chosen(contest_id)
    return render_template(
        "deliveries/choose_print.html",
        contest=contests.get_contest(contest_id),
        chosen=chosen,
        parts=certificates_prints.parts_of(chosen),
        kinds=list(CertificateKind),
        sheets=list(PrintSheet),
    )


@blueprint.get("/contests/<int:contest_id>/certificates/print-file")
@allows(Act.PRINT_CERTIFICATES)
def print_file(contest_id: int) -> ResponseReturnValue:
    """Send the print file of one event, or of all in a ZIP, while it is made."""
    chosen, title = _chosen(contest_id), contests.get_contest(contest_id).title
    parts = certificates_prints.parts_of(chosen)
    if not _recorded(chosen, parts):
        return redirect(url_for(".choose_print", contest_id=contest_id), 303)
    made = plain_maker()
    if len(parts) == 1:
        name = certificates_prints.file_name(1, parts[0])
        return download(certificates_prints.print_file(title, parts[0], chosen, made), name, PDF)
    files = certificates_prints.print_files(title, parts, chosen, made)
    pieces = certificates_archives.stream(files, now())
    reply = Response(stepwise(pieces), mimetype="application/zip")
    return attached(reply, f"{gettext('Print files')}-{title}-{today():%Y%m%d}.zip")


@blueprint.get("/contests/<int:contest_id>/certificates.zip")
@allows(Act.PRINT_CERTIFICATES)
def contest_archive(contest_id: int) -> ResponseReturnValue:
    """Send all certificates of a contest as ZIP, a folder an event."""
    chosen = _chosen(contest_id)
    parts = certificates_prints.parts_of(chosen)
    if not _recorded(chosen, parts):
        return redirect(url_for(".choose_print", contest_id=contest_id), 303)
    ids = [key for part in parts for key in part.ids]
    title = f"{gettext('Certificates')}-{contests.get_contest(contest_id).title}"
    back = url_for(".choose_print", contest_id=contest_id)
    return send_archive(ids, title, back, by_event=True)


def _recorded(chosen: Chosen, parts: list[Part]) -> bool:
    try:
        certificates_prints.record_print(acting(), chosen, sum(len(one.lines) for one in parts))
    except Refused as problem:
        flash(translated(problem), "danger")
        return False
    return True
