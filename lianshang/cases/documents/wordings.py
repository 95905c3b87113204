"""What the five documents read. A park may put a Word template of its own in place of any; the PDF is set from these."""

from lianshang.cases.models import DocumentKind
from lianshang.papers.wording import (
    CHAPTER,
    Column,
    Each,
    Grid,
    Letter,
    Line,
    Paragraphs,
    Row,
    Sheet,
    When,
    Wording,
)

MARK, NUMBER = "{{ 发文机关标志 }}", "{{ 发文字号 }}"
CONTACT = "（联系人：{{ 发文联系人 }}；联系电话：{{ 发文电话 }}）"
LIMIT = (
    Column("事项", 3, "{{ 行.事项 }}"),
    Column("单位", 5, "{{ 行.单位 }}"),
    Column("规定", 5, "{{ 行.规定 }}"),
    Column("到期", 5, "{{ 行.到期 }}"),
)

ORDER = Sheet(
    title="交办单",
    under=("编号：{{ 受理编号 }}{{ 保密标注 }}", "派单：{{ 派单时间 }}"),
    rows=(
        Row("事项", "{{ 事项 }}"),
        Row("诉求内容", "{{ 诉求内容 }}", only="诉求内容"),
        Row("企业", "{{ 企业 }}", only="企业"),
        Row("企业联系人", "{{ 企业联系人 }}　{{ 企业电话 }}", only="企业电话"),
        Row("地点", "{{ 地点 }}", only="地点"),
        Row("类别", "{{ 性质 }}，{{ 限时类别 }}，{{ 紧急程度 }}"),
        Row("受理", "{{ 受理时间 }}，来源：{{ 来源 }}"),
        Row("主办单位", "{{ 主办单位 }}　{{ 主办电话 }}"),
        Row("协办单位", "{{ 协办单位 }}", only="协办单位"),
        Row("交办要求", "{{ 交办要求 }}", only="交办要求"),
    ),
    grids=(Grid("时限", "时限", "行", LIMIT),),
    notes=(
        "第一个签收的单位为首办单位，全程跟踪、协调并答复企业。协办结果按期交主办单位，迟了记在协办单位。",
        "时限依据：{{ 机制方案 }}。",
    ),
    signing=(
        ("交办单位", "{{ 发文单位 }}"),
        ("经办人", "{{ 发文联系人 }}　{{ 发文电话 }}"),
        ("签收人", "{{ 签收人 }}"),
        ("签收时间", "{{ 签收时间 }}"),
    ),
)

URGING = Sheet(
    title="催办单",
    under=("编号：{{ 受理编号 }}{{ 保密标注 }}", "催办：{{ 催办时间 }}"),
    rows=(
        Row("事项", "{{ 事项 }}"),
        Row("企业", "{{ 企业 }}", only="企业"),
        Row("主办单位", "{{ 主办单位 }}　{{ 主办电话 }}"),
        Row("协办单位", "{{ 协办单位 }}", only="协办单位"),
        Row("派单", "{{ 派单时间 }}"),
        Row("目前", "{{ 状态 }}。{{ 下一步 }}"),
        Row("催办内容", "{{ 催办内容 }}", only="催办内容"),
    ),
    grids=(
        Grid("时限", "时限", "行", (*LIMIT[:2], LIMIT[3], Column("现在", 5, "{{ 行.现在 }}"))),
        Grid("催办记录（共 {{ 催办次数 }} 次）", "催办记录", "行", (
            Column("序号", 2, "{{ 行.序号 }}"), Column("时间", 6, "{{ 行.时间 }}"), Column("催办", 5, "{{ 行.谁 }}"),
            Column("内容", 9, "{{ 行.内容 }}"))),
    ),
    notes=("请按上列时限办理，并在平台上向企业作阶段反馈或答复。不属于本单位职责的，请在退单期内申请退单。",),
    signing=(
        ("催办单位", "{{ 发文单位 }}"), ("经办人", "{{ 发文联系人 }}　{{ 发文电话 }}"),
        ("收件人", ""), ("收件时间", ""),
    ),
)  # fmt: skip

SUPERVISION = Letter(
    mark=MARK,
    number=NUMBER,
    title="{{ 标题 }}",
    to="{{ 督办对象 }}：",
    body=(
        Line(
            "{{ 受理日期 }}受理的{{ 企业前缀 }}“{{ 事项 }}”（受理编号 {{ 受理编号 }}{{ 保密标注 }}），"
            "于{{ 派单日期 }}交{{ 主办单位 }}主办{{ 协办说明 }}。现予{{ 督办等级 }}，有关事项通知如下。"
        ),
        When("督办情形", (Line("督办情形：{{ 督办情形 }}。"),)),
        Line("一、督办要求", CHAPTER),
        Paragraphs("督办要求"),
        Line("二、办理时限", CHAPTER),
        When("时限", (Each("时限", "行", (Line("{{ 行.事项 }}（{{ 行.单位 }}）：{{ 行.规定 }}，{{ 行.到期 }}到期，{{ 行.现在 }}。"),)),)),
        When("没有时限", (Line("{{ 没有时限 }}"),)),
        When("催办记录", (
            Line("三、催办情况", CHAPTER),
            Line("至今已催办 {{ 催办次数 }} 次。"),
            Each("催办记录", "行", (Line("{{ 行.时间 }}，{{ 行.谁 }}催办{{ 行.说明 }}"),)))),
        Line("请按督办要求抓紧办理，并{{ 督办回复期限 }}将办理情况书面报送{{ 发文单位 }}。"),
    ),
    signer="{{ 发文单位 }}",
    date="{{ 成文日期 }}",
    note=CONTACT,
)  # fmt: skip

REPLY = Letter(
    mark=MARK,
    number=NUMBER,
    title="{{ 标题 }}",
    to="{{ 企业 }}：",
    body=(
        Line(
            "贵单位{{ 受理日期 }}反映的“{{ 事项 }}”（受理编号 {{ 受理编号 }}）收悉，"
            "由{{ 主办单位 }}主办{{ 协办说明 }}。现答复如下。"
        ),
        Paragraphs("答复内容"),
        When("答复依据", (Line("依据：{{ 答复依据 }}。"),)),
        Line("办理结果：{{ 办理结果 }}。对本答复有不同意见的，可在回执页上退回重办，也可与我单位联系。"),
        Line("特此函复。"),
    ),
    attachments="答复附件",
    signer="{{ 发文单位 }}",
    date="{{ 成文日期 }}",
    note=CONTACT,
)

CONSULTATION = Letter(
    mark=MARK,
    number=NUMBER,
    title="{{ 标题 }}",
    to="{{ 参会单位 }}：",
    body=(
        Line(
            "{{ 受理日期 }}受理的{{ 企业前缀 }}“{{ 事项 }}”（受理编号 {{ 受理编号 }}），"
            "于{{ 会商日期 }}由{{ 提请单位 }}提请会商。现将有关事项通知如下。"
        ),
        Line("一、会商议题", CHAPTER),
        Paragraphs("会商事由"),
        Line("二、时间和地点", CHAPTER),
        Line("时间：{{ 会商时间 }}"),
        Line("地点：{{ 会商地点 }}"),
        Line("三、有关要求", CHAPTER),
        Line("请各单位熟悉情况的负责同志参加，带上办理情况和政策依据。{{ 会商期限 }}"),
    ),
    signer="{{ 发文单位 }}",
    date="{{ 成文日期 }}",
    note=CONTACT,
)

TITLES = {
    DocumentKind.SUPERVISION: "关于“{}”的督办单",
    DocumentKind.REPLY: "关于“{}”的答复函",
    DocumentKind.CONSULTATION: "关于会商“{}”的通知",
}
WORDINGS: dict[str, Wording] = {
    DocumentKind.ORDER: ORDER,
    DocumentKind.URGING: URGING,
    DocumentKind.SUPERVISION: SUPERVISION,
    DocumentKind.REPLY: REPLY,
    DocumentKind.CONSULTATION: CONSULTATION,
}
