"""Knowledge is data: what the tables must hold for the code to be right."""

import ast
import re
import tomllib
from importlib import resources
from pathlib import Path

import msgspec
import pytest

from pbgraph import policy, reference, schema
from pbgraph.captions import LANGUAGES, captions, shown_reasons
from pbgraph.findings import kinds
from pbgraph.linking.records import links
from pbgraph.model import PREFIXES
from pbgraph.policy import FORCES
from pbgraph.reading.files import pack_names
from pbgraph.reading.formats import known
from pbgraph.reading.workbooks import _REASONS
from pbgraph.reference import Said
from pbgraph.text import fold

SIMPLE_TYPES = {
    "money",
    "text",
    "code",
    "person",
    "org",
    "unit",
    "community",
    "grid",
    "committee",
    "date",
    "integer",
    "number",
    "id_no",
    "phone",
    "flag",
}
SOURCE = Path(schema.__file__).parent


@pytest.mark.parametrize("table", schema.tables().values(), ids=lambda table: table.key)
def test_no_header_means_two_fields(table: schema.Table) -> None:
    raw = tomllib.loads((SOURCE / "reference" / "schema.toml").read_text("utf-8"))
    own = {
        schema.header_key(s, keep_notes=True)
        for spellings in raw["tables"][table.key].get("aliases", {}).values()
        for s in spellings
    }
    claimed: dict[str, set[str]] = {}
    for field in table.fields:
        for spelling in (field.label, *field.aliases):
            key = schema.header_key(spelling, keep_notes=True)
            if key not in own:  # the table itself says whose it is
                claimed.setdefault(key, set()).add(field.key)
    assert {key: fields for key, fields in claimed.items() if len(fields) > 1} == {}


@pytest.mark.parametrize("table", schema.tables().values(), ids=lambda table: table.key)
def test_every_field_has_a_reader(table: schema.Table) -> None:
    unknown = [f.key for f in table.fields if f.type not in SIMPLE_TYPES and not schema.has_vocabulary(f.type)]
    assert unknown == []
    assert set(table.required) <= {f.key for f in table.fields}


def test_numbers_and_addresses_of_persons_are_secret() -> None:
    assert {"id_no", "phone", "home", "birth", "contact", "head"} <= schema.secret_fields()


@pytest.mark.parametrize(
    "file", sorted((SOURCE / "reference" / "vocabulary").glob("*.csv")), ids=lambda file: file.stem
)
def test_no_spelling_means_two_codes(file: Path) -> None:
    vocabulary = schema.vocabulary(file.stem)
    for code, row in vocabulary.rows.items():
        assert row["label"] and row["source"], code
        assert vocabulary.spellings[fold(row["label"]).lower()] == code


def test_relations_name_legal_kinds() -> None:
    for code, row in schema.vocabulary("relation").rows.items():
        ends = {*row["source_kinds"].split(";"), *row["target_kinds"].split(";")}
        assert ends <= {*PREFIXES, "resources"}, code


def test_every_rule_is_stated_forced_and_sourced() -> None:
    rules = policy.read_policy().rules
    for rule in rules.values():
        assert rule.force in FORCES
        assert rule.said("zh") and rule.said("en") and rule.source.clause
    states = schema.vocabulary("coverage_state").rows
    assert {row["rule_id"] for row in states.values()} <= set(rules)


def test_every_sentence_is_in_both_languages() -> None:
    assert captions("zh").keys() == captions("en").keys()
    for code, kind in kinds().items():
        assert kind["severity"] in {"error", "warning", "note"}, code
        holes = [set(re.findall(r"{(\w+)}", text)) for text in (kind["zh"], kind["en"])]
        assert holes[0] == holes[1], code


def test_every_caption_is_used() -> None:
    code = "".join(p.read_text("utf-8") for p in [*SOURCE.rglob("*.py"), *SOURCE.rglob("*.j2"), *SOURCE.rglob("*.js")])
    prefixes = (
        "kind_",
        "layer_",
        "scene_",
        "title_",
        "col_",
        "edition_",
        "severity_",
        "basis_",
        "sure_",
        "note_",
        "body_",
        "view_",
        "changed_",
        "sheet_",
        "counted_",
        "stated_",
        "expected_",
        "type_",
        "skipped_",
        "option_",
        "command_",
        "choice_",
        "day_",
        "network_",
        "sentence_",
        "part_",
        "saved_",
        "aside_",
        "beside_",
        "node_",
        "reason_",
        "plan_",
        "pile_",
        "system_",
        "key_",
        "tone_",
        "management_",
        "measure_",
        "advice_",
        "word_",
    )
    words = {"certain", "check-name", "unknown", "must", "normally", "may"}
    unused = [
        key
        for key in captions("zh")
        if not key.startswith(prefixes) and key not in words and key.removesuffix("_brief") not in code
    ]
    assert unused == []


def naming(names: set[str]) -> re.Pattern[str]:
    """What names one of some files or folders, and not another that is called alike."""
    return re.compile("|".join(rf"(?<![\w.]){re.escape(name)}(?![\w.])" for name in sorted(names)), re.ASCII)


def test_no_message_names_a_file_of_the_other_language() -> None:
    for lang in LANGUAGES:
        other = {name for each in LANGUAGES for name in pack_names(each)} - set(pack_names(lang))
        pattern = naming({name for name in other if lang == "zh" or "." in name})  # "network" is an English word
        said = {**captions(lang), **{code: f"{kind[lang]} {kind['remedy'][lang]}" for code, kind in kinds().items()}}
        assert other and {key for key, text in said.items() if pattern.search(text)} == set(), lang


def test_no_code_names_a_file_of_the_pack() -> None:
    names = {name for lang in LANGUAGES for name in pack_names(lang) if "." in name}
    pattern = naming(names - {"coverage.png"})  # one of the figures is called so too
    for path in SOURCE.rglob("*.py"):
        nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
        documented = [node for node in nodes if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)]
        told = {ast.get_docstring(node, clean=False) for node in documented}
        written = {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)} - told
        assert [text for text in written if pattern.search(text)] == [], path


def test_a_users_policy_changes_adds_and_switches_off(tmp_path: Path) -> None:
    own = tmp_path / "policy.toml"
    own.write_text(
        '[rules.A1.params]\nn = 5\n[rules.D4]\noff = true\n[profiles.ours]\nlabel = {zh = "本街道", en = "ours"}\n'
        'note = {zh = "", en = ""}\n[profiles.ours.params.A1]\nn = 4\n',
        "utf-8",
    )
    assert policy.read_policy(path=own).number("A1", "n") == 5
    ours = policy.read_policy(profile="ours", path=own)
    assert ours.number("A1", "n") == 4
    assert "D4" not in ours.rules and "A2" in ours.rules


def test_a_profile_that_nobody_knows_is_named(tmp_path: Path) -> None:
    with pytest.raises(policy.PolicyError, match="没有名为“外星”的规则方案.*national"):
        policy.read_policy(profile="外星")


def test_the_package_holds_its_data() -> None:
    inside = resources.files("pbgraph")
    for name in (
        "reference/schema.toml",
        "reference/traditional.txt",
        "templates/map.html.j2",
        "templates/map/start.js",
    ):
        assert inside.joinpath(name).is_file()


def test_reasons_of_the_ledger_are_codes_that_are_said_in_both_languages() -> None:
    assert shown_reasons("header 1, total 3", "zh") == "表头 1、合计 3"
    assert shown_reasons("header 1, total 3", "en") == "header 1, total 3"
    assert shown_reasons("", "zh") == ""
    assert {f"skipped_{reason}" for reason in _REASONS} == {key for key in captions("zh") if key.startswith("skipped_")}
    assert all(is_english(said) for key, said in captions("en").items() if key.startswith("skipped_"))


def is_english(said: str) -> bool:
    return not re.search("[\u4e00-\u9fff]", said)


def test_no_english_caption_or_rule_is_in_chinese() -> None:
    kept = {
        "recognised_how",
        "template_how",
        "option_home",
        "no_home",
    }  # name words of the list, of rosters and of places
    assert [key for key, said in captions("en").items() if not is_english(said) and key not in kept] == []
    for rule in policy.built_rules().values():
        for said in (rule.title, rule.statement, rule.message, *(check.message for check in rule.checks)):
            assert is_english(said.en), rule.rule_id


@pytest.mark.parametrize("name", ["captions", "findings", "links", "formats", "rates", "recognition"])
def test_no_key_of_a_table_is_left_out(name: str) -> None:
    """What its type does not name would be dropped without a word."""
    read = {
        "captions": lambda: reference.table("captions", dict[str, Said]), "findings": kinds, "links": links,
        "formats": known, "rates": policy.rates, "recognition": schema.recognition_words,
    }  # fmt: skip
    raw = tomllib.loads((SOURCE / "reference" / f"{name}.toml").read_text("utf-8"))
    assert msgspec.to_builtins(read[name]()) == raw


def test_a_table_of_the_wrong_type_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="Expected `int`"):
        reference.table("captions", dict[str, dict[str, int]])
