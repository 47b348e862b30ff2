"""The Chinese words in which papers for a superior say coded values, in any reader's language."""

from datetime import date

from rules.honours import HonourLevel
from rules.selections import EvidenceKind, Post, UnitKind

POSTS = {
    Post.FRONT_LINE: "一线职工",
    Post.TECHNICIAN: "专业技术人员",
    Post.MANAGER: "管理人员",
    Post.UNIT_HEAD: "单位负责人",
    Post.OFFICIAL: "机关工作人员",
    Post.TEACHER: "教师",
    Post.STUDENT: "学生",
    Post.RETIRED: "退休人员",
    Post.FREELANCE: "灵活就业人员",
}
UNITS = {
    UnitKind.COMPANY: "企业",
    UnitKind.INSTITUTION: "事业单位",
    UnitKind.GOVERNMENT: "机关",
    UnitKind.SCHOOL: "院校",
    UnitKind.ASSOCIATION: "社会组织",
    UnitKind.SELF_EMPLOYED: "个体经营",
}
KINDS = {
    EvidenceKind.LEVEL: "技能等级",
    EvidenceKind.CONTEST: "竞赛获奖",
    EvidenceKind.HONOUR: "荣誉称号",
    EvidenceKind.PATENT: "专利",
    EvidenceKind.WORK: "作品",
    EvidenceKind.INNOVATION: "技术革新",
    EvidenceKind.PAPER: "论文著作",
    EvidenceKind.APPRENTICE: "带徒传技",
    EvidenceKind.OTHER: "其他",
}
HONOUR_LEVELS = {
    HonourLevel.NATIONAL: "国家级",
    HonourLevel.PROVINCE: "省级",
    HonourLevel.CITY: "市级",
    HonourLevel.COUNTY: "县级",
    HonourLevel.EMPLOYER: "单位级",
}
SKILL_LEVELS = {
    1: "一级/高级技师",
    2: "二级/技师",
    3: "三级/高级工",
    4: "四级/中级工",
    5: "五级/初级工",
}
SEXES = {"M": "男", "F": "女"}


def month_text(day: date | None) -> str:
    """Write a month as forms do."""
    return "" if day is None else f"{day.year}年{day.month}月"
