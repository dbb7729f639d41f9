"""Names to entities: which mentions in the sheets mean the same organization, unit or person.

A name is merged only on an equal deterministic key (`name_key`), an equal code, or a person's
recorded decision (the alias file), never on a score.

    keys        a name to what it is compared by
    aliases     what a person has decided
    entities    rows to entities; names to entities within a place or under a superior
    bodies, people, link   the steps, from communities to ties
    candidates, review     what stays open: the nearest names, shown and never merged
"""

from pbgraph.linking.keys import name_key

__all__ = ["name_key"]
