"""Names and papers on which certificates are tried: short, long, rare, of every kind."""

from typing import Any

from services.certificates_rendering import Paper

URL = "https://skillstar.example/verify/34679ACDEFGHJKMN"
CODE = "34679ACDEFGHJKMN"
NAMES = (
    "王一",
    "欧阳震华",
    "𬍛㛃䶮",  # characters that many fonts lack
    "張𠮷龘",
    "乌尔娜·巴雅尔",
    "阿卜杜热西提·买买提江·艾合买提",
    "古丽米热·阿不都热依木江·吐尔逊阿依·买买提依明·艾合买提",  # thirty characters
    "张三、李四",
    "张三、李四、王五",
    "Alexander van der Berg",
    "AVATAR To W. fi",
    "第一代表队“精工”小组（甲）",
)
FACTS: dict[str, Any] = {
    "name": "王一",
    "event": "数控车工",
    "division": "职工组",
    "award": "一等奖",
    "honours": ["慈溪市技术能手", "技能之星"],
    "edition": "慈溪市第十二届“技能之星”职业技能竞赛",
    "issuers": ["慈溪市人力资源和社会保障局", "慈溪市总工会"],
    "date": "2026-11-22",
    "number": "JN-2026-CX-0301-1-0001-K7",
    "name_latin": "Wang Yi",
    "award_english": "First prize",
}
# As much as anybody has asked for.
FULL_FACTS = FACTS | {
    "event": "电子商务师（跨境电子商务运营与直播营销方向）",
    "honours": ["慈溪市技术能手", "技能之星", "慈溪市青年岗位能手", "慈溪市巾帼建功标兵"],
    "edition": "宁波市2026年度“技能之星”职业技能竞赛暨第九届浙江省职业技能大赛慈溪市选拔赛",
    "issuers": [f"慈溪市第{n}主办单位" for n in range(5)],
}


def paper(name: str = "王一", **more: Any) -> Paper:
    """Return a certificate of this name."""
    return Paper(FACTS | {"name": name} | more, CODE, URL)
