"""What `data/divisions/elsewhere.toml` may hold: places outside the province."""

from __future__ import annotations

from typing import Annotated

from coverage_engine.content import Table, Texts, says


class OutsideFile(Table):
    """外地地名: provinces and cities elsewhere, and names that stand there too."""

    provinces: Annotated[Texts, says("省级名称")]
    short_provinces: Annotated[Texts, says("省级简称")]
    cities: Annotated[Texts, says("城市")]
    same_name_elsewhere: Annotated[Texts, says("本省和外地同名的县区")]
