"""Pages of level lists: prepared, settled, approved, sent."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.levels.forms import PrepareForm, ReasonForm, SettleForm
from blueprints.levels.words import FIELDS, file_words, match_text, match_tone, problem_text
from blueprints.web import XLSX, attempt, attempt_button, download, page_number, today
from rules.acts import Act
from rules.level_checks import LineProblem, Settled
from rules.level_layouts import LevelField
from services import contests, levels, levels_export, levels_lists
from services.levels_lists import SHOWN, Wanted

blueprint = Blueprint("levels", __name__)
blueprint.add_app_template_filter(problem_text, "level_problem")
blueprint.add_app_template_filter(match_text, "match_text")
blueprint.add_app_template_filter(match_tone, "match_tone")


@blueprint.app_template_filter("level_field")
def level_field(field: str) -> str:
    """Say what a column of a list holds."""
    return str(gettext(FIELDS[LevelField(field)]))


def _wanted() -> Wanted:
    show = request.args.get("show", "")
    return Wanted(
        show if show in SHOWN else "",
        request.args.get("level", type=int),
        request.args.get("q", "").strip()[:60],
    )


@blueprint.route("/contests/<int:contest_id>/level-lists", methods=["GET"])
@allows(Act.SEE_LEVEL_LISTS)
def list_lists(contest_id: int) -> ResponseReturnValue:
    """List the level lists of a contest, and how many levels wait for one."""
    return _lists(contest_id, PrepareForm())


def _lists(contest_id: int, form: PrepareForm) -> str:
    found = levels_lists.list_lists(contest_id)
    if not form.is_submitted() and found:
        form.body.data = found[0][0].body
    return render_template(
        "levels/list_lists.html",
        contest=contests.get_outline(contest_id),
        lists=found,
        waiting=levels.waiting_count(contest_id),
        form=form,
    )


@blueprint.post("/contests/<int:contest_id>/level-lists")
@allows(Act.PREPARE_LEVELS)
def prepare(contest_id: int) -> ResponseReturnValue:
    """Make a new list of all levels that wait for one."""
    form = PrepareForm()
    if form.validate():
        words = {"body": form.body.data or "", "note": form.note.data or ""}
        done = attempt(form, levels.prepare, contest_id, **words)
        if done:
            return redirect(url_for(".show_list", level_list_id=done.id), 303)
    return _lists(contest_id, form), 422


@blueprint.get("/level-lists/<int:level_list_id>")
@allows(Act.SEE_LEVEL_LISTS)
def show_list(level_list_id: int) -> ResponseReturnValue:
    """Show a list, what stands against its lines, and what can be done with it."""
    return _page(level_list_id, {})


def _page(list_id: int, forms: dict[str, ReasonForm]) -> str:
    found = levels.get_list(list_id)
    page = levels_lists.list_lines(list_id, _wanted(), page_number())
    return render_template(
        "levels/show_list.html",
        list=found,
        contest=contests.get_outline(found.contest_id),
        count=levels_lists.count_of(list_id),
        page=page,
        numbers=levels_lists.numbers_of(page.items),
        people=levels_lists.people_of(found),
        layouts=levels_export.list_layouts(),
        forms=forms,
        never=gettext("Holds the level already"),
    )


@blueprint.route("/level-lines/<int:level_line_id>/settle", methods=["GET", "POST"])
@allows(Act.PREPARE_LEVELS)
def settle(level_line_id: int) -> ResponseReturnValue:
    """Decide about a line that has a problem."""
    line = levels.get_line(level_line_id)
    form = SettleForm()
    form.offer([LineProblem(one) for one in line.problems])
    if form.validate_on_submit():
        decided: dict[str, Any] = {
            "settled": Settled(form.settled.data),
            "reason": form.reason.data or "",
        }
        done = attempt(form, levels.settle, level_line_id, **decided)
        if done:
            return redirect(url_for(".show_list", level_list_id=done.id, show="open"), 303)
    page = render_template("levels/settle.html", line=line, form=form)
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/level-lists/<int:level_list_id>/settle")
@allows(Act.PREPARE_LEVELS)
def settle_many(level_list_id: int) -> ResponseReturnValue:
    """Drop all lines that can never be kept."""
    return _with_reason("settle_many", levels.settle_many, level_list_id)


@blueprint.post("/level-lists/<int:level_list_id>/send-back")
@allows(Act.APPROVE_LEVELS)
def send_back(level_list_id: int) -> ResponseReturnValue:
    """Give a list back to those who prepared it."""
    return _with_reason("send_back", levels.send_back, level_list_id)


@blueprint.post("/level-lists/<int:level_list_id>/withdraw")
@allows(Act.PREPARE_LEVELS)
def withdraw(level_list_id: int) -> ResponseReturnValue:
    """Withdraw a list, so that its lines can stand in another one."""
    return _with_reason("withdraw", levels.withdraw, level_list_id)


def _with_reason(name: str, act: Any, list_id: int) -> ResponseReturnValue:
    form = ReasonForm()
    if form.validate() and attempt(form, act, list_id, reason=form.reason.data or ""):
        return redirect(url_for(".show_list", level_list_id=list_id), 303)
    return _page(list_id, {name: form}), 422


@blueprint.post("/level-lists/<int:level_list_id>/submit")
@allows(Act.PREPARE_LEVELS)
def submit(level_list_id: int) -> ResponseReturnValue:
    """Hand a list in for approval."""
    if attempt_button(levels.submit, level_list_id):
        flash(gettext("Handed in. Somebody else approves it now."), "success")
    return redirect(url_for(".show_list", level_list_id=level_list_id), 303)


@blueprint.post("/level-lists/<int:level_list_id>/approve")
@allows(Act.APPROVE_LEVELS)
def approve(level_list_id: int) -> ResponseReturnValue:
    """Approve a list as a second person."""
    if attempt_button(levels.approve, level_list_id):
        flash(gettext("Approved. The list can go to the assessment body."), "success")
    return redirect(url_for(".show_list", level_list_id=level_list_id), 303)


@blueprint.post("/level-lists/<int:level_list_id>/export")
@allows(Act.EXPORT_LEVELS)
def export(level_list_id: int) -> ResponseReturnValue:
    """Download an approved list with identity numbers; the download is recorded."""
    layout_id = request.form.get("layout", type=int)
    done = attempt_button(levels_export.export, level_list_id, layout_id, file_words())
    if done is None or not isinstance(done.value, bytes):
        return redirect(url_for(".show_list", level_list_id=level_list_id), 303)
    return download(done.value, f"{gettext('Level list')}-{today():%Y%m%d}.xlsx", XLSX)
