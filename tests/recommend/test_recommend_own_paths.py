"""A province's own paths: laid over the shipped ones, or refused with file, line and remedy."""

import tomllib
from pathlib import Path

import pytest

from coverage_engine.content import content_file
from coverage_engine.errors import PolicyError
from coverage_engine.recommend import load_paths, read_paths
from coverage_engine.recommend.path_symbols import lightness, white_contrast

TWELFTH = Path(__file__).with_name("own_paths") / "12_large_employers.toml"


@pytest.fixture
def own(tmp_path):
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / TWELFTH.name).write_text(TWELFTH.read_text("utf-8"), "utf-8")
    return folder


def mend(folder, name, old, new):
    file = folder / name
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def refusal(own):
    with pytest.raises(PolicyError) as caught:
        load_paths(own)
    return str(caught.value)


def test_an_own_path_goes_on_after_the_shipped_ones(own):
    book = load_paths(own)
    assert book.paths[:-1] == load_paths().paths
    assert (book.path(12).number, book.path(12).key) == (12, "large_employers")


def test_each_path_has_settings_of_its_own(own):
    book = load_paths(own)
    assert book.path(12).settings["radius_metres"] == 50
    assert book.joint_path.number == 11
    assert book.joint_path.settings["radius_metres"] == 500


def test_an_own_file_replaces_the_shipped_one_of_its_name(own):
    shipped = content_file("paths", "05_parks.toml").read_text("utf-8")
    (own / "05_parks.toml").write_text(shipped.replace("staff_hours = 10", "staff_hours = 99"), "utf-8")
    replaced = tomllib.loads((own / "05_parks.toml").read_text("utf-8"))["staff_hours"]
    assert load_paths(own).path(5).staff_hours == replaced


def test_a_number_of_annex_6_is_kept_by_its_own_key(own):
    (own / TWELFTH.name).rename(own / "03_large_employers.toml")
    assert "03_large_employers.toml：路径3 已由 03_trade_unions.toml 占用" in refusal(own)
    assert "从 12 起编号" in refusal(own)


def test_number_and_key_are_those_of_the_files_name(own):
    mend(own, TWELFTH.name, "number = 12", "number = 3")
    assert "12_large_employers.toml 第 3 行 number：应与文件名一致，写 number = 12，现为 3" in refusal(own)


def test_a_gap_in_the_numbers_is_refused(own):
    (own / TWELFTH.name).rename(own / "14_large_employers.toml")
    mend(own, "14_large_employers.toml", "number = 12", "number = 14")
    assert "缺少路径12" in refusal(own) and "缺少路径13" in refusal(own)


def test_a_key_stands_for_one_path(own):
    text = TWELFTH.read_text("utf-8").replace("number = 12", "number = 13")
    (own / "13_large_employers.toml").write_text(text, "utf-8")
    assert "'large_employers' 出现多次" in refusal(own)


@pytest.mark.parametrize("name", ["路径12.toml", "12-large.toml", "facts.toml"])
def test_other_files_than_paths_are_refused(own, name):
    (own / name).write_text("", "utf-8")
    assert f"{name}：文件名应为" in refusal(own)


def test_a_folder_without_paths_is_refused(tmp_path):
    assert "找不到路径文件夹" in refusal(tmp_path / "nowhere")
    assert "没有路径文件" in refusal(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        pytest.param("day = 60", 'day = "六十"', "actions[2].day：应为整数", id="a wrong type in a list"),
        pytest.param(
            'fact = "above_scale"', 'fact = "large"', "事实 large 未在 facts.toml 登记", id="a fact"
        ),
        pytest.param(
            "staff_hours = 10", "staf_hours = 10", "您是不是要写 staff_hours？", id="a misspelt key"
        ),
        pytest.param("value = 50", "value = 5.5", "settings.radius_metres.value：应为整数", id="a setting"),
    ],
)
def test_a_fault_is_told_with_its_line(own, old, new, told):
    line = mend(own, TWELFTH.name, old, new)
    faults = [fault for fault in refusal(own).splitlines() if told in fault]
    assert any(f"{TWELFTH.name} 第 {line} 行 " in fault for fault in faults), faults


def test_exactly_one_path_proposes_joint_branches(own):
    mend(own, TWELFTH.name, "staff_hours = 10", "founds_jointly = true\nstaff_hours = 10")
    told = refusal(own)
    assert "founds_jointly = true 应恰好写在一条路径里" in told
    assert "[settings.group_limit]" in told


# ------------------------------------------------------------------------------------------- symbols


def with_symbol(own, shape, colour):
    text = (own / TWELFTH.name).read_text("utf-8")
    written = f'[symbol]\nshape = "{shape}"\ncolour = "{colour}"\n\n[relation]'
    (own / TWELFTH.name).write_text(text.replace("[relation]", written, 1), "utf-8")


def test_a_path_without_a_symbol_gets_an_unused_shape(own):
    shipped = {path.symbol.shape for path in load_paths().paths}
    assert len(shipped) == len(load_paths().paths)
    assert load_paths(own).path(12).symbol.shape not in shipped


@pytest.mark.parametrize(
    ("shape", "colour", "told"),
    [
        pytest.param(
            "heart", "#1b7837", "没有形状 'heart'（可写 trapezium、", id="a shape that no script draws"
        ),
        pytest.param("star", "green", "symbol.colour：应写成", id="no colour"),
        pytest.param("shield", "#ffd700", "太浅：与白色编号的对比度", id="too light for a white number"),
        pytest.param("square", "#1b7838", "两色的明度应相差 15 以上", id="as light as path 5, also a square"),
    ],
)
def test_a_symbol_against_the_rule_is_refused(own, shape, colour, told):
    with_symbol(own, shape, colour)
    assert told in refusal(own)


def test_symbols_of_thirty_paths_are_told_apart_without_seeing_colour(own):
    text = TWELFTH.read_text("utf-8")
    for number in range(13, 31):
        more = text.replace("number = 12", f"number = {number}").replace('"large_', f'"large{number}_')
        (own / f"{number}_large{number}_employers.toml").write_text(more, "utf-8")
    symbols = [path.symbol for path in load_paths(own).paths]
    assert len(symbols) == 30
    for at, one in enumerate(symbols):
        assert white_contrast(one.colour) >= 4.5
        for other in symbols[:at]:
            unlike = abs(lightness(one.colour) - lightness(other.colour)) >= 15
            assert one.shape != other.shape or unlike


def test_lightness_and_contrast_are_those_of_the_standards():
    assert white_contrast("#000000") == pytest.approx(21)
    assert white_contrast("#767676") == pytest.approx(4.54, abs=0.005)
    assert [round(lightness(colour), 1) for colour in ("#000000", "#ff0000", "#ffffff")] == [0, 53.2, 100]


def test_every_shape_of_the_rule_is_drawn_by_the_map():
    script = content_file("maps", "points.js").read_text("utf-8")
    shapes = tomllib.loads(content_file("paths", "symbols.toml").read_text("utf-8"))["shapes"]
    assert {path.symbol.shape for path in load_paths().paths} <= set(shapes)
    assert [shape for shape in shapes if f"  {shape}: (pen, r)" not in script] == []


def test_the_shipped_folder_reads_alike_by_name_and_by_place():
    assert read_paths(content_file("paths")) == load_paths()


# ------------------------------------------------------------------------------------------- letters


def test_a_path_with_calls_says_what_is_written_to_its_counterparts(own):
    text = (own / TWELFTH.name).read_text("utf-8")
    start, end = text.index("[letter]"), text.index("[relation]")
    (own / TWELFTH.name).write_text(text[:start] + text[end:], "utf-8")
    assert "bundle：一次联系多家的路径要写 [letter]" in refusal(own)
