"""The paper of one sheet beside what was keyed and what stands on the screen."""

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, require_holder
from blueprints.papers.forms import ReasonForm, RulingForm, apart
from blueprints.papers.views import blueprint, crumbs
from blueprints.web import attempt
from rules import access
from rules.access import Place
from rules.acts import Act
from rules.refusals import Missing
from rules.states import EventState
from services import papers_comparing, papers_keying
from services.papers_comparing import Comparison


def _comparison(paper_id: int) -> Comparison:
    """Return a comparison; a clerk sees only the sheets that he keyed, once both have (R2.24)."""
    found = papers_comparing.get_comparison(paper_id, gettext)
    holder = require_holder()
    place = Place(contest_id=found.event.contest_id, event_id=found.event.id)
    watches = access.allowed(Act.SEE_PROGRESS, holder, place)
    if not watches and not (found.is_open and found.has_keyed(holder.account_id)):
        raise Missing(paper_id)
    return found


@blueprint.get("/papers/<int:paper_id>")
@allows(Act.COMPARE_PAPER)
def show_paper(paper_id: int) -> ResponseReturnValue:
    """The scan beside the values of both clerks and of the screen."""
    return _page(_comparison(paper_id))


def _page(
    found: Comparison, ruling: RulingForm | None = None, dropping: ReasonForm | None = None
) -> str:
    holder = require_holder()
    place = Place(contest_id=found.event.contest_id, event_id=found.event.id)
    forms = {one.line.key: RulingForm(formdata=None, line=one.line.key) for one in found.lines}
    if ruling is not None and ruling.line.data in forms:
        forms[ruling.line.data] = ruling
    for number, form in enumerate(forms.values(), start=1):
        apart(form, number)
    return render_template(
        "papers/show_paper.html",
        found=found,
        event=found.event,
        paper=found.paper,
        forms=forms,
        dropping=dropping or ReasonForm(formdata=None),
        dropping_open=dropping is not None,
        account_id=holder.account_id,
        rules=access.allowed(Act.RULE_PAPER, holder, place),
        pair=found.has_keyed(holder.account_id) and len(found.keyed_by) > 1,
        open=found.event.state is EventState.SCORING,
        crumbs=crumbs(found.event),
    )


@blueprint.route("/papers/<int:paper_id>/rule", methods=["GET", "POST"])
@allows(Act.RULE_PAPER)
def rule_line(paper_id: int) -> ResponseReturnValue:
    """Decide what counts on a line."""
    return _decide(paper_id, papers_keying.rule_line, gettext("Decided. Paper and screen agree."))


@blueprint.route("/papers/<int:paper_id>/propose", methods=["GET", "POST"])
@allows(Act.KEY_PAPER)
def propose_line(paper_id: int) -> ResponseReturnValue:
    """Propose what the paper says; the other clerk of the pair must agree."""
    text = gettext("Proposed. The other clerk must agree.")
    return _decide(paper_id, papers_keying.propose_line, text)


def _decide(paper_id: int, act: Callable[..., int], text: str) -> ResponseReturnValue:
    _comparison(paper_id)
    form = RulingForm()
    if form.validate_on_submit():
        typed = (form.line.data or "", form.value.data or "", form.reason.data or "")
        if attempt(form, act, paper_id, *typed):
            flash(text, "success")
            return _back(paper_id)
    if not form.is_submitted():  # a refused page that is loaded again
        return _back(paper_id)
    return _page(_comparison(paper_id), ruling=form), 422


@blueprint.route("/papers/<int:paper_id>/agree", methods=["GET", "POST"])
@allows(Act.KEY_PAPER)
def agree_line(paper_id: int) -> ResponseReturnValue:
    """Agree to what the other clerk of the pair proposed."""
    _comparison(paper_id)
    form = RulingForm()
    if form.validate_on_submit() and attempt(
        form, papers_keying.agree_line, paper_id, form.line.data or "", form.value.data or ""
    ):
        flash(gettext("Agreed."), "success")
    for message in [*form.form_errors]:
        flash(message, "danger")
    return _back(paper_id)


@blueprint.route("/papers/<int:paper_id>/drop", methods=["GET", "POST"])
@allows(Act.RULE_PAPER)
def drop_keyings(paper_id: int) -> ResponseReturnValue:
    """Set the keyings of a sheet aside; it is keyed anew."""
    form = ReasonForm()
    if form.validate_on_submit() and attempt(
        form, papers_keying.drop_keyings, paper_id, form.reason.data or ""
    ):
        flash(gettext("The keyings are set aside. Two clerks key the sheet anew."), "success")
        return _back(paper_id)
    if not form.is_submitted():
        return _back(paper_id)
    return _page(_comparison(paper_id), dropping=form), 422


def _back(paper_id: int) -> ResponseReturnValue:
    return redirect(url_for(".show_paper", paper_id=paper_id), 303)
