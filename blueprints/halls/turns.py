"""The board of the hall, and the day of one contestant."""

from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.halls.forms import SeatForm, StepForm
from blueprints.halls.views import blueprint, hall_crumbs
from blueprints.labels import label
from blueprints.web import attempt, attempt_button, china_time, download, now
from models.entries import Entry
from models.halls import TurnStep
from rules.acts import Act
from rules.halls import next_moves
from rules.states import TurnState
from rules.violations import LARGEST_EVIDENCE
from services import contests, entries, halls, halls_board, halls_turns


@blueprint.app_template_filter("duration")
def duration(seconds: int | None) -> str:
    """Show seconds as hours, minutes and seconds; nothing for none."""
    if seconds is None:
        return ""
    hours, rest = divmod(abs(seconds), 3600)
    minutes, left = divmod(rest, 60)
    sign = "-" if seconds < 0 else ""
    return f"{sign}{hours}:{minutes:02d}:{left:02d}"


@blueprint.get("/events/<int:event_id>/hall")
@allows(Act.RUN_HALL)
def show_hall(event_id: int) -> ResponseReturnValue:
    """Who is where, batch by batch, with clocks and the next step."""
    event = contests.get_event(event_id)
    rules, instant = halls.hall_of(event_id), now()
    day = contests.rules_of(event.contest).day
    places = halls_board.list_places(event_id, rules, day, instant)
    batches = halls_board.list_batches(places, rules)
    present = halls_board.present_batch(batches)
    asked = request.args.get("batch", type=int)
    shown = next((one for one in batches if one.number == asked), present or batches[0])
    return render_template(
        "halls/show_hall.html",
        event=event,
        rules=rules,
        day=day,
        batches=batches,
        shown=shown,
        together=halls_turns.TOGETHER,
        instant=instant,
        mark=halls_board.mark_of(places),
        open=event.state in halls.OPEN_STATES,
        crumbs=hall_crumbs(event),
    )


@blueprint.post("/events/<int:event_id>/hall")
@allows(Act.RUN_HALL)
def move_batch(event_id: int) -> ResponseReturnValue:
    """Take a step with a whole batch."""
    batch, state = request.form.get("batch", 0, type=int), request.form.get("state", "")
    if state in set(TurnState):
        attempt_button(halls_turns.move_batch, event_id, batch, TurnState(state))
    return redirect(url_for(".show_hall", event_id=event_id, batch=batch), 303)


@blueprint.get("/entries/<int:entry_id>/day")
@allows(Act.RUN_HALL)
def show_turn(entry_id: int) -> ResponseReturnValue:
    """The day of one contestant: state, times, log, next steps."""
    return _turn_page(entry_id, StepForm(), _seat_form(entry_id))


@blueprint.post("/entries/<int:entry_id>/day")
@allows(Act.RUN_HALL)
def move_turn(entry_id: int) -> ResponseReturnValue:
    """Record the next step of a contestant."""
    form = StepForm()
    form.offer(list(TurnState))
    if form.validate() and _step(form, entry_id):
        if request.form.get("from") == "board":
            event_id = halls.get_turn_entry(entry_id).event_id
            batch = request.form.get("batch", type=int)
            return redirect(url_for(".show_hall", event_id=event_id, batch=batch), 303)
        return redirect(url_for(".show_turn", entry_id=entry_id), 303)
    return _turn_page(entry_id, form, _seat_form(entry_id)), 422


def _step(form: StepForm, entry_id: int) -> Any:
    entry, turn = halls.get_turn_entry(entry_id), halls_turns.find_turn(entry_id)
    state, remark = TurnState(form.state.data), form.remark.data or ""
    stands = halls_turns.stands_at(turn, entry)
    if stands is TurnState.INTERRUPTED and state is TurnState.COMPETING:
        return attempt(form, halls_turns.resume, entry_id, form.minutes.data, remark)
    file = form.evidence.data
    return attempt(
        form,
        halls_turns.move_turn,
        entry_id,
        state,
        remark,
        evidence=file.read(LARGEST_EVIDENCE + 1) if file else b"",
        folder=_folder(),
    )


def _folder() -> Path:
    folder: Path = current_app.config["SETTINGS"].instance_dir
    return folder


@blueprint.get("/steps/<int:step_id>/evidence")
@allows(Act.RUN_HALL)
def show_evidence(step_id: int) -> ResponseReturnValue:
    """The file that proves a step, to be saved."""
    data, ending, media = halls_turns.get_evidence(step_id, _folder())
    return download(data, f"evidence-{step_id}.{ending}", media)


@blueprint.route("/entries/<int:entry_id>/day/station", methods=["GET", "POST"])
@allows(Act.RUN_HALL)
def reseat(entry_id: int) -> ResponseReturnValue:
    """Give a contestant another batch or station."""
    if request.method != "POST":  # a refused page that is loaded again
        return redirect(url_for(".show_turn", entry_id=entry_id), 303)
    form = SeatForm()
    form.offer(halls.hall_of(halls.get_turn_entry(entry_id).event_id))
    typed = (form.batch.data, form.station.data, form.reason.data or "")
    if form.validate() and attempt(form, halls_turns.reseat, entry_id, *typed):
        flash(gettext("Saved."), "success")
        return redirect(url_for(".show_turn", entry_id=entry_id), 303)
    return _turn_page(entry_id, StepForm(formdata=None), form), 422


def _seat_form(entry_id: int) -> SeatForm:
    turn = halls_turns.find_turn(entry_id)
    place = {"batch": turn.batch or 1, "station": turn.station or ""} if turn else {}
    return SeatForm(formdata=None, data=place)


def _turn_page(entry_id: int, form: StepForm, seat: SeatForm) -> str:
    halls.get_turn_entry(entry_id)
    entry, turn, instant = entries.get_entry(entry_id), halls_turns.find_turn(entry_id), now()
    rules = halls.hall_of(entry.event_id)
    stands = halls_turns.stands_at(turn, entry)
    clock = halls_turns.clock_of(turn) if turn else None
    steps = halls_turns.list_steps(entry_id)
    moves = next_moves(stands, turn is not None and turn.started_at is not None)
    form.offer(moves)
    seat.offer(rules)
    return render_template(
        "halls/show_turn.html",
        form=form,
        seat=seat,
        entry=entry,
        event=entry.event,
        turn=turn,
        state=stands,
        rules=rules,
        moves=moves,
        times=_times(entry, rules, instant, clock),
        steps=[_line(step) for step in steps],
        proofs=[step for step in steps if step.evidence],
        open=entry.event.state in halls.OPEN_STATES,
        crumbs=[
            *hall_crumbs(entry.event),
            (gettext("Hall"), url_for(".show_hall", event_id=entry.event_id)),
        ],
    )


def _times(entry: Entry, rules: Any, instant: datetime, clock: Any) -> list[tuple[str, str]]:
    """Say used time, time left and time given back."""
    if clock is None or clock.started_at is None:
        return []
    left = clock.left(rules.minutes, instant)
    lines = [
        (gettext("Started"), china_time(clock.started_at)),
        (gettext("Time used"), duration(clock.used(instant))),
        (gettext("Time given back"), duration(clock.given_back)),
    ]
    return lines if left is None else [*lines, (gettext("Time left"), duration(left))]


def _line(step: TurnStep) -> dict[str, Any]:
    """Say one step of the log."""
    text = f"{label(step.old_state)} → {label(step.new_state)}"
    notes = [step.remark] if step.remark else []
    if step.pause or step.given_back:
        given, pause = duration(step.given_back), duration(step.pause)
        notes.append(
            gettext("interrupted for %(pause)s, given back %(given)s", pause=pause, given=given)
        )
    if step.used:
        notes.append(gettext("time used %(used)s", used=duration(step.used)))
    return {
        "when": china_time(step.at),
        "iso": step.at.isoformat(),
        "who": step.account.title if step.account else "",
        "text": text if step.old_state is not step.new_state else gettext("Other station"),
        "detail": " · ".join(notes),
        "tone": "warn"
        if step.new_state in {TurnState.INTERRUPTED, TurnState.VIOLATION}
        else "info",
    }
