"""Study: one network, under one policy, on one day; every measure is made once and kept.

A *measure* is a function of a study that gives a frame. `measure` makes of it what everybody calls: with a
network, the policy and the day of which it resolves, or with a study, which answers from what it has.
"""

import html
import inspect
from collections.abc import Callable, Hashable
from dataclasses import replace
from functools import cache, wraps
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pandas as pd

import pbgraph.analyses
from pbgraph.captions import caption, shown_day
from pbgraph.engine import Tables
from pbgraph.errors import no_attribute
from pbgraph.network import Network
from pbgraph.plugins import plugins
from pbgraph.policy import Policy, read_policy
from pbgraph.reading.days import day_of
from pbgraph.tables import complete


class Study:
    """One network under the rules of a policy on a day.

    `study.coverage`, and every other measure without further options, is a frame; `pb.structure(study,
    relations=...)` asks for one with options. Each is made at the first question. Frames are handed out as
    copies, so that what is done with one changes no other answer.

    Parameters
    ----------
    network
        Taken as it is now: it is not changed, and no later edit of its tables changes an answer.
    policy
        Rules to judge by; those of the network's profile where none are given.
    as_of
        The day on which is judged, in any usual spelling; that of the network where none is given.

    Raises
    ------
    TypeError
        For a policy that is none, such as the name of a profile.

    """

    def __init__(self, network: Network, *, policy: Policy | None = None, as_of: str | None = None) -> None:
        if policy is not None and not isinstance(policy, Policy):
            raise TypeError(f"policy is what pb.read_policy(profile=..., path=...) returns, not {policy!r}")
        is_same_day = as_of is None or as_of == network.as_of
        settings = network.settings if is_same_day else {**network.settings, **_stated(as_of)}
        self.network = network.snapshot() if is_same_day else replace(network, settings=settings)
        self.policy = policy or read_policy(profile=network.settings.get("profile"))
        self._made: dict[Any, Any] = {}

    @property
    def as_of(self) -> str:
        """The day on which is judged, "" where nobody knows it."""
        return self.network.as_of

    @property
    def tables(self) -> Tables:
        """The tables of the network as lazy frames on its engine, as they were at the first question."""
        tables: Tables = self.kept("tables", self.network.lazy)
        return tables

    def entities(self, kind: str) -> pd.DataFrame:
        """The entities of a kind with every column that its rosters may have, null where they have none."""
        return self.kept(("entities", kind), lambda: complete(self.network.tables[kind], kind))

    @property
    def ties(self) -> pd.DataFrame:
        """The ties with every column that they may have, null where there is none."""
        return self.kept("ties", lambda: complete(self.network.ties, "ties"))

    def __getattr__(self, name: str) -> pd.DataFrame:
        found = None if name.startswith("_") else measures().get(name)
        if found is None:
            raise no_attribute("'Study' object", name, () if name.startswith("_") else dir(self))
        return found(self)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *measures()})

    def __repr__(self) -> str:
        return f"Study({self.network!r}, profile {self.policy.profile}, as of {self.as_of or '?'})"

    def _repr_html_(self) -> str:
        title = caption("study_title", "zh", profile=self.policy.label["zh"], as_of=shown_day(self.as_of, "zh"))
        ask = caption("study_ask", "zh", measures=caption("list_separator", "zh").join(measures()))
        return f"<p><b>{html.escape(title)}</b></p>{self.network._repr_html_()}<p>{html.escape(ask)}</p>"

    def kept(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What `make` gives, made at the first question only; `key` says what it is."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]


_MEASURES: dict[str, Callable[..., pd.DataFrame]] = {}


def measure(*columns: str) -> Callable[[Callable[..., pd.DataFrame]], Callable[..., pd.DataFrame]]:
    """Make a measure of a function of a study, and check that its frames have these columns in this order.

    The measure is called with a network, or with a study in its place. `policy` and `as_of` are those of the
    network's profile and rosters where none are given; a study that is asked under other ones is not used.

    Raises
    ------
    ValueError
        Where another module has a measure of this name: one of ours is never replaced.

    """

    def made(function: Callable[..., pd.DataFrame]) -> Callable[..., pd.DataFrame]:
        name = function.__name__
        _check_free(name, function.__module__)

        def checked(study: Study, options: dict[str, Any]) -> pd.DataFrame:
            frame = function(study, **options)
            if tuple(frame.columns) != columns:
                raise AssertionError(f"{name} must have the columns {columns}, not {tuple(frame.columns)}")
            return frame

        @wraps(function)
        def asked(
            network: Network | Study, *, policy: Policy | None = None, as_of: str | None = None, **options: Any
        ) -> pd.DataFrame:
            study = study_of(network, policy=policy, as_of=as_of)
            plain = {key: _plain(value) for key, value in options.items()}
            try:
                key = (name, *sorted(plain.items(), key=lambda pair: pair[0]))
                hash(key)
            except TypeError:  # such as another network: not to be found again
                return checked(study, plain)
            return study.kept(key, lambda: checked(study, plain)).copy(deep=False)

        asked.__signature__ = _signature(function)  # type: ignore[attr-defined]
        asked.columns = columns  # type: ignore[attr-defined]
        _MEASURES[name] = asked
        return asked

    return made


def study_of(network: Network | Study, *, policy: Policy | None = None, as_of: str | None = None) -> Study:
    """The study itself, or a new one where a network, another policy or another day is given."""
    if not isinstance(network, Study):
        return Study(network, policy=policy, as_of=as_of)
    if policy is None and as_of in (None, network.as_of):
        return network
    return Study(network.network, policy=policy or network.policy, as_of=as_of)


def measures() -> dict[str, Callable[..., pd.DataFrame]]:
    """Every measure by its name, sorted: ours, those of other packages, and those that somebody has made since."""
    _import_ours()
    plugins("measures")
    return dict(sorted(_MEASURES.items()))


def _check_free(name: str, module: str) -> None:
    if not module.startswith(f"{pbgraph.analyses.__name__}."):
        _import_ours()
    home = getattr(_MEASURES.get(name), "__module__", module)
    if home != module:
        raise ValueError(f"there is a measure {name!r} in {home}; give yours in {module} another name")


@cache
def _import_ours() -> None:
    for module in iter_modules(pbgraph.analyses.__path__):
        import_module(f"pbgraph.analyses.{module.name}")


def _stated(as_of: object) -> dict[str, str]:
    """The day that a person has named, in any usual spelling, as the settings of a network hold it."""
    return {"as_of": day_of(as_of), "as_of_basis": "stated", "as_of_place": ""}


def _plain(value: Any) -> Any:
    """A list or set as a tuple, so that an answer can be found again under it."""
    if isinstance(value, set | frozenset):
        return tuple(sorted(value))
    return tuple(value) if isinstance(value, list) else value


def _signature(function: Callable[..., pd.DataFrame]) -> inspect.Signature:
    """The parameters of a function of a study, with a network in its place, the policy and the day."""
    _, *own = inspect.signature(function).parameters.values()
    first = inspect.Parameter("network", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Network)
    also = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)
        for name, annotation in (("policy", Policy | None), ("as_of", str | None))
    ]
    return inspect.Signature([first, *own, *also], return_annotation=pd.DataFrame)
