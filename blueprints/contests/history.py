"""The versions of an event's rules: who froze them, when, why, and what differs between two."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from blueprints.access import allows
from blueprints.contests.change_words import lines
from blueprints.contests.overview import around
from blueprints.contests.views import blueprint
from rules.acts import Act
from rules.regulations import Regulations
from rules.scheme_changes import changes
from services import rule_versions
from services.rule_versions import Version


@blueprint.get("/events/<int:event_id>/rules")
@allows(Act.SEE_EVENT)
def list_versions(event_id: int) -> ResponseReturnValue:
    """The rule versions of an event, and the differences between two of them."""
    versions = rule_versions.list_named_versions(event_id)
    newer = _asked(versions, "new", 0)
    older = _asked(versions, "old", 1)
    found = None
    if newer is not None and older is not None:
        old, new = older.rules(), newer.rules()
        both = (Regulations(scheme=one.scheme, plan=one.plan) for one in (old, new))
        found = lines(changes(old, new), *both)
    return render_template(
        "contests/list_versions.html",
        versions=versions,
        older=older,
        newer=newer,
        lines=found,
        **around(event_id),
    )


def _asked(versions: list[Version], name: str, usual: int) -> Version | None:
    """Return the version that was chosen, or the usual one: the newest against the one before."""
    number = request.args.get(name, type=int)
    chosen = next((one for one in versions if one.row.number == number), None)
    return chosen or (versions[usual] if usual < len(versions) else None)
