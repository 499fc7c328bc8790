"""Policies are written down and read back, and whatever is wrong is said with its place."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consensus.identifiers import IdentityId
from consensus.value.policy import (
    MAX_NAME,
    MAX_RULES,
    MAX_WORDS,
    MadeBy,
    PluginUse,
    Policy,
    Rule,
)
from consensus.value.policy_toml import MAX_POLICY_BYTES, parse_policy, to_toml
from consensus.value.ready import DEFAULT, ready_policies
from consensus.value.toml_values import PolicyError

printable = st.characters(exclude_categories=("C", "Z"), include_characters=" \"'\\#=[]")


def line(most: int, least: int = 0) -> st.SearchStrategy[str]:
    texts = st.text(printable, min_size=least, max_size=most)
    return texts.filter(lambda text: text.isprintable() and (not least or bool(text.strip())))


names = line(MAX_NAME, 1)
factors = st.floats(-1_000, 1_000)
people = st.binary(min_size=32, max_size=32).map(IdentityId)
optional = {
    "witness": people,
    "witness_cluster": names,
    "minter": people,
    "minter_cluster": names,
    "holder": people,
    "holder_cluster": names,
    "hands_over": st.integers(0, 256),
    "tag": names,
    "made_by": st.sampled_from(MadeBy),
    "since": st.dates(),
    "before": st.dates(),
    "older_than_days": st.floats(0, 36_500),
}
rules = st.builds(
    lambda times, why, given: Rule(times, why, **given),
    factors,
    line(MAX_WORDS),
    st.fixed_dictionaries({}, optional=optional).filter(
        lambda given: (
            bool(given)
            and ("since" not in given or "before" not in given or given["since"] < given["before"])
        )
    ),
)
parameters = st.dictionaries(
    names.filter(lambda key: key not in ("name", "why")),
    st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(-1e300, 1e300)
    | line(MAX_NAME),
    max_size=4,
)
policies = st.builds(
    Policy,
    name=names,
    about=line(MAX_WORDS),
    continuity_floor=st.floats(0, 1),
    cluster_credit=st.floats(0, 1),
    stranger_trust=st.floats(0, 1),
    close_at=st.floats(0, 1),
    contested_factor=factors,
    reported_factor=factors,
    forked_factor=factors,
    rules=st.lists(rules, max_size=4).map(tuple),
    plugins=st.lists(
        st.builds(
            PluginUse, names.filter(lambda name: name != "fresh"), parameters, line(MAX_WORDS)
        ),
        max_size=2,
    ).map(tuple),
)


@given(policies)
def test_what_is_written_is_read_back(policy: Policy):
    assert parse_policy(to_toml(policy)) == policy


@given(st.text(max_size=200))
def test_any_text_is_a_policy_or_refused_in_one_line(text: str):
    said = ""
    try:
        parse_policy(text)
    except PolicyError as error:
        said = str(error)
    assert "\n" not in said


def test_ready_made_policies_can_be_used_and_the_first_is_the_default():
    assert ready_policies()[0] == DEFAULT
    assert all(policy.about for policy in ready_policies())


def test_a_rule_may_say_several_things():
    text = """
    name = "mine"
    [[rule]]
    tag = "concert"
    since = 2026-05-01
    times = 2
    """
    assert parse_policy(text).rules == (Rule(2.0, tag="concert", since=date(2026, 5, 1)),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x", "This is no TOML"),
        ("about = ''", "The policy has no name. Add one"),
        ("name = 3", "name: write one line of text"),
        ("name = ' '", "name: it is empty"),
        ("name = 'a'\nvalue = 1", "The policy has the unknown key 'value'. Known are name"),
        ("name = 'a'\ncontinuity = 1.5", "continuity: write a number from 0 to 1."),
        ("name = 'a'\ncontinuity = true", "continuity: write a number from 0 to 1."),
        ("name = 'a'\nforked = nan", "forked: write a number from -1000 to 1000."),
        ("name = 'a'\nrule = 3", "rule: write [[rule]]"),
        ("name = 'a'\n[[rule]]\ntag = 'x'", "Rule 1 says no times"),
        ("name = 'a'\n[[rule]]\ntimes = 1", "Rule 1 says of no coins what they are like"),
        ("name = 'a'\n[[rule]]\ntag = 'x'\ntimes = inf", "times of rule 1: write a number"),
        (
            "name = 'a'\n[[rule]]\nholder = 'Bo'\ntimes = 1",
            "holder of rule 1: write a person",
        ),
        ("name = 'a'\n[[rule]]\nholder = 3\ntimes = 1", "holder of rule 1: write a person"),
        (
            "name = 'a'\n[[rule]]\nmade_by = 'x'\ntimes = 1",
            "made_by of rule 1: write one of",
        ),
        ("name = 'a'\n[[rule]]\nsince = 'May'\ntimes = 1", "since of rule 1: write a day"),
        (
            "name = 'a'\n[[rule]]\nhands_over = 1.5\ntimes = 1",
            "hands_over of rule 1: write a",
        ),
        ("name = 'a'\n[[rule]]\ntag = 'x'\ntimes = 1\nif = 2", "Rule 1 has the unknown key 'if'"),
        ("name = 'a'\n[[plugin]]\nhalf = 1", "Plugin 1 has no name"),
        ("name = 'a'\n[[plugin]]\nname = 'fresh'\nx = [1]", "'x' of plugin 1: write a number"),
        (
            "name = 'a'\n[[rule]]\nsince = 2026-05-02\nbefore = 2026-05-01\ntimes = 1",
            "since of rule 1 is 2026-05-02, not earlier than before, 2026-05-01",
        ),
        (
            "name = 'a'\n[[rule]]\nsince = 2026-05-01\nbefore = 2026-05-01\ntimes = 1",
            "no coin is of such a day",
        ),
        *(
            (
                f"name = 'a'\n[[plugin]]\nname = 'fresh'\nhalf_life_days = {days}",
                "half_life_days of plugin 1: write a number of days above 0.",
            )
            for days in ("0", "-1", "'long'", "true")
        ),
        (
            "name = 'a'\n[[plugin]]\nname = 'fresh'\nhalf_life = 3",
            "The plug-in fresh (plugin 1) has the unknown key 'half_life'. Known are half_life_",
        ),
        ("name = 'a'\n" + "[[rule]]\ntag='x'\ntimes=1\n" * (MAX_RULES + 1), "at most 64"),
        ("#" * (MAX_POLICY_BYTES + 1), "longer than 65,536 bytes"),
        ("a=" + "[" * 30_000, "This is no TOML that can be read"),
        ("name='a'\ncontinuity=" + "9" * 10_000, "This is no TOML that can be read"),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_the_next_step(text: str, said: str):
    with pytest.raises(PolicyError) as refused:
        parse_policy(text)
    assert said in str(refused.value)
