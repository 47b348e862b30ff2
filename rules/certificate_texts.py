"""What papers of each kind say, as official papers of the kind put it."""

from dataclasses import dataclass

from rules.certificate_boxes import NUMBERS, RED
from rules.certificate_kinds import HEADINGS, SELECTED, CertificateKind
from rules.certificate_layouts import Part, Typeface

_DIVISION = Part(text="（{division}）", whole=True)


def _strong(text: str) -> Part:
    """Say what the paper is given for in red and bold."""
    return Part(text=text, typeface=Typeface.KAI_BOLD, colour=RED, whole=True)


@dataclass(frozen=True)
class Wording:
    """The words of one kind: heading, before and behind the name, sentence, and the small lines.

    A `wide` name is that of a team; `gap` millimetres part it from what follows, and `spacing`
    the characters of the heading.
    """

    heading: str
    sentence: tuple[Part, ...]
    salute: str = "同志："
    before: str = ""
    wide: bool = False
    gap: float = 3
    spacing: float = 0.9
    size: float = 42
    numbers: tuple[Part, ...] = NUMBERS


_PROOF_NUMBERS = (
    Part(text="编　　号：{number}\n核 验 码：{code}\n扫描二维码或登录网站，可核验本证明真伪"),
)
_LETTER_NUMBERS = (
    Part(text="编　　号：{number}\n核 验 码：{code}\n扫描二维码或登录网站，可核验本聘书真伪"),
)
HONOUR = Wording(
    HEADINGS[CertificateKind.HONOUR],
    (
        Part(text="在{edition}{event}赛项"),
        _DIVISION,
        Part(text="中荣获"),
        _strong("{award}"),
        Part(text="{honours}。\n特发此证。"),
    ),
)
# Titles of a selection, by the word that its programme has for what it does (R4.36).
SELECTIONS = {
    verb: Wording(
        HEADINGS[CertificateKind.HONOUR],
        (
            Part(text=f"在{{edition}}中，{words}"),
            _strong("“{award}”"),
            Part(text="称号。\n特发此证。"),
        ),
    )
    for verb, words in SELECTED.items()
}
WORDINGS = {
    CertificateKind.HONOUR: HONOUR,
    CertificateKind.TEAM: Wording(
        HEADINGS[CertificateKind.TEAM],
        (
            Part(text="在{place}"),
            _DIVISION,
            Part(text="中荣获团体"),
            _strong("{award}"),
            Part(text="。参赛选手：{members}。\n特发此证。"),
        ),
        salute="：",
        wide=True,
        gap=0.5,
    ),
    CertificateKind.COACH: Wording(
        HEADINGS[CertificateKind.COACH],
        (
            Part(text="在{place}"),
            _DIVISION,
            Part(text="中，指导选手{trainees}荣获{trainees_award}，被评为"),
            _strong("{titles}"),
            Part(text="。\n特发此证。"),
        ),
    ),
    CertificateKind.LEVEL: Wording(
        HEADINGS[CertificateKind.LEVEL],
        (
            Part(text="参加{place}"),
            _DIVISION,
            Part(text="比赛，成绩合格，符合职业技能等级晋级条件，推荐晋升"),
            _strong("{occupation}"),
            _strong("{level}"),
            Part(text="。职业技能等级证书由评价机构核发，本证明不代替该证书。\n特此证明。"),
        ),
        spacing=0.15,
        size=34,
        numbers=_PROOF_NUMBERS,
    ),
    CertificateKind.PARTICIPATION: Wording(
        HEADINGS[CertificateKind.PARTICIPATION],
        (
            Part(text="参加{place}"),
            _DIVISION,
            Part(text="比赛，完成全部比赛内容。\n特发此证，以资鼓励。"),
        ),
    ),
    CertificateKind.JUDGE: Wording(
        HEADINGS[CertificateKind.JUDGE],
        (
            Part(text="在{place}中担任"),
            _strong("{role}"),
            Part(text="，认真履行职责，圆满完成执裁工作。\n特此证明。"),
        ),
        numbers=_PROOF_NUMBERS,
    ),
    CertificateKind.APPOINTMENT: Wording(
        HEADINGS[CertificateKind.APPOINTMENT],
        (
            Part(text="为{place}"),
            _strong("{role}"),
            Part(text="，聘期：{term}。\n此聘。"),
        ),
        salute="同志",
        before="兹聘请",
        spacing=1.6,
        size=50,
        numbers=_LETTER_NUMBERS,
    ),
}
