"""Exchange files as spreadsheets: the same fields, one row a person or result, the same digest."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from rules import provincial_exchange as exchange
from rules.provincial_exchange import NO_EXCHANGE, SIGNATURE, EntriesFile, ResultsFile, Signature
from rules.refusals import Refused
from services.workbooks import Column, read_grid
from services.workbooks_cells import show
from services.workbooks_grids import Grid
from services.workbooks_writing import write_table

# The fields of the file as a whole stand here, one a row: name, value as JSON.
ABOUT = "文件信息"
ENTRIES, RESULTS = "报名数据", "成绩数据"
ENTRANT, COACH = "选手", "教练"
_OF_ENTRY = {
    "reference": "报名编号", "event_code": "赛项代码", "event": "赛项", "format": "形式",
    "status": "身份", "employer": "单位",
}  # fmt: skip
_OF_PERSON = {
    "name": "姓名", "id_kind": "证件类型", "id_number": "证件号码", "phone": "电话",
    "birth_date": "出生日期", "sex": "性别",
}  # fmt: skip
_OF_RESULT = {
    "reference": "报名编号", "name": "姓名", "rank": "名次", "total": "总分", "medal": "奖牌",
    "prize": "奖项", "absent": "缺赛",
}  # fmt: skip
_ROLE = {"role": "角色"}
WORDS: Mapping[str, Mapping[str, str]] = {
    "format": {"single": "单人", "pair": "双人", "triple": "三人"},
    "status": {"staff": "职工", "teacher": "教师", "student": "学生"},
    "sex": {"M": "男", "F": "女"},
    "medal": {"gold": "金牌", "silver": "银牌", "bronze": "铜牌", "medallion": "优胜奖牌"},
    "id_kind": {"resident": "居民身份证"},
}
_READ = {key: {word: value for value, word in words.items()} for key, words in WORDS.items()}
# What is not there is null in JSON and an empty cell here; other empty cells are empty texts.
_NULL = frozenset({"birth_date", "sex", "rank", "total", "medal"})


def is_table(data: bytes) -> bool:
    """Say whether a file is a spreadsheet."""
    return data.startswith(b"PK")


def is_exchange(data: bytes) -> bool:
    """Say whether a spreadsheet is an exchange file."""
    try:
        return bool(_about(data))
    except Refused:
        return False


def written(content: EntriesFile | ResultsFile, signature: Signature | None = None) -> bytes:
    """Return an exchange file as a spreadsheet."""
    facts = exchange.facts_of(content)
    if signature is not None:
        facts[SIGNATURE] = signature.model_dump(mode="json")
    is_entries = isinstance(content, EntriesFile)
    heads = {**_OF_ENTRY, **_ROLE, **_OF_PERSON} if is_entries else _OF_RESULT
    columns = [Column(key, (title,)) for key, title in heads.items()]
    rows = _entry_rows(facts["entries"]) if is_entries else map(_shown, facts["results"])
    about = [
        f"{key}: {json.dumps(value, ensure_ascii=False)}"
        for key, value in facts.items()
        if key not in ("entries", "results")
    ]
    return write_table(columns, rows, ENTRIES if is_entries else RESULTS, about, ABOUT)


def _entry_rows(entries: list[dict[str, Any]]) -> Iterator[dict[str, str]]:
    for entry in entries:
        own = _shown({key: entry[key] for key in _OF_ENTRY})
        for role, people in ((ENTRANT, entry["members"]), (COACH, entry["coaches"])):
            for one in people:
                yield {**own, "role": role, **_shown(one)}


def _shown(line: Mapping[str, Any]) -> dict[str, str]:
    return {key: _word(key, value) for key, value in line.items()}


def _word(key: str, value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else ""
    text = "" if value is None else str(value)
    return WORDS.get(key, {}).get(text, text)


def parsed(data: bytes) -> dict[str, Any]:
    """Return the fields of a spreadsheet as those of the file of JSON."""
    facts = _about(data)
    is_entries = facts.get("format") == "skillstar-entries"
    heads = {**_OF_ENTRY, **_ROLE, **_OF_PERSON} if is_entries else _OF_RESULT
    rows = list(_rows(read_grid(data, sheet=ENTRIES if is_entries else RESULTS), heads))
    if is_entries:
        return facts | {"entries": _entries(rows)}
    return facts | {"results": [_result(row) for row in rows]}


def _about(data: bytes) -> dict[str, Any]:
    grid = read_grid(data, sheet=ABOUT)
    facts: dict[str, Any] = {}
    for cells in grid.rows.values():
        key, mark, text = show(cells.get(1)).partition(": ")
        if mark:
            try:
                facts[key] = json.loads(text)
            except ValueError as error:
                raise Refused(NO_EXCHANGE, "file") from error
    return facts


def _rows(grid: Grid, heads: Mapping[str, str]) -> Iterator[dict[str, str]]:
    numbers = sorted(grid.rows)
    if not numbers:
        raise Refused(NO_EXCHANGE, "file")
    titles = {show(value): place for place, value in grid.rows[numbers[0]].items()}
    if not {*heads.values()} <= {*titles}:
        raise Refused(NO_EXCHANGE, "file")
    for number in numbers[1:]:
        cells = grid.rows[number]
        row = {key: show(cells.get(titles[title])) for key, title in heads.items()}
        if any(row.values()):
            yield row


def _read(key: str, text: str) -> str | None:
    if key in _NULL and not text:
        return None
    return _READ.get(key, {}).get(text, text)


def _entries(rows: list[dict[str, str]]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        entry = found.setdefault(
            row["reference"],
            {**{key: _read(key, row[key]) for key in _OF_ENTRY}, "members": [], "coaches": []},
        )
        people = entry["coaches" if row["role"] == COACH else "members"]
        people.append({key: _read(key, row[key]) for key in _OF_PERSON})
    return [*found.values()]


def _result(row: Mapping[str, str]) -> dict[str, Any]:
    line: dict[str, Any] = {key: _read(key, row[key]) for key in _OF_RESULT}
    line["rank"] = int(row["rank"]) if row["rank"].isdecimal() else line["rank"]
    line["absent"] = row["absent"] == "是"
    return line
