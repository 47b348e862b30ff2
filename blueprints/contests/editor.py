"""The editor of a whole scheme: a tree, the page of one node, everything saved at once."""

from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows
from blueprints.contests.drafts import pack, unpack
from blueprints.contests.node_boxes import KIND_TITLES
from blueprints.contests.node_reading import read_node
from blueprints.contests.node_tree import SUB_CRITERION, Survey
from blueprints.contests.node_views import NodePage
from blueprints.contests.overview import around
from blueprints.contests.scheme_forms import RulesForm
from blueprints.contests.views import blueprint
from blueprints.contests.wording import say
from blueprints.web import attempt
from rules.acts import Act
from rules.refusals import Missing
from rules.scheme_nodes import LADDER_TOP
from rules.scheme_trees import (
    BELOW,
    Data,
    Path,
    added,
    bare,
    count_beside,
    keys_of,
    kind_of,
    moved,
    node_at,
    path_of,
    place_of,
    removed,
    stage_renamed,
    unused,
)
from rules.texts import N_
from services import contests, event_rules

_NEW = {
    "parts": N_("Unnamed part"),
    "sections": N_("Unnamed criterion"),
    "aspects": N_("Unnamed aspect"),
}
_ADD = {"stages": N_("Add a stage"), "parts": N_("Add a part"), "sections": N_("Add a criterion")}


@blueprint.route("/events/<int:event_id>/scheme/nodes", methods=["GET", "POST"])
@allows(Act.EDIT_CONTEST)
def edit_nodes(event_id: int) -> ResponseReturnValue:
    """Change any node of a scheme; nothing is kept before everything is saved."""
    event = contests.get_event(event_id)
    form = RulesForm(data={"version": event.version})
    if not form.is_submitted():
        data = bare(contests.scheme_of(event))
        return _page(form, event_id, data, _asked(data, request.args.get("node", "")))
    verb, _, what = request.form.get("go", "save").partition(":")
    data, path = _typed(blanks=verb in ("more", "less", "show"))
    if verb == "save":
        return _saved(form, event_id, data, path)
    data, path = _done(data, path, verb, what)
    return _page(form, event_id, data, path)


@blueprint.post("/events/<int:event_id>/scheme/nodes/check")
@allows(Act.EDIT_CONTEST)
def check_nodes(event_id: int) -> ResponseReturnValue:
    """Say what the draft adds up to and what is wrong with it; nothing is kept."""
    data, path = _typed(blanks=True)
    return jsonify(answer(Survey.of(data), path))


def answer(survey: Survey, path: Path) -> dict[str, Any]:
    """Return what a page shows in place while somebody types."""
    lines = survey.tree(path)
    return {
        "summary": survey.summary(),
        "sums": {line.place: line.sum for line in lines},
        "counts": {line.place: line.problems for line in lines},
        "problems": survey.problems(),
        "errors": {"n-" + "-".join(names): texts for names, texts in survey.errors(path).items()},
    }


def _asked(data: Data, place: str) -> Path:
    path = path_of(place)
    node_at(data, path)
    return path


def _typed(blanks: bool) -> tuple[Data, Path]:
    """Return the draft with what was typed for the node that was open."""
    data = unpack(request.form.get("draft", ""))
    path = _asked(data, request.form.get("node", ""))
    old = node_at(data, path)
    new = read_node(kind_of(path), request.form, old, keys_of(data), blanks)
    if kind_of(path) == "stage" and new.get("key") != old.get("key"):
        data = stage_renamed(data, str(old.get("key")), str(new.get("key")))
    old = node_at(data, path)
    old.clear()
    old.update(new)
    return data, path


def _done(data: Data, path: Path, verb: str, what: str) -> tuple[Data, Path]:
    """Do what a button of the page says; an unknown one shows the page again."""
    name, _, rest = what.partition(":")
    if verb == "open":
        return data, _asked(data, what)
    if verb == "add":
        return added(data, _asked(data, rest), name, _new(data, _asked(data, rest), name))
    if verb == "remove":
        return removed(data, path)
    if verb in ("up", "down"):
        return moved(data, path, -1 if verb == "up" else 1)
    if verb in ("more", "less"):
        _change_rows(node_at(data, path), verb, name, rest)
    return data, path


def _change_rows(node: Data, verb: str, name: str, rest: str) -> None:
    if name == "ladder":
        _change_ladder(node, verb, rest)
        return
    holder = node.setdefault("advance", {}) if name == "tie_breaks" else node
    rows = holder.setdefault(name, [])
    if verb == "more":
        rows.append({})
    elif rest.isdecimal() and int(rest) < len(rows):
        del rows[int(rest)]


def _change_ladder(node: Data, verb: str, rest: str) -> None:
    levels = int(node.get("top", LADDER_TOP)) + 1
    if verb == "more":
        node["top"] = levels
    elif rest.isdecimal() and levels > 1:
        node["top"] = levels - 2
        for name in ("ladder", "awards"):
            if int(rest) < len(node.get(name, ())):
                del node[name][int(rest)]


def _new(data: Data, path: Path, name: str) -> Data:
    """Return a new node that holds together as far as it can."""
    taken = keys_of(data)
    if name == "stages":
        return {"key": unused("stage", taken), "title": say(N_("Unnamed stage"))}
    if name not in _NEW:
        raise Missing(name)
    sub = name == "sections" and kind_of(path) == "section"
    title = say(N_("Unnamed sub-criterion") if sub else _NEW[name])
    node: Data = {"key": unused(name[0], taken), "title": title}
    if name == "aspects":
        return node | {"maximum": "10"}
    if name == "sections":
        return node | {"aspects": [_new(data | {"_": node}, (*path, name, 0), "aspects")]}
    stage = data["stages"][-1].get("key") if data.get("stages") else None
    below = _new(data | {"_": node}, ("parts", 0), "sections")
    return node | {"weight": "10", "sections": [below]} | ({"stage": stage} if stage else {})


def _saved(form: RulesForm, event_id: int, data: Data, path: Path) -> ResponseReturnValue:
    survey = Survey.of(data)
    scheme = survey.checked.scheme
    if scheme is not None and form.validate_on_submit():
        act = event_rules.replace_scheme
        if attempt(form, act, event_id, form.base(), scheme):
            flash(gettext("The scheme is saved."), "success")
            return redirect(url_for(".show_scheme", event_id=event_id), 303)
    return _page(form, event_id, data, path, survey)


def _page(
    form: RulesForm, event_id: int, data: Data, path: Path, refused: Survey | None = None
) -> ResponseReturnValue:
    survey = refused or Survey.of(data)
    kind = kind_of(path)
    node = NodePage(kind, node_at(data, path), survey.errors(path), survey.offers())
    page = render_template(
        "contests/edit_nodes.html",
        form=form,
        draft=pack(data),
        survey=survey,
        here=path,
        place=place_of(path),
        kind_title=gettext(SUB_CRITERION if _is_sub(path) else KIND_TITLES[kind]),
        tree=survey.tree(path),
        trail=survey.crumbs(path),
        boxes=node.boxes(),
        errors=node.errors.get((), []),
        problems=survey.problems(),
        is_saved=refused is None and request.method == "GET",
        refused=refused is not None,
        can_add=[(name, _add_title(kind, name)) for name in BELOW[kind]],
        beside=count_beside(data, path),
        **around(event_id),
    )
    return page, 422 if refused is not None else 200


def _is_sub(path: Path) -> bool:
    return kind_of(path) == "section" and len(path) > 4


def _add_title(kind: str, name: str) -> str:
    if name == "aspects":
        return str(gettext("Add an aspect"))
    if kind == "section":
        return str(gettext("Add a sub-criterion"))
    return str(gettext(_ADD[name]))
