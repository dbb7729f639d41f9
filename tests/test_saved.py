"""Saved networks that somebody has changed: each is a sentence that names the file and what is wrong in it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

import pbgraph as pb

SPOILT = "network-spoilt"


@pytest.fixture
def saved(tiny: pb.Network, tmp_path: Path) -> Path:
    return tiny.save(tmp_path / "网络's")


def told(folder: Path) -> str:
    with pytest.raises(pb.NetworkError) as caught:
        pb.Network.load(folder)
    assert str(caught.value).endswith("。")
    return f"{caught.value.code} {caught.value}"


def put(content: Any, path: tuple[str, ...], value: object) -> None:
    for step in path[:-1]:
        content = content[step]
    if value is None:
        del content[path[-1]]
    else:
        content[path[-1]] = value


def rewritten(folder: Path, name: str, edit: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    path = (folder / f"{name}.parquet").as_posix().replace("'", "''")
    dtypes = json.loads((folder / "network.json").read_text("utf-8"))["columns"][name]
    with duckdb.connect() as engine:
        frame = edit(engine.sql(f"SELECT * FROM '{path}'").df().astype(dtypes))
        engine.register("frame", frame)
        engine.execute(f"COPY (SELECT * FROM frame) TO '{path}' (FORMAT parquet)")


@pytest.mark.parametrize("text", ["", "[]", "null", "5", '"a"', "[" * 100_000, '{"format": 1, "columns": {', "\udcff"])
def test_a_description_that_is_none(saved: Path, text: str) -> None:
    (saved / "network.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert told(saved).startswith(f"{SPOILT} 保存的网络“网络's”不完整，或被改动过：其中 network.json 无法读取。")


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("columns", "units", "name"), "wibble", "的“columns”一项写法有误"), (("columns",), [1], "“columns”"),
        (("columns", "ties"), None, "缺少“ties”"), (("columns", "ledger"), None, "缺少“ledger”"),
        (("columns", "units"), None, "缺少“units”"), (("columns", "../x"), {}, "“../x”"), (("more",), 1, "“more”"),
        (("settings",), "abc", "“settings”"), (("settings",), None, "“settings”"), (("settings", "home"), 5, "“settings”"),
        (("settings", "as_of"), "2025-13-01", "“settings.as_of”"), (("settings", "edition"), "x", "“settings.edition”"),
        (("settings", "as_of_basis"), "x", "“settings.as_of_basis”"), (("format",), 99, "“format”"),
        (("columns", "units", "more"), "str", "units.parquet 缺少“more”"),
        (("columns", "units", "name"), None, "units.parquet 多出一列“name”"),
        (("columns", "units", "name"), "Int64", "units.parquet 的“name”列类型不对"),
    ],
)  # fmt: skip
def test_a_description_of_another_shape(saved: Path, path: tuple[str, ...], value: object, said: str) -> None:
    content = json.loads((saved / "network.json").read_text("utf-8"))
    put(content, path, value)
    (saved / "network.json").write_text(json.dumps(content), "utf-8")
    assert said in told(saved)


@pytest.mark.parametrize(
    ("name", "edit", "said"),
    [
        ("units", lambda f: f.assign(unit_id=range(len(f))), "“unit_id”列类型不对"),
        ("units", lambda f: f.assign(unit_id=f["unit_id"].where(f.index > 1)), "“unit_id”列有空值"),
        ("units", lambda f: f.assign(unit_id=f["unit_id"].iloc[0]), "“unit_id”列有重复的编号"),
        ("units", lambda f: f.assign(unit_id=[f"org:{n}" for n in f.index]), "或不是编号"),
        ("units", lambda f: f.assign(source=pd.Series([None] * len(f), dtype="str")), "“source”列有空值"),
        ("units", lambda f: f.assign(is_listed="abc"), "“is_listed”列类型不对"),
        ("units", lambda f: f.drop(columns="name"), "缺少“name”"),
        ("units", lambda f: f.assign(more=1), "多出一列“more”"),
        ("ties", lambda f: f.assign(target_id=pd.Series([None] * len(f), dtype="str")), "“target_id”列有空值"),
        ("ties", lambda f: f.assign(target_id=f["target_id"] + "x"), "tie-end-unknown"),
        ("ties", lambda f: f.assign(relation="zz"), "relation-not-known"),
        ("ties", lambda f: f.assign(relation="attends"), "tie-illegal"),
        ("ledger", lambda f: f.assign(n_rows="zz"), "“n_rows”列类型不对"),
    ],
)  # fmt: skip
def test_a_table_of_another_shape(
    saved: Path, name: str, edit: Callable[[pd.DataFrame], pd.DataFrame], said: str
) -> None:
    rewritten(saved, name, edit)
    assert said in told(saved)


@pytest.mark.parametrize(
    ("column", "value"), [("code", "zz"), ("severity", "zz"), ("data", "zz"), ("data", "[" * 99_999)]
)
def test_findings_that_nobody_knows(demo: pb.Network, tmp_path: Path, column: str, value: str) -> None:
    folder = demo.save(tmp_path / "n")
    rewritten(folder, "findings", lambda frame: frame.assign(**{column: value}))
    assert f"findings.parquet 的“{column}”列有不认识的内容" in told(folder)


def test_a_table_that_is_gone_or_cut_off(saved: Path) -> None:
    whole = (saved / "units.parquet").read_bytes()
    for content in (whole[:-20], b"a,b\n1,2\n", b""):
        (saved / "units.parquet").write_bytes(content)
        assert "units.parquet 无法读取" in told(saved)
    (saved / "units.parquet").unlink()
    assert "units.parquet 缺失" in told(saved)
    (saved / "network.json").unlink()
    assert told(saved).startswith("network-not-saved")


@pytest.mark.parametrize(("n_rows", "n_characters"), [(400_000, 4_000), (3, 50_000_000)])
def test_a_small_file_that_unfolds_to_gigabytes(saved: Path, n_rows: int, n_characters: int) -> None:
    path = (saved / "units.parquet").as_posix().replace("'", "''")
    with duckdb.connect(config={"threads": 1}) as engine:
        engine.execute(
            f"COPY (SELECT * EXCLUDE (range) REPLACE (repeat('x', {n_characters}) AS source)"
            f" FROM (SELECT * FROM '{path}' LIMIT 1), range({n_rows})) TO '{path}.new' (FORMAT parquet, COMPRESSION zstd)"
        )
    (saved / "units.parquet.new").replace(saved / "units.parquet")
    assert (saved / "units.parquet").stat().st_size < 2**20
    assert told(saved).startswith("network-too-large")


def test_a_description_or_a_table_without_end(saved: Path) -> None:
    with (saved / "units.parquet").open("r+b") as file:
        file.truncate(12 * 2**30)
    assert "12288 MB" in told(saved)
    with (saved / "network.json").open("r+b") as file:
        file.truncate(12 * 2**30)
    assert "network.json 展开后有 12288 MB" in told(saved)
