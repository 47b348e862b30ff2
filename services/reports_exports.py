"""Downloads of the lists behind figures; each one is recorded."""

from enum import StrEnum

from models.reports import FrozenFigure
from rules.figures import Question
from rules.refusals import Refused
from rules.texts import N_
from services import audits, reports
from services.acting import Actor
from services.reports_figures import get_figure, question_of
from services.reports_freezing import get_frozen, rows_of
from services.reports_papers import list_csv, list_xlsx, source_lines
from services.reports_words import Speaker
from services.transaction import transaction

NO_LIST = N_("A typed figure has no list behind it.")


class FileKind(StrEnum):
    """In which form a list is downloaded."""

    XLSX = "xlsx"
    CSV = "csv"


@transaction
def export_figure(by: Actor, figure_id: int, kind: FileKind, speaker: Speaker) -> bytes:
    """Write the present list behind a figure, without identity numbers."""
    figure = get_figure(by.account_id, figure_id)
    question = question_of(figure)
    if question is None:
        raise Refused(NO_LIST)
    question = question.on(by.today)
    rows = reports.list_rows(question, by.today)
    answer = reports.answer_of(question, rows)
    said = speaker.sentence(question, answer.number, answer.splits, answer.day)
    notes = [said, *(f"{title}：{value}" for title, value in speaker.conditions(question))]
    audits.record(by, "export_figure", "figure", figure.id, after={"rows": len(rows)})
    if kind is FileKind.CSV:
        return list_csv(question, rows, speaker)
    return list_xlsx(question, rows, notes, speaker)


@transaction
def export_frozen(by: Actor, frozen_id: int, kind: FileKind, speaker: Speaker) -> bytes:
    """Write the list behind a frozen answer, as it was frozen."""
    frozen = get_frozen(by.account_id, frozen_id)
    data = frozen_file(frozen, kind, speaker)
    after = {"rows": frozen.row_count, "digest": frozen.digest}
    audits.record(by, "export_figure", "frozen_figure", frozen.id, after=after)
    return data


def frozen_file(frozen: FrozenFigure, kind: FileKind, speaker: Speaker) -> bytes:
    """Return the list of a frozen answer as a file; refuse typed ones."""
    question = question_of(frozen)
    if not isinstance(question, Question):
        raise Refused(NO_LIST)
    rows = rows_of(frozen)
    if kind is FileKind.CSV:
        return list_csv(question, rows, speaker)
    notes = [f"{title}：{value}" for title, value in source_lines(frozen, speaker)]
    return list_xlsx(question, rows, notes, speaker)
