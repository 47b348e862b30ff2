"""Pages of the chain of notices: where each list is, and the proofs of notices elsewhere."""

from collections.abc import Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.notices.forms import ProofForm
from blueprints.notices.views import blueprint
from blueprints.web import acting, attempt, download, files_dir, today
from rules.acts import Act
from rules.notice_chains import NoticeLevel, Span, due_days
from rules.states import EventState
from services import calendars, contests, notices_chains, notices_proofs
from services.attachments import Upload
from services.notices_chains import Place, Stage
from services.notices_proofs import Proof


@blueprint.get("/contests/<int:contest_id>/notices/chain")
@allows(Act.POST_NOTICE)
def list_chain(contest_id: int) -> ResponseReturnValue:
    """Show where the list of each event is in the chain, what is missing, and since when."""
    contest = contests.get_outline(contest_id)
    levels = contests.rules_of(contest).notice_levels
    stages = notices_chains.list_stages(contest_id, levels)
    calendar, day = calendars.load_calendar(), today()
    return render_template(
        "notices/list_chain.html",
        contest=contest,
        levels=levels,
        stages=stages,
        due={stage.revision.id: due_days(stage.chain, day, calendar) for stage in stages},
        proofs=notices_proofs.list_proofs(contest_id),
    )


@blueprint.route("/contests/<int:contest_id>/notices/chain/<level>", methods=["GET", "POST"])
@allows(Act.POST_NOTICE)
def record_proof(contest_id: int, level: str) -> ResponseReturnValue:
    """Record a notice that was posted elsewhere, with its proof."""
    contest = contests.get_outline(contest_id)
    levels = contests.rules_of(contest).notice_levels
    wanted = next((one for one in levels if one.code == level and one.posted == "outside"), None)
    if wanted is None:
        abort(404)
    stages = _waiting(contest_id, levels)
    form = ProofForm(place=request.args.get("place"))
    _offer(form, wanted, stages)
    if form.validate_on_submit() and _recorded(form, contest_id, wanted):
        flash(gettext("The proof is recorded."), "success")
        return redirect(url_for(".list_chain", contest_id=contest_id), 303)
    page = render_template(
        "notices/record_proof.html", contest=contest, form=form, level=wanted, stages=stages
    )
    return page, 422 if form.is_submitted() else 200


def _waiting(contest_id: int, levels: Sequence[NoticeLevel]) -> list[Stage]:
    stages = notices_chains.list_stages(contest_id, levels)
    return [stage for stage in stages if stage.event.state is EventState.SIGNED]


def _offer(form: ProofForm, level: NoticeLevel, stages: Sequence[Stage]) -> None:
    """Offer those who owe a proof, and the results for which; the missing ones are chosen."""
    owed: dict[str, str] = {}
    missing: list[int] = []
    for stage in stages:
        here = next(one for one in stage.chain if one.level == level)
        owed |= here.owed
        if here.missing and form.place.data in (None, *here.missing):
            missing.append(stage.revision.id)
    form.place.choices = [(key, text or gettext("The whole list")) for key, text in owed.items()]
    form.revision_ids.choices = [(one.revision.id, one.event.title) for one in stages]
    if not form.is_submitted():
        form.revision_ids.data = missing


def _recorded(form: ProofForm, contest_id: int, level: NoticeLevel) -> bool:
    file, first, last = form.file.data, form.starts_on.data, form.ends_on.data
    assert first is not None and last is not None
    chosen = frozenset(form.revision_ids.data or [])
    place = Place.read(form.place.data or "")
    proof = Proof(level.code, place, chosen, Span(first, last))
    upload = Upload(file.filename or "", file.read())
    folder = files_dir()
    return attempt(form, notices_proofs.record_proof, contest_id, proof, upload, folder) is not None


@blueprint.get("/notice-proofs/<int:proof_id>")
@allows(Act.POST_NOTICE)
def open_proof(proof_id: int) -> ResponseReturnValue:
    """Send the file of a proof, always to be saved; who took it when is recorded."""
    folder = files_dir()
    found = notices_proofs.open_proof(acting(), proof_id, folder)
    return download(found.data, found.title, found.mimetype)
