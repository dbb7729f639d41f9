"""Names at size: keys, candidates and mentions, against plain pandas matching: python benchmarks/names.py

Prints seconds for 100,000 names keyed, 10,000 names against 10,000 for candidates, and 1,000,000
mentions linked; the last beside `pandas.merge` on the raw text, which is what one would do without us.
"""

import random
import time

import pandas as pd

from pbgraph.linking.aliases import Aliases
from pbgraph.linking.candidates import candidates
from pbgraph.linking.entities import NameIndex, mapped
from pbgraph.linking.keys import name_key

BRANDS = "宏恒瑞天众明嘉新博华泰永德万晨锦春启远汇佳长同福智云星百中金海立正安祥鼎凯"
FORMS = (
    "机械有限公司",
    "商贸有限责任公司",
    "科技有限公司",
    "律师事务所",
    "养老服务中心",
    "第一党支部",
    "第二党支部",
    "党总支",
)


def made_up(n: int, dice: random.Random) -> list[str]:
    names: set[str] = set()
    while len(names) < n:
        names.add("云州" + "".join(dice.choice(BRANDS) for _ in range(dice.randint(2, 4))) + dice.choice(FORMS))
    return sorted(names)


def timed(label: str, work, limit: float) -> float:
    started = time.perf_counter()
    work()
    seconds = time.perf_counter() - started
    print(f"{label:44s}{seconds:7.2f} s   (aim {limit:g} s)")
    return seconds


def main() -> None:
    dice = random.Random(1)
    names = made_up(100_000, dice)
    timed("100,000 names keyed", lambda: [name_key(name) for name in names], 2)
    left = [name_key(name[:-2] + name[-1]) for name in dice.sample(names, 10_000)]
    right = [name_key(name) for name in dice.sample(names, 10_000)]
    timed("10,000 x 10,000 candidates", lambda: candidates(left, right), 10)
    known = dice.sample(names, 40_000)
    aliases = Aliases()
    frame = pd.DataFrame(
        {"name": known, "key": [aliases.key(name, "units") for name in known], "place": "", "id": known}
    )
    index = NameIndex.of("units", aliases, frame)
    mentions = pd.Series(dice.choices(known, k=1_000_000), dtype="str")
    places = pd.Series("", index=mentions.index, dtype="str")
    ours = timed(
        "1,000,000 mentions linked", lambda: (mapped(mentions, str.strip), index.resolve(mentions, places)), 10
    )
    raw = timed("   pandas.merge on the raw text", lambda: mentions.to_frame("name").merge(frame, how="left"), 10)
    print(f"ratio {ours / raw:.1f}")


if __name__ == "__main__":
    main()
