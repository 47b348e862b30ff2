"""Answers about a PDF that somebody has: is it ours, unaltered, and does it still count?

Two ways lead to an answer: the file has the very bytes that are kept here, or its signature is
right to the last byte and its facts are those of the certificate. The file itself is neither kept
nor noted anywhere.
"""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from models.certificates import Certificate
from models.database import db
from models.signatures import Signer
from rules.refusals import Refused
from rules.states import SignerState
from rules.texts import N_
from services import certificates_files, certificates_lists, processes, signatures
from services.certificates_archiving import stamp_chain
from services.certificates_checking import LARGEST, Checked, Finding
from services.certificates_identity import Source

_LONGEST = 15  # seconds
_NO_PDF = N_("This is no PDF file.")
_TOO_LARGE = N_("The file is larger than %(most)s MB; no certificate is.")


class Verdict(StrEnum):
    """What is said about a file."""

    KEPT = "kept"
    GENUINE = "genuine"
    ALTERED = "altered"
    FOREIGN = "foreign"
    UNSIGNED = "unsigned"
    UNREADABLE = "unreadable"
    UNKNOWN = "unknown"
    UNSAFE = "unsafe"


@dataclass(frozen=True)
class Answer:
    """What is said about a file, and the certificate that it is when it is one."""

    verdict: Verdict
    certificate: Certificate | None = None
    signer: Signer | None = None
    signed_at: datetime | None = None


def check_upload(data: bytes, source: Source | None, by_table: bool = True) -> Answer:
    """Say of a file what it is; raise Refused for what is no PDF or too large."""
    if len(data) > LARGEST:
        raise Refused(_TOO_LARGE, "file", most=LARGEST // 2**20)
    if not data.startswith(b"%PDF-"):
        raise Refused(_NO_PDF, "file")
    kept = certificates_files.find_by_digest(hashlib.sha256(data).hexdigest())
    if kept is not None and by_table:
        return Answer(Verdict.KEPT, _loaded(kept.certificate_id), kept.signer, kept.made_at)
    signers = signatures.list_signers()
    found = _ask(data, [one.chain for one in signers], source)
    if found.finding is not Finding.GENUINE:
        return Answer(Verdict(found.finding))
    (signer,) = (one for one in signers if one.fingerprint == found.fingerprint)
    return _of_facts(found, signer)


def _of_facts(found: Checked, signer: Signer) -> Answer:
    """Compare the facts in a file that is genuine with those of the certificate."""
    digest = hashlib.sha256(found.facts).hexdigest()
    number = json.loads(found.facts).get("number")
    key = db.session.scalar(
        select(Certificate.id).where(Certificate.number == number, Certificate.digest == digest)
    )
    if key is None:
        return Answer(Verdict.UNKNOWN, signer=signer, signed_at=found.signed_at)
    # Whoever has a revoked key can sign what he likes; only what is kept here counts then.
    unsafe = signer.state is SignerState.REVOKED
    verdict = Verdict.UNSAFE if unsafe else Verdict.GENUINE
    return Answer(verdict, None if unsafe else _loaded(key), signer, found.signed_at)


def _loaded(certificate_id: int) -> Certificate:
    query = select(Certificate).where(Certificate.id == certificate_id)
    return db.session.scalars(query.options(*certificates_lists.SOURCES)).one()


def _ask(data: bytes, chains: Sequence[list[str]], source: Source | None) -> Checked:
    """Let a process of its own look at the file."""
    known = {"chains": chains, "stamps": [_text(one) for one in stamp_chain(source)]}
    try:
        told = processes.ask(
            "services.certificates_checking_worker",
            data=json.dumps(known).encode() + b"\n" + data,
            longest=_LONGEST,
        )
    except processes.Failed:
        return Checked(Finding.UNREADABLE)
    answer = json.loads(told)
    at = answer["signed_at"]
    return Checked(
        Finding(answer["finding"]),
        answer["fingerprint"],
        datetime.fromisoformat(at) if at else None,
        base64.b64decode(answer["facts"]),
        answer["is_stamped"],
    )


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
