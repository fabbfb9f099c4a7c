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
        "places_elsewhere",
        "外地地名",
        ("data/divisions/elsewhere.toml",),
        "divisions.outside_shape:OutsideFile",
    ),
)
