"""Enterprises by their number in a snapshot."""

from __future__ import annotations

import polars as pl

from coverage_engine.errors import UnknownEnterpriseError


def refuse_unknown(enterprises: pl.DataFrame, enterprise_id: int) -> None:
    """Sees that a number is that of an enterprise.

    Raises:
        UnknownEnterpriseError: it is not.
    """
    if not (enterprises["enterprise_id"] == enterprise_id).any():
        raise UnknownEnterpriseError(
            f"没有编号为 {enterprise_id} 的企业（共 {enterprises.height} 家）",
            "编号见 snapshot['enterprises'] 的 enterprise_id 列。",
        )
