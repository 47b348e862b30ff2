"""A public notice as an official paper (PDF) and as a table (.xlsx), without personal data."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from models.notices import Notice
from rules.documents_wordings import ordering_text, wording_of
from rules.editions import ContestKind
from rules.states import NoticeState
from rules.texts import N_
from services import documents
from services.notices_lists import WinnersOfDivision
from services.results_superseded import Replaced
from services.workbooks import Column
from services.workbooks_writing import write_table

Say = Callable[[str], str]
_OF_CONTESTS = (
    ("order", N_("No.")),
    ("event", N_("Event")),
    ("division", N_("Division")),
    ("name", N_("Name")),
    ("employer", N_("Employer")),
    ("award", N_("Award")),
    ("honours", N_("Honours")),
)
_COLUMNS = {
    ContestKind.SELECTION: (
        ("order", N_("No.")),
        ("event", N_("Selection programme")),
        ("division", N_("Year")),
        ("name", N_("Name")),
        ("employer", N_("Unit")),
        ("award", N_("Title awarded")),
    ),
}


def pdf(
    notice: Notice,
    lists: Sequence[WinnersOfDivision],
    replaced: Sequence[Replaced],
    say: Say,
    folder: Path,
) -> bytes:
    """Return a notice as PDF; what was withdrawn or replaced says so, first of all."""
    contest = notice.contest
    withdrawn = notice.state is NoticeState.WITHDRAWN
    return documents.public_paper_pdf(
        "notice",
        folder,
        title=notice.title,
        paragraphs=[line for line in notice.body.splitlines() if line.strip()],
        period=f"{_day(notice.starts_on)}至{_day(notice.ends_on)}",
        days=notice.working_days,
        first_counts=notice.count_first_day,
        contact=notice.contact,
        lists=[] if withdrawn else [_said(one, say) for one in lists],
        ordering=say(ordering_text(notice.ordering, notice.contest.kind)),
        withdrawn=withdrawn,
        replaced=[one.event for one in replaced],
        words=wording_of(contest.kind),
        issuers=contest.sponsors.split("、") if contest.sponsors else [contest.title],
        day=documents.chinese_date(notice.starts_on),
    )


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _said(one: WinnersOfDivision, say: Say) -> WinnersOfDivision:
    """Return a list with the award names of the usual plan in the language of the paper."""
    winners = tuple(
        winner._replace(award=say(winner.award), honours=tuple(map(say, winner.honours)))
        for winner in one.winners
    )
    return WinnersOfDivision(one.event, one.division, winners)


def workbook(
    notice: Notice, lists: Sequence[WinnersOfDivision], replaced: Sequence[Replaced], say: Say
) -> bytes:
    """Return the list of a notice as a table; its second sheet says what the notice says."""
    columns = [
        Column(key, (say(title),), kind="integer" if key == "order" else "text")
        for key, title in _COLUMNS.get(notice.contest.kind, _OF_CONTESTS)
    ]
    withdrawn = notice.state is NoticeState.WITHDRAWN
    rows = [
        winner._asdict()
        | {"event": one.event, "division": one.division, "honours": "、".join(winner.honours)}
        for one in ([] if withdrawn else [_said(one, say) for one in lists])
        for winner in one.winners
    ]
    notes = [*_state_notes(notice, replaced, say), notice.title, *notice.body.splitlines()]
    notes.append(f"{notice.starts_on} – {notice.ends_on}")
    notes += [notice.contact, say(ordering_text(notice.ordering, notice.contest.kind))]
    return write_table(columns, rows, say(N_("Public notices")), notes, say(N_("Notice")))


def _state_notes(notice: Notice, replaced: Sequence[Replaced], say: Say) -> list[str]:
    withdrawn = notice.state is NoticeState.WITHDRAWN
    notes = [say(N_("This notice was withdrawn"))] if withdrawn else []
    if replaced:
        events = "、".join(one.event for one in replaced)
        notes.append(say(replaced_text(notice)) % {"events": events})
    return notes


def replaced_text(notice: Notice) -> str:
    """Return how a notice says that its list was replaced since."""
    if notice.contest.kind is ContestKind.SELECTION:
        return N_("This list was replaced since: %(events)s")
    return N_("These results were replaced since: %(events)s")
