"""What the content of the maps may hold: `maps/*.toml`, described key by key; and a planner's tile layer."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from coverage_engine.content import (
    Count,
    Length,
    Number,
    Share,
    Table,
    Text,
    Texts,
    Wording,
    says,
    written_as,
)

Colour = Annotated[str, written_as(r"^#[0-9a-fA-F]{6}$", '"#1b7837"'), says("颜色")]
Colours = Annotated[tuple[Colour, ...], Meta(min_length=1), says("颜色，由低到高")]
Breaks = Annotated[tuple[Number, ...], Meta(min_length=1), says("分档的界限")]
DEEPEST = 18


class AssetEntry(Table):
    """网页部件: one registered third-party file."""

    distribution: Annotated[Text, says("软件包")]
    version: Annotated[Text, says("版本")]
    file: Annotated[Text, says("文件")]
    sha256: Annotated[str, written_as(r"^[0-9a-f]{64}$", "64 位十六进制"), says("校验码")]


AssetsFile = dict[str, AssetEntry]


class GapColours(Table):
    """缺口的颜色: counties by their share of gaps."""

    breaks: Breaks
    colours: Colours
    empty: Annotated[Colour, says("没有数的")]
    fill_opacity: Annotated[Share, says("不透明度")]
    fill_opacity_with_points: Annotated[Share, says("有企业点时的不透明度")]
    fill_opacity_with_heat: Annotated[Share, says("有热力时的不透明度")]


class CircleLook(Table):
    """圆圈: numbers of gaps."""

    colour: Colour
    fill_opacity: Annotated[Share, says("不透明度")]
    zoom: Annotated[Count, says("从哪一级起缩小")]
    largest_pixels: Annotated[Count, says("最大的直径，像素")]
    full_zoom: Annotated[Count, says("到哪一级最大")]


class LineLook(Table):
    """线: colour, width and dashes of a line."""

    colour: Colour = field(name="color")
    weight: Annotated[Length, says("粗细")]
    dashes: Annotated[str | None, says("虚线")] = field(name="dashArray", default=None)


class SpotLooks(Table):
    """热点: outlines of hot and cold spots."""

    hot: Annotated[LineLook, says("热点")]
    cold: Annotated[LineLook, says("冷点")]


class LinkLooks(Table):
    """关系线: lines between firms."""

    office: Annotated[LineLook, says("总部和分支")]
    supply: Annotated[LineLook, says("龙头和关联企业")]


class HeatWeights(Table):
    """热力的分量: how much each kind of target counts."""

    must: Annotated[Count, says("必须建团")]
    should: Annotated[Count, says("应当建团")]


class HeatLook(Table):
    """热力: where targets are dense."""

    kernel_km: Annotated[Number, says("平滑的半径，千米")]
    approximate_kernel_km: Annotated[Number, says("位置只到县的半径，千米")]
    breaks: Breaks
    colours: Colours
    weights: Annotated[HeatWeights, says("分量")]


class PointLook(Table):
    """企业点: how firms are drawn."""

    details_in_page_up_to: Annotated[Count, says("多少家以内，详情写在网页里")]
    min_zoom: Annotated[Count, says("最远一级")]
    max_zoom: Annotated[Count, says("最近一级")]
    spread_km: Annotated[Number, says("位置只到县的，散开多远，千米")]
    spread_share: Annotated[Share, says("散开不超过县的几分之几")]


class SymbolLook(Table):
    """符号: shape and colour of one state."""

    key: Annotated[Text, says("覆盖状态")]
    shape: Annotated[Text, says("形状")]
    colour: Colour


class PaletteFile(Table):
    """地图的颜色和分档: colours, classes and sizes."""

    gap: Annotated[GapColours, says("缺口")]
    circles: Annotated[CircleLook, says("圆圈")]
    spots: Annotated[SpotLooks, says("热点")]
    links: Annotated[LinkLooks, says("关系线")]
    heat: Annotated[HeatLook, says("热力")]
    points: Annotated[PointLook, says("企业点")]
    symbols: Annotated[tuple[SymbolLook, ...], says("各覆盖状态的符号")]
    no_path: Annotated[SymbolLook, says("没有路径的符号")]


class SheetFile(Table):
    """图纸: the paper sheet of maps."""

    fonts: Annotated[Texts, says("字体，取装有的第一个")]
    width_mm: Annotated[Length, says("宽，毫米")]
    height_mm: Annotated[Length, says("高，毫米")]
    rows: Annotated[Count, says("表格至多几行")]
    dots_per_inch: Annotated[Count, says("每英寸几点")]
    largest_circle_mm: Annotated[Length, says("最大的圆圈，毫米")]
    zh: Annotated[dict[str, Wording], says("中文，按键")]
    en: Annotated[dict[str, Wording], says("英文，键同中文")]


class TilesFile(Table):
    """在线底图: an online tile layer that a planner describes."""

    url: Annotated[Text, says("地址，含 {z}、{x}、{y}，另可有 {s}、{key}")]
    system: Annotated[Literal["wgs84", "cgcs2000", "gcj02"], says("坐标系；百度瓦片分幅不同，不能用")]
    review_number: Annotated[Text, says("审图号")]
    credit: Annotated[str, says("署名")] = ""
    subdomains: Annotated[
        tuple[Annotated[str, written_as(r"^[\w-]+$", "t0")], ...], says("地址里 {s} 的各个服务器名")
    ] = ()
    max_zoom: Annotated[int, Meta(ge=1, le=DEEPEST), says("最近一级")] = DEEPEST
    key: Annotated[str, says("密钥；写了就会随地图交出")] = ""
    key_in_page: Annotated[bool, says("确实允许密钥随地图交出")] = False
