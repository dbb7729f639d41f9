"""A study: each measure once, under one policy, on one day; and every measure on networks with holes."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

import networkx as nx
import pandas as pd
import pytest
from conftest import TINY, write_book
from test_records import FURTHER

import pbgraph as pb
from pbgraph.analyses import study as home
from pbgraph.analyses.study import Study, measure, measures
from pbgraph.model import ID_COLUMNS, KINDS
from pbgraph.network import Network
from pbgraph.policy import read_policy

MEASURES = measures()
NEEDED = {"name", "is_listed", "source", "source_id", "target_id", "relation"}


def asked(study: Study, name: str) -> pd.DataFrame:
    return MEASURES[name](study, earlier=study.network) if name == "gap_changes" else MEASURES[name](study)


def test_every_measure_is_public_and_every_public_frame_of_a_network_is_a_measure() -> None:
    assert set(MEASURES) <= set(pb.__all__)
    homes = {name for name, module in pb._HOMES.items() if module.startswith("analyses.") and name != "Study"}
    assert homes == set(MEASURES)


def test_each_measure_is_made_once(tiny: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    made: Counter[str] = Counter()
    inner = Study.kept

    def counted(self: Study, key: object, make: Callable[[], object]) -> object:
        def once() -> object:
            made[f"{id(self)} {key}"] += 1
            return make()

        return inner(self, key, once)  # type: ignore[arg-type]

    monkeypatch.setattr(Study, "kept", counted)
    study = Study(tiny)
    for name in (*MEASURES, *MEASURES):
        asked(study, name)
    assert f"{id(study)} ('coverage',)" in made
    assert {key: n for key, n in made.items() if n > 1} == {}


def test_a_study_says_what_the_measures_say(tiny: Network) -> None:
    study = Study(tiny)
    assert set(MEASURES) <= set(dir(study))
    for name in ("coverage", "coverage_rates", "structure", "assess"):
        pd.testing.assert_frame_equal(getattr(study, name), MEASURES[name](tiny))
    pd.testing.assert_frame_equal(
        pb.structure(study, relations=["co_building"]), pb.structure(tiny, relations=("co_building",))
    )
    with pytest.raises(AttributeError, match="no attribute 'covrage'"):
        study.covrage  # noqa: B018


def test_what_is_done_with_a_frame_changes_no_other_answer(tiny: Network) -> None:
    study = Study(tiny)
    frame = study.coverage
    frame.loc[0, "state"] = "nonsense"
    assert "nonsense" not in set(study.coverage["state"]) | set(pb.assess(study)["state"])


def test_a_study_keeps_to_the_network_as_it_was(tiny: Network) -> None:
    network = tiny.snapshot()
    study = Study(network)
    before = len(study.coverage)
    network.units.loc[:, "is_listed"] = False
    assert len(study.co_building) and len(study.coverage) == before
    assert pb.coverage(network).empty and len(pb.coverage(tiny)) == before


def test_another_day_and_other_rules_are_another_study(tiny: Network) -> None:
    study = Study(tiny)
    assert study.as_of == "2025-06-30" and Study(tiny, as_of="2031-01-01").as_of == "2031-01-01"
    assert tiny.as_of == "2025-06-30"
    later = pb.assess(study, as_of="2031-01-01")
    assert (later["rule_id"] == "D6").sum() >= (study.assess["rule_id"] == "D6").sum()
    strict = read_policy(path=None)
    params = {**strict.params, "A1": {**strict.params["A1"], "n": 2}}
    other = pb.coverage(study, policy=replace(strict, params=params))
    assert (other["state"] == "must-establish").sum() > (study.coverage["state"] == "must-establish").sum()
    pd.testing.assert_frame_equal(study.coverage, pb.coverage(tiny))


def test_without_a_day_nothing_is_late_or_over(further: Network) -> None:
    study = Study(replace(further, settings={**further.settings, "as_of": ""}))
    assert len(study.leadership) and study.leadership[["is_over", "n_months_left"]].isna().all(axis=None)
    assert len(study.activities) and study.activities[["is_late", "n_months_since"]].isna().all(axis=None)
    assert study.attendance["n_months_since"].isna().all()
    rates = study.coverage_rates.set_index("rate")
    assert pd.isna(rates.loc["elections_on_time", "rate_share"])


def test_a_frame_with_other_columns_than_it_says_is_no_measure(tiny: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "_MEASURES", {})

    @measure("left", "right")
    def halves(study: Study) -> pd.DataFrame:
        return pd.DataFrame({"left": [len(study.ties)]})

    with pytest.raises(AssertionError, match="halves must have the columns"):
        halves(tiny)


def holes(network: Network) -> Iterator[tuple[str, Network]]:
    """The network without its optional columns, with nulls in all of them, with one row of a kind, with none."""
    frames = {**network.tables, "ties": network.ties}
    for how, kinds in (("missing", frames), ("null", frames), ("none", ("units", "organizations", "members", "ties"))):
        chosen = {kind: _holed(frame, kind, how) if kind in kinds else frame for kind, frame in frames.items()}
        yield how, _closed(network, chosen)
    yield "one", _closed(network, {**frames, **{kind: frames[kind].head(1) for kind in ("units", "organizations")}})


def _holed(frame: pd.DataFrame, kind: str, how: str) -> pd.DataFrame:
    optional = [name for name in frame if name not in NEEDED and name != ID_COLUMNS.get(kind)]
    if how == "missing":
        return frame.drop(columns=optional)
    if how == "null":
        return frame.assign(**{n: pd.Series(None, index=frame.index, dtype=frame[n].dtype) for n in optional})
    return frame.head(0)


def _closed(network: Network, frames: dict[str, pd.DataFrame]) -> Network:
    """A network of these frames with the ties whose two ends are still there."""
    ids = {node for kind in KINDS for node in frames[kind][ID_COLUMNS[kind]]}
    ties = frames["ties"]
    kept = ties[ties["source_id"].isin(ids) & ties["target_id"].isin(ids)]
    return replace(network, tables={kind: frames[kind] for kind in KINDS}, ties=kept)


@pytest.fixture(scope="module")
def further(tmp_path_factory: pytest.TempPathFactory) -> Network:
    return pb.read(write_book(tmp_path_factory.mktemp("further") / "名册.xlsx", TINY | FURTHER), as_of="2025-06-30")


@pytest.mark.parametrize("number", range(4))
def test_every_measure_and_rule_bears_holes(further: Network, number: int) -> None:
    name, holed = list(holes(further))[number]
    study = Study(holed)
    for each in MEASURES:
        assert tuple(asked(study, each).columns) == MEASURES[each].columns, (name, each)


@pytest.mark.parametrize("number", range(6))
def test_every_rule_bears_single_columns_missing_or_null(further: Network, number: int) -> None:
    """Every sixth optional column is gone in one network, and the next one without any value."""
    frames = {**further.tables, "ties": further.ties}
    for kind, frame in frames.items():
        optional = [name for name in frame if name not in NEEDED and name != ID_COLUMNS.get(kind)]
        gone, null = optional[number::6], optional[(number + 1) % 6 :: 6]
        blank = {name: pd.Series(None, index=frame.index, dtype=frame[name].dtype) for name in null}
        frames[kind] = frame.drop(columns=gone).assign(**blank)
    study = Study(_closed(further, frames))
    ran = set(study.policy.rules) - set(study.not_run["rule_id"])
    assert set(study.assess["rule_id"]) <= ran
    assert not study.assess["message"].str.contains("nan|<NA>|None").any()


def test_every_engine_gives_the_same_rows(demo: Network, further: Network) -> None:
    for network in (demo, further, with_nulls(further)):
        studies = [
            Study(replace(network, settings={**network.settings, "engine": engine})) for engine in ("duckdb", "polars")
        ]
        for each in MEASURES:
            pd.testing.assert_frame_equal(*(asked(study, each) for study in studies), obj=each)


def with_nulls(network: Network) -> Network:
    """The network with every second attribute of units and organizations unknown."""
    tables = dict(network.tables)
    for kind, columns in (
        ("units", ["unit_type", "community", "operating", "full_count"]),
        ("organizations", ["org_type", "community", "attribute"]),
    ):
        frame = tables[kind].copy()
        for offset, column in enumerate(columns):
            frame.loc[offset % 2 :: 2, column] = None
        tables[kind] = frame
    return replace(network, tables=tables)


def test_a_network_without_rows_gives_frames_without_rows() -> None:
    empty = Study(Network.from_graph(nx.MultiDiGraph()))
    for name in set(MEASURES) - {
        "crossing_ties",
        "coverage_rates",
        "not_run",
        "partly_run",
    }:  # these say of nothing that it is nothing
        assert asked(empty, name).empty, name
    assert empty.coverage_rates["rate_share"].isna().all()
    assert empty.crossing_ties["ei_index"].isna().all()
    assert set(empty.not_run["rule_id"]) == set(empty.policy.rules)


def test_the_name_of_a_profile_is_no_policy(tiny: Network) -> None:
    with pytest.raises(TypeError, match=r"pb\.read_policy\(profile=\.\.\., path=\.\.\.\) returns, not 'national'"):
        pb.coverage(tiny, policy="national")
