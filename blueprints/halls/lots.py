"""Draws in the hall: prepare, say figures, draw; the page on which anyone checks a draw."""

import json
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.halls.forms import SpokenForm
from blueprints.halls.views import blueprint, hall_crumbs
from blueprints.labels import label
from blueprints.web import attempt, attempt_button, download, may_at
from models.lots import Lot
from rules.acts import Act
from rules.draws import LotKind, LotSheet
from rules.halls import HallRules
from rules.states import LotState
from services import contests, documents, halls, lots


@blueprint.get("/events/<int:event_id>/hall/draws")
@allows(Act.SEE_LOTS)
def list_lots(event_id: int) -> ResponseReturnValue:
    """What was drawn for an event, and what can be drawn next."""
    event = contests.get_event(event_id)
    rules = halls.hall_of(event_id)
    found = lots.list_lots(event_id)
    standing = {(lot.kind, lot.batch): lot for lot in found if lot.state is not LotState.RESET}
    return render_template(
        "halls/list_lots.html",
        event=event,
        rules=rules,
        lots=found,
        standing=standing,
        possible=lots.possible_lots(event, rules),
        open=event.state in halls.OPEN_STATES,
        title_of=lambda lot: lot_title(lot.kind, lot.batch, rules),
        kind_title=lambda kind, batch: lot_title(kind, batch, rules),
        crumbs=hall_crumbs(event),
    )


def lot_title(kind: LotKind, batch: int, rules: HallRules) -> str:
    """Name a draw: what is drawn, and for which batch."""
    where = rules.title_of(batch)
    return f"{label(kind)} · {where}" if where else str(label(kind))


@blueprint.post("/events/<int:event_id>/hall/draws")
@allows(Act.DRAW_LOTS)
def commit_lot(event_id: int) -> ResponseReturnValue:
    """Close the list of a draw and show the commitment."""
    kind, batch = request.form.get("kind", ""), request.form.get("batch", 0, type=int)
    if kind not in set(LotKind):
        return redirect(url_for(".list_lots", event_id=event_id), 303)
    done = attempt_button(lots.commit_lot, event_id, LotKind(kind), batch)
    if done:
        return redirect(url_for(".show_lot", lot_id=done.id), 303)
    return redirect(url_for(".list_lots", event_id=event_id), 303)


@blueprint.get("/lots/<int:lot_id>")
@allows(Act.READ_PUBLIC)
def show_lot(lot_id: int) -> ResponseReturnValue:
    """A draw as anyone may see and repeat it: numbers, no names."""
    return _lot_page(lots.get_lot(lot_id), SpokenForm())


@blueprint.post("/lots/<int:lot_id>")
@allows(Act.DRAW_LOTS)
def draw_lot(lot_id: int) -> ResponseReturnValue:
    """Draw with the figures that were said aloud."""
    form = SpokenForm()
    if form.validate() and attempt(form, lots.draw_lot, lot_id, form.spoken.data or ""):
        flash(gettext("Drawn. Print the protocol and have it signed."), "success")
        return redirect(url_for(".show_lot", lot_id=lot_id), 303)
    return _lot_page(lots.get_lot(lot_id), form), 422


def _lot_page(lot: Lot, form: SpokenForm) -> str:
    event = lot.event
    rules = halls.hall_of(event.id)
    sees = may_at(Act.SEE_LOTS, event.contest_id, event.id)
    sheet = LotSheet.read(lot.sheet)
    return render_template(
        "halls/show_lot.html",
        form=form,
        lot=lot,
        event=event,
        sheet=sheet,
        digest=sheet.digest(),
        seed=lots.seed_of_lot(lot),
        is_true=lots.is_true(lot),
        title=lot_title(lot.kind, lot.batch, rules),
        rows=_rows(lot, rules),
        sees=sees,
        names=lots.names_of(lot) if sees else {},
        may_draw=may_at(Act.DRAW_LOTS, event.contest_id, event.id),
        may_reset=may_at(Act.RESET_LOTS, event.contest_id, event.id),
        crumbs=[
            *hall_crumbs(event),
            *([(gettext("Hall draws"), url_for(".list_lots", event_id=event.id))] if sees else []),
        ],
    )


def _rows(lot: Lot, rules: HallRules) -> list[tuple[str, str, str]]:
    """Return number, group and outcome of each that is drawn, in the order of the outcome."""
    outcome = lot.outcome or {}
    sheet = LotSheet.read(lot.sheet)
    places = {slot: place for place, slot in enumerate(sheet.slots)}
    rows = [(one.key, one.group, outcome.get(one.key, "")) for one in sheet.tickets]
    rows.sort(key=lambda row: (places.get(row[2], -1), row[0]))
    if lot.kind is LotKind.PAPER:
        return [(rules.title_of(lot.batch) or gettext("All"), "", row[2]) for row in rows]
    if lot.kind is LotKind.BATCH:
        return [(key, group, rules.title_of(int(to)) if to else "") for key, group, to in rows]
    return rows


@blueprint.get("/lots/<int:lot_id>/record.json")
@allows(Act.READ_PUBLIC)
def lot_record(lot_id: int) -> ResponseReturnValue:
    """All that repeats a draw, for the small program that anyone can run."""
    text = json.dumps(_record(lots.get_lot(lot_id)), ensure_ascii=False, indent=1)
    return download(text.encode(), f"draw-{lot_id}.json", "application/json")


def _record(lot: Lot) -> dict[str, Any]:
    """Return what may be known: the secret only once it is of no more use."""
    sheet = LotSheet.read(lot.sheet)
    known = sheet.plain() | {"commitment": lot.commitment, "digest": sheet.digest()}
    if lot.state is LotState.COMMITTED or lot.spoken is None:
        return known
    return known | {
        "secret": lot.secret,
        "spoken": lot.spoken,
        "seed": lots.seed_of_lot(lot),
        "outcome": lot.outcome,
    }


@blueprint.get("/lots/<int:lot_id>/protocol.pdf")
@allows(Act.SEE_LOTS)
def lot_protocol(lot_id: int) -> ResponseReturnValue:
    """The protocol sheet of a draw, to be signed."""
    lot = lots.get_lot(lot_id)
    if lot.state is LotState.COMMITTED:
        flash(gettext("Nothing is drawn yet."), "danger")
        return redirect(url_for(".show_lot", lot_id=lot_id), 303)
    rules = halls.hall_of(lot.event_id)
    made = documents.paper_pdf(
        "lot_protocol",
        lot=lot,
        kind=lot.kind.value,
        batch=rules.title_of(lot.batch),
        rows=_rows(lot, rules),
        names=lots.names_of(lot),
        seed=lots.seed_of_lot(lot),
        digest=LotSheet.read(lot.sheet).digest(),
        times=lots.times_of(lot),
    )
    return download(made, f"draw-{lot_id}.pdf", "application/pdf")


@blueprint.post("/lots/<int:lot_id>/cancel")
@allows(Act.DRAW_LOTS)
def cancel_lot(lot_id: int) -> ResponseReturnValue:
    """Drop a prepared draw."""
    if attempt_button(lots.cancel_lot, lot_id, request.form.get("reason", "")):
        flash(gettext("The prepared draw is dropped; it stays on record."), "success")
    return redirect(url_for(".show_lot", lot_id=lot_id), 303)


@blueprint.post("/lots/<int:lot_id>/reset")
@allows(Act.RESET_LOTS)
def reset_lot(lot_id: int) -> ResponseReturnValue:
    """Reset a draw, so that it can be made again."""
    if attempt_button(lots.reset_lot, lot_id, request.form.get("reason", "")):
        flash(gettext("The draw is reset; it stays on record."), "success")
    return redirect(url_for(".show_lot", lot_id=lot_id), 303)
