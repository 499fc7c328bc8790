"""A rule in words, as they follow `by your rule on …`."""

from collections.abc import Callable, Mapping

from consensus.identifiers import IdentityId
from consensus.value.policy import MadeBy, Rule

MADE_BY = {
    MadeBy.PERSON: "that a person made",
    MadeBy.MACHINE: "that a machine made",
    MadeBy.DOUBTFUL: "whose witnesses had doubts",
}


def rule_words(
    rule: Rule, name_of: Callable[[IdentityId], str], cluster_names: Mapping[str, str]
) -> str:
    """What a rule is about, and the observer's reason for it."""
    coins = _coins(rule, name_of, cluster_names)
    about = f"coins {' and '.join(coins)}" if coins else ""
    if set(rule.conditions) == {"tag"}:
        about = f"the tag {rule.tag!r}"
    if rule.is_about_word:
        whose = _witness(rule, name_of, cluster_names)
        about = f"{whose}, for {about}" if about else whose
    return f"{about} (“{rule.why}”)" if rule.why else about


def _witness(
    rule: Rule, name_of: Callable[[IdentityId], str], cluster_names: Mapping[str, str]
) -> str:
    parts = []
    if rule.witness is not None:
        parts.append(f"{name_of(rule.witness)}'s word")
    if rule.witness_cluster is not None:
        parts.append(f"words from {_cluster(rule.witness_cluster, cluster_names)}")
    return " and ".join(parts)


def _coins(
    rule: Rule, name_of: Callable[[IdentityId], str], cluster_names: Mapping[str, str]
) -> list[str]:
    found = []
    if rule.minter is not None:
        found.append(f"that {name_of(rule.minter)} played for")
    if rule.minter_cluster is not None:
        found.append(f"from {_cluster(rule.minter_cluster, cluster_names)}")
    if rule.holder is not None:
        found.append(f"that {name_of(rule.holder)} held")
    if rule.holder_cluster is not None:
        found.append(f"that went through {_cluster(rule.holder_cluster, cluster_names)}")
    if rule.hands_over is not None:
        found.append(f"that went through more than {rule.hands_over} hands")
    if rule.tag is not None:
        found.append(f"tagged {rule.tag!r}")
    if rule.made_by is not None:
        found.append(MADE_BY[rule.made_by])
    if rule.since is not None:
        found.append(f"minted since {rule.since.isoformat()}")
    if rule.before is not None:
        found.append(f"minted before {rule.before.isoformat()}")
    if rule.older_than_days is not None:
        found.append(f"older than {rule.older_than_days:g} days")
    return found


def _cluster(cluster: str, names: Mapping[str, str]) -> str:
    return f"the cluster {names.get(cluster, cluster)!r}"
