"""The fields that a form in the superior's layout may use, by their Chinese words (R8.04)."""

from rules.documents import Field
from rules.texts import N_

FORM_FIELDS: tuple[Field, ...] = (
    Field("call", "通知名称", N_("Title of the call"), "第十七届高技能人才评选表彰"),
    Field("document", "文号", N_("Document number"), "人社部函〔2026〕18号"),
    Field("list", "推荐项目", N_("List of the call"), "全国技术能手"),
    Field("rank", "推荐排序", N_("Rank"), "1"),
    Field("sender", "推荐单位", N_("Who recommends"), "慈溪市人力资源和社会保障局"),
    Field("date", "填报日期", N_("Date of the form"), "2026年11月22日"),
    Field("name", "姓名", N_("Name of the candidate"), "陈一凡"),
    Field("sex", "性别", N_("Sex"), "男"),
    Field("born", "出生年月", N_("Month of birth"), "1985年3月"),
    Field("id_number", "证件号码", N_("ID number"), "330282198503120018"),
    Field("phone", "联系电话", N_("Telephone"), "13800000000"),
    Field("unit", "工作单位", N_("Work unit"), "慈溪市第一机械有限公司"),
    Field("unit_kind", "单位性质", N_("Kind of unit"), "企业"),
    Field("district", "所在地区", N_("District"), "浒山街道"),
    Field("post", "岗位", N_("Post"), "一线职工"),
    Field("occupation", "职业", N_("Occupation"), "钳工"),
    Field("level", "技能等级", N_("Skill level"), "一级/高级技师"),
    Field("trade_since", "从业起始", N_("In the trade since"), "2005年7月"),
    Field("trade_years", "从业年限", N_("Years in the trade"), "21"),
    Field("apprentices", "带徒人数", N_("Apprentices taught"), "12"),
    Field(
        "reasons",
        "推荐理由",
        N_("Why this one"),
        rows=(Field("text", "文字", N_("Text"), "技艺精湛，业绩突出。"),),
    ),
    Field(
        "merits",
        "主要事迹",
        N_("Merits"),
        rows=(Field("text", "文字", N_("Text"), "二十年来扎根一线，攻克多项技术难题。"),),
    ),
    Field(
        "honours",
        "荣誉",
        N_("Honours of the register"),
        rows=(
            Field("date", "日期", N_("Day"), "2022年12月"),
            Field("title", "称号", N_("Honour"), "浙江省技术能手"),
            Field("grantor", "授予单位", N_("Granted by"), "浙江省人力资源和社会保障厅"),
        ),
    ),
    Field(
        "contests",
        "竞赛",
        N_("Places in contests"),
        rows=(
            Field("date", "日期", N_("Day"), "2021年10月"),
            Field("title", "赛事", N_("Contest"), "浙江省职业技能大赛 钳工"),
            Field("rank", "名次", N_("Place"), "1"),
        ),
    ),
    Field(
        "achievements",
        "业绩",
        N_("Further achievements"),
        rows=(
            Field("kind", "类别", N_("Kind"), "专利"),
            Field("date", "日期", N_("Day"), "2023年5月"),
            Field("title", "名称", N_("Name"), "一种精密夹具"),
        ),
    ),
)
