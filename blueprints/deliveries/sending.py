"""How certificates leave the server: one as PDF, many as a ZIP that is sent while it is made."""

from collections.abc import Callable, Iterator, Sequence

from flask import Flask, Response, abort, current_app, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.web import acting, base_url, check_url, download, files_dir, now, today, translated
from models.certificates import Certificate
from rules.badges import Site
from rules.refusals import Missing, Refused
from services import (
    certificates_archives,
    certificates_files,
    certificates_layouts,
    certificates_lists,
    statements_badges,
)
from services.certificates_identity import source_of

PDF, ZIP = "application/pdf", "application/zip"


def pdf_maker() -> Callable[[Certificate], bytes]:
    """Return what gives the kept PDF of a certificate, and makes it at the first request."""
    settings, by = current_app.config["SETTINGS"], acting()
    source = source_of(settings, by.now)

    def made(certificate: Certificate) -> bytes:
        address = check_url(certificate.check_code)
        return certificates_files.pdf_of(by, certificate.id, address, settings.files_dir, source)

    return made


def plain_maker() -> Callable[[Certificate], bytes]:
    """Return what sets a certificate for paper: its look alone, without a signature."""
    folder = files_dir()

    def made(certificate: Certificate) -> bytes:
        return certificates_layouts.pdf_of(certificate, check_url(certificate.check_code), folder)

    return made


def send_one(certificate: Certificate, back: str) -> ResponseReturnValue:
    """Send a certificate as PDF; a key that must not sign is told on the page ``back``."""
    name = certificates_archives.file_name(certificate)
    try:
        return download(pdf_maker()(certificate), name, PDF)
    except Refused as problem:
        flash(translated(problem), "danger")
        return redirect(back, 303)


def badge_maker() -> Callable[[Certificate], bytes | None]:
    """Return what signs the badge of a certificate, the name hidden; None for one without."""
    place = Site(base_url())

    def made(certificate: Certificate) -> bytes | None:
        try:
            # Archives hold no transaction open between two certificates: it is read anew.
            whole = certificates_lists.get_certificate(certificate.id)
            return statements_badges.badge_of(whole, place, with_name=False).encode()
        except Missing:
            return None

    return made


def send_archive(
    ids: Sequence[int], title: str, back: str, *, by_event: bool = False, badges: bool = False
) -> ResponseReturnValue:
    """Send certificates as a ZIP while they are made; 404 without any."""
    if not ids:
        abort(404)
    made = pdf_maker()
    try:
        for first in certificates_archives.read(ids[:1]):
            made(first)  # what is wrong with the key shows here, before the file begins
    except Refused as problem:
        flash(translated(problem), "danger")
        return redirect(back, 303)
    badge_of = badge_maker() if badges else None
    members = certificates_archives.members(ids, made, gettext, by_event, badge_of)
    pieces = certificates_archives.stream(members, now())
    reply = Response(stepwise(pieces), mimetype=ZIP)
    return attached(reply, f"{title}-{today():%Y%m%d}.zip")


def stepwise(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Make each piece in a context of its own: between two of them nothing is held open."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    environ = request.environ

    def steps() -> Iterator[bytes]:
        piece: bytes | None = b""
        while piece is not None:
            yield piece
            with app.request_context(environ):
                piece = next(pieces, None)

    return steps()


def attached(reply: Response, name: str) -> Response:
    """Let an answer be a file to save that nobody keeps on the way."""
    reply.headers.set("Content-Disposition", "attachment", filename=name)
    reply.headers["Cache-Control"] = "no-store"
    return reply
