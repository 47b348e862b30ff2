"""The layouts that come with the program: upright and across, A4 and A3, Chinese and bilingual."""

from enum import StrEnum

from rules.certificate_layouts import (
    Anchor,
    Box,
    CertificateLayout,
    Fit,
    Line,
    Part,
    TextBox,
    Typeface,
)
from rules.texts import N_

RED, DIM = "#a3211f", "#40342a"
_SENTENCE = (
    Part(text="在{edition}{event}赛项"),
    Part(text="（{division}）", whole=True),
    Part(text="中荣获"),
    Part(text="{award}", typeface=Typeface.KAI_BOLD, colour=RED, whole=True),
    Part(text="{honours}。\n特发此证。"),
)
_NUMBERS = (
    Part(text="证书编号：{number}\n核 验 码：{code}\n扫描二维码或登录网站，可核验本证书真伪"),
)
_ENGLISH_NUMBERS = (
    Part(text="证书编号 No. {number}\n核 验 码 Code {code}\n扫描二维码，可核验真伪 Scan to verify"),
)
_ENGLISH = (
    Part(text="This is to certify that {name_latin} has won the "),
    Part(text="{award_english}", colour=RED),
    Part(text=" in the skills contest named above."),
)


class Design(StrEnum):
    """Which of the shipped layouts a contest takes."""

    A4_LANDSCAPE = "a4_landscape"
    A4_PORTRAIT = "a4_portrait"
    A4_BILINGUAL = "a4_bilingual"
    A3_LANDSCAPE = "a3_landscape"
    A3_PORTRAIT = "a3_portrait"


def _box(x: float, y: float, width: float, height: float) -> Box:
    return Box(x=x, y=y, width=width, height=height)


def _title(box: Box, size: float) -> TextBox:
    return TextBox(
        key="title",
        role="H1",
        box=box,
        parts=(Part(text="荣誉证书"),),
        typeface=Typeface.SONG_BOLD,
        size=size,
        least=size / 2,
        leading=1.3,
        spacing=0.9,
        align="center",
        anchor=Anchor.MIDDLE,
        fit=Fit.SHRINK,
        most_lines=1,
        colour=RED,
    )


def _name(box: Box, size: float) -> TextBox:
    return TextBox(
        key="name",
        box=box,
        parts=(Part(text="{name}"),),
        typeface=Typeface.KAI_BOLD,
        size=size,
        least=round(size * 0.42, 1),
        leading=1.2,
        align="center",
        anchor=Anchor.BASELINE,
        fit=Fit.SHRINK,
        most_lines=2,
    )


def _salute(box: Box, size: float) -> TextBox:
    return TextBox(
        key="salute",
        box=box,
        parts=(Part(text="同志："),),
        size=size,
        least=size,
        leading=1.2,
        anchor=Anchor.BASELINE,
        most_lines=1,
    )


def _sentence(box: Box, size: float, anchor: Anchor = Anchor.TOP) -> TextBox:
    return TextBox(
        key="sentence",
        box=box,
        parts=_SENTENCE,
        size=size,
        least=11,
        leading=1.75,
        indent=2,
        anchor=anchor,
    )


def _numbers(box: Box, parts: tuple[Part, ...] = _NUMBERS) -> TextBox:
    return TextBox(
        key="numbers",
        box=box,
        parts=parts,
        size=9.5,
        least=6.5,
        leading=1.75,
        anchor=Anchor.MIDDLE,
        fit=Fit.SHRINK,
        colour=DIM,
    )


def _issuers(box: Box, size: float) -> TextBox:
    return TextBox(
        key="issuers",
        box=box,
        parts=(Part(text="{issuers}"),),
        size=size,
        least=6,
        align="center",
        anchor=Anchor.BOTTOM,
        fit=Fit.SHRINK,
    )


def _date(box: Box, size: float, text: str = "{date}") -> TextBox:
    return TextBox(
        key="date",
        box=box,
        parts=(Part(text=text),),
        size=size,
        least=size / 2,
        align="center",
        anchor=Anchor.MIDDLE,
        fit=Fit.SHRINK,
        most_lines=1,
    )


A4_LANDSCAPE = CertificateLayout(
    title=N_("A4 across"),
    texts=(
        _title(_box(60, 44, 177, 20), 42),
        _name(_box(42, 70, 62, 14.5), 26),
        _salute(_box(107, 70, 40, 14.5), 22),
        _sentence(_box(42, 91, 213, 49), 21),
        _issuers(_box(160, 142, 96, 26), 15),
        _date(_box(160, 169, 96, 9), 15),
        _numbers(_box(68, 154, 90, 24)),
    ),
    lines=(Line(x1=42, y1=87, x2=104, y2=87, width=0.4),),
    seal=_box(187, 139, 42, 42),
    code=_box(42, 154, 24, 24),
)
A4_PORTRAIT = CertificateLayout(
    title=N_("A4 upright"),
    landscape=False,
    texts=(
        _title(_box(30, 58, 150, 22), 42),
        _name(_box(36, 96, 62, 14.5), 26),
        _salute(_box(101, 96, 40, 14.5), 22),
        _sentence(_box(36, 120, 138, 74), 20),
        _issuers(_box(78, 196, 96, 26), 15),
        _date(_box(78, 223, 96, 9), 15),
        _numbers(_box(62, 242, 112, 24)),
    ),
    lines=(Line(x1=36, y1=113, x2=98, y2=113, width=0.4),),
    seal=_box(105, 193, 42, 42),
    code=_box(36, 242, 24, 24),
)
A4_BILINGUAL = CertificateLayout(
    title=N_("A4 across, Chinese and English"),
    texts=(
        _title(_box(60, 42, 177, 17), 36),
        TextBox(
            key="title_english",
            box=_box(60, 59, 177, 8),
            parts=(Part(text="CERTIFICATE OF HONOUR"),),
            typeface=Typeface.SONG,
            size=13,
            least=8,
            leading=1.3,
            spacing=0.25,
            align="center",
            anchor=Anchor.MIDDLE,
            most_lines=1,
            colour="#b8872b",
            language="en",
        ),
        _name(_box(42, 69, 62, 12), 22),
        _salute(_box(107, 69, 40, 12), 18),
        _sentence(_box(42, 86, 213, 34), 17),
        TextBox(
            key="sentence_english",
            box=_box(42, 121, 213, 17),
            parts=_ENGLISH,
            typeface=Typeface.SONG,
            size=14,
            least=9,
            leading=1.5,
            anchor=Anchor.MIDDLE,
            language="en",
        ),
        _issuers(_box(160, 140, 96, 21), 13),
        _date(_box(160, 161, 96, 7), 13),
        TextBox(
            key="date_english",
            box=_box(160, 168, 96, 6),
            parts=(Part(text="{date_english}"),),
            typeface=Typeface.SONG,
            size=10,
            least=7,
            leading=1.4,
            align="center",
            anchor=Anchor.MIDDLE,
            most_lines=1,
            language="en",
        ),
        TextBox(
            key="signature",
            box=_box(160, 176, 30, 7),
            parts=(Part(text="签发人 Signed"),),
            size=9.5,
            least=7,
            leading=1.4,
            anchor=Anchor.BASELINE,
            most_lines=1,
            colour=DIM,
        ),
        _numbers(_box(68, 154, 90, 24), _ENGLISH_NUMBERS),
    ),
    lines=(
        Line(x1=42, y1=83.5, x2=104, y2=83.5, width=0.4),
        Line(x1=184, y1=183.5, x2=256, y2=183.5, width=0.3),
    ),
    seal=_box(187, 136, 38, 38),
    code=_box(42, 154, 24, 24),
)


def _enlarged(layout: CertificateLayout, title: str) -> CertificateLayout:
    """Make the A3 version of an A4 layout: everything by the same factor."""
    ratio = 297 / 210

    def box(one: Box) -> Box:
        wide, tall = one.x * ratio, one.y * ratio
        return _box(wide, tall, one.width * ratio, one.height * ratio)

    return CertificateLayout(
        title=title,
        paper="A3",
        landscape=layout.landscape,
        texts=tuple(
            text.model_copy(
                update={
                    "box": box(text.box),
                    "size": round(text.size * ratio, 1),
                    "least": round(text.least * ratio, 1),
                }
            )
            for text in layout.texts
        ),
        lines=tuple(
            Line(
                x1=line.x1 * ratio,
                y1=line.y1 * ratio,
                x2=line.x2 * ratio,
                y2=line.y2 * ratio,
                width=line.width * ratio,
                colour=line.colour,
            )
            for line in layout.lines
        ),
        seal=layout.seal and box(layout.seal),
        code=layout.code and box(layout.code),
    )


DESIGNS = {
    Design.A4_LANDSCAPE: A4_LANDSCAPE,
    Design.A4_PORTRAIT: A4_PORTRAIT,
    Design.A4_BILINGUAL: A4_BILINGUAL,
    Design.A3_LANDSCAPE: _enlarged(A4_LANDSCAPE, N_("A3 across")),
    Design.A3_PORTRAIT: _enlarged(A4_PORTRAIT, N_("A3 upright")),
}
