"""Two lists of the same units under two names: a check list by short names beside the registry's own.

A list of which a good part stands in other lists too is a *second list*. A name that it alone has, and that one unit
of the other lists may be called for short, is that unit: 码头兄弟 for 码头兄弟劳务有限公司. A name that is whole in
itself, or that is only the letters of another in their order (船员协会, 船员服务协会), is asked.
"""

from collections.abc import Iterable, Mapping

import pandas as pd

from pbgraph import schema
from pbgraph.linking.candidates import is_blocked, regions
from pbgraph.linking.mentions import Names
from pbgraph.linking.office import Parts, is_whole
from pbgraph.linking.review import is_subsequence

_SHORTEST = 3  # characters of a core that tells one unit from another
_FIRST = 2  # characters in which a short name and the whole one begin alike


class SecondLists:
    """What is known of the identities of units by the lists they stand in.

    `frame` has `identity`, `key`, `place`, `code`, `sheet` and `parts` of each row that names a unit.
    """

    def __init__(self, frame: pd.DataFrame, names: Names) -> None:
        self.names = names
        grouped = frame.groupby("identity")
        self.sheets: Mapping[str, frozenset[str]] = grouped["sheet"].agg(frozenset).to_dict()
        self.codes: Mapping[str, str] = grouped["code"].max().to_dict()
        self.places: Mapping[str, str] = grouped["place"].max().to_dict()
        forms = frame.drop_duplicates(["identity", "key"])
        self.forms: dict[str, list[tuple[str, Parts]]] = {}
        for identity, key, parts in zip(forms["identity"], forms["key"], forms["parts"], strict=True):
            self.forms.setdefault(identity, []).append((key, parts))
        self.seconds = self._second_lists()
        self.by_start: dict[str, list[str]] = {}
        for identity, own in self.forms.items():
            for start in {start for _, parts in own for start in _starts(parts)}:
                self.by_start.setdefault(start, []).append(identity)

    def _second_lists(self) -> frozenset[str]:
        """The sheets of which at least a part of the units stands in other sheets too."""
        n_units: dict[str, int] = {}
        n_shared: dict[str, int] = {}
        for sheets in self.sheets.values():
            for sheet in sheets:
                n_units[sheet] = n_units.get(sheet, 0) + 1
                n_shared[sheet] = n_shared.get(sheet, 0) + (len(sheets) > 1)
        least = schema.recognition_words()["weights"]["second_list_from"]
        return frozenset(sheet for sheet, n in n_units.items() if n_shared[sheet] >= least * n)

    def pairs(self) -> tuple[dict[str, str], list[str]]:
        """The identities that are another one, with that one, and those that may be one and are to be asked."""
        joined: dict[str, str] = {}
        asked: list[str] = []
        for identity, own in sorted(self.forms.items()):
            if not self.sheets[identity] <= self.seconds or self.codes[identity]:
                continue
            found = [(other, self._is_short(own, self.forms[other])) for other in self._others(identity, own)]
            shorts = [other for other, is_short in found if is_short]
            if len(shorts) == 1:
                joined[identity] = shorts[0]
            elif found:
                asked.append(identity)
        taken = pd.Series(joined, dtype="object")
        twice = set(taken[taken.duplicated(keep=False)].index)  # two names of one list for one unit: which of them?
        return {name: other for name, other in joined.items() if name not in twice}, sorted({*asked, *twice})

    def _others(self, identity: str, own: Iterable[tuple[str, Parts]]) -> list[str]:
        """The identities of other lists that a name without a legal form may stand for."""
        found = []
        starts = {start for _, parts in own for start in _starts(parts)}
        for other in sorted({other for start in starts for other in self.by_start.get(start, ())} - {identity}):
            places = {self.places[identity], self.places[other]} - {""}
            if self.sheets[identity] & self.sheets[other] or len(places) > 1:
                continue
            if any(self._may_be(one, whole) for one in own for whole in self.forms[other]):
                found.append(other)
        return found

    def _may_be(self, short: tuple[str, Parts], whole: tuple[str, Parts]) -> bool:
        (key, parts), (other, longer) = short, whole
        is_inside = len(parts.core + parts.form) >= _SHORTEST and is_subsequence(parts.core, longer.core)
        is_inside &= len(parts.core) < len(longer.core) and parts.places <= longer.places
        is_free = not is_blocked(key, other) and not self.names.aliases.is_refused("units", key, other)
        return is_inside and parts.form in {"", longer.form} and is_free

    @staticmethod
    def _is_short(own: Iterable[tuple[str, Parts]], other: Iterable[tuple[str, Parts]]) -> bool:
        """Whether a name is what the other is called for short: its beginning, and no whole name itself."""
        return any(
            parts.core in longer.shorts() or (longer.core.startswith(parts.core) and not is_whole(parts.core))
            for _, parts in own
            for _, longer in other
            if not parts.form
        )


def _starts(parts: Parts) -> set[str]:
    """How a name begins, with the region before it and without."""
    return {parts.core[:_FIRST], regions(parts.core)[1][:_FIRST]}
