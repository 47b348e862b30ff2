"""The organizer's pages: draw, attendance, panel, opening of the scoring."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, current_holder
from blueprints.judging.forms import AttendanceForm, DrawForm, SeatForm
from blueprints.judging.views import blueprint
from blueprints.labels import label
from blueprints.web import attempt, attempt_button, page_number, today, translated
from models.contests import Event
from rules import access
from rules.access import Place
from rules.acts import Act
from rules.judges import SeatAnswer, SeatDuty
from rules.ranking import EntryStatus
from rules.refusals import Missing
from rules.states import EventState
from services import attendance as attendances
from services import contests, draws, judging, panels
from services.panels import PanelOfBench


def _crumbs(event: Event) -> list[tuple[str, str]]:
    return [
        (gettext("Contests"), url_for("contests.list_contests")),
        (event.contest.title, url_for("contests.show_contest", contest_id=event.contest_id)),
        (event.title, url_for("contests.show_event", event_id=event.id)),
    ]


@blueprint.route("/events/<int:event_id>/draw", methods=["GET", "POST"])
@allows(Act.DRAW)
def draw(event_id: int) -> ResponseReturnValue:
    """Draw the work codes; afterwards the printable list that ties them to the entries."""
    event = contests.get_event(event_id)
    if contests.rules_of(event.contest).day.code_layers:
        return redirect(url_for("layers.show_codes", event_id=event_id), 303)
    form = DrawForm()
    if form.validate_on_submit():
        if attempt(form, draws.draw, event_id, bool(form.early.data)):
            flash(gettext("The codes are drawn. Print the list and keep it locked."), "success")
            return redirect(url_for(".draw", event_id=event_id), 303)
        event = contests.get_event(event_id)
    page = render_template(
        "judging/draw.html",
        form=form,
        event=event,
        counts=draws.count_entries(event_id),
        drawn=draws.find_draw(event_id),
        entries=draws.list_drawn(event_id),
        is_true=draws.is_true(event_id),
        early=today() <= event.contest.entry_closes_on,
        open=event.state is EventState.REGISTERING,
        crumbs=_crumbs(event),
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/events/<int:event_id>/attendance", methods=["GET", "POST"])
@allows(Act.RECORD_ATTENDANCE)
def attendance(event_id: int) -> ResponseReturnValue:
    """What became of each entry on the day."""
    form = AttendanceForm()
    form.say()
    stage = _stage(event_id)
    ticked = {int(one) for one in request.form.getlist("ids") if one.isascii() and one.isdecimal()}
    act = attendances.record_stage_status if stage else attendances.record_attendance
    if form.validate_on_submit() and attempt(
        form,
        act,
        event_id,
        ticked,
        EntryStatus(form.status.data),
        form.reason.data or "",
    ):
        flash(gettext("Attendance recorded, entries: %(count)s.", count=len(ticked)), "success")
        return redirect(url_for(".attendance", event_id=event_id, **_filters()), 303)
    page = _attendance_page(event_id, form, ticked, stage)
    return page, 422 if form.is_submitted() else 200


def _stage(event_id: int) -> str:
    """Return the later stage that the address asks for, if it is the one being judged."""
    asked = request.args.get("stage", "")
    present = attendances.find_later_stage(event_id) if asked else None
    if asked and (present is None or present.key != asked):
        raise Missing(asked)
    return asked


def _attendance_page(event_id: int, form: AttendanceForm, ticked: set[int], stage: str) -> str:
    event = contests.get_event(event_id)
    status = request.args.get("status", "")
    page = attendances.list_attendance(
        event_id,
        page_number(),
        request.args.get("q", "").strip(),
        EntryStatus(status) if status in set(EntryStatus) else None,
        stage,
    )
    return render_template(
        "judging/attendance.html",
        form=form,
        event=event,
        ticked=ticked,
        page=page,
        stage=stage,
        later=attendances.find_later_stage(event_id),
        at_stage=attendances.statuses_at(stage, [entry.id for entry in page.items]),
        size=attendances.PAGE_SIZE,
        counts=attendances.count_statuses(event_id, stage),
        statuses=list(EntryStatus),
        choices=[(one.value, label(one)) for one in EntryStatus],
        open=event.state in {EventState.DRAWN, EventState.SCORING},
        undrawn=event.state in {EventState.DRAFT, EventState.REGISTERING},
        crumbs=_crumbs(event),
    )


def _filters() -> dict[str, Any]:
    return {
        key: request.args[key] for key in ("stage", "q", "status", "page") if request.args.get(key)
    }


@blueprint.get("/events/<int:event_id>/panel")
@allows(Act.SEAT_JUDGES)
def show_panel(event_id: int) -> ResponseReturnValue:
    """The seats of each part, who sits there and who is missing."""
    return _panel_page(contests.get_event(event_id))


@blueprint.route("/events/<int:event_id>/panel/seats", methods=["GET", "POST"])
@allows(Act.SEAT_JUDGES)
def seat(event_id: int) -> ResponseReturnValue:
    """Give a free seat to somebody; the address names the part, and whether it is the recorder."""
    if request.method != "POST":  # a refused page that is loaded again
        return redirect(url_for(".show_panel", event_id=event_id), 303)
    part, recorder = request.args.get("part", ""), "recorder" in request.args
    form = SeatForm(prefix=_prefix(part, recorder))
    form.offer_duties(list(SeatDuty)[:3])
    form.offer([])
    if form.validate() and attempt(
        form,
        panels.seat,
        event_id,
        part,
        form.account_id.data or 0,
        recorder,
        SeatDuty(form.duty.data),
    ):
        return redirect(url_for(".show_panel", event_id=event_id, _anchor=f"part-{part}"), 303)
    return _panel_page(contests.get_event(event_id), form), 422


def _prefix(part: str, recorder: bool) -> str:
    return f"{part}-recorder" if recorder else part


@blueprint.post("/seats/<int:seat_id>/unseat")
@allows(Act.SEAT_JUDGES)
def unseat(seat_id: int) -> ResponseReturnValue:
    """Free a seat."""
    event_id = panels.get_seat(seat_id).event_id
    attempt_button(panels.unseat, seat_id)
    return redirect(url_for(".show_panel", event_id=event_id), 303)


@blueprint.route("/seats/<int:seat_id>/replace", methods=["GET", "POST"])
@allows(Act.SEAT_JUDGES)
def replace(seat_id: int) -> ResponseReturnValue:
    """Give a seat without marks to somebody else."""
    taken = panels.get_seat(seat_id)
    event = contests.get_event(taken.event_id)
    bench = panels.find_bench(event, taken.part)
    form = SeatForm()
    form.offer(panels.list_candidates(event, bench, today()))
    if form.validate_on_submit():
        if attempt(form, panels.replace, seat_id, form.account_id.data or 0):
            flash(gettext("The seat is given to somebody else."), "success")
            return redirect(url_for(".show_panel", event_id=event.id), 303)
        taken, event = panels.get_seat(seat_id), contests.get_event(event.id)
    page = render_template(
        "judging/replace.html",
        form=form,
        seat=taken,
        event=event,
        bench=bench,
        crumbs=[
            *_crumbs(event),
            (gettext("Panel of judges"), url_for(".show_panel", event_id=event.id)),
        ],
    )
    return page, 422 if form.is_submitted() else 200


def _panel_page(event: Event, refused: SeatForm | None = None) -> str:
    found = panels.list_panels(event, today())
    scheme = contests.scheme_of(event)
    return render_template(
        "judging/show_panel.html",
        event=event,
        panels=found,
        forms={one.bench.key: _seat_form(one, False, refused) for one in found},
        recorder_forms={one.bench.key: _seat_form(one, True, refused) for one in found},
        problems=[translated(one) for one in panels.panel_problems(event, scheme)],
        seating=event.state in panels.SEATING,
        changing=event.state in panels.SEATING | {EventState.SCORING},
        answers=SeatAnswer,
        duties=SeatDuty,
        drawn=event.state is EventState.DRAWN,
        crumbs=_crumbs(event),
    )


def _seat_form(panel: PanelOfBench, recorder: bool, refused: SeatForm | None) -> SeatForm:
    prefix = _prefix(panel.bench.key, recorder)
    blank = SeatForm(formdata=None, prefix=prefix)
    form = refused if refused is not None and refused._prefix == blank._prefix else blank
    if not recorder:
        form.offer_duties(panel.open_duties)
    form.offer(panel.candidates)
    return form


@blueprint.post("/events/<int:event_id>/scoring")
@allows(Act.OPEN_SCORING)
def open_scoring(event_id: int) -> ResponseReturnValue:
    """Let the judges begin."""
    if attempt_button(judging.open_scoring, event_id):
        flash(
            gettext("Scoring is open. The judges find their sheets under Score sheets."), "success"
        )
    event = contests.get_event(event_id)
    place = Place(contest_id=event.contest_id, event_id=event_id)
    sees_panel = access.allowed(Act.SEAT_JUDGES, current_holder(), place)
    target = ".show_panel" if sees_panel else ".progress"
    return redirect(url_for(target, event_id=event_id), 303)
