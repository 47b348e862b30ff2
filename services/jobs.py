"""What the clock does every hour, each safe to do twice."""

from datetime import datetime, timedelta
from pathlib import Path

from services import (
    attachments,
    certificates_files,
    documents_making,
    documents_templates,
    entries_imports,
    files,
    halls_turns,
    notices_proofs,
    objections_files,
    payouts_accounts,
    scans,
    signatures,
    violations,
)
from services.acting import system
from services.certificates_identity import source_of
from services.clock import Job
from services.settings import Settings

PREVIEW_KEPT = timedelta(days=7)
# Longer than any upload takes: a file is put before the row that knows it.
ORPHANS_KEPT = timedelta(days=1)


def forget_previews(now: datetime) -> None:
    """Forget spreadsheets that nobody confirmed within a week (R9.01)."""
    entries_imports.forget_stale(system(now), now - PREVIEW_KEPT)


def forget_accounts(days: int, now: datetime) -> None:
    """Forget bank accounts so many days after their last payment was settled (R9.01)."""
    payouts_accounts.forget_accounts(system(now), payouts_accounts.purge_before(now, days))


def sweep_files(folder: Path, now: datetime) -> None:
    """Forget files that no row knows, such as those of a request that was cut off."""
    keepers = (
        attachments,
        certificates_files,
        documents_making,
        documents_templates,
        halls_turns,
        notices_proofs,
        objections_files,
        scans,
        violations,
    )
    known = set[str]().union(*(one.list_keys() for one in keepers))
    files.sweep(folder, known, now - ORPHANS_KEPT)


def warn_of_signers(settings: Settings, now: datetime) -> None:
    """Warn before the certificate ends with which certificates are signed."""
    signatures.warn_of_end(source_of(settings, now), now)


JOBS: dict[str, Job] = {"forget_previews": forget_previews}
