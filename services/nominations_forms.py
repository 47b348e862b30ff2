"""Forms in the superior's layout: Word files of the bureau, approved by a second person, filled."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import func, select

from models.database import db
from models.nominations import NominationCall, NominationForm
from rules.documents import sample
from rules.nomination_forms import FORM_FIELDS
from rules.refusals import Missing, Refused
from rules.states import TEMPLATE_MOVES, TemplateState, moved
from rules.texts import N_
from services import audits, files
from services.acting import Actor
from services.documents_checks import SAMPLE, check_template
from services.documents_filling import filled
from services.files import StoredFile
from services.nominations import lock_call, rules_of
from services.transaction import transaction


def upload_form(
    by: Actor, call_id: int, list_key: str, form: str, data: bytes, folder: Path
) -> int:
    """Check a form and keep it as a draft; return its id."""
    check_template(data, FORM_FIELDS)
    with files.keeping(folder) as keep:
        return add_form(by, call_id, list_key, form, keep(data))


@transaction
def add_form(by: Actor, call_id: int, list_key: str, form: str, stored: StoredFile) -> int:
    """Add the row of a form whose bytes are kept."""
    call = lock_call(call_id)
    if (list_key, form) not in _known(call):
        raise Missing(form)
    same = (
        NominationForm.call_id == call_id,
        NominationForm.list_key == list_key,
        NominationForm.form == form,
    )
    last = db.session.scalar(select(func.max(NominationForm.number)).where(*same))
    made = NominationForm(
        call_id=call_id,
        list_key=list_key,
        form=form,
        number=(last or 0) + 1,
        size=stored.size,
        file_key=stored.key,
        file_sha256=stored.sha256,
        uploaded_at=by.now,
        uploaded_by_id=by.account_id,
    )
    db.session.add(made)
    db.session.flush()
    after = {"list": list_key, "form": form, "number": made.number, "digest": stored.sha256}
    audits.record(by, "add_form", "nomination_form", made.id, after=after)
    return made.id


def _known(call: NominationCall) -> set[tuple[str, str]]:
    return {(one.key, form.key) for one in rules_of(call).lists for form in one.forms}


@transaction
def approve_form(by: Actor, form_id: int) -> int:
    """Approve a form as a second person; it takes the place of the one before it."""
    row = _locked(form_id)
    if row.uploaded_by_id == by.account_id:
        raise Refused(N_("Somebody else must approve a form: you have uploaded it."))
    state = moved(TEMPLATE_MOVES, row.state, TemplateState.APPROVED)
    before = approved(row.call_id).get((row.list_key, row.form))
    if before is not None:
        before.state = moved(TEMPLATE_MOVES, before.state, TemplateState.RETIRED)
        db.session.flush()
    row.state, row.approved_at, row.approved_by_id = state, by.now, by.account_id
    after = {"number": row.number, "digest": row.file_sha256}
    audits.record(by, "approve", "nomination_form", form_id, after=after)
    return form_id


@transaction
def retire_form(by: Actor, form_id: int) -> int:
    """Take a form out of use."""
    row = _locked(form_id)
    before = {"state": row.state}
    row.state = moved(TEMPLATE_MOVES, row.state, TemplateState.RETIRED)
    audits.record(by, "retire", "nomination_form", form_id, before=before)
    return form_id


def _locked(form_id: int) -> NominationForm:
    row = db.session.get(NominationForm, form_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Missing(form_id)
    return row


def get_form(form_id: int) -> NominationForm:
    """Return a form; raise Missing."""
    row = db.session.get(NominationForm, form_id)
    if row is None:
        raise Missing(form_id)
    return row


def approved(call_id: int) -> dict[tuple[str, str], NominationForm]:
    """Return the approved forms of a call by list and form."""
    query = select(NominationForm).where(
        NominationForm.call_id == call_id, NominationForm.state == TemplateState.APPROVED
    )
    return {(one.list_key, one.form): one for one in db.session.scalars(query)}


def list_forms(call_id: int) -> Sequence[NominationForm]:
    """List the versions of the forms of a call, the newest first."""
    query = select(NominationForm).where(NominationForm.call_id == call_id)
    order = (NominationForm.list_key, NominationForm.form, NominationForm.number.desc())
    return db.session.scalars(query.order_by(*order)).all()


def bytes_of(row: NominationForm, folder: Path) -> bytes:
    """Return the Word file of a form."""
    return files.read(folder, row.file_key, row.file_sha256)


def sample_of(row: NominationForm, folder: Path) -> bytes:
    """Return what a form makes of sample values."""
    return filled(bytes_of(row, folder), FORM_FIELDS, sample(FORM_FIELDS), SAMPLE)


def list_keys() -> set[str]:
    """List the keys of all kept forms, so that none of them is swept away."""
    return set(db.session.scalars(select(NominationForm.file_key)))
