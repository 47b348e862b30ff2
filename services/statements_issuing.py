"""Every certificate that is issued gets a place in a status list and a signed statement."""

import secrets
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from models.certificates import Certificate
from models.database import db
from models.statements import StatementKey, StatusList
from rules.statements import fitted, signable, statement_of, written
from rules.status_lists import FULL, SIZE
from services.acting import Actor
from services.statements import active_key, sign


def give_part(by: Actor, certificates: Sequence[Certificate]) -> None:
    """Part: give new certificates their places, and statements when there is a key."""
    key = active_key()
    for certificate, (place, index) in zip(
        certificates, _places(by, len(certificates)), strict=True
    ):
        certificate.status_list, certificate.status_index = place, index
        if key is not None:
            certificate.statement = _signed(key, certificate, place.number, index)


def _signed(key: StatementKey, certificate: Certificate, number: int, index: int) -> str:
    said = statement_of(certificate.facts, certificate.digest, key.kid, (number, index))
    data = signable(fitted(said))
    return written(data, sign(key, data))


def link(certificate: Certificate, check_url: str) -> str:
    """Return the address of the code on the paper; a browser never sends what follows the #."""
    if certificate.statement is None:
        return check_url
    return f"{check_url}#{certificate.statement}"


def _places(by: Actor, count: int) -> list[tuple[StatusList, int]]:
    """Draw free places; they are in no order, so that a list tells nothing (herd privacy)."""
    drawn: list[tuple[StatusList, int]] = []
    while len(drawn) < count:
        current, taken = _open_list(by)
        wanted = min(count - len(drawn), FULL - len(taken))
        fresh: list[int] = []
        while len(fresh) < wanted:
            index = secrets.randbelow(SIZE)
            if index not in taken:
                taken.add(index)
                fresh.append(index)
        drawn += [(current, index) for index in fresh]
        if len(drawn) < count:
            _begin_list(by, current.number + 1)
    return drawn


def _open_list(by: Actor) -> tuple[StatusList, set[int]]:
    """Return the list that has room, locked, and what is taken in it."""
    query = select(StatusList).order_by(StatusList.number.desc()).limit(1).with_for_update()
    current = db.session.scalar(query)
    if current is None:
        _begin_list(by, 1)
        current = db.session.scalars(query).one()
    column = Certificate.status_index
    used = select(column).where(Certificate.status_list_id == current.id)
    taken = {index for index in db.session.scalars(used) if index is not None}
    return current, taken


def _begin_list(by: Actor, number: int) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(StatusList(number=number, made_at=by.now))
    except IntegrityError:  # somebody else began it in this very moment
        return
