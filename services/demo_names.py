"""Names for the demonstration: people, as they are called in eastern China, and employers."""

from random import Random

# The commonest family names with their share in ten thousand; a few rare ones at the end.
_FAMILY = {
    "陈": 880, "王": 700, "张": 600, "徐": 460, "胡": 420, "沈": 400, "周": 390, "李": 380,
    "吴": 350, "孙": 330, "陆": 300, "黄": 290, "罗": 270, "马": 250, "杨": 250, "刘": 240,
    "叶": 230, "毛": 220, "戚": 210, "方": 200, "朱": 200, "施": 190, "赵": 180, "许": 170,
    "高": 160, "宋": 150, "余": 150, "林": 140, "俞": 140, "岑": 130, "何": 120, "潘": 110,
    "郑": 110, "童": 100, "冯": 100, "虞": 90, "谢": 90, "蒋": 80, "韩": 80, "董": 80, "柴": 70,
    "励": 60, "华": 60, "郭": 60, "唐": 60, "龚": 50, "邹": 50, "裘": 40, "阮": 40, "任": 40,
    "欧阳": 12, "上官": 6, "司徒": 5, "单": 6, "仇": 5, "解": 5, "查": 5, "区": 3, "乐": 3,
    "芈": 1, "逄": 2, "仝": 3, "昝": 2, "乜": 1,
}  # fmt: skip
_MEN = "伟强军杰涛明超勇刚波辉鹏斌浩峰磊建国平华东海龙俊凯健鑫宇晨栋威炜宏志远松林云飞"
_WOMEN = "芳娜敏静丽艳娟霞燕玲萍红英琴慧洁颖婷雪莉梅倩佳欣怡璐瑶琳丹蓉菲莹晶露岚薇"
_FIRST = "建志永国文海晓小俊子雨思佳梦宇嘉浩一明春秋金玉天家立正伯世"
_RARE = ("堃", "喆", "赟", "昇", "燚", "翀", "妤", "彧", "祎", "頔", "玥", "㛃", "䶮", "𬱖", "𣲗")
_DOTTED_FIRST = (
    "阿依古丽", "古丽娜尔", "迪力夏提", "热依汗", "阿布力孜", "尼格买提", "买买提江", "帕丽扎提",
)  # fmt: skip
_DOTTED_LAST = (
    "买买提",
    "艾合买提",
    "吐尔逊",
    "阿不都热合曼",
    "肉孜",
    "热合曼",
    "吾守尔",
    "司马义",
)

_PLACES = ("慈溪市", "慈溪市", "慈溪市", "宁波", "宁波前湾新区", "慈溪", "浙江")
_BRANDS_1 = "宏鑫恒永盛瑞金华正嘉东海新兴凯利德信源泰卓越联精创亿达博力天科明佳"
_BRANDS_2 = "达盛源泰鑫隆丰茂腾辉诚达伟业欣诺格锐拓立凯威朗安康宇航晟阳"
_TRADES = (
    "电器", "电子", "模具", "塑料制品", "轴承", "汽车零部件", "精密机械", "机械制造", "紧固件",
    "化纤", "家用电器", "厨具", "照明电器", "五金制品", "自动化设备", "新能源科技", "橡塑",
    "电气设备", "数控设备", "铜业",
)  # fmt: skip
_SERVICES = (
    "阳光养老服务中心", "电子商务产业园", "大酒店有限公司", "供电工程有限公司", "职业培训学校",
    "物业服务有限公司", "建筑安装工程有限公司", "汽车销售服务有限公司", "餐饮管理有限公司",
    "园林工程有限公司", "网络科技有限公司", "家政服务有限公司",
)  # fmt: skip
SCHOOLS = (
    "慈溪市三北技工学校", "慈溪市杭湾职业高级中学", "慈溪市周巷机电职业学校",
    "慈溪市观海卫职业高级中学", "宁波前湾工程技师学院", "慈溪市锦堂现代服务职业学校",
    "慈溪市龙山职业技术学校", "慈溪市鸣鹤旅游职业学校",
)  # fmt: skip
DISTRICTS = (
    "古塘街道", "白沙路街道", "浒山街道", "宗汉街道", "坎墩街道", "观海卫镇", "周巷镇", "附海镇",
    "桥头镇", "匡堰镇", "逍林镇", "新浦镇", "胜山镇", "横河镇", "崇寿镇", "庵东镇", "长河镇",
    "掌起镇", "龙山镇",
)  # fmt: skip


def person_name(random: Random, sex: str) -> str:
    """Make up a person's name; a few have a dot or a rare character in them."""
    chance = random.random()
    if chance < 0.012:
        return f"{random.choice(_DOTTED_FIRST)}·{random.choice(_DOTTED_LAST)}"
    family = random.choices(list(_FAMILY), list(_FAMILY.values()))[0]
    last = random.choice(_MEN if sex == "M" else _WOMEN)
    if chance < 0.03:
        return family + random.choice(_FIRST) + random.choice(_RARE)
    return family + last if chance < 0.25 else family + random.choice(_FIRST) + last


def employer_names(random: Random, count: int) -> list[str]:
    """Make up so many different employers; the schools come first."""
    found = dict.fromkeys(SCHOOLS)
    while len(found) < count:
        brand = random.choice(_BRANDS_1) + random.choice(_BRANDS_2)
        if random.random() < 0.2:
            found[f"慈溪市{brand}{random.choice(_SERVICES)}"] = None
        else:
            found[f"{random.choice(_PLACES)}{brand}{random.choice(_TRADES)}有限公司"] = None
    return list(found)[:count]
