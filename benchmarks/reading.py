"""Reading at size, beside what one would do without us: python benchmarks/reading.py [ROWS]

Makes a roster of ROWS x 12 (100,000 by default), all invented, and prints the seconds of bare
python-calamine handing over its cells, of `read_workbooks` from file to typed and checked table,
and of `pandas.read_excel` with openpyxl, which reads and does nothing else; each in a process of
its own. With the demo folder, what the child processes cost beside reading in this one.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import xlsxwriter

DEMO = Path(__file__).parent.parent / "data" / "demo"
HEADERS = [
    "序号",
    "姓名",
    "身份证号",
    "性别",
    "出生年月",
    "联系电话",
    "所在党支部",
    "入党时间",
    "转正时间",
    "人员类别",
    "工作单位",
    "所属社区",
]
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
BARE = (
    "from python_calamine import CalamineWorkbook",
    "CalamineWorkbook.from_path(FILE).get_sheet_by_index(0).to_python()",
)
OURS = "from pbgraph import read_workbooks", "assert len(read_workbooks(FILE).tables['members']) == ROWS"
PANDAS = "import openpyxl, pandas", "pandas.read_excel(FILE, engine='openpyxl')"


def person(i: int) -> list[object]:
    born = f"{1950 + i % 50}-{1 + i % 12:02d}-{1 + i % 28:02d}"
    body = f"999999{born.replace('-', '')}{i % 1000:03d}"
    check = "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]
    name = "王李张刘陈杨赵黄周吴"[i % 10] + "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超"[i % 17]
    return [
        i + 1, name, body + check, "男" if i % 1000 % 2 else "女", born, f"139{i % 10**8:08d}", f"第{i % 3000}党支部",
        f"{1980 + i % 40}-{1 + i % 12:02d}-{1 + i % 28:02d}", f"{1981 + i % 40}/{1 + i % 12}/{1 + i % 28}",
        "正式党员" if i % 9 else "预备党员", f"第{i % 5000}公司", f"第{i % 40}社区",
    ]  # fmt: skip


def make(path: Path, n: int) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": n > 200_000}) as workbook:
        sheet = workbook.add_worksheet("党员")
        sheet.write_row(0, 0, HEADERS)
        for i in range(n):
            sheet.write_row(i + 1, 0, person(i))


def seconds(work: tuple[str, str], **names: object) -> tuple[float, int]:
    """The median wall seconds of three runs after the import, and the peak memory in MB with that of the child."""
    imports, code = work
    given = "".join(f"{name} = {value!r}\n" for name, value in names.items())
    timed = (
        f"{imports}\n{given}import time, resource\n"
        f"started = time.perf_counter()\n{code}\nprint(time.perf_counter() - started)\n"
        "print(sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) // 1024)"
    )
    runs = [subprocess.run([sys.executable, "-c", timed], capture_output=True, text=True, check=True) for _ in range(3)]
    figures = sorted((float(run.stdout.split()[0]), int(run.stdout.split()[1])) for run in runs)
    return figures[1]


def main() -> None:
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "roster.xlsx"
        make(path, n)
        bare, _ = seconds(BARE, FILE=str(path))
        ours, memory = seconds(OURS, FILE=str(path), ROWS=n)
        print(f"{n:,} rows x {len(HEADERS)}: bare calamine {bare:.2f} s, pbgraph {ours:.2f} s ({memory:,} MB)")
        print(f"  {ours / bare:.1f} times bare calamine (aim: at most 3)")
        if n <= 200_000:
            pandas, _ = seconds(PANDAS, FILE=str(path))
            print(f"  pandas.read_excel + openpyxl {pandas:.2f} s: {pandas / ours:.1f} times ours (aim: at least 3)")
    from pbgraph.reading.opening import Request, open_workbook
    from pbgraph.reading.workers import Workers

    requests = [Request(file.name, str(file)) for file in sorted(DEMO.glob("*.xlsx"))]
    started = time.perf_counter()
    for request in requests:
        open_workbook(request)
    here = time.perf_counter() - started
    started = time.perf_counter()
    with Workers(len(requests)) as workers:
        list(workers.opened(requests))
    apart = time.perf_counter() - started
    print(
        f"the demo's {len(requests)} files: {here:.2f} s in this process, {apart:.2f} s in child processes (aim: + 0.3)"
    )


if __name__ == "__main__":
    main()
