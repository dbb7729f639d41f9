"""What is handed over that is no path: bytes, open files and frames read to the same network as the workbook."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from conftest import TINY, write_book

import pbgraph as pb
from pbgraph import schema
from pbgraph.reading.given import given
from pbgraph.rendering.template import example

DAY = "2025-06-30"
FRAMES = {title: pd.DataFrame(rows[1:], columns=rows[0]) for title, rows in TINY.items()}
KINDS = {
    "organizations": "党组织", "units": "驻区单位", "members": "党员名册", "instructors": "指导员",
    "participants": "成员单位", "agreements": "共建协议", "grids": "网格",
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def here(opened_here: None) -> None:
    """Open workbooks in this process."""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_book(tmp_path_factory.mktemp("given") / "名册.xlsx", TINY)


def zipped(path: Path) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.write(path, "2024/名册.xlsx")
        archive.writestr("说明.docx", "x")
    return stream.getvalue()


def keyed(kind: str) -> pd.DataFrame:
    """A frame of the tiny world with the keys of fields as columns."""
    frame, headers = FRAMES[KINDS[kind]], schema.tables()[kind].headers
    return frame.rename(columns={name: headers[schema.header_key(name, keep_notes=True)] for name in frame})


def as_text(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype("str").replace("", None)


GIVEN: dict[str, tuple[Callable[[Path], Any], str]] = {
    "bytes": (lambda path: path.read_bytes(), "未命名|驻区单位|3"),
    "a buffer": (lambda path: io.BytesIO(path.read_bytes()), "未命名|驻区单位|3"),
    "an open file": (lambda path: path.open("rb"), "名册.xlsx|驻区单位|3"),
    "named bytes": (lambda path: {"望江.xlsx": path.read_bytes()}, "望江.xlsx|驻区单位|3"),
    "an archive": (lambda path: {"名册.zip": zipped(path)}, "名册.zip/2024/名册.xlsx|驻区单位|3"),
    "sheets": (lambda _: {"名册.xlsx": FRAMES}, "名册.xlsx|驻区单位|3"),
    "sheets without header": (
        lambda _: {"名册.xlsx": {title: pd.DataFrame(rows) for title, rows in TINY.items()}}, "名册.xlsx|驻区单位|3",
    ),
    "kinds": (lambda _: {kind: FRAMES[title] for kind, title in KINDS.items()}, "units|驻区单位台账|3"),
    "kinds and keys": (lambda _: {kind: keyed(kind) for kind in KINDS}, "units|驻区单位台账|3"),
    "an index": (lambda _: {kind: keyed(kind).pipe(lambda f: f.set_index(f.columns[0])) for kind in KINDS}, "units|驻区单位台账|3"),
    "Polars": (lambda _: {kind: pl.from_pandas(as_text(FRAMES[KINDS[kind]])) for kind in KINDS}, "units|驻区单位台账|3"),
    "lazy Polars": (lambda _: {kind: pl.from_pandas(as_text(keyed(kind))).lazy() for kind in KINDS}, "units|驻区单位台账|3"),
    "pyarrow": (lambda _: {kind: pa.Table.from_pandas(as_text(keyed(kind))) for kind in KINDS}, "units|驻区单位台账|3"),
    "several": (
        lambda _: [{kind: FRAMES[KINDS[kind]]} for kind in KINDS if kind != "grids"] + [{"网格.xlsx": {"网格": FRAMES["网格"]}}],
        "units|驻区单位台账|3",
    ),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("name", GIVEN)
def test_what_is_handed_over_is_read_like_the_workbook(tiny: pb.Network, file: Path, name: str) -> None:
    make, source = GIVEN[name]
    network = pb.read(make(file), as_of=DAY)
    assert [len(network.tables[kind]) for kind in network.tables] == [len(frame) for frame in tiny.tables.values()]
    assert network.ties["relation"].value_counts().to_dict() == tiny.ties["relation"].value_counts().to_dict()
    columns = ["unit", "state", "sure", "n_full"]
    ours, theirs = (pb.coverage(n)[columns].sort_values("unit", ignore_index=True) for n in (network, tiny))
    pd.testing.assert_frame_equal(ours, theirs)
    assert network.units.set_index("name")["source"]["红旗厂"].split("\n")[0] == source
    assert [code for code in network.findings["code"] if code != "file-other"] == []


def test_the_same_workbook_in_two_forms_is_read_once(file: Path) -> None:
    network = pb.read([file, {"另一份.xlsx": file.read_bytes()}], as_of=DAY)
    assert network.findings[["code", "file"]].to_numpy().tolist() == [["file-twice", "另一份.xlsx"]]
    assert pb.read([file, file.read_bytes()], as_of=DAY) == network.with_(
        findings=pb.read([file, file.read_bytes()], as_of=DAY).findings
    )


def test_frames_alone_have_no_day_and_need_none() -> None:
    network = pb.read({"units": keyed("units")})
    assert network.as_of == ""
    assert len(pb.coverage(network)) == len(network.units) == 11
    assert network.inputs[["file", "modified"]].to_numpy().tolist() == [["units", ""]]
    assert len(pb.assess(network)) >= 0


def test_the_table_of_a_network_is_a_roster_again(tiny: pb.Network) -> None:
    again = pb.read({"units": tiny.units.drop(columns=["source", "is_listed"])}, as_of=DAY)
    assert sorted(again.units["name"]) == sorted(tiny.units["name"])
    assert again.units.set_index("name")["unit_type"].to_dict() == tiny.units.set_index("name")["unit_type"].to_dict()


def test_a_cell_is_what_a_sheet_would_show() -> None:
    frame = pd.DataFrame({
        "姓名": ["甲", "乙"],
        "入党时间": [datetime(2020, 5, 1), pd.NaT],
        "证号": pd.Series([330102199001011234, 7], dtype="int64"),
        "比例": [Decimal("2"), Decimal("NaN")],
        "职务": [["书记", "委员"], None],
        "生日": [date(1990, 1, 2), None],
        "无": [float("inf"), float("nan")],
        "是": [True, None],
        "备注": pd.Categorical(["x", None]),
        "备注.1": ["y", ""],
        "Unnamed: 10": ["z", None],
    })  # fmt: skip
    (workbook,) = given({"a.xlsx": {"表": frame}}).workbooks
    (sheet,) = workbook.sheets
    assert sheet.row(0) == ["姓名", "入党时间", "证号", "比例", "职务", "生日", "无", "是", "备注", "备注", ""]
    assert sheet.row(1) == [
        "甲", datetime(2020, 5, 1), "330102199001011234", 2.0, "书记、委员", date(1990, 1, 2), "inf", "TRUE", "x", "y", "z",
    ]  # fmt: skip
    assert sheet.row(2) == ["乙", "", 7.0, "", "", "", "", "", "", "", ""]


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        (None, "NoneType"), (5, "int"), (object(), "object"), ([None], "NoneType"), ({"units": 5}, "int"),
        ({5: FRAMES["网格"]}, "int"), ({"a.xlsx": {"网格": "x"}}, "str"), (FRAMES["网格"], "DataFrame"),
        ([FRAMES["网格"]], "DataFrame"), (pl.DataFrame({"a": [1]}), "DataFrame"), ({"a.xlsx": {5: FRAMES["网格"]}}, "DataFrame"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told(wrong: Any, what: str) -> None:
    for read in (pb.read, pb.read_workbooks):
        with pytest.raises(pb.WorkbookError, match=f"不能读取 {what} 这样的输入。请给出.*rb 打开的文件"):
            read(wrong)


def test_files_that_give_nothing_are_told(file: Path) -> None:
    with file.open("r", encoding="utf-8") as text, pytest.raises(pb.WorkbookError, match="TextIOWrapper"):
        pb.read(text)
    closed = io.BytesIO()
    closed.close()
    with pytest.raises(pb.WorkbookError, match="文件打不开"):
        pb.read(closed)
    for empty in ([], {}, b"", {"units": pd.DataFrame()}, {"units": FRAMES["驻区单位"].head(0)}):
        with pytest.raises(pb.WorkbookError, match="没有读到一行可用的数据"):
            pb.read(empty)


def test_a_text_is_a_table(tiny: pb.Network) -> None:
    text = FRAMES["驻区单位"].to_csv(index=False)
    for handed in (io.StringIO(text), {"驻区单位.csv": text.encode("gb18030")}):
        assert sorted(pb.read(handed, as_of=DAY).units["name"]) == sorted(tiny.units["name"])


def test_any_kind_of_table_alone_is_linked(opened_here: None) -> None:
    for kind, table in list(schema.tables().items())[::4]:  # all of them at once: tests/test_natural_sheets.py
        keys = dict.fromkeys((*table.key_fields, *table.required))
        row = {key: [example(table.field(key))] for key in keys}
        network = pb.read({kind: pd.DataFrame(row)}, as_of="2025-06-30")
        assert network.ledger["n_used"].sum() == 1, kind
