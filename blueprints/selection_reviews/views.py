"""What a reviewer sees: own rounds, the pledge, the list, a dossier with its sheet."""

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, require_holder
from blueprints.forms import ActForm
from blueprints.selection_reviews.forms import MARK, PledgeForm, ReasonForm, SheetForm, sheet_form
from blueprints.web import Outcome, attempt, attempt_button, page_number
from rules.acts import Act
from rules.refusals import Missing
from rules.selection_reviews import sheet_sum
from services import (
    selection_applications_reading,
    selection_reviews,
    selection_reviews_sheets,
)
from services.pages import page_in
from services.selection_reviews_sheets import OwnList

blueprint = Blueprint("selection_reviews", __name__)
STATES = ("open", "begun", "complete", "signed", "recused")


@blueprint.get("/selection-reviews")
@allows(Act.MARK_SELECTION)
def list_rounds() -> ResponseReturnValue:
    """List the rounds on whose panel the reader sits."""
    rounds = selection_reviews_sheets.rounds_of(require_holder().account_id)
    return render_template("selection_reviews/list_rounds.html", rounds=rounds)


def _own(round_id: int) -> OwnList:
    return selection_reviews_sheets.list_own(require_holder().account_id, round_id)


@blueprint.get("/selection-reviews/<int:selection_round_id>/sheets")
@allows(Act.MARK_SELECTION)
def list_sheets(selection_round_id: int) -> ResponseReturnValue:
    """List the applications that the reader reviews, with what is still to do."""
    return _list_page(selection_round_id, PledgeForm(formdata=None))


def _list_page(round_id: int, form: PledgeForm) -> str:
    own = _own(round_id)
    wanted = request.args.get("state", "")
    rows = [one for one in own.rows if wanted not in STATES or one.state == wanted]
    if own.seat.pledged_at is None:
        form.conflicts.choices = [
            (one.id, f"{one.number or one.id} {one.name} {one.unit}")
            for one in own.rows
            if one.recused is None
        ]
    return render_template(
        "selection_reviews/list_sheets.html",
        own=own,
        page=page_in(rows, page_number()),
        wanted=wanted,
        form=form,
        leave=ReasonForm(formdata=None),
    )


@blueprint.post("/selection-reviews/<int:selection_round_id>/pledge")
@allows(Act.MARK_SELECTION)
def pledge(selection_round_id: int) -> ResponseReturnValue:
    """Promise secrecy and name one's conflicts."""
    form = PledgeForm()
    own = _own(selection_round_id)
    form.conflicts.choices = [(one.id, one.name) for one in own.rows]
    if form.validate() and attempt(
        form, selection_reviews.pledge, selection_round_id, form.conflicts.data or ()
    ):
        return redirect(url_for(".list_sheets", selection_round_id=selection_round_id), 303)
    return _list_page(selection_round_id, form), 422


@blueprint.post("/selection-reviews/<int:selection_round_id>/decline")
@allows(Act.MARK_SELECTION)
def decline_seat(selection_round_id: int) -> ResponseReturnValue:
    """Decline one's own seat with a reason."""
    form = ReasonForm()
    seat = selection_reviews.own_seat(require_holder().account_id, selection_round_id)
    if form.validate() and attempt(
        form, selection_reviews.decline_seat, seat.id, reason=form.reason.data or ""
    ):
        return redirect(url_for(".list_rounds"), 303)
    for message in (*form.form_errors, *form.reason.errors):
        flash(str(message), "danger")
    return _list_page(selection_round_id, PledgeForm(formdata=None)), 422


@blueprint.route(
    "/selection-reviews/<int:selection_round_id>/sheets/<int:key>", methods=["GET", "POST"]
)
@allows(Act.MARK_SELECTION)
def fill_sheet(selection_round_id: int, key: int) -> ResponseReturnValue:
    """Show a dossier beside its sheet; what is typed is saved at once."""
    if request.method == "POST" and "application/json" in request.headers.get("Accept", ""):
        return _save_typed(selection_round_id, key)
    own = _own(selection_round_id)
    row = next((one for one in own.rows if one.id == key), None)
    if row is None or row.recused is not None or own.seat.pledged_at is None:
        raise Missing(key)
    form = sheet_form(own.review)()
    if not form.is_submitted():
        _prefill(own, key, form)
        return _sheet_page(own, key, form)
    if _kept(form, key):
        return redirect(url_for(".fill_sheet", selection_round_id=selection_round_id, key=key), 303)
    return _sheet_page(own, key, form), 422


def _save_typed(round_id: int, key: int) -> ResponseReturnValue:
    """Save while somebody types: one sheet is looked at, and none of the others."""
    account_id = require_holder().account_id
    review = selection_reviews_sheets.review_for(account_id, round_id, key)
    form = sheet_form(review)()
    done = _kept(form, key)
    if done is None:
        errors = {name: [str(one) for one in found] for name, found in form.errors.items() if name}
        return jsonify(errors=errors, words=[str(one) for one in form.form_errors]), 422
    total = str(sheet_sum(review, _marks(form)))
    new_key = ActForm(formdata=None).request_key.data
    return jsonify(version=done.value, total=total, key=new_key)


def _kept(form: SheetForm, key: int) -> Outcome | None:
    if not form.validate():
        return None
    act = selection_reviews_sheets.save_sheet
    return attempt(form, act, key, _marks(form), form.note.data, form.base_version)


def _marks(form: SheetForm) -> dict[str, str]:
    return {
        name.removeprefix(MARK): field.data or ""
        for name, field in form._fields.items()
        if name.startswith(MARK)
    }


def _prefill(own: OwnList, key: int, form: SheetForm) -> None:
    row = selection_reviews_sheets.own_sheet(own.seat, key)
    if row is not None:
        form.note.data, form.version.data = row.note or "", str(row.version)
        for name, text in row.marks.items():
            if MARK + name in form._fields:
                form._fields[MARK + name].data = text


def _sheet_page(own: OwnList, key: int, form: SheetForm) -> str:
    place = next(at for at, one in enumerate(own.rows) if one.id == key)
    beside = [one for one in own.rows if one.recused is None]
    at = beside.index(own.rows[place])
    return render_template(
        "selection_reviews/fill_sheet.html",
        own=own,
        row=own.rows[place],
        form=form,
        mark=MARK,
        dossier=selection_applications_reading.dossier_of(key),
        before=beside[at - 1].id if at else None,
        after=beside[at + 1].id if at + 1 < len(beside) else None,
    )


@blueprint.post("/selection-reviews/<int:selection_round_id>/sheets/<int:key>/sign")
@allows(Act.MARK_SELECTION)
def sign_sheet(selection_round_id: int, key: int) -> ResponseReturnValue:
    """Sign one finished sheet, and go on to the next that is open."""
    place: dict[str, Any] = {"selection_round_id": selection_round_id}
    if not attempt_button(selection_reviews_sheets.sign_sheet, key):
        return redirect(url_for(".fill_sheet", **place, key=key), 303)
    flash(gettext("The sheet is signed."), "success")
    rows = _own(selection_round_id).rows
    later = [one.id for one in rows if one.state in ("open", "begun", "complete")]
    if later:
        return redirect(url_for(".fill_sheet", **place, key=later[0]), 303)
    return redirect(url_for(".list_sheets", **place), 303)


@blueprint.post("/selection-reviews/<int:selection_round_id>/sign")
@allows(Act.MARK_SELECTION)
def sign_finished(selection_round_id: int) -> ResponseReturnValue:
    """Sign all of one's own sheets that are complete."""
    if attempt_button(selection_reviews_sheets.sign_finished, selection_round_id):
        flash(gettext("The complete sheets are signed."), "success")
    return redirect(url_for(".list_sheets", selection_round_id=selection_round_id), 303)
