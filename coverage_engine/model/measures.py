"""What the values of a column are counted in, or which words it may hold: each unit and vocabulary once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import cache

from coverage_engine.errors import ContentError
from coverage_engine.model import vocabulary
from coverage_engine.model.vocabulary import label


@dataclass(frozen=True)
class Word:
    """词: one word that a column may hold, as it stands in the files, with its sense."""

    word: str
    zh: str
    en: str

    def sense(self, lang: str = "zh") -> str:
        """What the word says, in a language."""
        return self.en if lang == "en" else self.zh


@dataclass(frozen=True)
class Measure:
    """计量单位或用词: a unit, or the words allowed, of which `several` may stand with ; between."""

    key: str
    zh: str
    en: str
    words: tuple[Word, ...] = ()
    several: bool = False

    def title(self, lang: str = "zh") -> str:
        """What it is called, in a language."""
        return self.en if lang == "en" else self.zh


def measure(key: str) -> Measure:
    """The unit or vocabulary of a key.

    Raises:
        ContentError: no such unit or vocabulary; names those that are alike.
    """
    known = measures()
    if key not in known:
        alike = get_close_matches(key, known, 3, 0.5) or list(known)
        raise ContentError(f"没有这样的单位或用词：{key}", f"可用的有：{'、'.join(alike)}。")
    return known[key]


@cache
def measures() -> Mapping[str, Measure]:
    """Every unit and vocabulary by its key."""
    units = ([part.strip() for part in line.split("|")] for line in _UNITS.strip().splitlines())
    made = [Measure(key, zh, en) for key, zh, en in units]
    made += [_of_enum(name, words) for name, words in _ENUMS.items()]
    made += [_of_text(block) for block in _WORDS.strip().split("\n\n")]
    return {each.key: each for each in made}


# ---------------------------------------------------------------------------------------------- private


def _of_enum(key: str, words: type[StrEnum]) -> Measure:
    en = re.sub(r"(?<!^)(?=[A-Z])", " ", words.__name__).lower()
    zh = (words.__doc__ or "").split("：")[0].split(":")[0].split(" (")[0].rstrip(".")
    labelled = tuple(Word(word.value, label(word), label(word, "en")) for word in words)
    return Measure(key, zh, en, labelled, several=key == "tiers")


def _of_text(block: str) -> Measure:
    (key, zh, en), *lines = ([part.strip() for part in line.split("|")] for line in block.splitlines())
    return Measure(key, zh, en, tuple(Word(*line) for line in lines))


_ENUMS: dict[str, type[StrEnum]] = {
    "answer": vocabulary.Answer,
    "coverage_state": vocabulary.CoverageState,
    "obligation": vocabulary.Obligation,
    "tiers": vocabulary.Tier,
    "established_form": vocabulary.EstablishedForm,
    "league_kind": vocabulary.LeagueOrganisationKind,
    "control": vocabulary.Control,
    "operating": vocabulary.Operating,
    "severity": vocabulary.Severity,
}

_UNITS = """
number        | 编号               | identifying number
rank          | 名次，1 为最前     | rank, 1 comes first
step          | 步骤序号           | number of the step
path          | 建团路径编号       | number of the path
duty          | 要求编号，如 R13   | code of the duty, such as R13
row           | Excel 行号，从 1 起 | Excel row, from 1
rows          | 行                 | rows
letter        | Excel 列标         | Excel column letter
firms         | 家                 | enterprises
people        | 人                 | people
schools       | 所                 | schools
things        | 个                 | items
numbers       | 个编号             | membership numbers
points        | 分                 | points
hours         | 小时               | hours
days          | 天                 | days
working_days  | 个工作日           | working days
months        | 个月               | months
month         | 第几个月，0 为起点 | month, 0 is the start
metres        | 米                 | metres
degrees       | 度（WGS-84）       | degrees (WGS-84)
year          | 年份               | calendar year
money         | 万元               | 10,000 yuan
log_odds      | 对数几率的百万分之一 | millionths of log-odds
millionths    | 百万分之一         | millionths
permille      | 千分之一           | thousandths
share         | 比率，0 到 1       | share from 0 to 1
chance        | 概率，0 到 1       | chance from 0 to 1
deviations    | 个标准差           | standard deviations
expected      | 家（期望值）       | enterprises, expected
expected_people | 人（期望值）     | people, expected
value         | 随所指的假设而定   | as the assumption has it
date          | 日期               | calendar date
name          | 名称               | name
names         | 名称，“;”分隔      | names, ; between
code          | 代码               | code
codes         | 代码，“;”分隔      | codes, ; between
key           | 程序用的键名       | key used by programs
text          | 文字               | free text
texts         | 文字，“;”分隔      | texts, ; between
sentence      | 一句话             | sentence
clause        | 文件条款           | clause of a document
cell          | 单元格地址         | address of a cell
file          | 文件名             | file name
hash          | SHA-256 校验值     | SHA-256 hash
header        | 台账列名           | header of a ledger column
headers       | 台账列名，“;”分隔  | headers of ledger columns, ; between
json          | JSON 列表          | JSON list
place         | 区划代码或地名     | division code or place name
"""

_WORDS = """
flag | 是否 | flag
true | 是 | yes
false | 否 | no

location | 坐标来源 | where the point comes from
given | 台账给出的坐标 | given in the ledger
approximate | 取所在县区的内部点 | interior point of its county

level | 区划级别 | level of a division
province | 省 | province
city | 市 | city
county | 县（市、区） | county

estimate_level | 推算的层级 | level of an estimate
province | 省 | province
city | 市 | city
county | 县（市、区） | county
park | 园区 | park
sector | 行业 | sector

entity_kind | 主体类型 | kind of legal subject
enterprise | 企业 | enterprise
individual | 个体工商户 | individual business
cooperative | 农民专业合作社 | cooperative
not_enterprise | 不是企业 | not an enterprise
unclear | 分不清 | cannot be told

league_body | 所填团组织是谁的 | whose body is named
own | 本企业的 | the enterprise's own
joint | 联合建立的 | a joint one
other | 别的单位的 | somebody else's

body_form | 建立形式 | form of establishment
own | 单独建立 | own organisation
joint | 联合建立 | joint organisation

branch_relation | 与总部的关系 | relation to the headquarters
branch | 分支机构 | branch office
subsidiary | 子公司 | subsidiary
chain_store | 连锁门店 | chain store

supply_relation | 与龙头企业的关系 | relation to the leader
supplier | 供应商 | supplier
customer | 客户 | customer
franchise | 加盟 | franchise
supporting | 配套 | supporting firm

society_kind | 团属社团类型 | kind of League society
youth_federation | 青联 | youth federation
young_entrepreneurs | 青企协 | young entrepreneurs
youth_chamber | 青商会 | youth chamber
other | 其他 | other

league_match | 在智慧团建中的归属 | whose it is in 智慧团建
enterprise | 某一家企业 | one enterprise
joint | 联合组织 | a joint organisation
ambiguous | 几家都可能，待人答 | several may be meant
not_found | 没有对上企业 | no enterprise matches
not_enterprise | 不是企业的组织 | of no enterprise

match_basis | 对上的依据 | basis of a match
full_name | 全称相同 | equal full name
folded | 归并写法后相同或由人确认 | equal after folding, or confirmed
league_name | 企业填报的团组织名称 | name claimed by the enterprise

candidate_basis | 可能的依据 | basis of a candidate
full_name | 全称相同 | equal full name
league_name | 企业填报的团组织名称 | name claimed by the enterprise
asked | 名称相近，待人答 | names alike, to be asked

brand_status | 创建情况 | standing of a brand
holder | 已获命名 | holds it
applicant | 正在申报 | applies for it

home_status | 青年之家情况 | standing of a youth home
built | 已建成 | built
candidate | 备选 | candidate site

outcome | 建团结果 | outcome of an attempt
own | 单独建立 | own organisation
joint | 联合建立 | joint organisation
youth | 青年组织 | youth organisation
failed | 未建成 | failed
ongoing | 进行中 | still going on

doubt_effect | 回答影响什么 | what an answer moves
coverage | 覆盖 | coverage
count | 企业家数 | number of enterprises
duty | 应建要求 | duties
link | 关联关系 | relations

denominator | 覆盖率分母 | denominator of a rate
operating | 在营非公企业 | operating non-public enterprises
eligible | 有三名及以上团员的 | with three members or more
duty_bound | 应当建团的 | bound by duty
tier:* | 某一重点层级，如 tier:park | one tier, such as tier:park

numerator | 覆盖率分子 | numerator of a rate
own | 单独建立 | own organisation
joint | 单独建立和联合覆盖 | own or jointly covered

hot | 空白是否聚集 | hot or cold spot
hot | 空白显著偏多 | gaps gather here
cold | 空白显著偏少 | few gaps here
none | 不显著 | neither

link_kind | 对方是本企业的 | what the other is
headquarters | 总部 | headquarters
branch_office | 分支机构 | branch office
leader | 龙头企业 | leader enterprise
associated | 关联企业 | associated enterprise

unit_subject | 要求的对象 | subject of a duty
segment | 编号段 | number segment
school | 学校 | school
county | 县（市、区） | county
city | 市 | city
division | 区划 | division
plan | 全部工作 | the whole work

deadline_status | 期限状态 | standing of a deadline
ahead | 未到提醒日 | not yet to be warned of
warning | 临近期限 | due soon
overdue | 已逾期 | overdue

bridge_step | 变动的步骤 | step of the bridge
before | 前一期的数 | figures before
new | 新列入台账 | new in the ledgers
gone | 台账里不再有 | gone from the ledgers
closed | 停业或注销 | closed since
reopened | 恢复营业 | operates again
scope_told | 补齐控股等，弄清是否非公 | control told for the first time
scope_changed | 控股等改变 | control has changed
moved | 迁到别的县区 | moved to another county
members_told | 补齐团员数 | members told for the first time
members_crossed | 团员数越过三人线 | members crossed the line
party_or_society | 党组织或社团情况改变 | Party body or society changed
coverage_told | 补齐团组织情况 | coverage told for the first time
newly_organised | 新建团组织 | newly organised
lost | 团组织不再有 | organisation lost
rematched | 对上了智慧团建的组织 | matched in 智慧团建 now
verified | 新核验 | verified now
unverified | 不再核验 | no longer verified
forgotten | 原先知道的事实现在空着 | facts known before are blank now
other | 其他 | other
rule_change | 口径改变 | the rules have changed
after | 本期的数 | figures after

notice_kind | 通报事项 | subject of a notice
slow_work | 进度慢 | slow work
missed_report | 未按时报告 | report not handed in
missed_members | 漏录团员 | members not entered
low_entry | 录入率低 | low rate of entry
"""
