"""The scanner itself: it finds every planted leak, and does not cry wolf."""

import base64
import gzip
import hashlib
import io
import json
import urllib.parse
import zipfile
import zlib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import docx
import openpyxl
import pytest
import segno

from services.documents import chinese_date, paper_pdf
from tests.leak_forms import make_card, make_id, possibilities
from tests.leak_texts import of_objects
from tests.leaks import Scanner, Secrets

TODAY = date(2026, 9, 15)
BORN = date(1990, 1, 2)
ID = make_id("330282", BORN, 123)
X_ID = next(
    made for n in range(1000) if (made := make_id("411481", date(1985, 12, 31), n)).endswith("X")
)
PHONE, CARD = "13900281734", make_card("622000812345671")
ONE = Secrets(1, "岑建国", ID, BORN, PHONE, CARD, ("9f8e7d6c5b4a39281706",))
OTHER = Secrets(2, "阿依古丽·买买提", X_ID, date(1985, 12, 31), "15800123456")
SAME_NAME = Secrets(3, "岑建国", make_id("330281", date(1971, 11, 5), 7), date(1971, 11, 5))
OBJECTOR = Secrets(4, "", phone="17700998877")
PEOPLE = (ONE, OTHER, SAME_NAME, OBJECTOR)
NUMERALS = "〇一二三四五六七八九"
BANKING = "零壹贰叁肆伍陆柒捌玖"


def spelled(number: str, letters: str) -> str:
    """Write a number with other letters for its digits."""
    return "".join(letters[int(one)] if one.isdigit() else one for one in number)


def archive(**parts: bytes | str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/"), content)
    return target.getvalue()


def workbook(**facts: str) -> bytes:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["B2"] = facts.get("first", "名单"), facts.get("second", "")
    book.properties.creator = facts.get("creator", "组委会")
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def word(text: str = "名单", comments: str = "") -> bytes:
    made = docx.Document()
    made.add_paragraph(text)
    made.core_properties.comments = comments
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def letter(*lines: str) -> bytes:
    return paper_pdf(
        "letter",
        contest="竞赛",
        title="答复书",
        number="1",
        lines=[("事项", line) for line in lines],
        texts=[],
        issuer="组委会",
        day="二〇二六年九月十五日",
    )


def code_picture(text: str) -> bytes:
    target = io.BytesIO()
    segno.make(text, micro=False).save(target, kind="png", scale=6)
    return target.getvalue()


def code_drawing(text: str) -> str:
    target = io.BytesIO()
    segno.make(text, micro=False).save(target, kind="svg", border=0, omitsize=True, xmldecl=False)
    return f"<p>核验</p>{target.getvalue().decode()}"


def epoch(hours: int = 0) -> str:
    instant = datetime(BORN.year, BORN.month, BORN.day, tzinfo=UTC) - timedelta(hours=hours)
    return str(int(instant.timestamp()))


CELLS = "</td>\n  <td>"
IDENTITY: dict[str, bytes | str] = {
    "as it is": f"选手 {ID} 获奖",
    "without its check character": f"no {ID[:17]}",
    "with X": f"{X_ID}",
    "with blanks": f"{ID[:6]} {ID[6:14]} {ID[14:]}",
    "with dashes": f"{ID[:6]}-{ID[6:10]}-{ID[10:14]}-{ID[14:]}",
    "with dots and lines": "·\n".join(ID),
    "full-width": "".join(chr(ord(one) + 0xFEE0) for one in ID),
    "Arabic-Indic digits": "".join(chr(0x0660 + int(one)) if one != "X" else one for one in ID),
    "circled digits": "".join("⓪①②③④⑤⑥⑦⑧⑨"[int(one)] if one != "X" else one for one in ID),
    "invisible characters": "\u200b".join(ID),
    "Chinese numerals": spelled(ID, NUMERALS),
    "bank numerals": spelled(ID, BANKING),
    "backwards": ID[::-1],
    "entities": "".join(f"&#{ord(one)};" for one in ID),
    "hexadecimal entities": "".join(f"&#x{ord(one):x};" for one in ID),
    "doubly escaped": "".join(f"&amp;#{ord(one)};" for one in ID),
    "over tags": f"<b>{ID[:6]}</b><i>{ID[6:14]}</i>{ID[14:]}",
    "over cells": f"<tr><td>{ID[:6]}{CELLS}{ID[6:14]}{CELLS}{ID[14:]}</td></tr>",
    "in a comment": f"<p>好</p><!-- {ID} -->",
    "in an attribute": f'<tr data-person="{ID}"><td>岑建国</td></tr>',
    "in an address": f"/people?q={urllib.parse.quote('号' + ID)}",
    "percent-encoded": "".join(f"%{ord(one):02x}" for one in ID),
    "base64": base64.b64encode(f"id={ID}".encode()).decode(),
    "base64 for addresses": f"/x/{base64.urlsafe_b64encode(ID.encode()).decode().rstrip('=')}",
    "base64 twice": base64.b64encode(base64.b64encode(ID.encode())).decode(),
    "packed cookie": "session=."
    + base64.urlsafe_b64encode(zlib.compress(json.dumps({"id": ID}).encode())).decode(),
    "base32": base64.b32encode(ID.encode()).decode(),
    "hex": ID.encode().hex(),
    "hex with colons": ID.encode().hex(":"),
    "as a number": format(int(ID[:17]), "x"),
    "md5": hashlib.md5(ID.encode(), usedforsecurity=False).hexdigest(),
    "sha256": hashlib.sha256(ID.encode()).hexdigest().upper(),
    "stored index": f"?person={ONE.others[0]}",
    "JSON": json.dumps({"rows": [{"a": 1, "n": ID}]}),
    "JSON escapes": '{"n": "' + "".join(f"\\u{ord(one):04x}" for one in ID) + '"}',
    "JSON in pieces": json.dumps({"n": [ID[:6], ID[6:14], ID[14:]]}),
    "fifteen digits": ID[:6] + ID[8:17],
    "region and birth": ID[:14],
    "birth and order": ID[6:],
    "CSV": f"序号,姓名,证件\n1,岑建国,'{ID}\n",
    "calendar": f"BEGIN:VCALENDAR\r\nSUMMARY:{ID[:9]}\r\n {ID[9:]}\r\nEND:VCALENDAR",
    "gzip": gzip.compress(ID.encode()),
    "UTF-16": ID.encode("utf-16"),
    "SVG": f'<svg><text x="3">{ID[:10]}</text><text x="9">{ID[10:]}</text></svg>',
    "workbook cell": workbook(first=ID),
    "workbook cells": workbook(first=ID[:9], second=ID[9:]),
    "workbook author": workbook(creator=ID),
    "Word text": word(f"证件 {ID}"),
    "Word comments": word(comments=ID),
    "archive name": archive(**{f"{ID}.txt": "x"}),
    "archive in an archive": archive(inner=archive(a=ID)),
    "QR picture": code_picture(f"https://x.cn/{ID}"),
    "QR drawing": code_drawing(f"https://x.cn/{ID}"),
    "first six and last four": f"{ID[:6]}********{ID[14:]}",
    "first six, last four, other stars": f"{ID[:6]}●●●●●●●●{ID[14:]}",
    "full-width stars": f"{ID[:6]}＊＊＊＊＊＊＊＊{ID[14:]}",
    "only the birth date hidden, short": f"{ID[:6]}***{ID[14:]}",
    "staff mask": f"岑建国 {ID[:3]}{'*' * 13}{ID[16:]}",
    "staff mask without a name": f"{ID[:3]}{'*' * 13}{ID[16:]}",
    "尾号": f"岑建国（尾号{ID[14:]}）",
    "last four": f"identity card, last four {ID[14:]}",
    "后四位": f"证件后四位：{ID[14:]}",
}
BIRTH: dict[str, bytes | str] = {
    "ISO": "岑建国,1990-01-02",
    "slashes": "岑建国 1990/1/2",
    "year month day": "岑建国，1990年1月2日",
    "Chinese": f"岑建国，{chinese_date(BORN)}",
    "with zero": "岑建国，一九九零年一月二日",
    "compact": "岑建国 19900102",
    "short": "岑建国 900102",
    "English": "岑建国, born 2 January 1990",
    "American": "岑建国 January 2, 1990",
    "day first": "岑建国 02.01.1990",
    "labelled, no name": '{"birth_date": "1990-01-02"}',
    "epoch": f"岑建国 {epoch()}",
    "epoch in China, milliseconds": f'{{"born": {epoch(8)}000}}',
    "age and birthday": "岑建国 36岁 1月2日",
    "birthday": "岑建国 生日 1月2日",
    "over cells": f"<td>岑建国{CELLS}1990{CELLS}1{CELLS}2</td>",
    "over workbook cells": workbook(first="岑建国", second="1990-01-02"),
}
TELEPHONE: dict[str, bytes | str] = {
    "as it is": PHONE,
    "grouped": f"{PHONE[:3]} {PHONE[3:7]} {PHONE[7:]}",
    "with code": f"+86-{PHONE}",
    "over cells": f"<td>{PHONE[:3]}{CELLS}{PHONE[3:]}</td>",
    "backwards": PHONE[::-1],
    "full-width": "".join(chr(ord(one) + 0xFEE0) for one in PHONE),
    "Chinese": spelled(PHONE, NUMERALS),
    "masked": f"{PHONE[:3]}****{PHONE[7:]}",
    "masked with crosses": f"电话 {PHONE[:3]}xxxx{PHONE[7:]}",
    "尾号": f"手机尾号{PHONE[7:]}",
    "base64": base64.b64encode(PHONE.encode()).decode(),
    "in a link": f'<a href="tel:%2B86{PHONE}">电话</a>',
    "sha1": hashlib.sha1(PHONE.encode(), usedforsecurity=False).hexdigest(),
}
BANK: dict[str, bytes | str] = {
    "as it is": CARD,
    "grouped": " ".join(CARD[n : n + 4] for n in range(0, 16, 4)),
    "over lines": f"{CARD[:8]}\n{CARD[8:]}",
    "masked": f"{CARD[:6]}******{CARD[12:]}",
    "last four": f"card ending in {CARD[12:]}",
    "workbook": workbook(second=CARD),
}


def kinds(data: bytes | str, people: tuple[Secrets, ...] = PEOPLE) -> set[tuple[str, int]]:
    """Return what is found of whom."""
    return {(one.kind.split()[0], one.key) for one in Scanner(people, TODAY).scan("x", data)}


@pytest.mark.parametrize("form", list(IDENTITY))
def test_an_identity_number_is_found(form: str) -> None:
    found = kinds(IDENTITY[form])
    owner = 2 if form == "with X" else 1
    assert any(key == owner and kind in {"id", "token", "tail"} for kind, key in found), found


@pytest.mark.parametrize("form", list(BIRTH))
def test_a_birth_date_is_found(form: str) -> None:
    assert any(key == 1 and kind in {"birth", "birthday"} for kind, key in kinds(BIRTH[form]))


@pytest.mark.parametrize("form", list(TELEPHONE))
def test_a_telephone_number_is_found(form: str) -> None:
    assert any(key == 1 and kind in {"phone", "tail"} for kind, key in kinds(TELEPHONE[form]))


@pytest.mark.parametrize("form", list(BANK))
def test_a_bank_card_is_found(form: str) -> None:
    assert any(key == 1 and kind in {"card", "tail"} for kind, key in kinds(BANK[form]))


@pytest.mark.parametrize(
    "pdf",
    [
        lambda: letter(f"证件 {ID}"),
        lambda: letter(f"{ID[:9]}", f"{ID[9:]}"),
        lambda: letter(f"岑建国 {chinese_date(BORN)}"),
        lambda: attached(f"{ID}"),
    ],
    ids=["text", "over lines", "birth date", "attachment"],
)
def test_a_pdf_is_read_with_what_hangs_on_it(pdf: Callable[[], bytes]) -> None:
    assert {key for _, key in kinds(pdf())} == {1}


@pytest.mark.parametrize(
    "part",
    [
        f"<</URI (https://example.org/{ID})>>",
        f"<</Title <{ID.encode().hex()}>>>",
        f"<</Title <feff{ID.encode('utf-16-be').hex()}>>>",
    ],
    ids=["link", "hex string", "wide hex string"],
)
def test_what_a_viewer_does_not_show_is_read(part: str) -> None:
    texts = [text for _, text in of_objects(part.encode(), "x")]
    assert {key for text in texts for _, key in kinds(text)} == {1}


def test_places_within_a_file_are_no_number_of_a_person() -> None:
    places = f"/ByteRange [0 {ID[6:11]} {ID[11:17]} 99] startxref {ID[6:17]}"
    assert {kind for kind, _ in kinds(places)} == {"id"}
    texts = [text for _, text in of_objects(places.encode(), "x")]
    assert [found for text in texts for found in kinds(text)] == []


def attached(text: str) -> bytes:
    """Make a PDF with metadata of its own and a file hanging on it."""
    import pypdfium2

    document = pypdfium2.PdfDocument(letter("无"))
    document.new_attachment("名单.csv").set_data(text.encode())
    target = io.BytesIO()
    document.save(target)
    document.close()
    return target.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        "慈溪市技能之星 2026年9月15日",
        "证书编号 JS-2026-QG-1-0012，核验码 6W7A-QKHT-3D4F-9CMR",
        "公示时间：2026-09-15 至 2026-09-22，共5个工作日",
        "联系电话 0574-63961234",
        "咨询热线 12333，传真 0574-6396-0000",
        "奖金 10000.00 元，税款 2000.00 元，实发 8000.00 元",
        "总分 95.00，理论 88，实操 96.75",
        "Total of 24 entries, 3 first prizes, 20 % tax",
        "1 岑建国 宁波宏盛电器有限公司 一等奖",
        "岑建国 91.50 二等奖 第2名 编号 QG-0017",
        "统一社会信用代码 913302820000000012",
        "岑建国 的证书于 2026-10-20 签发",
        "依据 2025年1月2日 印发的竞赛规程",
        "***",
        "密码 ******** 已更改",
        "W000 W001 W002 8-5-3",
        "流水号 202609150001 至 202609150120",
        '{"seconds": 15, "event": 1234, "tag": "12-signed-5-7-0"}',
        'name="request_key" value="InAzZjY4ZTQwYjY5Ig.aRk3xA.sV4o0l1nU3Cw"',
        "证书尾号0012 的补发说明",
        "13912345678",
        "工位 3 号，第 4 组，1月2日 上午 9:00 检录",
        "第 36 届竞赛 36 人 1990 元",
        "ISBN 978-7-5167-1234-5",
        f"{'4' * 40}",
        "岑建国 第 1990 号，1989 1 1，1991 1 3",
    ],
)
def test_innocent_texts_are_left_alone(text: str) -> None:
    assert kinds(text) == set()


@pytest.mark.parametrize("data", [workbook(), word(), letter("岑建国 一等奖"), code_picture("/x")])
def test_innocent_files_are_left_alone(data: bytes) -> None:
    assert kinds(data) == set()


@pytest.mark.parametrize(
    "start", [b"\xff\xd8", b"\xff\xd8\xff", b"\x89PNG", b"\x1f\x8b", b"PK\x03\x04", b"%PDF"]
)
def test_letters_that_only_begin_like_a_file_are_none(start: bytes) -> None:
    token = base64.b64encode(start + hashlib.sha256(start).digest()[:16]).decode()
    assert kinds(f'value="{token}"') == set()


@pytest.mark.parametrize(
    "data",
    [
        lambda: code_picture(f"/x/{ID}"),
        lambda: letter(f"证件 {ID}"),
        lambda: gzip.compress(ID.encode()),
        lambda: archive(a=ID),
    ],
    ids=["picture", "pdf", "gzip", "archive"],
)
def test_a_file_in_letters_is_opened(data: Callable[[], bytes]) -> None:
    carried = base64.b64encode(data()).decode()
    assert {key for _, key in kinds(f'src="data:;base64,{carried}"')} == {1}


@pytest.mark.parametrize(
    ("pieces", "united"),
    [
        ((f"岑建国 {ID[:6]}", f"岑建国 … {ID[14:]}"), True),
        ((f"岑建国 {ID[:6]}", "岑建国 一等奖"), False),
        ((f"岑建国 {ID[:3]}{'*' * 13}{ID[16:]}", f"岑建国 {ID[:3]}{'*' * 13}{ID[16:]}"), False),
        ((f"岑建国 {ID[:10]}********", f"岑建国 **************{ID[14:]}"), True),
        ((f"岑建国 {ID[:3]}{'*' * 13}{ID[16:]}", f"岑建国 ***282********{ID[14:]}"), True),
    ],
)
def test_pieces_of_several_outputs_are_united(pieces: tuple[str, ...], united: bool) -> None:
    scanner = Scanner(PEOPLE, TODAY)
    for place, text in enumerate(pieces):
        scanner.scan(f"output {place}", text)
    assert (1 in scanner.rebuildable()) is united


@pytest.mark.parametrize(
    ("shown", "few"),
    [
        ({0: 6, 14: 18}, True),  # first six and last four: the day is among some 26,000, over 11
        ({0: 14}, True),  # region and birth date: 1,000 order codes
        ({6: 18}, True),  # birth date, order and check: some 13,600 regions, over 11
        ({0: 3, 16: 18}, False),  # what staff see
        ({0: 6}, False),
        ({14: 18}, False),
    ],
)
def test_what_is_left_of_a_number_is_counted(shown: dict[int, int], few: bool) -> None:
    known = {n: ID[n] for start, end in shown.items() for n in range(start, end)}
    assert (possibilities(known) < 10_000) is few
    assert possibilities(dict(enumerate(ID))) == 1
