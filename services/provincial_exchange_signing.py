"""Exchange files are signed with the installation's key; keys of others are compared once."""

import base64
from collections.abc import Sequence
from typing import Any, TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from sqlalchemy import select

from models.database import db
from models.provincial import ProvincialContest, ProvincialImport
from models.provincial_delegations import ProvincialPeer
from rules import provincial_exchange as exchange
from rules.provincial import ProvincialImportKind, ProvincialImportState
from rules.provincial_exchange import EntriesFile, Opened, ResultsFile, Signature
from rules.refusals import Missing, Refused, check_reason
from rules.texts import N_
from services import audits, provincial_exchange_tables, statements
from services.acting import Actor
from services.provincial_histories import locked_import
from services.transaction import transaction

SUBJECT = "provincial_peer"
Exchange = TypeVar("Exchange", EntriesFile, ResultsFile)
_HALF = 32


def written(content: EntriesFile | ResultsFile, *, as_table: bool = False) -> bytes:
    """Return a file, signed if the installation has a key: JSON, or the same as a spreadsheet."""
    signature = _signature(content)
    if as_table:
        return provincial_exchange_tables.written(content, signature)
    return exchange.written(content, signature)


def _signature(content: EntriesFile | ResultsFile) -> Signature | None:
    key = statements.active_key()
    if key is None:
        return None
    value = statements.sign(key, exchange.signed_text(exchange.facts_of(content)))
    text = base64.urlsafe_b64encode(value).decode().rstrip("=")
    return Signature.model_validate({"key": statements.jwk_of(key), "value": text})


def opened(data: bytes, kind: type[Exchange]) -> tuple[Exchange, str]:
    """Read JSON or a spreadsheet; return what it says and the name of the key that signed it.

    A file that was changed, or whose signature does not fit, is refused.
    """
    is_table = provincial_exchange_tables.is_table(data)
    facts = provincial_exchange_tables.parsed(data) if is_table else exchange.parsed(data)
    found = exchange.opened(facts, kind)
    return found.content, _signer(found)


def _signer(found: Opened[Any]) -> str:
    signature = found.signature
    if signature is None:
        return ""
    try:
        _public(signature).verify(
            _der(_bytes(signature.value)), found.text, ec.ECDSA(hashes.SHA256())
        )
    except (InvalidSignature, ValueError) as error:
        text = N_("The file was changed after it was made: its signature does not fit.")
        raise Refused(text, "file") from error
    return statements.thumbprint(signature.key.model_dump(mode="json")).hex()


def _public(signature: Signature) -> ec.EllipticCurvePublicKey:
    x, y = (int.from_bytes(_bytes(part), "big") for part in (signature.key.x, signature.key.y))
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _der(value: bytes) -> bytes:
    r, s = (int.from_bytes(half, "big") for half in (value[:_HALF], value[_HALF:]))
    return encode_dss_signature(r, s)


def own_key() -> str:
    """Return the name of the key with which this installation signs; empty without one."""
    key = statements.active_key()
    return "" if key is None else statements.thumbprint(statements.jwk_of(key)).hex()


def sender_of(batch: ProvincialImport) -> str:
    """Return who must have made a file: the delegation, or the superior that holds the contest."""
    if batch.kind is ProvincialImportKind.ENTRIES:
        return batch.delegation
    contest = db.session.get(ProvincialContest, batch.provincial_id)
    return "" if contest is None else contest.organiser


def signer_problem(batch: ProvincialImport) -> Refused | None:
    """Say why a file cannot be taken over by who signed it."""
    query = select(ProvincialPeer.thumbprint).where(
        ProvincialPeer.title == sender_of(batch), ProvincialPeer.ended_at.is_(None)
    )
    return exchange.signer_problem(batch.signer, db.session.scalars(query).all())


@transaction
def know_key(by: Actor, import_id: int) -> int:
    """Record that somebody compared the key of a file with its sender; return the key's id."""
    batch = locked_import(import_id)
    if not batch.signer or batch.state is not ProvincialImportState.PREVIEWED:
        raise Refused(N_("This file waits for no comparison."))
    title = sender_of(batch)
    same = (ProvincialPeer.title == title) & (ProvincialPeer.thumbprint == batch.signer)
    row = db.session.scalar(select(ProvincialPeer).where(same).with_for_update())
    if row is not None and row.ended_at is None:
        return row.id
    if row is not None:
        raise Refused(N_("This key was given up: %(reason)s"), reason=row.reason)
    row = ProvincialPeer(
        title=title, thumbprint=batch.signer, added_at=by.now, added_by_id=by.account_id
    )
    db.session.add(row)
    db.session.flush()
    audits.record(by, "know_key", SUBJECT, row.id, contest_id=batch.contest_id,
                  after={"sender": title, "key": batch.signer})  # fmt: skip
    return row.id


@transaction
def give_up_key(by: Actor, peer_id: int, *, reason: str) -> int:
    """Rely no longer on a sender's key: it was replaced, or others have it."""
    row = db.session.get(ProvincialPeer, peer_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Missing(peer_id)
    check_reason(reason)
    if row.ended_at is not None:
        raise Refused(N_("This key was given up: %(reason)s"), reason=row.reason)
    row.ended_at, row.reason = by.now, reason
    audits.record(by, "give_up_key", SUBJECT, peer_id, after={"reason": reason})
    return peer_id


def list_peers() -> Sequence[ProvincialPeer]:
    """List the keys of senders, by sender, the newest first."""
    query = select(ProvincialPeer).order_by(ProvincialPeer.title, ProvincialPeer.id.desc())
    return db.session.scalars(query.limit(500)).all()
