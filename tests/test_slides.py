"""Slides, poster and picture: the same tiles as on the wall, names that can be read, the same bytes, no person."""

import io
import re
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest
from conftest import TINY, write_book
from offices import make_office
from pptx import Presentation

import pbgraph as pb
from pbgraph.rendering import document
from pbgraph.rendering.facts import gather
from pbgraph.rendering.look import TONES, Look
from pbgraph.rendering.poster import picture_bytes, poster_bytes
from pbgraph.rendering.slides import LEAST, LONGEST_TITLE, SMALLER, slides_bytes, title_parts
from pbgraph.rendering.wall import Wall
from pbgraph.rendering.wall_scenes import wall

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def made(network: pb.Network, **look: str) -> tuple[Wall, bytes]:
    facts = gather(network, look=Look(**look))
    shown = wall(facts)
    return shown, slides_bytes(shown, document.report(facts))


@pytest.fixture(scope="module")
def deck(demo: pb.Network) -> tuple[Wall, bytes]:
    return made(demo)


def tiles(slide: Any) -> dict[str, Any]:
    return {shape.name[2:]: shape for shape in slide.shapes if re.match("!!(unit|org):", shape.name)}


def check(shown: Wall, content: bytes) -> None:
    """What is true of every presentation."""
    slides = list(Presentation(io.BytesIO(content)).slides)
    titled = {"".join(part.brief for part in title_parts(shown, scene)): scene for scene in shown.scenes}
    n_scenes = 0
    for slide in slides:
        assert slide.has_notes_slide and slide._element.xpath(".//*[local-name()='morph']")
        numbers = slide._element.xpath(".//p:cNvPr/@id")
        assert len(set(numbers)) == len(numbers), "a program repairs what has two shapes of one number"
        scene = titled.get(slide.shapes.title.text_frame.text.replace("　", ""))
        if scene is None:
            continue
        n_scenes += 1
        assert len(slide.shapes.title.text_frame.text) <= LONGEST_TITLE or shown.lang == "en"
        stood = tiles(slide)
        assert set(stood) == {shown.tiles[stand.tile].node for stand in scene.stands}
        for part in title_parts(shown, scene):
            nodes = {shown.tiles[number].node for number in part.tiles}
            numbers = [int(number) for number in re.findall(r"\d+", part.brief)]
            assert not part.tiles or len(nodes) in numbers
            assert scene.key == "system" or nodes <= set(stood)
        for stand in scene.stands:
            tile, shape = shown.tiles[stand.tile], stood[shown.tiles[stand.tile].node]
            told = shape._element.nvSpPr.cNvPr.get("descr")
            assert tile.said in told and (tile.name in told or not tile.name.isprintable())
            for run in shape._element.iter(f"{A}rPr"):
                assert int(run.get("sz")) >= SMALLER * 100 - 1
            assert TONES[stand.tone].fill.lstrip("#") in shape._element.xml
    assert n_scenes >= len(shown.of()) and len(slides) <= 12


def test_each_number_of_a_title_is_the_tiles_on_its_slide(deck: tuple[Wall, bytes]) -> None:
    check(*deck)
    slides = Presentation(io.BytesIO(deck[1])).slides
    assert 8 <= len(slides) <= 12
    sizes = {run.font.size.pt for slide in list(slides)[1:] for run in slide.shapes.title.text_frame.paragraphs[0].runs}
    assert min(sizes) >= 28 and max(sizes) <= 32
    lines = [tile.text_frame.text for tile in tiles(slides[1]).values()]
    assert all(lines) and any("\v" in line for line in lines), "names stand in lines of their own"
    assert not [line for line in lines if "…" in line], "every name of a street of 143 units is whole"
    letters = [int(run.get("sz")) for tile in tiles(slides[1]).values() for run in tile._element.iter(f"{A}rPr")]
    assert sum(size >= LEAST * 100 for size in letters) > len(letters) * 3 / 4
    chart = next(shape.chart for slide in slides for shape in slide.shapes if shape.has_chart)
    sums = [sum(values) for values in zip(*(series.values for series in chart.plots[0].series), strict=True)]
    assert sum(sums) == len(deck[0].of()[0].stands), "the bars are the units in operation"


def test_the_same_slides_are_the_same_bytes_and_name_nobody(deck: tuple[Wall, bytes], demo: pb.Network) -> None:
    content = deck[1]
    assert made(demo)[1] == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [name for name in archive.namelist() if "printer" in name or "thumbnail" in name]
        books = [name for name in archive.namelist() if name.endswith(".xlsx")]
        inner = zipfile.ZipFile(io.BytesIO(archive.read(books[0])))
        assert inner.read("docProps/core.xml").count(b"2025-06-30T00:00:00Z") == 2
    properties = Presentation(io.BytesIO(content)).core_properties
    assert (properties.author, properties.last_modified_by) == ("", "")
    assert str(properties.created) == str(properties.modified) == "2025-06-30 00:00:00"


@pytest.mark.parametrize("edition", ["public", "meeting"])
def test_slides_of_an_edition_hold_no_person(demo: pb.Network, edition: str) -> None:
    with zipfile.ZipFile(io.BytesIO(made(demo, edition=edition)[1])) as archive:
        text = "".join(archive.read(name).decode("utf-8", "ignore") for name in archive.namelist() if "slide" in name)
    shown = {name for frame in ("units", "organizations") for name in demo.tables[frame]["name"]}
    people = set(demo.tables["members"]["name"]) - {
        name for name in demo.tables["members"]["name"] if any(name in one for one in shown)
    }
    assert len(people) > 100 and not [name for name in people if name in text]


@pytest.mark.parametrize(("seed", "lang"), [(3, "zh"), (8, "en")])
def test_other_streets_get_slides_and_paper(tmp_path: Path, seed: int, lang: str) -> None:
    make_office(tmp_path, seed)
    shown, content = made(pb.read(tmp_path), lang=lang)
    check(shown, content)
    assert poster_bytes(shown, Look(lang=lang)).startswith(b"%PDF")


def test_a_name_is_text_whatever_it_is(tmp_path: Path) -> None:
    names = [
        "<b>&甲</b>",
        "$x_1$ 有限公司",
        "长" * 300,
        "\u202e乙厂\u202c",
        "丙🙂厂",
        "𬭎䶮丁厂",
        "\U00020000戊厂",
        "W" * 60,
    ]
    rows = TINY["驻区单位"]
    place = next(place for place, cell in enumerate(rows[-2]) if "公司" in str(cell) or "厂" in str(cell))
    units = [*rows, *([*rows[-2][:place], name, *rows[-2][place + 1 :]] for name in names)]
    network = pb.read(write_book(tmp_path / "名册.xlsx", {**TINY, "驻区单位": units}), as_of="2025-06-30")
    shown, content = made(network)
    check(shown, content)
    assert {tile.name for tile in shown.tiles} >= {names[0], names[2], names[5], names[6]}
    assert poster_bytes(shown, Look()) and picture_bytes(shown, Look())
    assert pb.write_pack(network, tmp_path / "out").is_dir()


def test_no_unit_is_a_title_and_no_more(tmp_path: Path) -> None:
    book = write_book(tmp_path / "空.xlsx", {"网格": [["网格名称", "所属社区"], ["一网格", "甲社区"]]})
    shown, content = made(pb.read(book, as_of="2025-06-30"))
    assert len(Presentation(io.BytesIO(content)).slides) <= 2
    assert poster_bytes(shown, Look()).startswith(b"%PDF") and picture_bytes(shown, Look()).startswith(b"\x89PNG")


def test_paper_is_text_in_chinese_letters_and_the_picture_is_wide(deck: tuple[Wall, bytes]) -> None:
    shown = deck[0]
    paper = poster_bytes(shown, Look())
    assert paper == poster_bytes(shown, Look())
    assert paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page ") == 2 + len(shown.communities)
    assert b"/CIDFontType2" in paper and b"CJKjp" not in paper and b"/ToUnicode" in paper
    picture = picture_bytes(shown, Look())
    assert picture == picture_bytes(shown, Look())
    assert struct.unpack(">I", picture[16:20]) == (2400,)
