"""The register of certificate numbers: every number that was ever given out."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.access import allows, require_holder
from blueprints.issuing.views import blueprint
from blueprints.labels import label
from blueprints.web import XLSX, china_time, download, page_number
from rules.access import Role, contests_of
from rules.acts import Act
from rules.states import NumberState
from services import issuing_lists
from services.issuing_lists import Entry, WantedNumbers
from services.workbooks import Column
from services.workbooks_writing import write_table

_OFFICIALS = frozenset({Role.ORGANIZER, Role.BUREAU_STAFF})


def _wanted() -> WantedNumbers:
    return WantedNumbers(
        contests=contests_of(require_holder(), _OFFICIALS),
        contest_id=request.args.get("contest", type=int),
        state={one.value: one for one in NumberState}.get(request.args.get("state", "")),
        q=request.args.get("q", "").strip()[:60],
    )


@blueprint.get("/certificates/numbers")
@allows(Act.SEE_NUMBERS)
def list_numbers() -> ResponseReturnValue:
    """List the numbers that were given out, void ones with the reason."""
    wanted = _wanted()
    return render_template(
        "issuing/list_numbers.html",
        page=issuing_lists.list_numbers(wanted, page_number()),
        contests=issuing_lists.list_number_contests(wanted.contests),
        states=list(NumberState),
    )


@blueprint.get("/certificates/numbers.xlsx")
@allows(Act.SEE_NUMBERS)
def export_numbers() -> ResponseReturnValue:
    """Send the register as a workbook."""
    titles = {
        "number": gettext("Number"),
        "state": gettext("State"),
        "name": gettext("Name"),
        "award": gettext("Award"),
        "contest": gettext("Contest"),
        "taken": gettext("Given out"),
        "certificate": gettext("Certificate"),
        "voided": gettext("Void since"),
        "reason": gettext("Reason"),
    }
    columns = [Column(key, (title,)) for key, title in titles.items()]
    rows = [_row(one) for one in issuing_lists.each_number(_wanted())]
    made = write_table(columns, rows, gettext("Register of numbers"))
    return download(made, gettext("numbers.xlsx"), XLSX)


def _row(one: Entry) -> dict[str, object]:
    found = one.certificate
    return {
        "number": one.taken.number,
        "state": label(one.taken.state),
        "name": found.facts["name"] if found else "",
        "award": found.facts.get("award", "") if found else "",
        "contest": one.taken.contest.title,
        "taken": china_time(one.taken.taken_at),
        "certificate": label(found.state) if found else "",
        "voided": china_time(one.taken.voided_at),
        "reason": one.taken.reason or (found.revoked_reason if found else ""),
    }
