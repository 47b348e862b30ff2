"""Results from a superior that runs no Skillstar: its spreadsheet and the paper that proves it."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from models.database import db
from models.provincial import ProvincialImport
from rules.provincial import FilePurpose, ProvincialImportKind
from rules.provincial_imports import ABSENT_WORDS, medal_of, rank_of, total_of
from rules.refusals import Refused
from rules.texts import N_
from services import (
    audits,
    people,
    provincial,
    provincial_exchange,
    provincial_exchange_tables,
    provincial_results,
)
from services.acting import Actor
from services.attachments import Kept, Upload
from services.provincial_delegations_files import row_of, scan_kept
from services.transaction import transaction
from services.workbooks import Column, Row, read_table

COLUMNS = (
    Column("reference", ("报名编号", "Reference"), kind="digits"),
    Column("event", ("赛项", "Event")),
    Column("name", ("姓名", "Name"), required=True),
    Column("id_number", ("身份证号", "证件号码", "Identity number"), kind="digits"),
    Column("rank", ("名次", "Rank")),
    Column("total", ("总分", "成绩", "Total")),
    Column("medal", ("奖牌", "Medal")),
    Column("prize", ("奖项", "Prize")),
)
NOT_KNOWN = N_("%(column)s: %(value)s is not known here.")


def preview(
    by: Actor, contest_id: int, data: bytes, filename: str, proof: tuple[str, Upload | None],
    folder: Path,
) -> int:  # fmt: skip
    """Keep results until somebody has looked at them; return the file's id.

    An exchange file speaks for itself. Any other spreadsheet needs the document that announces the
    results, and a scan of it.
    """
    if not data.startswith(b"PK") or provincial_exchange_tables.is_exchange(data):
        return provincial_exchange.preview_results(by, contest_id, data, filename)
    document, scan = proof
    if not document:
        raise Refused(N_("Name the document that proves it."), "document")
    if scan is None:
        raise Refused(N_("Add a scan of the document that announces the results."), "proof")
    rows = read_rows(data, filename)
    with scan_kept(scan, folder) as kept:
        assert kept is not None  # there is a scan
        digest = hashlib.sha256(data).hexdigest()
        return preview_table(by, contest_id, rows, (filename, digest), (document, kept))


def read_rows(data: bytes, filename: str) -> list[dict[str, Any]]:
    """Read a spreadsheet of results; each row carries what is wrong in it."""
    table = read_table(data, filename, COLUMNS)
    if table.problems:
        raise table.problems[0]
    return [_row(one) for one in table.rows]


def _row(row: Row) -> dict[str, Any]:
    text = {key: str("" if one is None else one).strip() for key, one in row.values.items()}
    absent = any(one in ABSENT_WORDS for one in (text["rank"], text["total"], text["prize"]))
    if absent:
        text |= {"rank": "", "total": "", "medal": "", "prize": ""}
    medal = medal_of(text["medal"]) or medal_of(text["prize"])
    number = text["id_number"].upper()
    return {
        "number": row.number,
        "reference": text["reference"],
        "name": text["name"],
        "id_index": people.person_index(number) if number else "",
        "event": text["event"],
        "rank": rank_of(text["rank"]),
        "total": text["total"],
        "medal": medal or "",
        "prize": text["prize"][:40],
        "absent": absent,
        "problems": [*(str(one) for one in row.problems), *_problems(text)],
    }


def _problems(text: Mapping[str, str]) -> Iterator[str]:
    if text["rank"] and rank_of(text["rank"]) is None:
        yield str(Refused(NOT_KNOWN, column="名次", value=text["rank"]))
    if text["medal"] and medal_of(text["medal"]) is None:
        yield str(Refused(NOT_KNOWN, column="奖牌", value=text["medal"]))
    try:
        total_of(text["total"])
    except ValueError:
        yield str(Refused(NOT_KNOWN, column="总分", value=text["total"]))


@transaction
def preview_table(
    by: Actor,
    contest_id: int,
    rows: list[dict[str, Any]],
    source: tuple[str, str],
    proof: tuple[str, Kept],
) -> int:
    """Keep the rows of a spreadsheet with its proof until somebody has looked at them."""
    provincial_results.check_open(provincial.locked(contest_id))
    document, kept = proof
    paper = row_of(by, contest_id, FilePurpose.RESULT, kept)
    made = ProvincialImport(
        kind=ProvincialImportKind.RESULTS,
        provincial_id=contest_id,
        filename=source[0][:200],
        digest=source[1],
        rows=rows,
        row_count=len(rows),
        before={"document": document, "proof": paper.id},
        created_at=by.now,
        account_id=by.account_id,
    )
    db.session.add(made)
    db.session.flush()
    matches = provincial_exchange.matches_of(made)
    made.problem_count = sum(not one.is_good for one in matches)
    after = {"rows": len(rows), "digest": made.digest, "proof": kept.sha256}
    audits.record(by, "preview", provincial_exchange.SUBJECT, made.id, after=after)
    return made.id
