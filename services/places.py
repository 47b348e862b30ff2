"""Where a thing belongs, for the access table: one statement each."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import exists, or_, select

from models.accounts import Account, RoleGrant
from models.appeals import Appeal, Ruling
from models.attachments import Attachment
from models.certificates import Certificate
from models.contests import Contest, Division, Event
from models.control import Violation
from models.database import db
from models.designs import CertificateTemplate, TemplateVersion
from models.documents import Document, DocumentTemplate
from models.entries import Entry, EntryMember, ImportBatch
from models.halls import Turn, TurnStep
from models.honours import Honour
from models.issuing import IssueRun
from models.judges import Judge, Relation
from models.judging import PanelSeat, Sheet
from models.levels import LevelLine, LevelList, LevelReturn
from models.lots import Lot
from models.messages import Message
from models.notices import Notice, NoticeProof
from models.objections import Objection
from models.papers import Scan, ScanPage
from models.passes import Pass
from models.payouts import (
    PayoutLine,
    PayoutOrder,
    PayoutRecovery,
    PayoutReturn,
    PayoutSeries,
)
from models.people import Employer, Person
from models.receipts import Receipt
from models.results import Revision, TieDecision
from models.seals import SealPicture
from models.signatures import Signer
from models.signoffs import Reopening, SpotCheck, SpotCheckItem
from models.statements import StatementKey
from models.works import Work
from rules.access import Place, Role
from services import places_panels, places_programmes
from services.places_looking import first, known, of_city

LARGEST_ID = 2**31 - 1


def find_place(kind: str, key: int) -> Place | None:
    """Return where the thing of this kind with this id belongs; None if there is none."""
    if not 0 < key <= LARGEST_ID:
        return None
    return _FINDERS[kind](key)


def knows(kind: str) -> bool:
    """Say whether things of this kind can be looked up."""
    return kind in _FINDERS


def _contest(key: int) -> Place | None:
    row = first(Contest.id, where=Contest.id == key)
    return row and Place(contest_id=row[0])


def _event(key: int) -> Place | None:
    row = first(Event.contest_id, where=Event.id == key)
    return row and Place(contest_id=row[0], event_id=key)


def _division(key: int) -> Place | None:
    row = first(Event.contest_id, Event.id, where=Division.id == key, joins=(Division.event,))
    return row and Place(contest_id=row[0], event_id=row[1])


def _entry(key: int) -> Place | None:
    rows = db.session.execute(
        select(Event.contest_id, Entry.event_id, Entry.employer_id, EntryMember.person_id)
        .join(Entry.event)
        .outerjoin(Entry.members)
        .where(Entry.id == key)
    ).all()
    if not rows:
        return None
    return Place(
        contest_id=rows[0][0],
        event_id=rows[0][1],
        owned=True,
        employers=known(rows[0][2]),
        persons=frozenset(row[3] for row in rows) - {None},
    )


def _import(key: int) -> Place | None:
    row = first(ImportBatch.contest_id, ImportBatch.employer_id, where=ImportBatch.id == key)
    return row and Place(contest_id=row[0], owned=True, employers=known(row[1]))


def _sheet(key: int) -> Place | None:
    row = db.session.execute(
        select(Event.contest_id, Sheet.event_id, PanelSeat.account_id)
        .join(Event, Event.id == Sheet.event_id)
        .join(PanelSeat, PanelSeat.id == Sheet.seat_id)
        .where(Sheet.id == key)
    ).first()
    return row and seat_place(*row)


def seat_place(contest_id: int, event_id: int, account_id: int) -> Place:
    """Place what belongs to a seat: its sheets are the judge's own."""
    return Place(
        contest_id=contest_id, event_id=event_id, owned=True, accounts=frozenset({account_id})
    )


def _paper(key: int) -> Place | None:
    """Place the paper of a sheet: it belongs to its event, not to the judge who marked it."""
    row = first(Event.contest_id, Event.id, where=(Sheet.id == key) & (Event.id == Sheet.event_id))
    return row and Place(contest_id=row[0], event_id=row[1])


def _scan(key: int) -> Place | None:
    row = first(Event.contest_id, Event.id, where=(Scan.id == key) & (Event.id == Scan.event_id))
    return row and Place(contest_id=row[0], event_id=row[1])


def _page(key: int) -> Place | None:
    where = (ScanPage.id == key) & (Event.id == ScanPage.event_id)
    row = first(Event.contest_id, Event.id, where=where)
    return row and Place(contest_id=row[0], event_id=row[1])


def _objection(key: int) -> Place | None:
    query = select(Notice.contest_id).join(Objection, Objection.notice_id == Notice.id)
    contest_id = db.session.scalar(query.where(Objection.id == key))
    return None if contest_id is None else Place(contest_id=contest_id)


def _honour(key: int) -> Place | None:
    """Place an honour in its contest; one from elsewhere belongs to none."""
    row = db.session.execute(
        select(Event.contest_id)
        .select_from(Honour)
        .outerjoin(Event, Event.id == Honour.event_id)
        .where(Honour.id == key)
    ).first()
    return row and Place(contest_id=row[0])


def _level_list(key: int) -> Place | None:
    row = first(LevelList.contest_id, where=LevelList.id == key)
    return row and Place(contest_id=row[0])


def _level_line(key: int) -> Place | None:
    list_id = db.session.scalar(select(LevelLine.list_id).where(LevelLine.id == key))
    return None if list_id is None else _level_list(list_id)


def _level_return(key: int) -> Place | None:
    list_id = db.session.scalar(select(LevelReturn.list_id).where(LevelReturn.id == key))
    return None if list_id is None else _level_list(list_id)


def _document(key: int) -> Place | None:
    row = first(Document.contest_id, where=Document.id == key)
    return row and Place(contest_id=row[0])


def _document_template(key: int) -> Place | None:
    """Place a template in its contest; one for every contest belongs to none."""
    row = first(DocumentTemplate.contest_id, where=DocumentTemplate.id == key)
    return row and Place(contest_id=row[0])


def _certificate_template(key: int) -> Place | None:
    """Place a design: it belongs to no contest, each may take it."""
    row = first(CertificateTemplate.id, where=CertificateTemplate.id == key)
    return row and Place()


def _template_version(key: int) -> Place | None:
    row = first(TemplateVersion.id, where=TemplateVersion.id == key)
    return row and Place()


def _seal(key: int) -> Place | None:
    row = first(SealPicture.id, where=SealPicture.id == key)
    return row and Place()


def _message(key: int) -> Place | None:
    row = first(Message.contest_id, where=Message.id == key)
    return row and Place(contest_id=row[0])


def _statement_key(key: int) -> Place | None:
    row = first(StatementKey.id, where=StatementKey.id == key)
    return row and Place()


def _payout_order(key: int) -> Place | None:
    row = first(PayoutOrder.contest_id, where=PayoutOrder.id == key)
    return row and Place(contest_id=row[0])


def _payout_line(key: int) -> Place | None:
    order_id = db.session.scalar(select(PayoutLine.order_id).where(PayoutLine.id == key))
    return None if order_id is None else _payout_order(order_id)


def _payout_return(key: int) -> Place | None:
    order_id = db.session.scalar(select(PayoutReturn.order_id).where(PayoutReturn.id == key))
    return None if order_id is None else _payout_order(order_id)


def _recovery(key: int) -> Place | None:
    row = first(PayoutRecovery.contest_id, where=PayoutRecovery.id == key)
    return row and Place(contest_id=row[0])


def _receipt(key: int) -> Place | None:
    sheet_id = db.session.scalar(select(Receipt.sheet_id).where(Receipt.id == key))
    return None if sheet_id is None else _sheet(sheet_id)


def _seat(key: int) -> Place | None:
    row = db.session.execute(
        select(Event.contest_id, PanelSeat.event_id, PanelSeat.account_id)
        .join(Event, Event.id == PanelSeat.event_id)
        .where(PanelSeat.id == key)
    ).first()
    return row and seat_place(*row)


def _judge(key: int) -> Place | None:
    account_id = db.session.scalar(select(Judge.account_id).where(Judge.id == key))
    return None if account_id is None else _of_judge(account_id)


def _relation(key: int) -> Place | None:
    account_id = db.session.scalar(select(Relation.account_id).where(Relation.id == key))
    return None if account_id is None else _of_judge(account_id)


def _of_judge(account_id: int) -> Place:
    """Place a judge in the contests that the roles of the account reach."""
    everywhere = exists().where(
        RoleGrant.account_id == account_id,
        RoleGrant.role.in_((Role.JUDGE, Role.ENTRY_CLERK)),
        or_(RoleGrant.contest_id.is_(None), RoleGrant.contest_id == Contest.id),
    )
    return Place(
        owned=True,
        accounts=frozenset({account_id}),
        contests=frozenset(db.session.scalars(select(Contest.id).where(everywhere))),
    )


def _decision(key: int) -> Place | None:
    where = (TieDecision.id == key) & (Event.id == TieDecision.event_id)
    row = first(Event.contest_id, Event.id, where=where)
    return row and Place(contest_id=row[0], event_id=row[1])


def _violation(key: int) -> Place | None:
    row = db.session.execute(
        select(Event.contest_id, Event.id)
        .join(Work, Work.event_id == Event.id)
        .join(Violation, Violation.work_id == Work.id)
        .where(Violation.id == key)
    ).first()
    return row and Place(contest_id=row[0], event_id=row[1])


def _revision(key: int) -> Place | None:
    row = first(Event.contest_id, Event.id, where=Revision.id == key, joins=(Revision.event,))
    return row and Place(contest_id=row[0], event_id=row[1])


def _lot(key: int) -> Place | None:
    row = first(Event.contest_id, Event.id, where=(Lot.id == key) & (Event.id == Lot.event_id))
    return row and Place(contest_id=row[0], event_id=row[1])


def _step(key: int) -> Place | None:
    where = (TurnStep.id == key) & (Turn.id == TurnStep.turn_id) & (Event.id == Turn.event_id)
    row = first(Event.contest_id, Event.id, where=where)
    return row and Place(contest_id=row[0], event_id=row[1])


def _pass(key: int) -> Place | None:
    row = first(Event.contest_id, Event.id, where=Pass.id == key, joins=(Pass.entry, Entry.event))
    return row and Place(contest_id=row[0], event_id=row[1])


def _appeal(key: int) -> Place | None:
    entry_id = db.session.scalar(select(Appeal.entry_id).where(Appeal.id == key))
    return None if entry_id is None else _entry(entry_id)


def _attachment(key: int) -> Place | None:
    appeal_id = db.session.scalar(select(Attachment.appeal_id).where(Attachment.id == key))
    return None if appeal_id is None else _appeal(appeal_id)


def _ruling(key: int) -> Place | None:
    where = (Ruling.id == key) & (Event.id == Ruling.event_id)
    row = first(Event.contest_id, Event.id, where=where)
    return row and Place(contest_id=row[0], event_id=row[1])


def _spot_check(key: int) -> Place | None:
    row = first(Event.contest_id, Event.id, where=SpotCheck.id == key, joins=(SpotCheck.event,))
    return row and Place(contest_id=row[0], event_id=row[1])


def _check_item(key: int) -> Place | None:
    joins = (SpotCheckItem.check, SpotCheck.event)
    row = first(Event.contest_id, Event.id, where=SpotCheckItem.id == key, joins=joins)
    return row and Place(contest_id=row[0], event_id=row[1])


def _reopening(key: int) -> Place | None:
    where = (Reopening.id == key) & (Event.id == Reopening.event_id)
    row = first(Event.contest_id, Event.id, where=where)
    return row and Place(contest_id=row[0], event_id=row[1])


def _notice(key: int) -> Place | None:
    row = first(Notice.contest_id, where=Notice.id == key)
    return row and Place(contest_id=row[0])


def _proof(key: int) -> Place | None:
    row = first(NoticeProof.contest_id, where=NoticeProof.id == key)
    return row and Place(contest_id=row[0])


def _certificate(key: int) -> Place | None:
    row = db.session.execute(
        select(
            Certificate.contest_id,
            Certificate.event_id,
            Certificate.person_id,
            Certificate.account_id,
        ).where(Certificate.id == key)
    ).first()
    return row and Place(
        contest_id=row[0],
        event_id=row[1],
        owned=True,
        persons=known(row[2]),
        accounts=known(row[3]),
    )


def _issue_run(key: int) -> Place | None:
    row = first(IssueRun.contest_id, where=IssueRun.id == key)
    return row and Place(contest_id=row[0])


def _signer(key: int) -> Place | None:
    return first(Signer.id, where=Signer.id == key) and Place()


def _account(key: int) -> Place | None:
    """Place an account by its roles: one contest's organizer reaches that contest's accounts."""
    if first(Account.id, where=Account.id == key) is None:
        return None
    found = db.session.scalars(
        select(RoleGrant.contest_id).where(RoleGrant.account_id == key).distinct()
    ).all()
    return Place(contest_id=found[0] if len(found) == 1 else None)


def _employer(key: int) -> Place | None:
    row = first(Employer.id, where=Employer.id == key)
    return row and Place(
        owned=True,
        employers=frozenset({key}),
        contests=_contests_with(Entry.employer_id == key),
    )


def _person(key: int) -> Place | None:
    row = first(Person.employer_id, where=Person.id == key)
    return row and Place(
        owned=True,
        employers=known(row[0]),
        persons=frozenset({key}),
        contests=_contests_with(Entry.members.any(EntryMember.person_id == key)),
    )


def _contests_with(entries: Any) -> frozenset[int]:
    """Return the contests that have such entries."""
    query = select(Event.contest_id).join(Entry, Entry.event_id == Event.id).where(entries)
    return frozenset(db.session.scalars(query.distinct()))


_FINDERS: dict[str, Callable[[int], Place | None]] = {
    **places_programmes.FINDERS,
    **places_panels.FINDERS,
    "contest": _contest,
    "event": _event,
    "division": _division,
    "entry": _entry,
    "import": _import,
    "sheet": _sheet,
    "paper": _paper,
    "scan": _scan,
    "page": _page,
    "receipt": _receipt,
    "objection": _objection,
    "honour": _honour,
    "message": _message,
    "level_list": _level_list,
    "level_line": _level_line,
    "level_return": _level_return,
    "document": _document,
    "document_template": _document_template,
    "certificate_template": _certificate_template,
    "template_version": _template_version,
    "seal": _seal,
    "statement_key": _statement_key,
    "payout_order": _payout_order,
    "payout_line": _payout_line,
    "payout_return": _payout_return,
    "recovery": _recovery,
    "payout_series": of_city(PayoutSeries),
    "seat": _seat,
    "judge": _judge,
    "relation": _relation,
    "decision": _decision,
    "violation": _violation,
    "revision": _revision,
    "lot": _lot,
    "pass": _pass,
    "step": _step,
    "appeal": _appeal,
    "attachment": _attachment,
    "ruling": _ruling,
    "spot_check": _spot_check,
    "check_item": _check_item,
    "reopening": _reopening,
    "notice": _notice,
    "proof": _proof,
    "certificate": _certificate,
    "issue_run": _issue_run,
    "signer": _signer,
    "account": _account,
    "employer": _employer,
    "person": _person,
}
