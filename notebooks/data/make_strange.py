"""Write the folder `strange`: four invented workbooks as people really send them. Run it again to make it anew."""

from datetime import datetime
from pathlib import Path

import openpyxl

HERE = Path(__file__).parent / "strange"
LAST_NAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"
PLACES = ["临江社区", "柳荫社区"]
UNITS = [  # name, community, how many Party members, what is said of its organization
    ("临江百味餐饮有限公司", "临江社区", 4, "没建"),
    ("清源环保科技有限公司", "临江社区", 6, "建了"),
    ("临江社区卫生服务站", "临江社区", 3, "建了"),
    ("小石榴托育中心", "临江社区", 1, "没建"),
    ("银杏树养老服务中心", "临江社区", 2, "联合"),
    ("临江物业服务有限公司", "临江社区", 2, "联合"),
    ("柳荫第二小学", "柳荫社区", 9, "建了"),
    ("启明星教育培训学校", "柳荫社区", 3, "没建"),
    ("柳荫机械厂", "柳荫社区", 5, "建了"),
    ("云杉律师事务所", "柳荫社区", 0, "没建"),
]
ORGANIZATIONS = [  # name, superior, unit, secretary, since
    ("临江社区党委", "中共柳江街道工作委员会", "临江社区居委会", "赵一川", "2021.6"),
    ("清源环保党支部", "临江社区党委", "清源环保科技有限公司", "钱小满", "2022-3-15"),
    ("临江社区卫生服务站党支部", "临江社区党委", "临江社区卫生服务站", "孙立秋", "二〇二二年五月"),
    ("临江片联合党支部", "临江社区党委", "银杏树养老服务中心、临江物业服务有限公司", "李谷雨", "2023年1月"),
    ("柳荫社区党总支", "中共柳江街道工作委员会", "柳荫社区居委会", "周白露", "2021/06"),
    ("柳荫第二小学党支部", "柳江区教育局党委", "柳荫第二小学", "吴清明", "202009"),
    ("柳荫机械党支部", "柳荫社区党总支", "柳荫机械厂", "郑霜降", "2019.11"),
]


def saved(book: openpyxl.Workbook, name: str) -> None:
    """Write a book with a fixed day, so that the bytes do not change."""
    book.properties.created = book.properties.modified = datetime(2025, 6, 20)
    HERE.mkdir(exist_ok=True)
    book.save(HERE / name)


def units() -> None:
    """A survey that a young colleague made: pinyin, spoken headers, a column without a header, notes at the end."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "汇总（新）"
    sheet.append(["柳江街道两新组织和驻区单位摸排情况"])
    sheet.append(["填报：党建办小陈", None, None, "截至2025年6月20日"])
    sheet.append(["xh", "单位叫什么", "在哪个社区", "党员几个", "建没建", "员工数", "热度"])
    for number, (name, place, n_members, said) in enumerate(UNITS, 1):
        sheet.append([number, name, place, n_members, said, 10 + 7 * number, "★" * (1 + number % 3)])
    sheet.append(["合计", None, None, sum(unit[2] for unit in UNITS)])
    sheet.append(["注：没建的下月再跑一遍"])
    saved(book, "摸排汇总-最终版2.xlsx")


def organizations() -> None:
    """A list in blocks by community, dates in six forms, two units in one cell."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Sheet1"
    sheet.append(["组织全称", "上面是谁", "建在哪儿", "带头人", "哪年换届"])
    for row in ORGANIZATIONS:
        sheet.append(row)
    saved(book, "组织一览.xlsx")


def members() -> None:
    """A roster with identity numbers, one of them typed as a number, and a branch spelled otherwise."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "党员"
    sheet.append(["姓名", "证件号", "支部", "发展时间", "是不是正式"])
    branches = ["清源环保党支部", "卫生服务站支部", "临江片联合支部", "柳荫机械党支部", "柳荫第二小学党支部"]
    for number in range(15):
        identity = checked(f"99999919{70 + number}0{1 + number % 9}1{number % 10}{100 + 7 * number:03d}")
        sheet.append([
            LAST_NAMES[number] + "晓" + "春夏秋冬晴"[number % 5], int(identity) if number == 4 else identity,
            branches[number % 5], f"20{10 + number % 9}.7.1", "预备" if number == 7 else "正式",
        ])  # fmt: skip
    saved(book, "党员0620.xlsx")


def checked(digits: str) -> str:
    """Seventeen digits with their check digit; 999999 is no region."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
    return digits + "10X98765432"[total % 11]


def rooms() -> None:
    """What is no roster at all."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "预约"
    sheet.append(["日期", "时段", "会议室", "用途"])
    for day in range(1, 6):
        sheet.append([f"6月{day}日", "上午", "三楼大会议室", "排练"])
    saved(book, "会议室预约.xlsx")


if __name__ == "__main__":
    units()
    organizations()
    members()
    rooms()
