"""Snapshot tables of enterprises, whose columns are registered facts, and of what decided those facts."""

from __future__ import annotations

from coverage_engine.model.columns import WHERE, Table, columns, orders
from coverage_engine.model.firm_facts import firm_columns

ENTERPRISES = Table(
    "enterprises",
    "企业底数：每家企业一行，台账里写着的事实，按统一口径读出",
    "Enterprises of the ledgers: one row for each enterprise with what the ledgers say of it",
    (*firm_columns(), *columns(WHERE)),
    key=("enterprise_id",),
    sort=orders("enterprise_id"),
)

FACT_SOURCES = Table(
    "fact_sources",
    "事实出处：不是企业自己那一行定下来的事实，出在哪份台账哪一格",
    "Sources of facts: the cell of each fact that another row than the enterprise's own decided",
    columns(
        """
    enterprise_id id number 企业编号：事实是哪家企业的，见 enterprises 表
        number of the enterprise that the fact is of
    field text key 事实键名：enterprises 表里由别处定下来的那一列
        column of enterprises that another cell than its own row decided
    ledger_field text key 台账列键名：来源台账里是哪一列
        canonical key of the column in the ledger that decided
    """
        + WHERE
    ),
    key=("enterprise_id", "field"),
)

FIRM_TABLES = (ENTERPRISES, FACT_SOURCES)
