"""What the QR code of a certificate says: a short signed statement, written as digits.

Digits alone, because a QR code packs three of them into ten bits, no keyboard of a hand scanner
and no input method changes them, and they may stand in any address. docs/certificates.md has the
format; a change of it needs a new version, for papers are read for decades.
"""

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from rules.certificate_kinds import HEADINGS, given_by, kind_of
from rules.refusals import Refused
from rules.texts import N_

VERSION = 1
SIGNATURE = 64
# With this many bytes and an address of 64 characters the code has 69 fields at level L: on
# 24 mm each is 0.35 mm wide, which any printer prints and any phone reads.
MOST_BYTES = 350
DICTIONARY = (
    "省自治区州县街道镇集团有限公司学院中等技师职业技术学校工业和信息化局农村退役军人事务局科学"
    "文化广电旅游体育发展改革委员会交通运输局住房和城乡建设局商务局卫生健康委员会应急管理局"
    "市场监督管理局人才工作领导小组办公室协会行业鉴定指导中心浙江省宁波市杭州市慈溪市区"
    "参赛证书\n聘书\n荣誉称号指导教师优秀裁判员优秀组织奖教练选手代表队职业技能等级推荐证书"
    "“技能之星”选拔赛大赛第一二三四五六七八九十届职工岗位技能大比武暨年度"
    "先进个人五一劳动奖章巾帼建功标兵青年岗位能手、技术能手\n、"
    "学生组\n职工组\n教师组\n特等奖\n优秀奖\n优胜奖\n金奖\n银奖\n铜奖\n三等奖\n二等奖\n一等奖\n"
    "人民政府、教育局、共青团市委员会、妇女联合会、总工会、人力资源和社会保障局"
    "职业技能竞赛\nJN-2026-荣誉证书\n"
).encode("utf-16-be")
_HEAD = struct.Struct(">B4sBH3sH16s")
_SHORTENED = 1
_FIRST_DAY = date(1970, 1, 1)
_ELLIPSIS = "…"
# Number, name and award are never shortened: without them a statement says nothing.
_SHORTENABLE = ("honours", "issuers", "edition", "event", "division")
_KEPT = 12  # so many characters of a text stay at least
TEXTS = (
    "number",
    "name",
    "kind",
    "edition",
    "event",
    "division",
    "award",
    "honours",
    "issuers",
)
_MOST_DIGITS, _MOST_TEXT = 4000, 8000
_MALFORMED = N_("This is no statement of a certificate.")


class NoStatement(Refused):
    """What was read is no statement of this version."""


@dataclass(frozen=True)
class Statement:
    """What is signed: the facts of a certificate, its place in a status list, and by which key."""

    key: str
    number: str
    name: str
    kind: str
    edition: str
    event: str
    division: str
    award: str
    honours: str
    issuers: str
    issued_on: date
    status_list: int
    status_index: int
    digest: str
    shortened: bool = False

    def texts(self) -> list[str]:
        """Return the texts in the order in which they are written."""
        return [getattr(self, name) for name in TEXTS]


def statement_of(
    facts: Mapping[str, Any], digest: str, key: str, status: tuple[int, int]
) -> Statement:
    """Say the facts of a certificate as a statement, whole."""
    return Statement(
        key=key,
        number=facts["number"],
        name=_line(facts["name"]),
        kind=HEADINGS[kind_of(facts)],
        edition=_line(facts.get("edition") or ""),
        event=_line(facts.get("event") or ""),
        division=_line(facts.get("division") or ""),
        award=_line(_given(facts)),
        honours=_line("、".join(facts.get("honours") or ())),
        issuers=_line("、".join(facts.get("issuers") or ())),
        issued_on=date.fromisoformat(facts["date"]),
        status_list=status[0],
        status_index=status[1],
        digest=digest[:32],
    )


def _given(facts: Mapping[str, Any]) -> str:
    """Say what a paper gives but for its honours, which have a text of their own."""
    given = given_by({**facts, "honours": ()})
    term = f"（{facts['term']}）" if facts.get("term") else ""
    return given + term


def _line(text: str) -> str:
    return " ".join(text.split())


def fitted(statement: Statement) -> Statement:
    """Cut the longest text by a quarter until the code can be printed; what is cut ends in …"""
    while len(signable(statement)) + SIGNATURE > MOST_BYTES:
        longest = max(_SHORTENABLE, key=lambda name: len(getattr(statement, name)))
        text = getattr(statement, longest).removesuffix(_ELLIPSIS)
        kept = max(_KEPT, len(text) * 3 // 4)
        if kept >= len(text):  # name and number stay whole, and the code becomes a larger one
            return statement
        cut = {longest: text[:kept] + _ELLIPSIS}
        statement = replace(statement, shortened=True, **cut)
    return statement


def signable(statement: Statement) -> bytes:
    """Return the bytes that are signed."""
    head = _HEAD.pack(
        VERSION,
        bytes.fromhex(statement.key),
        _SHORTENED if statement.shortened else 0,
        statement.status_list,
        statement.status_index.to_bytes(3, "big"),
        (statement.issued_on - _FIRST_DAY).days,
        bytes.fromhex(statement.digest),
    )
    text = "\n".join(statement.texts()).encode("utf-16-be")
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, DICTIONARY)
    return head + packer.compress(text) + packer.flush()


def written(signed: bytes, signature: bytes) -> str:
    """Write signed bytes and their signature as digits."""
    return str(int.from_bytes(signed + signature, "big"))


def read(digits: str) -> tuple[Statement, bytes, bytes]:
    """Read a statement; return it, the signed bytes and the signature. Raise NoStatement."""
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= _MOST_DIGITS):
        raise NoStatement(_MALFORMED)
    number = int(digits)
    data = number.to_bytes((number.bit_length() + 7) // 8, "big")
    if len(data) <= _HEAD.size + SIGNATURE or data[0] != VERSION:
        raise NoStatement(_MALFORMED)
    signed, signature = data[:-SIGNATURE], data[-SIGNATURE:]
    return _parsed(signed), signed, signature


def _parsed(signed: bytes) -> Statement:
    _, key, flags, status_list, index, days, digest = _HEAD.unpack_from(signed)
    unpacker = zlib.decompressobj(-15, DICTIONARY)
    try:
        text = unpacker.decompress(signed[_HEAD.size :], _MOST_TEXT).decode("utf-16-be")
    except (zlib.error, UnicodeDecodeError) as error:
        raise NoStatement(_MALFORMED) from error
    texts = text.split("\n")
    if not unpacker.eof or unpacker.unused_data or len(texts) != len(TEXTS):
        raise NoStatement(_MALFORMED)
    return Statement(
        key=key.hex(),
        issued_on=_FIRST_DAY + timedelta(days=days),
        status_list=status_list,
        status_index=int.from_bytes(index, "big"),
        digest=digest.hex(),
        shortened=bool(flags & _SHORTENED),
        **dict(zip(TEXTS, texts, strict=True)),
    )
