"""One act, one transaction."""

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from models.audits import AuditRecord
from models.database import db, write_lock
from rules.refusals import Refused
from rules.texts import N_
from services import audits
from services.acting import Actor

P = ParamSpec("P")
T = TypeVar("T")

_acting: ContextVar[bool] = ContextVar("acting", default=False)


class Repeated(Exception):
    """The request was already carried out; names what it made or changed then."""

    def __init__(self, subject: str, subject_id: int | None) -> None:
        super().__init__(subject, subject_id)
        self.subject = subject
        self.subject_id = subject_id


def transaction(
    act: Callable[Concatenate[Actor, P], T],
) -> Callable[Concatenate[Actor, P], T]:
    """Commit all that the act wrote, or nothing; acts do not nest.

    Raises Repeated when the request key was used before, Refused when somebody was faster.
    """

    @wraps(act)
    def run(by: Actor, /, *args: P.args, **kwargs: P.kwargs) -> T:
        if _acting.get():
            raise RuntimeError(f"{act.__qualname__} was called inside another act")
        token = _acting.set(True)
        try:
            with write_lock():
                _start_afresh()
                refuse_repeat(by)
                db.session.info[audits.FRESH_KEY] = True
                outcome = act(by, *args, **kwargs)
                db.session.commit()
                return outcome
        except StaleDataError as error:
            db.session.rollback()
            raise Refused(STALE) from error
        except IntegrityError as error:
            db.session.rollback()
            refuse_repeat(by)
            raise _translated(error) from error
        except BaseException:
            db.session.rollback()
            raise
        finally:
            _acting.reset(token)

    return run


def _start_afresh() -> None:
    """Let go of what the request has read so far; a reading transaction may be open.

    SQLite needs a new one to write in. PostgreSQL reads what is committed by now in the one that
    is open (READ COMMITTED), so three journeys to the server can be saved.
    """
    session = db.session()
    pending = session.new or session.dirty or session.deleted
    if pending or not session.is_active or session.get_bind().dialect.name == "sqlite":
        session.rollback()
    else:
        session.expire_all()


STALE = N_("Somebody else has changed this meanwhile. Look at it again, then repeat your change.")

_CONSTRAINTS: tuple[tuple[str, str, str | None, str], ...] = (
    ("uq_contest_code", "contest.code", "code", N_("This code is taken.")),
    ("uq_event_contest_id_code", "event.code", "code", N_("This code is taken.")),
    ("uq_event_contest_id_title", "event.title", "title", N_("This name is taken.")),
    ("uq_division_event_id_code", "division.code", "code", N_("This code is taken.")),
    ("uq_account_username", "account.username", "username", N_("This user name is taken.")),
    ("uq_account_person_id", "account.person_id", None, N_("This person has an account already.")),
    ("uq_employer_title", "employer.title", "title", N_("This employer is registered already.")),
    (
        "uq_scan_file_event_id_sha256",
        "scan_file.sha256",
        None,
        N_("This file was uploaded already."),
    ),
    ("uq_employer_uscc", "employer.uscc", "uscc", N_("This credit code is registered already.")),
    (
        "uq_sealed_layer_event_id_number",
        "sealed_layer.event_id, sealed_layer.number",
        None,
        N_("This layer has been sealed meanwhile."),
    ),
    (
        "uq_sealed_layer_event_id_sealer_id",
        "sealed_layer.event_id, sealed_layer.sealer_id",
        None,
        N_("Each layer is sealed by somebody else; you have had a part in this one."),
    ),
    (
        "uq_layer_opening_layer_id",
        "layer_opening.layer_id",
        None,
        N_("This layer is open already."),
    ),
    (
        "uq_sealing_event_id",
        "sealing.event_id",
        None,
        N_("The list of this event is closed already."),
    ),
    (
        "uq_entry_member_event_id_person_id",
        "entry_member.event_id, entry_member.person_id",
        None,
        N_("This person is entered in this event already."),
    ),
    ("uq_document_number", "document.number", "number", N_("This document number is taken.")),
    (
        "uq_document_template_kind_number",
        "document_template.kind, document_template.number",
        None,
        N_("Another template was uploaded meanwhile. Upload yours again."),
    ),
    (
        "uq_certificate_template_title",
        "certificate_template.title",
        "title",
        N_("This name is taken."),
    ),
    ("uq_level_layout_title", "level_layout.title", "title", N_("This name is taken.")),
    ("uq_workshop_title", "workshop.title", "title", N_("This name is taken.")),
    (
        "uq_workshop_plaque_number",
        "workshop.plaque_number",
        "plaque_number",
        N_("This plaque number is taken."),
    ),
    ("uq_workshop_application_number", "workshop_application.number", None, STALE),
    (
        "uq_nomination_person",
        "nomination.round_key, nomination.person_id",
        None,
        N_("This candidate is nominated in this round already, and has one route."),
    ),
    (
        "uq_nomination_employer",
        "nomination.round_key, nomination.employer_id",
        None,
        N_("This candidate is nominated in this round already, and has one route."),
    ),
    (
        "uq_workshop_application_open",
        "workshop_application.workshop_id",
        None,
        N_("An application of this workshop for the level above is under way already."),
    ),
    (
        "uq_workshop_report_workshop_id_year",
        "workshop_report.workshop_id, workshop_report.year",
        None,
        STALE,
    ),
    (
        "uq_mentorship_class_employer_id_title",
        "mentorship_class.employer_id, mentorship_class.title",
        "title",
        N_("This name is taken."),
    ),
    (
        "uq_level_line_active",
        "level_line.person_id, level_line.occupation, level_line.level",
        None,
        N_("Another list with the same person and level was prepared meanwhile."),
    ),
    (
        "uq_person_level_certificate_number",
        "person_level.certificate_number",
        None,
        N_("Somebody else has one of these certificate numbers meanwhile."),
    ),
    (
        "uq_issue_run_open",
        "issue_run.contest_id, issue_run.kind",
        None,
        N_("A run of this contest is open. End or cancel it first."),
    ),
    (
        "uq_lot_standing",
        "lot.event_id, lot.kind, lot.batch",
        None,
        N_("This draw has been made already."),
    ),
    (
        "uq_statement_key_active",
        "statement_key.state",
        None,
        N_("Somebody else has made a key in this moment."),
    ),
    (
        "uq_arrival_event_id_person_id",
        "arrival.event_id, arrival.person_id",
        "typed",
        N_("Somebody else has just checked this person in."),
    ),
    (
        "uq_turn_event_id_batch_station",
        "turn.event_id, turn.batch, turn.station",
        "station",
        N_("This station is taken."),
    ),
)


def _translated(error: IntegrityError) -> Exception:
    """Return the refusal for a constraint that people can run into, else the error itself."""
    text = str(error.orig)
    for name, columns, field, message in _CONSTRAINTS:
        if name in text or f"failed: {columns}" in text or text.endswith(columns):
            return Refused(message, field)
    return error


def give_up() -> None:
    """Let go of all that a failed request has read or written and not committed."""
    db.session.rollback()


def refuse_repeat(by: Actor) -> None:
    """Raise Repeated when the request was carried out before; for acts that prepare something."""
    if by.request_key is None:
        return
    found = db.session.execute(
        select(AuditRecord.subject, AuditRecord.subject_id).where(
            AuditRecord.request_key == by.request_key
        )
    ).first()
    if found is not None:
        subject, subject_id = found
        db.session.rollback()
        raise Repeated(subject, subject_id)
