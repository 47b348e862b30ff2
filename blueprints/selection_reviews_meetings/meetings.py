"""Meetings of the panel or committee, with minutes that a second person confirms."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.selection_reviews_meetings.forms import MeetingForm, PhotoForm
from blueprints.selection_reviews_meetings.views import blueprint, crumbs_of
from blueprints.web import attempt, attempt_button, files_dir, today
from rules.acts import Act
from services import selection_files, selection_reviews, selections
from services import selection_reviews_meetings as meetings
from services.attachments import Upload
from services.selection_reviews_meetings import MeetingFacts

FIELDS = ("title", "held_on", "place", "chair", "members", "present", "people", "minutes")


@blueprint.get("/selection-reviews/<int:panel_round_id>/meetings")
@allows(Act.SEE_MEETINGS)
def list_meetings(panel_round_id: int) -> ResponseReturnValue:
    """List the meetings of a round."""
    row = selections.get_round(panel_round_id)
    return render_template(
        "selection_reviews_meetings/list_meetings.html",
        row=row,
        meetings=meetings.list_meetings(row.id),
        crumbs=crumbs_of(row),
    )


@blueprint.route(
    "/selection-reviews/<int:selection_round_id>/meetings/new", methods=["GET", "POST"]
)
@allows(Act.HOLD_MEETING)
def record_meeting(selection_round_id: int) -> ResponseReturnValue:
    """Write the minutes of a meeting."""
    form = MeetingForm()
    if not form.is_submitted():
        form.held_on.data = today()
        form.members.data = len(selection_reviews.voters_of(selection_round_id)) or None
    elif form.validate():
        done = attempt(form, meetings.record_meeting, selection_round_id, _facts(form))
        if done:
            return redirect(url_for(".show_meeting", selection_meeting_id=done.id), 303)
    return _form_page(form, selection_round_id), 422 if form.is_submitted() else 200


def _facts(form: MeetingForm) -> MeetingFacts:
    return MeetingFacts(**{name: form[name].data for name in FIELDS})


def _form_page(form: MeetingForm, round_id: int) -> str:
    row = selections.get_round(round_id)
    return render_template(
        "selection_reviews_meetings/write_meeting.html",
        form=form,
        row=row,
        crumbs=[*crumbs_of(row), (gettext("Meetings"), _list_url(row.id))],
    )


def _list_url(round_id: int) -> str:
    return url_for(".list_meetings", panel_round_id=round_id)


@blueprint.get("/selection-reviews/meetings/<int:selection_meeting_id>")
@allows(Act.SEE_MEETINGS)
def show_meeting(selection_meeting_id: int) -> ResponseReturnValue:
    """Show the minutes of a meeting."""
    return _page(selection_meeting_id)


def _page(key: int, photo: PhotoForm | None = None) -> str:
    meeting = meetings.get_meeting(key)
    row = selections.get_round(meeting.round_id)
    return render_template(
        "selection_reviews_meetings/show_meeting.html",
        meeting=meeting,
        row=row,
        files=selection_files.list_files("minutes", key),
        form=photo or PhotoForm(formdata=None),
        crumbs=[*crumbs_of(row), (gettext("Meetings"), _list_url(row.id))],
    )


@blueprint.route(
    "/selection-reviews/meetings/<int:selection_meeting_id>/edit", methods=["GET", "POST"]
)
@allows(Act.HOLD_MEETING)
def edit_meeting(selection_meeting_id: int) -> ResponseReturnValue:
    """Change minutes that nobody has confirmed."""
    meeting, form = meetings.get_meeting(selection_meeting_id), MeetingForm()
    if not form.is_submitted():
        for name in FIELDS:
            form[name].data = getattr(meeting, name)
        form.version.data = str(meeting.version)
    elif form.validate() and attempt(
        form, meetings.edit_meeting, meeting.id, _facts(form), form.base_version
    ):
        return redirect(url_for(".show_meeting", selection_meeting_id=selection_meeting_id), 303)
    return _form_page(form, meeting.round_id), 422 if form.is_submitted() else 200


@blueprint.post("/selection-reviews/meetings/<int:selection_meeting_id>/confirm")
@allows(Act.HOLD_MEETING)
def confirm_meeting(selection_meeting_id: int) -> ResponseReturnValue:
    """Confirm minutes as a second person."""
    if attempt_button(meetings.confirm_meeting, selection_meeting_id):
        flash(gettext("The minutes are confirmed."), "success")
    return redirect(url_for(".show_meeting", selection_meeting_id=selection_meeting_id), 303)


@blueprint.post("/selection-reviews/meetings/<int:selection_meeting_id>/files")
@allows(Act.HOLD_MEETING)
def add_paper(selection_meeting_id: int) -> ResponseReturnValue:
    """Add a signed paper to minutes."""
    form = PhotoForm()
    if form.validate():
        upload = Upload(form.file.data.filename or "", form.file.data.read())
        done = attempt(
            form, selection_files.attach, "minutes", selection_meeting_id, upload, files_dir()
        )
        if done:
            return redirect(
                url_for(".show_meeting", selection_meeting_id=selection_meeting_id), 303
            )
    return _page(selection_meeting_id, form), 422
