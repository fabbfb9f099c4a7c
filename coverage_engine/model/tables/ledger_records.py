"""Snapshot tables of the reading itself: files, columns, rows turned back, doubts and presumptions."""

from __future__ import annotations

from coverage_engine.model.columns import WHERE, Table, columns, orders

SOURCES = Table(
    "sources",
    "台账清单：读入的每张工作表一行，逐行交代去向",
    "Sources: one row for each sheet that was read, with what became of its rows",
    columns(
        """
    source id number 台账编号：从 0 起连续，各表的来源台账都指它
        dense number of the ledger, which other tables name
    file text file 文件名：不带文件夹的文件名
        file name without its folder
    sha256 text hash 文件校验值：文件内容的 SHA-256，用来认定是同一份
        hash of the file's content by which it is known again
    sheet text name 工作表名：文本文件用文件名代替
        name of the sheet, of a text file its own name
    kind text key 台账种类：认出的是哪种台账，没有认出的为空
        kind of ledger, null if it was not recognised
    header_row id row 表头行号：列名所在的行
        row in which the column names stand
    rows_read id rows 读入行数：工作表里的全部行
        all rows of the sheet
    accepted id rows 采用行数：进入底数的行
        rows that were accepted into the snapshot
    quarantined id rows 隔离行数：有错误、退回的行
        rows that were turned back for errors
    recognised id rows 识别行数：标题、表头、合计、表尾和空行
        title, header, total, footer and blank rows
    """
    ),
    key=("source",),
    sort=orders("source"),
    division="",
)

SOURCE_COLUMNS = Table(
    "source_columns",
    "台账列对照：台账的每一列认成了什么，一列一行",
    "Columns of sources: one row for each column of a ledger and what it was taken for",
    columns(
        """
    source id number 台账编号：哪份台账的列，见 sources 表
        number of the ledger that the column is of
    field text key 列键名：这一列认成了哪个数据项
        canonical key that the column was taken for
    letter text letter 列标：在工作表里是第几列
        letter of the column in the sheet
    header text header 原列名：台账里写的列名
        header as it is written in the ledger
    """
    ),
)

QUARANTINE = Table(
    "quarantine",
    "隔离行：有错误、没有采用的行，原样留存",
    "Quarantine: rows that were turned back for errors, kept as they are",
    columns(
        """
    source id number 台账编号：哪份台账的行，见 sources 表
        number of the ledger that the row is of
    row id row 行号：在工作表里的行号，从 1 起
        row of the sheet, from 1
    reason text codes 隔离原因：各项错误的代码，见 findings 表
        codes of the errors for which it was turned back
    cells text json 原行内容：整行各格的原文
        whole row as written, cell by cell
    """
    ),
)

HEADINGS = Table(
    "headings",
    "退回表的表头：有行退回的工作表，表头以上各行照写",
    "Headings: the rows down to the header of each sheet of which rows were turned back",
    columns(
        """
    source id number 台账编号：哪份台账的表头，见 sources 表
        number of the ledger whose header it is
    row id row 行号：在工作表里的行号，从 1 起
        row of the sheet, from 1
    cells text json 原行内容：整行各格的原文
        whole row as written, cell by cell
    withheld text letter 留空的列：退回各行里留空的列，涉及个人
        columns left blank in the rows turned back, for they tell of people
    """
    ),
)

CLEANINGS = Table(
    "cleanings",
    "清洗：读台账时从格里去掉或换算了什么，一处一条规则一行",
    "Cleanings: what was taken off or converted in a cell, one row for each rule at work",
    columns(
        """
    source id number 台账编号：哪份台账的格，见 sources 表
        number of the ledger that the cell is of
    row id row 行号：在工作表里的行号，从 1 起
        row of the sheet, from 1
    field text key 列键名：哪个数据项的列
        canonical key of the column
    original text text 原文：格里怎么写，不含职务和人名
        what stands in the cell, without posts and persons
    result text text 采用：清洗后采用的名称或数
        name or number that was taken
    rule text key 规则：哪条清洗规则，见 cleaning.toml
        rule of cleaning that was at work, see cleaning.toml
    """
    ),
)

SET_ASIDE = Table(
    "set_aside",
    "退回的企业行：企业台账里退回、可能另是一家企业的行",
    "Rows set aside: rows of enterprises turned back that may each be one firm more",
    columns(
        """
    source id number 台账编号：哪份企业台账，见 sources 表
        number of the ledger that the row is of
    row id row 行号：在工作表里的行号，从 1 起
        row of the sheet, from 1
    city_code text code 市代码：按各格能看出的省辖市
        code of the city as far as its cells tell
    county_code text code 县区代码：按各格能看出的县（市、区）
        code of the county as far as its cells tell
    top_hundred flag flag 写有百强位次：行里有没有百强位次
        whether the row names a rank among the hundred
    park flag flag 写有园区：行里有没有写园区
        whether the row names a park
    """
    ),
)

DOUBTFUL_PAIRS = Table(
    "doubtful_pairs",
    "拿不准的名称：是不是同一家，等人回答，影响大的在前",
    "Doubtful pairs: names that may be of one firm, for a person to answer, weightiest first",
    columns(
        """
    doubt id number 疑问编号：从 1 起，最要紧的在前
        number in the queue from 1, the weightiest first
    effect text doubt_effect 影响：回答会改变覆盖、家数、应建还是关联
        what the answer would move
    weight count people 分量：这家企业的青年职工数，没有的用团员数，至少 1
        its young staff, else its League members, at least one
    ledger text key 台账种类：名称写在哪种台账里
        kind of ledger that names the record
    name text name 台账里的名称：那份台账里怎么写
        name as it is written in that ledger
    enterprise_id id number 企业编号：可能是哪家企业，企业台账里两行之间的为空
        enterprise that it may be, null between two rows of enterprises
    name_of_firm text name 企业名称：可能的那家企业的名称
        name of the enterprise that it may be
    score count log_odds 相似得分：各条理由得分之和
        sum of the reasons' points for one and the same firm
    reasons text texts 理由：每条理由及其得分
        every reason with its points, in Chinese
    left text text 左边的说法：回答时这条记录怎么称呼
        what the record is called in an answer
    right text text 右边的说法：回答时这家企业怎么称呼
        what the enterprise is called in an answer
    """
        + WHERE
    ),
    key=("doubt",),
    sort=orders("doubt"),
)

PRESUMPTIONS = Table(
    "presumptions",
    "暂作的认定：台账没有写明、先这样认定的事，每项一行",
    "Presumptions: what was taken for so because no ledger says it",
    columns(
        """
    subject text key 认定事项：认定了什么，如 non_public_by_ledger
        what was presumed, such as non_public_by_ledger
    source id number 台账编号：涉及哪份台账，全部台账的为空
        number of the ledger it concerns, null for all
    message text sentence 说明：认定了什么、怎样消除这项认定
        what is presumed and how to end it, in Chinese
    """
    ),
)

RECORD_TABLES = (
    SOURCES,
    SOURCE_COLUMNS,
    QUARANTINE,
    HEADINGS,
    CLEANINGS,
    SET_ASIDE,
    DOUBTFUL_PAIRS,
    PRESUMPTIONS,
)
