"""Policies as the page shows them: pure functions to shapes."""

from collections.abc import Iterable
from datetime import date
from importlib import metadata

from consensus.identifiers import IdentityId, to_did
from consensus.value.plugins import GROUP, OURS
from consensus.value.policy import Policy, Rule
from consensus.value.policy_toml import SETTINGS, to_toml
from consensus.value.ready import DEFAULT
from consensus.value.rule_words import rule_words
from popd.api.outlook import Outlook
from popd.api.value_shapes import PluginView, PolicyView, RuleView, Told


def policy_view(
    outlook: Outlook, policy: Policy, loaded: Iterable[str], trouble: str = ""
) -> PolicyView:
    """A policy, as people read it and as they write it; `loaded` are plug-ins that work."""
    known = set(loaded)
    return PolicyView(
        name=policy.name,
        about=policy.about,
        toml=to_toml(policy),
        settings={key: getattr(policy, field) for key, field in SETTINGS.items()},
        rules=[_rule(outlook, rule) for rule in policy.rules],
        plugins=[
            PluginView(use.name, dict(use.parameters), use.why, use.name in known)
            for use in policy.plugins
        ],
        people=[outlook.person(one) for one in _people(policy)],
        is_default=policy == DEFAULT,
        trouble=trouble,
    )


def installed_plugins() -> list[str]:
    """The names of all plug-ins that a policy could ask; none is loaded for that."""
    return sorted({*OURS, *(point.name for point in metadata.entry_points(group=GROUP))})


def _rule(outlook: Outlook, rule: Rule) -> RuleView:
    conditions = {key: _told(value) for key, value in rule.conditions.items()}
    words = rule_words(rule, outlook.names.of, outlook.opinions.cluster_names)
    return RuleView(rule.times, rule.why, conditions, words)


def _told(value: object) -> Told:
    match value:
        case bytes():
            return to_did(IdentityId(value))
        case date():
            return value.isoformat()
        case bool() | int() | float():
            return value
        case _:
            return str(value)


def _people(policy: Policy) -> list[IdentityId]:
    named = (person for rule in policy.rules for person in (rule.witness, rule.minter, rule.holder))
    return list(dict.fromkeys(person for person in named if person is not None))
