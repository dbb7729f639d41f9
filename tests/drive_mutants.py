"""Spoilt inputs by the thousand: python tests/drive_mutants.py [--number 3000] [--seed 1]

Small workbooks of every format, saved networks and policies are changed at random: bytes, parts of archives,
XML, JSON and TOML. Each must load, or be refused with a finding or a `PbgraphError`, in bounded time; the ledger
must add up; and no stored cell may be lost without a word. Prints how many of each kind loaded, were refused, or
broke the promise; what broke it is kept in a folder. `tests/test_mutants.py` runs a few with each test run.
"""

import argparse
import io
import json
import random
import re
import tempfile
import time
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import containers

import pbgraph as pb

HERE = Path(__file__).parent
SECONDS = 60.0
ROWS = [
    ["姓名", "身份证号", "性别", "所在党支部", "入党时间", "人员类别"],
    ["王五", "999999198003120011", "男", "金桥社区第一党支部", "2001-07-01", "正式党员"],
    ["赵六", "", "女", "金桥社区第一党支部", 37073, "预备党员"],
    ["孙七", "", "男", "金桥社区第二党支部", "1999年", "正式党员"],
]
Bytes = Callable[[random.Random, bytes], bytes]
WORDS = [b"", b"0", b"-1", b"1e999", b"99999999999999999999", b"NaN", b"true", b"A0", b"XFD1048577", b"&#0;", b"&lt;",
         "＝1".encode(), b"\xff\xfe", b"<![CDATA[x]]>", b"<!--", b"]]>", b"'\"", b"[" * 3000, b"../../x", b"inlineStr",
         b"\xef\xbf\xbe", b"x" * 40_000]  # fmt: skip


def seeds() -> dict[str, bytes]:
    """The sound inputs by name."""
    xlsx, csv = containers.xlsx(ROWS), containers.text(ROWS, ",", "utf-8")
    page = "<html><table>" + "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in ROWS
    )  # fmt: skip
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("2025-06/名册.xlsx", xlsx)
        archive.writestr("2025-06/名册.csv", csv)
    found = {path.name: path.read_bytes() for path in sorted((HERE / "workbooks").iterdir())}
    return found | {
        "a.xlsx": xlsx, "strict.xlsx": containers.strict(xlsx), "prefixed.xlsx": containers.prefixed(xlsx),
        "a.xlsm": containers.edited(xlsx, lambda _, part: part.replace(b"sheet.main", b"sheet.macroEnabled.main")),
        "a.xlsb": containers.xlsb(ROWS), "a.csv": csv, "gbk.csv": containers.text(ROWS, "\t", "gbk"),
        "wide.csv": containers.text(ROWS, ",", "utf-16"), "page.xls": page.encode(), "rosters.zip": stream.getvalue(),
    }  # fmt: skip


def flipped(chance: random.Random, content: bytes) -> bytes:
    """Bytes changed, cut out, repeated or cut off."""
    held = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        at, n = chance.randrange(len(held) + 1), chance.randint(1, 40)
        match chance.randrange(5):
            case 0:
                held[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del held[at : at + n]
            case 2:
                held[at:at] = held[at : at + n]
            case 3:
                held[at:at] = chance.choice(WORDS)
            case 4 if chance.random() < 0.2:
                del held[at:]
    return bytes(held)


def rewritten(chance: random.Random, part: bytes) -> bytes:
    """A part of XML with a value, an attribute or a tag changed, its quotes turned, or in another encoding."""
    kind = chance.randrange(8)
    if kind == 0:
        return part.replace(b'"', b"'")
    if kind == 1:
        return part.decode("utf-8", "replace").replace('encoding="UTF-8"', "").encode("utf-16")
    patterns = (rb'="[^"]*"', rb">[^<>]+<", rb"<[^<>]+>", rb'\b(?:r|s|t|ref|count|id|name)="[^"]*"')
    found = list(re.finditer(chance.choice(patterns), part))
    if kind in (2, 3) or not found:
        return flipped(chance, part)
    for match in sorted(chance.sample(found, min(len(found), chance.randint(1, 3))), key=lambda m: -m.start()):
        word = chance.choice([*WORDS, chance.choice(found).group()[2:-1]])
        text = match.group()
        text = text * 2 if kind == 4 else b"" if kind == 5 else text[:2] + word + text[-1:]
        part = part[: match.start()] + text + part[match.end() :]
    return part


def repacked(chance: random.Random, content: bytes) -> bytes:
    """An archive with a part changed, gone, twice, exchanged, damaged or packed in another way."""
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        parts = [(name, old.read(name)) for name in old.namelist()]
    kind, at = chance.randrange(9), chance.randrange(len(parts))
    name, part = parts[at]
    packing = chance.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
    if kind == 0:
        del parts[at]
    elif kind == 1:
        parts.append(chance.choice(parts))
    elif kind == 2:
        parts[at] = name, chance.choice(parts)[1]
    elif kind == 3:
        parts[at] = chance.choice([name.upper(), f"/{name}", f"../{name}", name.replace("/", "\\"), "x"]), part
    else:
        parts[at] = name, rewritten(chance, part)
    stream = io.BytesIO()
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(stream, "w", packing) as new:
        for each, held in parts:
            new.writestr(each, held)
    made = stream.getvalue()
    return flipped(chance, made) if kind == 8 else made


def changed(chance: random.Random, content: bytes) -> bytes:
    """A mutant of an input."""
    if content.startswith(b"PK") and chance.random() < 0.8:
        return repacked(chance, content)
    return rewritten(chance, content) if content.startswith(b"<") else flipped(chance, content)


def n_stored(content: bytes) -> int:
    """The values in the worksheets of an archive, counted without a reader of ours; 0 where it is not sound."""
    found = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name):
                    for cell in ElementTree.fromstring(archive.read(name)).iter():
                        found += cell.tag.endswith("}v") and bool((cell.text or "").strip())
    except Exception:
        return 0
    return found


def read_mutant(path: Path) -> str:
    """Read one mutant: "loaded", "refused", or in capitals which promise it broke."""
    content = path.read_bytes()
    reading = pb.read_workbooks(path)
    ledger = reading.ledger
    if (ledger["n_rows"] != ledger["n_used"] + ledger["n_set_aside"] + ledger["n_skipped"]).any():
        return "LEDGER"
    if any(not finding.code or not finding.file for finding in reading.findings):
        return "FINDING WITHOUT A PLACE"
    if not len(ledger):
        return "refused" if reading.findings else "SILENCE"
    n_read = int(ledger["n_rows"].sum())
    return "CELLS LOST" if n_stored(content) and not n_read and not reading.findings else "loaded"


def load_mutant(folder: Path) -> str:
    """Load one spoilt network, and measure what was loaded."""
    network = pb.Network.load(folder)
    pb.coverage(network)
    network.graph()
    return "loaded"


def policy_mutant(path: Path) -> str:
    """Read one spoilt policy, and say its rules."""
    policy = pb.read_policy(path=path)
    for rule in policy.rules.values():
        rule.said("zh")
    return "loaded"


def spoilt_json(chance: random.Random, content: bytes) -> bytes:
    """A description with one value of another kind, or with other bytes."""
    if chance.random() < 0.3:
        return flipped(chance, content)
    said = json.loads(content)
    whole = place = {"": said}
    key = ""
    while isinstance(place[key], dict) and place[key] and chance.random() < 0.8:
        place = place[key]
        key = chance.choice(list(place))
    values = [None, 5, [], {}, "x", "Int64", "str", "boolean", "float64", True, -1, "9" * 5000, [[]] * 3]
    place[key] = chance.choice(values)
    return json.dumps(whole[""]).encode()


def outcome(chance: random.Random, inputs: dict[str, bytes], saved: dict[str, bytes], policy: bytes,
            folder: Path) -> tuple[str, str]:  # fmt: skip
    """Make one mutant in an empty folder and try it: what it was made of, and what became of it."""
    kind = chance.choices(("workbook", "network", "policy"), (8, 1, 1))[0]
    try:
        if kind == "network":
            spoilt = "network.json" if chance.random() < 0.5 else chance.choice(list(saved))
            spoil = spoilt_json if spoilt.endswith(".json") else flipped
            for name, content in saved.items():
                (folder / name).write_bytes(spoil(chance, content) if name == spoilt else content)
            return kind, load_mutant(folder)
        if kind == "policy":
            (folder / "p.toml").write_bytes(flipped(chance, policy))
            return kind, policy_mutant(folder / "p.toml")
        name = chance.choice(list(inputs))
        kind = Path(name).suffix
        (folder / name).write_bytes(changed(chance, inputs[name]))
        return kind, read_mutant(folder / name)
    except pb.PbgraphError as error:
        return kind, "refused" if str(error) else "NO SENTENCE"
    except Exception as error:
        return kind, f"{type(error).__name__.upper()} {error}"[:90]


def drive(number: int, seed: int, *, keep: Path | None = None) -> Counter[tuple[str, str]]:
    """Try so many mutants; what they were made of and what became of them, counted."""
    chance, counts, inputs = random.Random(seed), Counter[tuple[str, str]](), seeds()
    policy = (Path(pb.__file__).parent / "reference" / "policy.toml").read_bytes()[:9_000]
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        (home / "a.csv").write_bytes(inputs["a.csv"])
        network = pb.read(home / "a.csv").save(home / "network")
        saved = {path.name: path.read_bytes() for path in sorted(network.iterdir())}
        for n in range(number):
            folder = home / str(n)
            folder.mkdir()
            started = time.monotonic()
            kind, became = outcome(chance, inputs, saved, policy, folder)
            if time.monotonic() - started > SECONDS:
                became = "TOO LONG"
            counts[kind, became] += 1
            if keep and (n + 1) % 100 == 0:
                print(f"{n + 1}: {Counter(became for _, became in counts.elements())}", flush=True)
            if keep and became not in ("loaded", "refused"):
                folder.rename(keep / f"{seed}-{n}")
    return counts


def main() -> None:
    """Run by the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=3_000)
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args()
    keep = Path(tempfile.mkdtemp(prefix="mutants-"))
    for (kind, became), n in sorted(drive(told.number, told.seed, keep=keep).items()):
        print(f"{n:6}  {kind:9}  {became}", flush=True)
    print(f"kept: {keep}")


if __name__ == "__main__":
    main()
