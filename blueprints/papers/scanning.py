"""Scans: upload, reading with progress, the tray, pages filed by hand."""

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.papers.forms import FileForm, ReasonForm, UploadForm, apart
from blueprints.papers.views import blueprint, crumbs
from blueprints.web import acting, attempt, attempt_button, files_dir, page_number
from models.contests import Event
from rules.acts import Act
from rules.papers import PageState
from services import contests, papers, scans

MEGABYTE = 1024 * 1024


@blueprint.route("/events/<int:event_id>/scans", methods=["GET", "POST"])
@allows(Act.SCAN_PAPERS)
def upload(event_id: int) -> ResponseReturnValue:
    """Upload scanned sheets, and see the earlier uploads."""
    form = UploadForm()
    if form.validate_on_submit():
        uploads = [one.read() for one in form.files.data or [] if hasattr(one, "read")]
        done = attempt(form, scans.upload_scan, event_id, files_dir(), uploads)
        if done:
            return redirect(url_for(".show_scan", scan_id=done.id), 303)
    event = contests.get_event(event_id)
    page = render_template(
        "papers/upload.html",
        form=form,
        event=event,
        page=scans.list_scans(event_id, page_number()),
        tray=papers.count_tray(event_id),
        open=event.state in scans.OPEN,
        limits=(scans.MOST_FILES, scans.MOST_PAGES, scans.LARGEST_UPLOAD // MEGABYTE),
        crumbs=crumbs(event),
    )
    return page, 422 if form.is_submitted() else 200


def _scans_crumbs(event: Event) -> list[tuple[str, str]]:
    return [*crumbs(event), (gettext("Scans"), url_for(".upload", event_id=event.id))]


@blueprint.get("/scans/<int:scan_id>")
@allows(Act.SCAN_PAPERS)
def show_scan(scan_id: int) -> ResponseReturnValue:
    """How far a scan is read."""
    reading = scans.get_reading(scan_id)
    event = contests.get_event(reading.scan.event_id)
    return render_template(
        "papers/show_scan.html", reading=reading, event=event, crumbs=_scans_crumbs(event)
    )


@blueprint.post("/scans/<int:scan_id>/read")
@allows(Act.SCAN_PAPERS)
def read_scan(scan_id: int) -> ResponseReturnValue:
    """Read the next pages; the page's script asks again until all are read."""
    if request.accept_mimetypes.best == "application/json":
        scans.read_next(acting(), scan_id, files_dir())
        reading = scans.get_reading(scan_id)
        return jsonify(read=reading.read, pages=reading.pages, done=reading.is_done)
    attempt_button(scans.read_next, scan_id, files_dir())
    return redirect(url_for(".show_scan", scan_id=scan_id), 303)


@blueprint.get("/events/<int:event_id>/tray")
@allows(Act.SCAN_PAPERS)
def show_tray(event_id: int) -> ResponseReturnValue:
    """Scanned pages that wait for a person, or that were put away."""
    event = contests.get_event(event_id)
    dropped = request.args.get("show") == PageState.DROPPED.value
    state = PageState.DROPPED if dropped else PageState.TRAY
    return render_template(
        "papers/show_tray.html",
        event=event,
        page=scans.list_tray(event_id, state, page_number()),
        size=scans.TRAY_SIZE,
        dropped=dropped,
        crumbs=_scans_crumbs(event),
    )


@blueprint.get("/pages/<int:page_id>")
@allows(Act.SCAN_PAPERS)
def show_page(page_id: int) -> ResponseReturnValue:
    """One scanned page, to be filed or put away."""
    return _page(page_id)


def _page(page_id: int, filing: FileForm | None = None, dropping: ReasonForm | None = None) -> str:
    page = scans.get_page(page_id)
    event = contests.get_event(page.event_id)
    sheet, number = scans.guess(page)
    dropping = dropping or ReasonForm(formdata=None)
    apart(dropping, "drop")
    return render_template(
        "papers/show_page.html",
        page=page,
        event=event,
        filing=filing or FileForm(formdata=None, sheet=sheet, number=number),
        dropping=dropping,
        open=event.state in scans.OPEN,
        crumbs=[*_scans_crumbs(event), (gettext("Tray"), url_for(".show_tray", event_id=event.id))],
    )


@blueprint.route("/pages/<int:page_id>/file", methods=["GET", "POST"])
@allows(Act.SCAN_PAPERS)
def file_page(page_id: int) -> ResponseReturnValue:
    """File a scanned page with the sheet that a person read on it."""
    form = FileForm()
    if form.validate_on_submit():
        typed = (form.sheet.data or "", form.number.data or 0)
        if attempt(form, scans.file_page, page_id, *typed):
            flash(gettext("The page is filed."), "success")
            return _next_page(page_id)
    if not form.is_submitted():  # a refused page that is loaded again
        return redirect(url_for(".show_page", page_id=page_id), 303)
    return _page(page_id, filing=form), 422


@blueprint.route("/pages/<int:page_id>/drop", methods=["GET", "POST"])
@allows(Act.SCAN_PAPERS)
def drop_page(page_id: int) -> ResponseReturnValue:
    """Put a scanned page away."""
    form = ReasonForm()
    if form.validate_on_submit() and attempt(
        form, scans.drop_page, page_id, form.reason.data or ""
    ):
        flash(gettext("The page is put away."), "success")
        return _next_page(page_id)
    if not form.is_submitted():
        return redirect(url_for(".show_page", page_id=page_id), 303)
    return _page(page_id, dropping=form), 422


def _next_page(page_id: int) -> ResponseReturnValue:
    """Go on with the tray as long as something is in it."""
    event_id = scans.get_page(page_id).event_id
    waiting = scans.list_tray(event_id).items
    if waiting:
        return redirect(url_for(".show_page", page_id=waiting[0].id), 303)
    return redirect(url_for(".show_tray", event_id=event_id), 303)


@blueprint.get("/pages/<int:page_id>/image")
@allows(Act.SEE_SCAN)
def page_image(page_id: int) -> ResponseReturnValue:
    """The picture of a scanned page, drawn anew here; nothing of the upload itself."""
    response = Response(scans.page_image(page_id, files_dir()), mimetype="image/jpeg")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Disposition"] = f'inline; filename="page-{page_id}.jpg"'
    return response
