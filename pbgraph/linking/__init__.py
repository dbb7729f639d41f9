"""Names to entities: which mentions in the sheets mean the same organization, unit or person.

A name is merged only on an equal deterministic key (`name_key`), an equal code, or a person's
recorded decision (the alias file), never on a score.
"""
