"""A user's file of rules: every mistake is a sentence with its line, and every parameter does something."""

import dataclasses
import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import msgspec
import pandas as pd
import pytest
from conftest import TINY, write_book
from hypothesis import HealthCheck, given, settings
from test_records import FURTHER
from test_rules import CHECKS, EVERY, case

import pbgraph as pb
from pbgraph import policy, reference
from pbgraph.analyses import ranges
from pbgraph.analyses.coverage import coverage
from pbgraph.analyses.subjects import KINDS, subjects
from pbgraph.findings import kinds, sentence
from pbgraph.network import Network
from pbgraph.policy import Check, Rule, read_policy

OURS = Path(reference.__file__).with_name("policy.toml")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
RULE = """[rules.X1]
title = {zh = "职工", en = "staff"}
statement = {zh = "不少于 {n} 人。", en = "{n}"}
shape = "range"
on = "units"
needs = ["units"]
force = "may"
params = {n = 6}
in_force = "2025-01-01"
source = {document = "d", clause = "c"}
[[rules.X1.checks]]
value = "staff_count"
least = "n"
message = {zh = "{subject} {value}", en = "{value}"}
"""


@pytest.fixture(scope="module")
def further(tmp_path_factory: pytest.TempPathFactory) -> Network:
    path = tmp_path_factory.mktemp("policy") / "roster.xlsx"
    bodies = [["机构名称", "机构类别", "负责人兼任职务"], ["望江派出所", "派出所", "办事处副主任"]]
    return pb.read(write_book(path, {**TINY, **FURTHER, "街道机构": bodies}), as_of="2025-06-30")


def refused(path: Path) -> pb.PolicyError:
    with pytest.raises(pb.PolicyError) as raised:
        read_policy(path=path)
    return raised.value


def x1(old: str, new: str) -> str:
    assert old in RULE
    return RULE.replace(old, new)


def v1(*lines: str) -> str:
    """A value of units."""
    return "\n".join(["[values.units.n_x]", *lines, 'label = { zh = "x", en = "x" }', ""])


ANY_OF, REL = 'of = "any"', 'relation = "attends"'
MISTAKES = [  # what is written, the kind of mistake, its line, and words of the English sentence
    ('[rules.A1.params]\nn = "three"\n', "policy-type", 2, ["rules.A1.params.n", "whole number", "three"]),
    ("[rules.A1.params]\nn = 3.5\n", "policy-type", 2, ["whole number", "3.5"]),
    ("[rules.A1.params]\nn = true\n", "policy-type", 2, ["rules.A1.params.n", "true"]),
    ("[rules.A1.params]\nn = [3]\n", "policy-type", 2, ["rules.A1.params.n", "[3]"]),
    ("[rules.A1.params]\nn = 2025-01-01\n", "policy-type", 2, ["rules.A1.params.n"]),
    ("[rules.A1.params]\n\nn = -1\n", "policy-number", 3, ["rules.A1.params.n", "-1", "from 0 to 1000000000"]),
    ("[rules.A1.params]\nn = 99999999999999999999999\n", "policy-number", 2, ["from 0 to 1000000000"]),
    ("[rules.B7.params]\nshare = inf\n", "policy-number", 2, ["from 0 to 1"]),
    ("[rules.B7.params]\nshare = nan\n", "policy-number", 2, ["from 0 to 1"]),
    ("[rules.B7.params]\nshare = 80\n", "policy-number", 2, ["rules.B7.params.share", "from 0 to 1"]),
    ("[rules.A5.params]\nleast = 40\n", "policy-order", 2, ["least = 40", "most = 30"]),
    ('[rules.B1.params]\nwords = "("\n', "policy-words", 2, ["'('"]),
    ('[rules.B1.params]\nwords = "a|"\n', "policy-words", 2, ["'a|'"]),
    ('[rules.B1.params]\nwords = "(?=(a+)+$)b"\n', "policy-words", 2, ["(?=(a+)+$)b"]),
    ("[rules.B1.params]\nwords = 3\n", "policy-type", 2, ["text in quotes"]),
    ("[rules.A1]\nparams = [3]\n", "policy-type", 2, ["rules.A1.params", "keys in braces"]),
    ("[rules.A1.params]\nN = 9\n", "policy-unread", 2, ["'N'", "A1 reads: n."]),
    ("[rules.D4.params]\nn = 2\n", "policy-unread", 2, ["'n'", "D4"]),
    (x1("n = 6", "n = 6, m = 7"), "policy-unread", 8, ["rules.X1.params.m", "reads: n."]),
    (x1("{n} 人", "{n} {m} 人").replace("n = 6", "n = 6, m = 7"), "policy-unread", 8, ["'m'"]),
    ('[rules.A1.message]\nzh = "{unit_name}"\nen = "x"\n', "policy-word", 2, ["message.zh", "{unit_name}", "{unit_type}", "{n}"]),
    ('[rules.A1.message]\nzh = "x"\nen = "{unit_name}"\n', "policy-word", 3, ["message.en", "{unit_name}"]),
    ('[rules.A1.statement]\nzh = "{m}"\nen = "x"\n', "policy-word", 2, ["statement.zh", "{m}", "Possible: {n}."]),
    (x1('en = "{value}"', 'en = "{ends}"'), "policy-word", 14, ["checks[1].message.en", "{ends}"]),
    (x1('en = "{value}"', 'en = "{}"'), "policy-word", 14, ["{}"]),
    (x1('en = "{value}"', 'en = "{value.real}"'), "policy-word", 14, ["{value.real}"]),
    (x1('en = "{n}"', 'en = "{n"'), "policy-braces", 3, ["statement.en", "{n"]),
    (x1('en = "{n}"', 'en = "n}"'), "policy-braces", 3, ["n}"]),
    (x1('en = "{n}"', 'en = "{n:d}"'), "policy-braces", 3, ["{n:d}"]),
    (x1('en = "{value}"', 'en = "{subject:.0f}"'), "policy-braces", 14, ["{subject:.0f}"]),
    (x1('en = "{value}"', 'en = "{value!r}"'), "policy-braces", 14, ["{value:!r}"]),
    ("rules = 3\n", "policy-type", 1, ["rules", "3"]),
    ("[rules]\nA6 = 3\n", "policy-type", 2, ["rules.A6", "3"]),
    ('[rulez.A6]\nforce = "may"\n', "policy-key", 1, ["'rulez'", "profiles / values / rules"]),
    ('[rules.A6]\n\nforce = "should"\n', "policy-choice", 3, ["'should'", "must / normally / may"]),
    ('[rules.A6]\nfroce = "must"\n', "policy-key", 2, ["'froce'", "force"]),
    ('[rules.A6]\nrule_id = "A7"\n', "policy-key", 2, ["'rule_id'"]),
    ('[rules.A6]\nmessage = {zh = "x", en = "x"}\n', "policy-key", 2, ["'message'", "checks"]),
    ('[rules.A6]\ntitle = {zh = "x", en = "x", fr = "x"}\n', "policy-key", 2, ["'fr'", "zh / en"]),
    ("[rules.A6]\ntitle = {zh = 3}\n", "policy-type", 2, ["rules.A6.title.zh", "3"]),
    ("[rules.A6]\noff = 5\n", "policy-type", 2, ["rules.A6.off", "true or false", "5"]),
    ('[rules.A6]\nin_force = "soon"\n', "policy-type", 2, ["rules.A6.in_force", "date", "soon"]),
    ('[rules.A6]\nsource = {sure = "yes"}\n', "policy-choice", 2, ["rules.A6.source.sure", "seed / ours / found / unverified"]),
    ('[rules.A6]\non = "unitz"\n', "policy-choice", 2, ["'unitz'", "units"]),
    ('[rules.A6]\nneeds = ["rosters"]\n', "policy-choice", 2, ["'rosters'"]),
    ('[rules.A6]\nrefines = ["Z9"]\n', "policy-choice", 2, ["'Z9'"]),
    ('[rules.A6]\nonly = ["ours"]\n', "policy-choice", 2, ["'ours'", "national"]),
    ('[rules.A6]\nshape = "ladder"\n', "policy-choice", 2, ["'ladder'", "range"]),
    ('[rules.X2]\ntitle = {zh = "x", en = "x"}\n', "policy-lacks", 1, ["rules.X2", "'statement'"]),
    (x1('needs = ["units"]\n', ""), "policy-lacks", 1, ["'needs'"]),
    (x1(', en = "staff"', ""), "policy-lacks", 2, ["rules.X1.title", "'en'"]),
    (x1('value = "staff_count"', 'value = "n_seats"'), "policy-choice", 12, ["'n_seats'", "n_agreements"]),
    (x1('least = "n"', 'least = "nn"'), "policy-choice", 13, ["'nn'", "Choose from: n."]),
    (x1('least = "n"', 'most = "n"\nleast = "n"'), "policy-one-of", 11, ["one comparison"]),
    (x1('least = "n"\n', ""), "policy-one-of", 11, ["least / most"]),
    (x1('least = "n"', 'leest = "n"'), "policy-key", 13, ["'leest'", "least"]),
    (x1('least = "n"', "least = -5"), "policy-number", 13, ["-5"]),
    (x1('value = "staff_count"', 'value = "basis"'), "policy-compare", 13, ["basis", "least = n"]),
    (x1('least = "n"', "is = true"), "policy-compare", 13, ["staff_count", "is = true"]),
    (x1('least = "n"', 'least = "n"\nwhere = {state = {most = "n"}}'), "policy-compare", 14, ["state", "most = n"]),
    (x1('least = "n"', 'least = "@n_seats"'), "policy-choice", 13, ["'n_seats'"]),
    (x1("n = 6", 'n = "six"'), "policy-type", 8, ["rules.X1.params.n", "a number", "six"]),
    (x1('least = "n"', 'least = "n"\nwhere = {ends = 3}'), "policy-choice", 14, ["'ends'"]),
    (x1('least = "n"', 'least = "n"\nwhere = {n_full = {leest = "n"}}'), "policy-choice", 14, ["'leest'", "least"]),
    (x1('least = "n"', 'least = "n"\nwhere = {n_full = {least = 3}}'), "policy-type", 14, ["where.n_full.least", "3"]),
    (x1('least = "n"', 'least = "n"\nwhere = {n_full = {least = "q"}}'), "policy-choice", 14, ["'q'"]),
    ("[profiles.national]\noff = 5\n", "policy-type", 2, ["profiles.national.off", "list", "5"]),
    ('[profiles.national]\noff = ["Z9"]\n', "policy-choice", 2, ["'Z9'"]),
    ('[profiles.national]\nlabels = "x"\n', "policy-key", 2, ["'labels'", "label"]),
    ("[profiles.national]\nlabel = 3\n", "policy-type", 2, ["profiles.national.label"]),
    ('[profiles.ours]\nlabel = {zh = "x", en = "x"}\n', "policy-lacks", 1, ["'note'"]),
    ("[profiles.national.params]\nA1 = 4\n", "policy-type", 2, ["profiles.national.params.A1", "4"]),
    ("[profiles.national.params]\nA1 = {m = 4}\n", "policy-unread", 2, ["'m'", "A1 reads: n."]),
    ("[profiles.national.params]\nZ9 = {n = 4}\n", "policy-choice", 2, ["'Z9'"]),
    ('[profiles.national.params.A1]\nn = "x"\n', "policy-type", 2, ["whole number"]),
    ("[profiles.national.params.A5]\nleast = 31\n", "policy-order", 2, ["most = 30"]),
    (v1(), "policy-lacks", 1, ["values.units.n_x", "'of'"]),
    (v1('of = "ends"'), "policy-lacks", 1, ["'relation'"]),
    (v1('of = "sum"', REL), "policy-choice", 2, ["'sum'", "ties / ends / any / share / months"]),
    (v1("of = 3", REL), "policy-type", 2, ["of", "3"]),
    (v1(ANY_OF, "relation = 3"), "policy-type", 3, ["relation", "3", "list"]),
    (v1(ANY_OF, "relation = []"), "policy-lacks", 3, ["'relation'"]),
    (v1(ANY_OF, 'relation = "attend"'), "policy-choice", 3, ["'attend'", "attends"]),
    (v1(ANY_OF, 'relation = ["attends", "leads"]'), "policy-choice", 3, ["'leads'"]),
    (v1(ANY_OF, REL, 'end = "target"'), "policy-choice", 3, ["'attends'"]),
    (v1(ANY_OF, REL, 'end = "left"'), "policy-choice", 4, ["'left'", "source / target / either"]),
    (v1(ANY_OF, REL, 'other = "members"'), "policy-choice", 4, ["'members'", "meetings / bodies"]),
    (v1(ANY_OF, REL, 'known = "all"'), "policy-choice", 4, ["'all'", "any / own / since"]),
    (v1(ANY_OF, REL, "where = 3"), "policy-type", 4, ["where", "3"]),
    (v1(ANY_OF, REL, 'where = { state = "x" }'), "policy-choice", 4, ["'state'", "status"]),
    (v1(ANY_OF, REL, "where = { status = 3 }"), "policy-type", 4, ["where.status", "3"]),
    (v1(ANY_OF, REL, 'where = { post = "boss" }'), "policy-choice", 4, ["'boss'", "secretary"]),
    (v1(ANY_OF, REL, 'where = { basis = "heard" }'), "policy-choice", 4, ["'heard'", "stated / derived / decided"]),
    (v1(ANY_OF, REL, 'where = { since = { least = "soon" } }'), "policy-type", 4, ["since.least", "date", "soon"]),
    (v1(ANY_OF, REL, 'where = { status = { least = "a" } }'), "policy-compare", 4, ["status", "least = a"]),
    (v1(ANY_OF, REL, 'where = { since = { from = "2025" } }'), "policy-choice", 4, ["'from'", "least / most"]),
    (v1(ANY_OF, REL, 'where_other = { expected = 3 }'), "policy-lacks", 4, ["'other'"]),
    (v1(ANY_OF, REL, 'other = "meetings"', 'where_other = { expect = 3 }'), "policy-choice", 5, ["'expect'", "expected"]),
    (v1(ANY_OF, REL, 'other = "meetings"', 'where_other = { expected = "3" }'), "policy-type", 5, ["expected", "number"]),
    (v1(ANY_OF, REL, 'other = "meetings"', 'where_other = { meeting_type = ["party"] }'), "policy-choice", 5, ["'party'"]),
    (v1('of = "share"', REL), "policy-lacks", 1, ["'where'"]),
    (v1(ANY_OF, REL, "wher = {}"), "policy-key", 4, ["'wher'", "where"]),
    (v1(ANY_OF, REL).replace("units", "street"), "policy-choice", 1, ["'street'", "organizations / units"]),
    (v1(ANY_OF, REL).replace("n_x", "n_full"), "policy-taken", 1, ["'n_full'"]),
    (v1(ANY_OF, REL).replace("n_x", "value"), "policy-taken", 1, ["'value'"]),
    (v1(ANY_OF, REL).replace("n_x", '"n x"'), "policy-name", 1, ["'n x'"]),
    ("values.units = 3\n", "policy-type", 1, ["values.units", "3"]),
    ("[values.units]\nn_x = 3\n", "policy-type", 2, ["values.units.n_x", "3"]),
    ("[values.units.n_agreements]\nof = 3\n", "policy-type", 2, ["n_agreements.of", "3"]),
    (v1(ANY_OF, REL).replace("n_x", "n") + RULE, "policy-taken", 12, ["'n'"]),
    (v1(ANY_OF, REL) + x1('"staff_count"', '"n_x"'), "policy-compare", 17, ["n_x", "least = n"]),
    (v1('of = "share"', REL, 'where = { status = "" }') + x1('"staff_count"', '"n_x"'), "policy-number", 13, ["from 0 to 1"]),
    ("[rules.A1]\nforce = must\n", "toml-syntax", 2, ["force = must"]),
    ("[rules.A1\n", "toml-syntax", 1, ["[rules.A1"]),
    ('[rules.A1]\ntitle = """x\n\n', "toml-syntax", 2, ['"""x']),
    ("a = 1\nb = " + "[" * 5000, "toml-syntax", 2, ["[[["]),
    ("a = 1\n\nb = " + "9" * 5000, "toml-syntax", 3, ["999"]),
    ("[rules.A1.params]\nn = 3\nn = 4\n", "toml-twice", 3, ["n = 4"]),
    ('[rules.A1]\nforce = "may"\n[rules.A1]\noff = true\n', "toml-twice", 3, ["[rules.A1]"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "line", "words"), MISTAKES, ids=range(len(MISTAKES)))
def test_a_mistake_says_what_and_on_which_line(
    tmp_path: Path, text: str, code: str, line: int, words: list[str]
) -> None:
    own = tmp_path / "p.toml"
    own.write_text(text, "utf-8")
    error = refused(own)
    english = sentence(error.code, error.data, lang="en")
    assert (error.code, error.data["line"]) == (code, line), english
    assert f"“p.toml”第 {line} 行" in str(error)
    assert [word for word in words if word not in english] == [], english
    assert "{file}" not in english
    assert not CHINESE.search(english.replace(str(error.data.get("text", "")), ""))


def test_a_file_that_is_no_text_says_what_it_is(tmp_path: Path) -> None:
    own = tmp_path / "p.toml"
    assert refused(own).code == "toml-absent"
    assert refused(tmp_path).code == "toml-folder"
    own.write_bytes('[rules.A1]\n# 三名\ntitle = "三"\n'.encode("gbk"))
    assert "“p.toml”第 2 行的文字不是 UTF-8 编码。请用记事本" in str(refused(own))
    own.write_bytes("[rules.A1.params]\nn = 5\n".encode("utf-16"))
    assert refused(own).code == "toml-encoding"
    own.write_bytes(b"\xef\xbb\xbf[rules.A1.params]\r\nn = 5\r\n")  # as the editor of Windows writes it
    assert read_policy(path=own).number("A1", "n") == 5
    own.write_text("", "utf-8")
    assert read_policy(path=own).rules == read_policy().rules
    own.write_text(f"# {'x' * 2**20}", "utf-8")
    assert "“p.toml”有 1 MB，不像规则文件" in str(refused(own))


def test_each_kind_of_mistake_is_made_above() -> None:
    made = {code for _, code, _, _ in MISTAKES}
    assert {code for code in kinds() if code.startswith(("policy-", "toml-"))} - made == {
        "toml-absent", "toml-folder", "toml-encoding", "toml-large",
    }  # fmt: skip


def test_a_line_is_found_in_statements_of_several_lines_and_in_long_files(tmp_path: Path) -> None:
    own = tmp_path / "p.toml"
    checks = '[rules.A6]\nchecks = [\n  {value = "n_members", most = "most", message = {zh = "x", en = "x"}},\n'
    own.write_text(
        f'{checks}\n  {{value = "n_memmbers", most = "most", message = {{zh = "x", en = "x"}}}},\n]\n', "utf-8"
    )
    assert refused(own).data["line"] == 5
    text = OURS.read_text("utf-8")
    wrong = text.replace("params = { least = 5, most = 7 }", "params = { least = 5, most = 7 }")
    lines = wrong.splitlines()
    place = next(n for n, line in enumerate(lines) if line == "[rules.E9]")
    broken = lines[: place + 1] + [line.replace("adult = 18", 'adult = "18"') for line in lines[place + 1 :]]
    own.write_text("\n".join(broken), "utf-8")
    error = refused(own)
    assert (error.code, error.data["where"]) == ("policy-type", "rules.E9.params.adult")
    assert '"18"' in broken[int(error.data["line"]) - 1]  # type: ignore[call-overload]


def test_our_own_rules_keep_what_is_asked_of_others() -> None:
    """Every parameter is read, every word known, every check right: the whole file is read as a user's."""
    again = read_policy(path=OURS)
    assert again == read_policy()
    assert again.params == read_policy().params


def toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from places(item, (*path, key))


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = value.copy()
    copy[path[0]] = replaced(value[path[0]], path[1:], new)
    return copy


ANY = [3, -1, 2.5, 10**30, True, "x", "", "三", "{x}", "{", "(", [], [3], ["x"], {}, {"x": 3}, {"zh": "x"}]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_stands_anywhere_is_read_or_is_a_sentence(tmp_path: Path, data: st.DataObject) -> None:
    rule_id = data.draw(st.sampled_from(["A1", "A7", "A17", "B7", "B12", "C10", "D4", "F8"]))
    entry = policy.raw_policy()["rules"][rule_id]
    path = data.draw(st.sampled_from(list(places(entry))))
    own = tmp_path / "p.toml"
    own.write_text(f"rules.{rule_id} = {toml(replaced(entry, path, data.draw(st.sampled_from(ANY))))}\n", "utf-8")
    try:
        rule = read_policy(path=own).rules.get(rule_id)
    except pb.PolicyError as error:
        assert "第 1 行" in str(error) and "line 1 " in sentence(error.code, error.data, lang="en").lower()
        return
    for check in rule.checks if rule else ():
        row = {**case(rule, check, None).iloc[0], "value": 1, "bound": 2}  # type: ignore[arg-type]
        assert {ranges._finding(rule, check, row, lang, is_open=False)["message"] is None for lang in ("zh", "en")} == {
            False
        }  # type: ignore[arg-type]
    assert rule is None or {type(rule.said(lang)) for lang in ("zh", "en")} == {str}


def test_the_columns_that_are_declared_are_those_that_are_made(further: Network) -> None:
    made = policy.judged().kinds
    study = pb.Study(further)
    for kind in KINDS:
        frame, of_ties = subjects(study, kind), study.policy.values.get(kind, {})
        assert sorted(frame) == sorted([*made[kind], *of_ties, "subject_id", "source"])
        counted = {column: column not in policy.judged().uncounted for column in made[kind]}
        for column, is_counted in (counted | {name: value.is_counted for name, value in of_ties.items()}).items():
            is_number = pd.api.types.is_numeric_dtype(frame[column]) and not pd.api.types.is_bool_dtype(frame[column])
            assert is_number == is_counted or frame[column].isna().all(), column
    frames = {
        "ladder": coverage(further),
        "classification": pb.dual_management(further),
        "degree": pb.co_building(further),
    }
    for shape, frame in frames.items():
        assert set(made[shape]) <= {*frame, "subject", "state", "of_full"}
    assert set(made) == {*KINDS, *frames}


def test_a_parameter_that_a_measure_reads_is_asked_for(further: Network) -> None:
    asked: set[tuple[str, str]] = set()

    class Watched(dict[str, Any]):
        def __init__(self, rule_id: str, params: dict[str, Any]) -> None:
            super().__init__(params)
            self.rule_id = rule_id

        def __getitem__(self, name: str) -> Any:
            asked.add((self.rule_id, name))
            return super().__getitem__(name)

    plain = read_policy()
    params = {rule_id: Watched(rule_id, held) for rule_id, held in plain.params.items()}
    study = pb.Study(further, policy=dataclasses.replace(plain, params=params))
    for kind in KINDS:
        subjects(study, kind)
    declared = {(rule_id, name) for rule_id, names in policy.judged().read.items() for name in names}
    assert declared == asked
    for rule_id, names in policy.judged().read.items():
        judged = {
            column for check in EVERY[rule_id].checks for column in (check.value, *check.where, str(check.bound)[1:])
        }
        assert set(names.values()) <= judged | {"coverage"}


NUMBERED = [(rule, check, name) for rule, check in CHECKS for name in sorted(check.params)]


@pytest.mark.parametrize(
    ("rule", "check", "name"), NUMBERED, ids=[f"{r.rule_id} {c.value} {n}" for r, c, n in NUMBERED]
)
def test_another_number_is_another_judgement(rule: Rule, check: Check, name: str) -> None:
    number: Any = rule.params[name]
    step = 0.01 if isinstance(number, float) else 1
    values = [number + d * step for d in (-2, -1, 0, 1, 2)] if check.bound == name else [True, False, -9, 10**8]
    limited = [column for column, wanted in check.where.items() if isinstance(wanted, dict) and name in wanted.values()]
    values = [number - step, number, number + step] if check.value in limited else values
    outcomes = []
    for changed in (number, number + step):
        other = msgspec.structs.replace(rule, params={**rule.params, name: changed})
        found = []
        for value, *inside in itertools.product(values, *([number - step, number, number + step] for _ in limited)):
            frame = case(rule, check, value).assign(**dict(zip(limited, inside, strict=True)))
            frame = frame.assign(**{check.value: value})
            found.append(len(ranges._judged(other, check, frame)))
        outcomes.append(found)
    assert outcomes[0] != outcomes[1]


# Full and probationary members of units without an organization, and of units in a joint branch.
COUNTS = list(itertools.product(range(7), range(3)))


@pytest.fixture(scope="module")
def ladder(tmp_path_factory: pytest.TempPathFactory) -> Network:
    units = [["单位名称", "所属社区", "正式党员", "预备党员"]]
    units += [[f"单位{full}甲{more}号", "甲社区", full, more] for full, more in COUNTS]
    units += [[f"联建{full}甲{more}号", "甲社区", full, more] for full, more in COUNTS]
    covered = "、".join(f"联建{full}甲{more}号" for full, more in COUNTS)
    organizations = [
        ["党组织名称", "组织类别", "所属社区", "联合支部覆盖单位"],
        ["商圈联合党支部", "联合党支部", "甲社区", covered],
    ]
    path = tmp_path_factory.mktemp("ladder") / "roster.xlsx"
    return pb.read(write_book(path, {"党组织": organizations, "驻区单位": units}), as_of="2025-06-30")


def in_the_rules_words(full: int, more: int, *, joint: bool, own: int, joining: int, leaving: int) -> str:
    """The state of a unit by A1, A2 and A7 as they are written."""
    if joint:
        return "split-due" if full >= leaving else "joint"
    if full >= own:
        return "must-establish"
    if full + more >= own:
        return "borderline"
    if full + more == 0:
        return "blank"
    return "joint-candidate" if full < joining else "borderline"


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(own=st.integers(0, 8), joining=st.integers(0, 8), leaving=st.integers(0, 8))
def test_the_ladder_reads_the_number_of_each_rule(
    tmp_path: Path, ladder: Network, own: int, joining: int, leaving: int
) -> None:
    file = tmp_path / "p.toml"
    file.write_text(
        "".join(f"[rules.{r}.params]\nn = {n}\n" for r, n in (("A1", own), ("A2", joining), ("A7", leaving)))
    )
    numbers = {"own": own, "joining": joining, "leaving": leaving}
    states = pb.coverage(ladder, policy=read_policy(path=file)).set_index("unit")["state"]
    expected = {
        f"{name}{full}甲{more}号": in_the_rules_words(full, more, joint=joint, **numbers)
        for name, joint in (("单位", False), ("联建", True))
        for full, more in COUNTS
    }
    assert states.to_dict() == expected


def test_each_number_of_the_ladder_changes_what_is_found(ladder: Network, tmp_path: Path) -> None:
    file = tmp_path / "p.toml"

    def found(text: str) -> list[Any]:
        file.write_text(text)
        rows = pb.assess(ladder, policy=read_policy(path=file))
        return rows[rows["rule_id"].isin(["A1", "A2", "A7"])][["rule_id", "subject", "sure"]].to_numpy().tolist()

    plain = found("")
    for rule_id in ("A1", "A2", "A7"):
        assert found(f"[rules.{rule_id}.params]\nn = 2\n") != plain
    many = ["A7", "商圈联合党支部", "certain"]
    assert many in plain and many not in found("[rules.A7.params]\nmax_units = 50\n")
    least = pb.coverage(ladder)[
        "is_covered_sure"
    ]  # 21 units are known: the branch may cover others where 50 are the least
    file.write_text("[rules.A7.params]\nmin_units = 50\n")
    assert not pb.coverage(ladder, policy=read_policy(path=file))["is_covered_sure"].equals(least)


def test_what_is_not_known_of_a_subject_stops_no_sentence(tiny: Network, tmp_path: Path) -> None:
    own = tmp_path / "p.toml"
    own.write_text(x1('zh = "{subject} {value}"', 'zh = "{subject} {value:.1f} {n_members} {organization}"'), "utf-8")
    found = pb.assess(tiny, policy=read_policy(path=own))
    assert found.loc[found["rule_id"] == "X1", "message"].tolist() == ["小美发屋 5.0 1 …"]
