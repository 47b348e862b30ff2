"""The kinds of paper that a contest gives, and what each says beside name, edition and number."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from rules.texts import N_


class CertificateKind(StrEnum):
    """What a paper is for. An honour is counted once, whoever else gets a paper for it."""

    HONOUR = "honour"
    TEAM = "team"
    COACH = "coach"
    LEVEL = "level"
    PARTICIPATION = "participation"
    JUDGE = "judge"
    APPOINTMENT = "appointment"
    PLAQUE = "plaque"


# The short sign of a kind in a number, where an honour has the order of its tier.
NUMBER_SIGNS = {
    CertificateKind.TEAM: "T",
    CertificateKind.COACH: "C",
    CertificateKind.LEVEL: "L",
    CertificateKind.PARTICIPATION: "P",
    CertificateKind.JUDGE: "J",
    CertificateKind.APPOINTMENT: "A",
    CertificateKind.PLAQUE: "Q",
}
# What official papers are headed with.
HEADINGS = {
    CertificateKind.HONOUR: "荣誉证书",
    CertificateKind.TEAM: "荣誉证书",
    CertificateKind.COACH: "荣誉证书",
    CertificateKind.LEVEL: "职业技能等级晋级推荐证明",
    CertificateKind.PARTICIPATION: "参赛证书",
    CertificateKind.JUDGE: "执裁证明",
    CertificateKind.APPOINTMENT: "聘书",
    CertificateKind.PLAQUE: "奖牌",
}
WHEN_DUE = {
    CertificateKind.HONOUR: N_(
        "Certificates can be issued when the public notice of an event is closed."
    ),
    CertificateKind.TEAM: N_(
        "A team that won gets one paper beside those of its members, when the notice is closed."
    ),
    CertificateKind.COACH: N_(
        "Coaches whom the award plan honours get a paper when the public notice is closed."
    ),
    CertificateKind.LEVEL: N_(
        "Recommended levels get a paper when the bureau has approved their level list."
    ),
    CertificateKind.PARTICIPATION: N_(
        "Whoever competed to the end and was not excluded gets a paper when the results are final."
    ),
    CertificateKind.JUDGE: N_(
        "Judges get a paper when the results are signed and all their sheets are; the chief, too."
    ),
    CertificateKind.APPOINTMENT: N_(
        "Judges get a letter when they accept their seat; others are written in by hand."
    ),
    CertificateKind.PLAQUE: N_(
        "Employers get a paper when their prizes are given and all events are final."
    ),
}
# As level certificates write them.
LEVEL_WORDS = {
    1: "一级/高级技师",
    2: "二级/技师",
    3: "三级/高级工",
    4: "四级/中级工",
    5: "五级/初级工",
}


def kind_of(facts: Mapping[str, Any]) -> CertificateKind:
    """Return the kind of a paper; facts from before there were kinds are honours."""
    return CertificateKind(facts.get("kind", CertificateKind.HONOUR))


_SENTENCES = {
    CertificateKind.HONOUR: "在{place}{group}中荣获{given}。",
    CertificateKind.TEAM: "在{place}{group}中荣获团体{given}。",
    CertificateKind.COACH: "在{place}{group}中，指导选手{trainees}，被评为{given}。",
    CertificateKind.LEVEL: "参加{place}{group}比赛，成绩合格，推荐晋升{given}。",
    CertificateKind.PARTICIPATION: "参加{place}{group}比赛，完成全部比赛内容。",
    CertificateKind.JUDGE: "在{place}中担任{given}。",
    CertificateKind.APPOINTMENT: "受聘为{place}{given}，聘期：{term}。",
    CertificateKind.PLAQUE: "在{place}中获{given}。",
}


def given_by(facts: Mapping[str, Any]) -> str:
    """Say in a few words what a paper gives: an award with its honours, a task, a level."""
    words = [facts.get(key) for key in ("award", "role", "occupation", "level")]
    return "、".join([*(str(word) for word in words if word), *facts.get("honours", ())])


def place_of(facts: Mapping[str, Any]) -> str:
    """Name the contest, and its event where a paper is for one."""
    event = facts.get("event")
    return f"{facts['edition']}{event}赛项" if event else str(facts["edition"])


# What was done before a title was given, as the programme calls it (R4.36), on official papers.
SELECTED = {
    "select": "经遴选，授予",
    "choose": "经评选，授予",
    "recognise": "经认定，授予",
    "evaluate": "经评价，授予",
    "commend": "予以表彰，授予",
    "appoint": "经评聘，授予",
}


def sentence_of(facts: Mapping[str, Any]) -> str:
    """Say in one sentence what a paper states, as a statement or badge puts it."""
    if facts.get("verb"):
        return f"在{facts['edition']}中，{SELECTED[facts['verb']]}“{given_by(facts)}”称号。"
    group = f"（{facts['division']}）" if facts.get("division") else ""
    return _SENTENCES[kind_of(facts)].format(
        place=place_of(facts),
        group=group,
        given=given_by(facts),
        trainees="、".join(facts.get("trainees", ())),
        term=facts.get("term", ""),
    )


class Said(NamedTuple):
    """One line of what a paper states: what it is, and the words."""

    title: str
    words: str


_LINES = (
    ("award", N_("Award")),
    ("honours", N_("Honours")),
    ("members", N_("Members")),
    ("trainees", N_("Trained")),
    ("trainees_award", N_("They won")),
    ("role", N_("Called as")),
    ("unit", N_("Works at")),
    ("term", N_("Term")),
    ("occupation", N_("Occupation")),
    ("level", N_("Recommended level")),
)


def said_by(facts: Mapping[str, Any]) -> list[Said]:
    """List what a paper of any kind states beside name, contest, issuers, date and number."""
    if facts.get("verb"):
        return _said_of_title(facts)
    lines = [Said(N_("Contest"), facts["edition"])]
    event = " · ".join(facts[key] for key in ("event", "division") if facts.get(key))
    if event:
        lines.append(Said(N_("Event"), event))
    for key, title in _LINES:
        value = facts.get(key)
        if value:
            lines.append(Said(title, value if isinstance(value, str) else "、".join(value)))
    return lines


def _said_of_title(facts: Mapping[str, Any]) -> list[Said]:
    lines = [
        Said(N_("Selection round"), facts["edition"]),
        Said(N_("Title awarded"), given_by(facts)),
    ]
    if facts.get("unit"):
        lines.append(Said(N_("Works at"), facts["unit"]))
    return lines
