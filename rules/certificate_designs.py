"""The layouts that come with the program: of each kind of paper, across and upright, A4 and A3."""

from enum import StrEnum

from rules.certificate_boxes import (
    DIM,
    GOLD,
    beside,
    box,
    day,
    enlarged,
    heading,
    issuers,
    name,
    numbers,
    sentence,
)
from rules.certificate_kinds import CertificateKind
from rules.certificate_layouts import (
    Anchor,
    CertificateLayout,
    Fit,
    Line,
    Part,
    TextBox,
    Typeface,
)
from rules.certificate_texts import HONOUR, SELECTIONS, WORDINGS, Wording
from rules.texts import N_

_ENGLISH_NUMBERS = (
    Part(text="证书编号 No. {number}\n核 验 码 Code {code}\n扫描二维码，可核验真伪 Scan to verify"),
)
_ENGLISH = (
    Part(text="This is to certify that {name_latin} has won the "),
    Part(text="{award_english}", colour=HONOUR.sentence[3].colour),
    Part(text=" in {place_english}."),
)


class Design(StrEnum):
    """Which of the shipped layouts a contest takes."""

    A4_LANDSCAPE = "a4_landscape"
    A4_PORTRAIT = "a4_portrait"
    A4_BILINGUAL = "a4_bilingual"
    A3_LANDSCAPE = "a3_landscape"
    A3_PORTRAIT = "a3_portrait"


def _across(words: Wording) -> CertificateLayout:
    left = 42 + (29 if words.before else 0)
    width = 150 if words.wide else 62
    return CertificateLayout(
        title=N_("A4 across"),
        texts=(
            heading(box(60, 44, 177, 20), words.size, words.heading, words.spacing),
            *((beside(box(42, 70, 28, 14.5), 22, words.before, "before"),) if words.before else ()),
            name(box(left, 70, width, 14.5), 26),
            beside(box(left + width + words.gap, 70, 40, 14.5), 22, words.salute),
            sentence(box(42, 91, 213, 49), 21, words.sentence),
            issuers(box(160, 142, 96, 26), 15),
            day(box(160, 169, 96, 9), 15),
            numbers(box(68, 154, 90, 24), words.numbers),
        ),
        lines=(Line(x1=left, y1=87, x2=left + width, y2=87, width=0.4),),
        seal=box(187, 139, 42, 42),
        code=box(42, 154, 24, 24),
    )


def _upright(words: Wording) -> CertificateLayout:
    left = 36 + (26 if words.before else 0)
    width, after = (118, 17) if words.wide else (62, 17 if words.before else 40)
    return CertificateLayout(
        title=N_("A4 upright"),
        landscape=False,
        texts=(
            heading(box(30, 58, 150, 22), words.size, words.heading, words.spacing),
            *((beside(box(36, 96, 25, 14.5), 20, words.before, "before"),) if words.before else ()),
            name(box(left, 96, width, 14.5), 26),
            beside(box(left + width + words.gap, 96, after, 14.5), 22, words.salute),
            sentence(box(36, 120, 138, 74), 20, words.sentence),
            issuers(box(78, 196, 96, 26), 15),
            day(box(78, 223, 96, 9), 15),
            numbers(box(62, 242, 112, 24), words.numbers),
        ),
        lines=(Line(x1=left, y1=113, x2=left + width, y2=113, width=0.4),),
        seal=box(105, 193, 42, 42),
        code=box(36, 242, 24, 24),
    )


A4_LANDSCAPE = _across(HONOUR)
A4_PORTRAIT = _upright(HONOUR)
A4_BILINGUAL = CertificateLayout(
    title=N_("A4 across, Chinese and English"),
    texts=(
        heading(box(60, 42, 177, 17), 36),
        TextBox(
            key="title_english",
            box=box(60, 59, 177, 8),
            parts=(Part(text="CERTIFICATE OF HONOUR"),),
            typeface=Typeface.SONG,
            size=13,
            least=8,
            leading=1.3,
            spacing=0.25,
            align="center",
            anchor=Anchor.MIDDLE,
            most_lines=1,
            colour=GOLD,
            language="en",
        ),
        name(box(42, 69, 62, 12), 22),
        beside(box(107, 69, 40, 12), 18),
        sentence(box(42, 86, 213, 34), 17, HONOUR.sentence),
        TextBox(
            key="sentence_english",
            box=box(42, 121, 213, 17),
            parts=_ENGLISH,
            typeface=Typeface.SONG,
            size=14,
            least=9,
            leading=1.5,
            anchor=Anchor.MIDDLE,
            language="en",
        ),
        issuers(box(160, 140, 96, 21), 13),
        day(box(160, 161, 96, 7), 13),
        TextBox(
            key="date_english",
            box=box(160, 168, 96, 6),
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
            box=box(160, 176, 30, 7),
            parts=(Part(text="签发人 Signed"),),
            size=9.5,
            least=7,
            leading=1.4,
            anchor=Anchor.BASELINE,
            most_lines=1,
            colour=DIM,
        ),
        numbers(box(68, 154, 90, 24), _ENGLISH_NUMBERS),
    ),
    lines=(
        Line(x1=42, y1=83.5, x2=104, y2=83.5, width=0.4),
        Line(x1=184, y1=183.5, x2=256, y2=183.5, width=0.3),
    ),
    seal=box(187, 136, 38, 38),
    code=box(42, 154, 24, 24),
)


def _plaque(landscape: bool) -> CertificateLayout:
    """Lay out paper for a plaque: the prize in large characters, above it whose it is."""
    wide, tall = (297, 210) if landscape else (210, 297)
    middle, room = (100, 213) if landscape else (122, 138)
    left, rise = (wide - room) / 2, 0 if landscape else 26

    def line(key: str, y: float, height: float, size: float, text: str, face: Typeface) -> TextBox:
        return TextBox(
            key=key,
            box=box(left, y, room, height),
            parts=(Part(text=text),),
            typeface=face,
            size=size,
            least=round(size * 0.45, 1),
            leading=1.3,
            align="center",
            anchor=Anchor.MIDDLE,
            fit=Fit.SHRINK,
            most_lines=2,
        )

    return CertificateLayout(
        title=N_("A4 across") if landscape else N_("A4 upright"),
        landscape=landscape,
        texts=(
            line("edition", middle - 54, 16, 19, "{edition}", Typeface.KAI),
            heading(box(left, middle - 34, room, 34), 66, "{award}", 0.3),
            line("name", middle + 6, 18, 30, "{name}", Typeface.KAI_BOLD),
            issuers(box(wide - 137, tall - 68 - rise, 96, 26), 15),
            day(box(wide - 137, tall - 41 - rise, 96, 9), 15),
            numbers(box(left + 26, tall - 56, 66, 24)),
        ),
        seal=box(wide - 110, tall - 71 - rise, 42, 42),
        code=box(left, tall - 56, 24, 24),
    )


def _papers(
    across: CertificateLayout, upright: CertificateLayout
) -> dict[Design, CertificateLayout]:
    return {
        Design.A4_LANDSCAPE: across,
        Design.A4_PORTRAIT: upright,
        Design.A3_LANDSCAPE: enlarged(across, N_("A3 across")),
        Design.A3_PORTRAIT: enlarged(upright, N_("A3 upright")),
    }


KIND_DESIGNS = {kind: _papers(_across(words), _upright(words)) for kind, words in WORDINGS.items()}
KIND_DESIGNS[CertificateKind.PLAQUE] = _papers(_plaque(landscape=True), _plaque(landscape=False))
KIND_DESIGNS[CertificateKind.HONOUR] |= {Design.A4_BILINGUAL: A4_BILINGUAL}
DESIGNS = KIND_DESIGNS[CertificateKind.HONOUR]
SELECTION_DESIGNS = {
    verb: _papers(_across(words), _upright(words)) for verb, words in SELECTIONS.items()
}
# What is hung on a wall is large; what is shown to an office is upright.
USUAL_DESIGNS = dict.fromkeys(CertificateKind, Design.A4_LANDSCAPE) | {
    CertificateKind.LEVEL: Design.A4_PORTRAIT,
    CertificateKind.PLAQUE: Design.A3_LANDSCAPE,
}


def layout_of(kind: CertificateKind, design: Design) -> CertificateLayout:
    """Return a shipped layout; a kind that has no such design takes its usual one."""
    own = KIND_DESIGNS[kind]
    return own.get(design) or own[USUAL_DESIGNS[kind]]


def selection_layout(verb: str, design: Design) -> CertificateLayout:
    """Return the shipped layout of a title that a selection gives."""
    own = SELECTION_DESIGNS[verb]
    return own.get(design) or own[Design.A4_LANDSCAPE]
