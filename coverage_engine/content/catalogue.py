"""The kinds of content files: what each is called, which files are of it, and which shape it has.

Shapes stand in the rooms that read them, above this one; they are named here and loaded when asked for, for
schemas, the reference page and tests only.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from coverage_engine.content.shipped import content_root


@dataclass(frozen=True)
class ContentKind:
    """内容种类: `key` names its schema, `files` are the shipped ones, from the content's root."""

    key: str
    title: str
    files: tuple[str, ...]
    home: str

    @property
    def shape(self) -> Any:
        """The shape that its files have."""
        module, _, name = self.home.partition(":")
        return getattr(import_module(f"coverage_engine.{module}"), name)

    def shipped(self) -> list[Path]:
        """The shipped files of the kind; none of what only provinces write."""
        root = content_root()
        return [file for pattern in self.files for file in sorted(root.glob(pattern))]


CONTENT_KINDS: tuple[ContentKind, ...] = (
    ContentKind("path", "建团路径", ("paths/[0-9][0-9]_*.toml",), "recommend.path_shapes:PathFile"),
    ContentKind("path_facts", "路径的事实登记表", ("paths/facts.toml",), "recommend.path_shapes:FactsFile"),
    ContentKind(
        "path_evaluation",
        "路径的评分设定",
        ("paths/evaluation.toml",),
        "recommend.path_shapes:EvaluationFile",
    ),
    ContentKind(
        "path_symbols", "路径的地图符号", ("paths/symbols.toml",), "recommend.path_shapes:SymbolsFile"
    ),
    ContentKind("path_trades", "行业字词", ("paths/trades.toml",), "recommend.path_shapes:TradesFile"),
    ContentKind("path_learning", "学习设定", ("paths/learning.toml",), "recommend.path_shapes:LearningFile"),
    ContentKind("policy", "政策文件", ("data/policy/*.toml",), "policy.entries:PolicyFile"),
    ContentKind("policy_overlay", "叠加的政策文件（本省自定，--policy）", (), "policy.entries:OverlayFile"),
    ContentKind(
        "scenario_base",
        "情景底本",
        ("data/scenarios/base.toml",),
        "campaigns.scenarios.scenario_shapes:BaseFile",
    ),
    ContentKind(
        "scenario",
        "情景文件",
        ("data/scenarios/[!b]*.toml", "data/scenarios/b[!a]*.toml"),
        "campaigns.scenarios.scenario_shapes:ScenarioFile",
    ),
    ContentKind(
        "firm_facts",
        "企业的事实登记表",
        ("data/facts/enterprises.toml",),
        "model.fact_shapes:FirmFactsFile",
    ),
    ContentKind("ledger", "台账种类", ("data/ledgers/*.toml",), "ledgers.ledger_shapes:LedgerFile"),
    ContentKind(
        "list_form", "常见名单的样子", ("data/ledgers/forms/*.toml",), "ledgers.ledger_shapes:FormFile"
    ),
    ContentKind(
        "reading_words",
        "读台账的用词",
        ("data/ledgers/words/reading.toml",),
        "ledgers.word_shapes:ReadingFile",
    ),
    ContentKind(
        "personal_words",
        "个人信息的样子",
        ("data/ledgers/words/personal.toml",),
        "ledgers.word_shapes:PersonalFile",
    ),
    ContentKind(
        "finding_words",
        "核查问题的说法",
        ("data/ledgers/words/findings.toml",),
        "ledgers.word_shapes:FindingsFile",
    ),
    ContentKind(
        "firm_name_words",
        "企业名称的拆读和比对",
        ("data/ledgers/words/firm_names.toml",),
        "ledgers.word_shapes:FirmNamesFile",
    ),
    ContentKind(
        "industry_words",
        "国民经济行业分类",
        ("data/ledgers/words/industries.toml",),
        "ledgers.word_shapes:IndustriesFile",
    ),
    ContentKind(
        "league_body_words",
        "团组织名称的拆读",
        ("data/ledgers/words/league_bodies.toml",),
        "ledgers.word_shapes:LeagueBodiesFile",
    ),
    ContentKind(
        "telling_names",
        "名称说明什么",
        ("data/ledgers/words/names_that_tell.toml",),
        "ledgers.word_shapes:TellingNamesFile",
    ),
    ContentKind(
        "plausibility",
        "不可能同时成立的数字",
        ("data/ledgers/words/plausibility.toml",),
        "ledgers.word_shapes:PlausibilityFile",
    ),
    ContentKind(
        "registration_types",
        "登记注册类型",
        ("data/ledgers/words/registration_types.toml",),
        "ledgers.word_shapes:RegistrationTypesFile",
    ),
    ContentKind(
        "trade_words",
        "主管行业的用词",
        ("data/ledgers/words/trades.toml",),
        "ledgers.word_shapes:TradeWordsFile",
    ),
    ContentKind(
        "header_words",
        "表头怎样归一",
        ("data/ledgers/words/headers.toml",),
        "ledgers.list_shapes:HeadersFile",
    ),
    ContentKind(
        "list_titles",
        "标题说的全表各行都有的事",
        ("data/ledgers/words/list_titles.toml",),
        "ledgers.list_shapes:ListTitlesFile",
    ),
    ContentKind(
        "row_places",
        "凭什么知道在哪个地区",
        ("data/ledgers/words/row_places.toml",),
        "ledgers.list_shapes:RowPlacesFile",
    ),
    ContentKind(
        "source_ranks",
        "以哪份名单为准",
        ("data/ledgers/words/source_ranks.toml",),
        "ledgers.list_shapes:SourceRanksFile",
    ),
    ContentKind(
        "complete_lists",
        "名录完整",
        ("data/ledgers/words/complete_lists.toml",),
        "ledgers.list_shapes:CompleteListsFile",
    ),
    ContentKind(
        "cleaning",
        "清洗规则",
        ("data/ledgers/words/cleaning.toml",),
        "ledgers.list_shapes:CleaningFile",
    ),
    ContentKind(
        "places_elsewhere",
        "外地地名",
        ("data/divisions/elsewhere.toml",),
        "divisions.outside_shape:OutsideFile",
    ),
    ContentKind(
        "sample_rates", "虚构样例的比率", ("data/samples/rates.toml",), "samples.sample_shapes:RatesFile"
    ),
    ContentKind(
        "sample_success",
        "虚构样例的成功机会",
        ("data/samples/success.toml",),
        "samples.sample_shapes:SuccessFile",
    ),
    ContentKind(
        "sample_names", "虚构样例的名称", ("data/samples/names.toml",), "samples.sample_shapes:NamesFile"
    ),
    ContentKind(
        "sample_faults", "虚构样例怎样弄乱", ("data/samples/faults.toml",), "samples.sample_shapes:FaultsFile"
    ),
    ContentKind(
        "bilingual",
        "页面的中英文文字",
        (
            "maps/page.toml",
            "reports/explanation.toml",
            "reports/dictionary.toml",
            "data/scenarios/page/words.toml",
        ),
        "content.shapes:BilingualFile",
    ),
    ContentKind("map_palette", "地图的颜色和分档", ("maps/palette.toml",), "mapping.map_shapes:PaletteFile"),
    ContentKind("map_sheet", "图纸", ("maps/sheet.toml",), "mapping.map_shapes:SheetFile"),
    ContentKind("map_assets", "网页部件", ("maps/assets.toml",), "mapping.map_shapes:AssetsFile"),
    ContentKind("map_tiles", "在线底图（自备，--tiles）", (), "mapping.map_shapes:TilesFile"),
    ContentKind("annex", "附件版式", ("reports/annex_*.toml",), "reporting.layout_shapes:AnnexFile"),
    ContentKind("actions", "任务清单", ("reports/actions.toml",), "reporting.layout_shapes:ActionsFile"),
    ContentKind(
        "duty_book",
        "核查督导表",
        (
            "reports/ask_lists.toml",
            "reports/bridge.toml",
            "reports/control_sheets.toml",
            "reports/notice_draft.toml",
        ),
        "reporting.layout_shapes:BookFile",
    ),
    ContentKind("letters", "公文样式", ("reports/letters.toml",), "reporting.layout_shapes:LettersFile"),
    ContentKind("trace", "附件的出处", ("reports/trace.toml",), "reporting.wording_shapes:TraceFile"),
    ContentKind(
        "returns", "读回附件的规则", ("reports/returns.toml",), "returned_annexes.return_shapes:ReturnsFile"
    ),
    ContentKind("deadline", "办结时限", ("reports/deadline.toml",), "reporting.wording_shapes:DeadlineFile"),
    ContentKind("fonts", "字体", ("reports/fonts.toml",), "reporting.wording_shapes:FontsFile"),
    ContentKind(
        "blanks", "本单位空白表的列名", ("reports/blanks.toml",), "reporting.wording_shapes:BlanksFile"
    ),
    ContentKind("overview", "总览", ("reports/overview.toml",), "reporting.wording_shapes:OverviewFile"),
    ContentKind("evidence", "佐证页", ("reports/evidence.toml",), "reporting.wording_shapes:EvidenceFile"),
    ContentKind(
        "wording", "各张表共用的词语", ("reports/wording.toml",), "reporting.wording_shapes:WordingFile"
    ),
)
