"""The people whose certificates are made in benchmarks, each drawn anew."""

import random
from collections.abc import Callable, Iterator
from typing import Any

from rules.statements import SIGNATURE, fitted, signable, statement_of, written
from rules.status_lists import SIZE
from services.certificates_rendering import Paper

EVENTS = ("数控车工", "电工", "焊工", "钳工", "美发师", "中式烹调师", "电子商务师", "养老护理员")
AWARDS = ("一等奖", "二等奖", "三等奖")
FACTS: dict[str, Any] = {
    "division": "职工组",
    "honours": ["慈溪市技术能手"],
    "edition": "慈溪市第十二届“技能之星”职业技能竞赛",
    "issuers": ["慈溪市人力资源和社会保障局", "慈溪市总工会"],
    "date": "2026-11-22",
}
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余"


def papers(count: int, name: Callable[[random.Random], str]) -> Iterator[Paper]:
    """Yield certificates of so many people."""
    draw = random.Random()
    for _ in range(count):
        serial = draw.randrange(10**4)
        code = "".join(draw.choices("34679ACDEFGHJKMNPQRTWXY", k=16))
        facts = FACTS | {
            "name": name(draw),
            "event": draw.choice(EVENTS),
            "award": draw.choice(AWARDS),
            "number": f"JN-2026-CX-0301-1-{serial:04d}-K7",
        }
        link = f"https://skills.example.gov.cn/verify/{code}#{_statement(facts, draw)}"
        yield Paper(facts, code, link)


def _statement(facts: dict[str, Any], draw: random.Random) -> str:
    """Return a statement as long as those issued; to the code a signature is any 64 bytes."""
    key, digest = draw.randbytes(4).hex(), draw.randbytes(32).hex()
    said = fitted(statement_of(facts, digest, key, (1, draw.randrange(SIZE))))
    return written(signable(said), draw.randbytes(SIGNATURE))


def common(draw: random.Random) -> str:
    """Return a name as most people have."""
    given = (chr(draw.randrange(0x4E00, 0x5E00)) for _ in range(draw.choice((1, 2, 2))))
    return draw.choice(SURNAMES) + "".join(given)
