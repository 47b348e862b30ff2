"""What a designer sees: the fields with their meaning, and people on whom a design is tried."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from rules.certificate_layouts import CertificateField
from rules.texts import N_

MEANINGS: Mapping[CertificateField, str] = {
    CertificateField.NAME: N_("Name of the person, or of all in a pair or team"),
    CertificateField.NAME_LATIN: N_("Name in Latin letters"),
    CertificateField.EDITION: N_("Title of the contest"),
    CertificateField.EDITION_ENGLISH: N_("Title of the contest in English"),
    CertificateField.PLACE: N_("Contest, event and division in one"),
    CertificateField.PLACE_ENGLISH: N_("Event, division and contest in one, in English"),
    CertificateField.EVENT: N_("Event"),
    CertificateField.EVENT_ENGLISH: N_("Event in English"),
    CertificateField.DIVISION: N_("Division"),
    CertificateField.DIVISION_ENGLISH: N_("Division in English"),
    CertificateField.AWARD: N_("Award"),
    CertificateField.AWARD_ENGLISH: N_("Award in English"),
    CertificateField.HONOURS: N_("Titles that come with the award; empty without any"),
    CertificateField.TITLES: N_("The same titles, without words around them"),
    CertificateField.MEMBERS: N_("Members of a team"),
    CertificateField.TRAINEES: N_("People whom a coach has trained"),
    CertificateField.TRAINEES_AWARD: N_("What the trainees have won"),
    CertificateField.ROLE: N_("Task of a judge or expert"),
    CertificateField.TERM: N_("From when to when the task lasts"),
    CertificateField.OCCUPATION: N_("Occupation"),
    CertificateField.LEVEL: N_("Recommended level"),
    CertificateField.ISSUERS: N_("Issuing bodies, one a line"),
    CertificateField.DATE: N_("Date in Chinese numerals"),
    CertificateField.DATE_ENGLISH: N_("Date in English"),
    CertificateField.NUMBER: N_("Certificate number"),
    CertificateField.CODE: N_("Check code"),
}


class Sample(StrEnum):
    """People on whom a design is tried."""

    SHORT = "short"
    LONG = "long"
    MINORITY = "minority"
    PAIR = "pair"
    RARE = "rare"
    ENGLISH = "english"
    FULL = "full"


_FACTS: Mapping[str, Any] = {
    "name": "王一",
    "event": "数控车工",
    "division": "职工组",
    "award": "一等奖",
    "honours": ["技术能手"],
    "members": ["王一", "李二", "张三"],
    "trainees": ["王一", "李二"],
    "trainees_award": "一等奖",
    "role": "裁判员",
    "term": "2026年11月1日至2026年11月22日",
    "occupation": "车工",
    "level": "三级/高级工",
    "edition": "某某市第十二届“技能之星”职业技能竞赛",
    "issuers": ["某某市人力资源和社会保障局", "某某市总工会"],
    "date": "2026-11-22",
    "number": "JN-2026-CX-0301-1-0001-K7",
    "name_latin": "Wang Yi",
    "award_english": "First prize",
    "event_english": "CNC Turning",
    "division_english": "Staff division",
    "edition_english": "12th Skills Star Contest of the City",
    "place_english": "CNC Turning (Staff division) at the 12th Skills Star Contest of the City",
}
_DIFFERENT: Mapping[Sample, Mapping[str, Any]] = {
    Sample.SHORT: {},
    Sample.LONG: {"name": "欧阳慕容震华司徒云天上官明月", "name_latin": "Ouyang Murong Zhenhua"},
    Sample.MINORITY: {
        "name": "古丽米热·阿不都热依木江·吐尔逊阿依",
        "name_latin": "Gulmira Abdurehimjan Tursunay",
    },
    Sample.PAIR: {"name": "张三、李四", "name_latin": "Zhang San, Li Si"},
    Sample.RARE: {"name": "𬍛㛃䶮", "name_latin": "Wan Jie Yan"},
    Sample.ENGLISH: {"name": "Alexander van der Berg", "name_latin": "Alexander van der Berg"},
    Sample.FULL: {
        "name": "阿卜杜热西提·买买提江",
        "event": "电子商务师（跨境电子商务运营与直播营销方向）",
        "honours": ["技术能手", "技能之星", "青年岗位能手", "巾帼建功标兵"],
        "edition": "某某市2026年度“技能之星”职业技能竞赛暨第九届职业技能大赛某某选拔赛",
        "issuers": [f"某某市第{number}主办单位" for number in "一二三四"],
        "name_latin": "Abdureshit Memetjan",
    },
}
CODE = "34679ACDEFGHJKMN"


def facts_of(sample: Sample) -> dict[str, Any]:
    """Return the facts of a sample person."""
    return {**_FACTS, **_DIFFERENT[sample]}
