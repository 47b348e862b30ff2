"""Occupations that city contests usually choose, so that nobody has to type them."""

from rules.texts import N_

# Names as in the national list of occupations (国家职业分类大典) and its skill standards.
_GROUPS: tuple[tuple[str, str], ...] = (
    (
        N_("Machine building"),
        "钳工 模具工 焊工 车工 铣工 磨工 数控车工 数控铣工 加工中心操作工 装配钳工 工具钳工 "
        "铸造工 冲压工 注塑工 机床装调维修工",
    ),
    (
        N_("Electricity and automation"),
        "电工 工业机器人系统操作员 工业机器人系统运维员 可编程序控制系统设计师 "
        "制冷空调系统安装维修工 家用电器产品维修工 电梯安装维修工",
    ),
    (
        N_("Computing and commerce"),
        "电子商务师 互联网营销师 计算机程序设计员 网络与信息安全管理员 人工智能训练师 "
        "物流服务师 采购员 全媒体运营师 工业视觉系统运维员",
    ),
    (
        N_("Food and hospitality"),
        "中式烹调师 中式面点师 西式烹调师 西式面点师 餐厅服务员 茶艺师 咖啡师 "
        "客房服务员 前厅服务员",
    ),
    (
        N_("Care and personal services"),
        "养老护理员 育婴员 保育师 健康照护师 家政服务员 美容师 美发师 保健按摩师 整理收纳师",
    ),
    (
        N_("Building and transport"),
        "砌筑工 钢筋工 混凝土工 管道工 工程测量员 汽车维修工 叉车司机 起重装卸机械操作工 "
        "园林绿化工 室内装饰设计师",
    ),
    (
        N_("Textiles, crafts and testing"),
        "服装制版师 缝纫工 工艺品雕刻工 首饰设计师 化学检验员 水质检验工 广告设计师 农机修理工",
    ),
)
OCCUPATIONS = tuple((group, tuple(titles.split())) for group, titles in _GROUPS)
ALL_OCCUPATIONS = tuple(title for _, titles in OCCUPATIONS for title in titles)
