"""Random streets, each of which must be read and get its pack.

    python tests/drive_streets.py --seed 1 --number 1000

draws offices as `tests/offices` invents them, each in one of the three editions; what does not get its pack is printed
with its seed. The test run does a few.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from offices import make_office

import pbgraph as pb
from pbgraph.editions import EDITIONS
from pbgraph.rendering.look import Look
from pbgraph.rendering.pack import pack_names


def refused(seed: int) -> str:
    """Why the street with this seed got no pack, "" where it got one."""
    edition = EDITIONS[seed % len(EDITIONS)]
    with tempfile.TemporaryDirectory() as name:
        rosters, out = Path(name) / "in", Path(name) / "out"
        make_office(rosters, seed)
        try:
            pb.write_pack(pb.read(rosters), out, look=Look(edition=edition))
        except Exception as error:
            return f"{seed} {edition}: {type(error).__name__}: {error}"
        missing = [part for part in pack_names("zh") if not (out / part).exists()]
        return f"{seed} {edition}: without {', '.join(missing)}" if missing else ""


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--number", type=int, default=1000)
    asked = parser.parse_args()
    found = []
    for seed in range(asked.seed, asked.seed + asked.number):
        if said := refused(seed):
            found.append(said)
            print(said, flush=True)
    print(f"{asked.number} streets, {len(found)} without a pack")
    sys.exit(1 if found else 0)
