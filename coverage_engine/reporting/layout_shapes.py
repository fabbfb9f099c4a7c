"""What layouts of forms may hold: annexes, action lists, books of duties, letters; described key by key."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from coverage_engine.content import Count, Length, Table, Text, says

Align = Annotated[Literal["left", "center", "right"], says("对齐")]
_Show = Annotated[str, says("数字格式")]


class ColumnPart(Table):
    """一栏: one column of a form."""

    key: Annotated[Text, says("键，各栏不同")]
    header: Annotated[Text, says("栏名")]
    width: Annotated[Length, says("宽，字数")]
    fact: Annotated[str, says("显示哪一项事实；不写的由人填写")] = ""
    group: Annotated[str, says("上一行表头")] = ""
    align: Align = "center"
    choices: Annotated[tuple[Text, ...], says("下拉选项")] = ()
    unknown: Annotated[str, says("数字不知道时的用词")] = ""
    number: Annotated[str, says("知道时改显示的数")] = ""
    show: _Show = "0"


class FigurePart(Table):
    """一个数: counted or summed by formula in totals and summaries."""

    name: Annotated[Text, says("名称")]
    of: Annotated[Text, says("数哪一栏")]
    rows: Annotated[bool, says("数序号")] = False
    sum: Annotated[bool, says("求和")] = False
    count: Annotated[tuple[Text, ...], says("数这些用词，前后可写 *")] = ()
    divided_by: Annotated[str, says("除以哪一栏之和")] = ""
    stands_in: Annotated[str, says("合计行里写在哪一栏")] = ""
    show: _Show = "0"
    bounds: Annotated[tuple[Text, ...], says("上下限的分子、分母各是哪些事实之和")] = ()


class TotalPart(Table):
    """合计行: one row of totals."""

    label: Annotated[Text, says("名称")]
    distinct: Annotated[bool, says("同一企业只数一次")] = False


class SummaryKeyPart(Table):
    """汇总的依据: a column that a summary groups by."""

    header: Annotated[Text, says("栏名")]
    fact: Annotated[Text, says("事实")]
    column: Annotated[Text, says("表里的哪一栏")]
    prefix: Annotated[bool, says("那一栏只以它开头")] = False


class SummaryPart(Table):
    """汇总表: a further sheet with every figure by keys."""

    sheet: Annotated[Text, says("表名")]
    title: Annotated[Text, says("标题")]
    by: Annotated[tuple[SummaryKeyPart, ...], Meta(min_length=1), says("按什么汇总")]
    distinct: Annotated[bool, says("同一企业只数一次")] = False


class AnnexFile(Table):
    """附件版式: one annex."""

    corner: Annotated[str, says("左上角的附件号")]
    title: Annotated[Text, says("标题")]
    sheet: Annotated[Text, says("表名")]
    rows: Annotated[Text, says("列什么：enterprises、parks、society_members 等")]
    order: Annotated[tuple[Text, ...], says("先后，前面写 - 为由大到小")]
    columns: Annotated[tuple[ColumnPart, ...], Meta(min_length=1), says("各栏")]
    figures: Annotated[tuple[FigurePart, ...], says("合计和汇总的数")] = ()
    totals: Annotated[tuple[TotalPart, ...], says("合计行")] = ()
    all: Annotated[tuple[Text, ...], says("都要成立的事实")] = ()
    any: Annotated[tuple[Text, ...], says("任一成立的事实")] = ()
    summaries: Annotated[tuple[SummaryPart, ...], says("汇总表")] = ()
    notes: Annotated[tuple[Text, ...], says("表下说明")] = ()
    undecided_note: Annotated[str, says("待核实的说明")] = ""
    set_aside_in: Annotated[str, says("被隔离的行按哪个分母数")] = ""
    set_aside_note: Annotated[str, says("被隔离的行的说明")] = ""
    presumed_note: Annotated[str, says("推定的说明")] = ""
    freeze_columns: Annotated[Count, says("冻结几栏")] = 0
    repeat_of: Annotated[str, says("重复出现的是什么")] = ""
    repeat_column: Annotated[str, says("重复的记号写在哪一栏")] = ""


class ActionSheetPart(Table):
    """任务清单的一张表: what its rows are, in whose list it stands."""

    rows: Annotated[Text, says("列什么：bundles、groups、targets、units、rest、steps")]
    sheet: Annotated[Text, says("表名")]
    title: Annotated[Text, says("标题")]
    line: Annotated[str, says("标题下一行")]
    columns: Annotated[tuple[ColumnPart, ...], Meta(min_length=1), says("各栏")]
    county: Annotated[bool, says("在县里的一册")] = False
    unit: Annotated[bool, says("在责任单位的一份")] = False
    unit_title: Annotated[str, says("单位一份的标题")] = ""
    unit_line: Annotated[str, says("单位一份标题下一行")] = ""
    signed: Annotated[bool, says("有签字")] = False
    freeze_columns: Annotated[Count, says("冻结几栏")] = 0


class ActionsFile(Table):
    """任务清单: the sheets of a county's and of a unit's list, and how much goes where."""

    title: Annotated[Text, says("标题")]
    unit_title: Annotated[Text, says("单位一份的标题")]
    unit_folder: Annotated[Text, says("单位各份的文件夹")]
    right_line: Annotated[Text, says("右上一行")]
    late_line: Annotated[Text, says("排到时限之后的说明")]
    late_mark: Annotated[str, says("过期的记号")]
    holiday_mark: Annotated[str, says("遇休息日的记号")]
    step_text: Annotated[Text, says("一步的说法")]
    first_targets: Annotated[Count, says("先列几家")]
    smallest_bundle: Annotated[Count, says("一次至少几家")]
    named_targets: Annotated[Count, says("写明几家的名称")]
    names_text: Annotated[Text, says("几家名称的说法")]
    tick: Annotated[Text, says("勾选处")]
    no_path: Annotated[Text, says("没有路径的说法")]
    missing: Annotated[Text, says("缺什么的说法")]
    ask_text: Annotated[Text, says("核实的说法")]
    call_text: Annotated[Text, says("联系的说法")]
    group_text: Annotated[Text, says("联合团支部的说法")]
    group_firm: Annotated[Text, says("其中一家的说法")]
    group_seat: Annotated[Text, says("牵头企业的说法")]
    group_near: Annotated[Text, says("邻近的说法")]
    group_housed: Annotated[Text, says("同一处的说法")]
    sheets: Annotated[tuple[ActionSheetPart, ...], Meta(min_length=1), says("各表")]


class BookColumnPart(Table):
    """一栏: one column of a book of duties; its key is the field of the table that it shows."""

    key: Annotated[Text, says("数据表的字段")]
    header: Annotated[Text, says("栏名")]
    width: Annotated[Length, says("宽，字数")]
    align: Align = "center"


class BookSheetPart(Table):
    """一张表: one table of duties drawn as a sheet."""

    table: Annotated[Text, says("哪张数据表")]
    sheet: Annotated[Text, says("表名")]
    title: Annotated[Text, says("标题")]
    columns: Annotated[tuple[BookColumnPart, ...], Meta(min_length=1), says("各栏")]


class BookFile(Table):
    """核查督导表: a workbook of sheets of duties."""

    title: Annotated[Text, says("标题")]
    left: Annotated[str, says("左上一行")]
    file: Annotated[Text, says("文件名")]
    notes: Annotated[tuple[Text, ...], says("表下说明")]
    sheets: Annotated[tuple[BookSheetPart, ...], Meta(min_length=1), says("各表")]
    statuses: Annotated[dict[str, Text], says("期限的状态 → 说法")] = field(default_factory=dict)
    categories: Annotated[dict[str, Text], says("分母 → 说法")] = field(default_factory=dict)
    causes: Annotated[dict[str, Text], says("原因 → 说法")] = field(default_factory=dict)
    kinds: Annotated[dict[str, Text], says("通报事项 → 说法")] = field(default_factory=dict)
    thresholds: Annotated[dict[str, Text], says("通报事项 → 线")] = field(default_factory=dict)


class LetterColumnPart(Table):
    """公文表格的一栏: heading, text of its cells, width in millimetres."""

    header: Annotated[str, says("栏名")]
    text: Annotated[Text, says("格里的文字，{{ … }} 由程序填写")]
    width: Annotated[Length, says("宽，毫米")]
    align: Align = "center"


Style = Literal[
    "attach", "caption", "corner", "date", "head", "image", "imprint", "level1", "level2", "lists",
    "note", "number", "page", "rule", "sign", "table", "text", "title", "to",
]  # fmt: skip


class BlockPart(Table):
    """公文的一段: one paragraph, table or picture."""

    style: Annotated[Style, says("样式")]
    text: Annotated[str, says("文字，{{ … }} 由程序填写")] = ""
    rows: Annotated[str, says("逐项重复的一列")] = ""
    when: Annotated[str, says("只在这一事实不空时印出")] = ""
    columns: Annotated[tuple[LetterColumnPart, ...], says("表格的各栏")] = ()


class DocumentPart(Table):
    """一种公文: its file name, whom it is made for, its blocks and page."""

    key: Annotated[Text, says("键")]
    file: Annotated[Text, says("文件名")]
    rows: Annotated[Text, says("给谁：每项一件")]
    blocks: Annotated[tuple[BlockPart, ...], Meta(min_length=1), says("各段")]
    body_size: Annotated[Length, says("正文字号，磅")] = 16
    line: Annotated[Length, says("行距，磅")] = 28.95
    margins: Annotated[tuple[Length, Length, Length, Length], says("页边，毫米，上右下左")] = (37, 26, 35, 28)
    table_size: Annotated[Length, says("表格字号，磅")] = 10.5
    landscape: Annotated[bool, says("横放")] = False


class LettersFile(Table):
    """公文样式: documents made of blocks, and how many are written."""

    notices: Annotated[Count, says("通知至多几件")]
    smallest_notice: Annotated[Count, says("不足几家的不单发")]
    letters: Annotated[Count, says("致企业的函至多几家")]
    brief_targets: Annotated[Count, says("简报列几家目标")]
    brief_bundles: Annotated[Count, says("简报列几次联系")]
    brief_name: Annotated[Count, says("简报里名称至多几字")]
    province: Annotated[Text, says("省名")]
    enterprises_named: Annotated[Text, says("主送企业的说法")]
    blank: Annotated[Text, says("空白处")]
    blank_date: Annotated[Text, says("空白的日期")]
    small: Annotated[Text, says("小数目的写法")]
    small_below: Annotated[Count, says("小于几的不写明")]
    no_rate: Annotated[Text, says("没有比率的写法")]
    ask: Annotated[Text, says("待核实的说法")]
    mark: Annotated[Text, says("对外的记号")]
    annex: Annotated[Text, says("附件二字")]
    documents: Annotated[tuple[DocumentPart, ...], Meta(min_length=1), says("各种公文")]
