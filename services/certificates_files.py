"""The PDF of each certificate: made and signed once, kept, and the same bytes ever after."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.certificates import Certificate
from models.database import db
from models.signatures import CertificateFile, Signer
from rules.refusals import Missing
from rules.states import SignerState
from services import audits, certificates_layouts, files, signatures
from services.acting import Actor
from services.certificates_identity import Identity, Source, identity
from services.certificates_printing import Printed, print_one
from services.files import DamagedFile, StoredFile
from services.transaction import transaction


def pdf_of(
    by: Actor, certificate_id: int, check_url: str, folder: Path, source: Source | None
) -> bytes:
    """Return the kept PDF of a certificate; make it when there is none, or none that is whole.

    Raises Refused when the configured key must not sign.
    """
    kept = _present(certificate_id)
    if kept is not None and not _is_outdated(kept, source):
        try:
            return files.read(folder, kept.file_key, kept.sha256)
        except (Missing, DamagedFile):
            pass  # made anew below; the row of the lost one stays
    # What it was signed with before counts no more, or there was nothing: now there is.
    old = kept.id if kept is not None else None
    signing = signatures.signing(source, by.now)
    certificate = db.session.get(Certificate, certificate_id)
    if certificate is None:
        raise Missing(certificate_id)
    order = certificates_layouts.order_of(certificate, check_url, folder)
    made = print_one(order, folder, signing)
    keep_printed(by, [made], folder, signing.identity if signing else None, {certificate_id: old})
    again = _present(certificate_id)
    assert again is not None
    return files.read(folder, again.file_key, again.sha256)


def _present(certificate_id: int) -> CertificateFile | None:
    query = select(CertificateFile).options(joinedload(CertificateFile.signer))
    query = query.where(
        CertificateFile.certificate_id == certificate_id, CertificateFile.replaced_at.is_(None)
    )
    return db.session.scalar(query)


def _is_outdated(kept: CertificateFile, source: Source | None) -> bool:
    """Say whether a file should be signed, or signed anew, and there is something to do it with."""
    if source is None:
        return False
    signer = kept.signer
    if signer is None:
        return True
    if signer.state is SignerState.TRUSTED:
        return False
    return identity(source).chain.fingerprint != signer.fingerprint


def keep_printed(
    by: Actor,
    printed: Sequence[Printed],
    folder: Path,
    found: Identity | None,
    replaced: dict[int, int | None] | None = None,
) -> None:
    """Keep finished files, all or none; one that another process has kept meanwhile stays.

    ``replaced`` names the rows in whose place they come; other present rows win over new files.
    """
    with files.keeping(folder) as keep:
        stored = {one.certificate_id: keep(one.pdf) for one in printed}
        spare = keep_files(by, stored, found, replaced or {})
    for one in spare:
        files.delete(folder, stored[one].key)


@transaction
def keep_files(
    by: Actor,
    stored: dict[int, StoredFile],
    found: Identity | None,
    replaced: dict[int, int | None],
) -> list[int]:
    """Add the rows of kept files; return the certificates that have a file already."""
    _lock(stored)
    signer = signatures.signer_part(by, found) if found is not None else None
    query = select(CertificateFile).where(
        CertificateFile.certificate_id.in_(stored), CertificateFile.replaced_at.is_(None)
    )
    spare = []
    for row in db.session.scalars(query):
        if row.id == replaced.get(row.certificate_id):
            row.replaced_at = by.now
        else:
            spare.append(row.certificate_id)
    db.session.flush()
    new = [key for key in stored if key not in spare]
    db.session.add_all(_row(by, key, stored[key], signer) for key in new)
    db.session.flush()
    for key in new:
        after = {"sha256": stored[key].sha256, "signer": signer.fingerprint if signer else None}
        audits.record(by, "sign" if signer else "keep", "certificate", key, after=after)
    return spare


def _lock(stored: dict[int, StoredFile]) -> None:
    """Lock the certificates in one order, so that two processes never wait for each other."""
    query = select(Certificate.id).where(Certificate.id.in_(stored)).order_by(Certificate.id)
    db.session.execute(query.with_for_update())


def _row(by: Actor, key: int, stored: StoredFile, signer: Signer | None) -> CertificateFile:
    return CertificateFile(
        certificate_id=key,
        signer_id=signer.id if signer else None,
        sha256=stored.sha256,
        size=stored.size,
        file_key=stored.key,
        made_at=by.now,
    )


def find_by_digest(sha256: str) -> CertificateFile | None:
    """Find the file that has these bytes, of present and replaced ones."""
    query = select(CertificateFile).where(CertificateFile.sha256 == sha256)
    query = query.options(joinedload(CertificateFile.signer))
    return db.session.scalars(query.order_by(CertificateFile.id).limit(1)).first()


def list_keys() -> set[str]:
    """List the keys of all kept files, for the sweep."""
    return set(db.session.scalars(select(CertificateFile.file_key)))
