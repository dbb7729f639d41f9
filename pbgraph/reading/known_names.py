"""The names that the sure tables of a folder list: what one of them lists tells what another one means."""

from collections import Counter
from dataclasses import dataclass, field

from pbgraph.reading.recognition import Known


@dataclass
class Names:
    """The names that the sure tables of a folder list, by kind, and which table lists each."""

    by_kind: dict[str, list[tuple[int, frozenset[str]]]] = field(default_factory=dict)
    counts: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, kind: str, region: int, names: frozenset[str]) -> None:
        """Note the names that a region lists."""
        self.by_kind.setdefault(kind, []).append((region, names))
        self.counts.setdefault(kind, Counter()).update(names)

    def known(self, region: int) -> Known:
        """What the others list, seen from a region: names by kind, and larger lists under "other KIND"."""
        found: dict[str, frozenset[str]] = {}
        for kind, lists in self.by_kind.items():
            own = Counter(name for number, names in lists if number == region for name in names)
            found[kind] = frozenset(name for name, n in self.counts[kind].items() if n > own[name])
            larger = [names for number, names in lists if number != region and len(names) > own.total()]
            found["other " + kind] = frozenset().union(*larger)
        return found
