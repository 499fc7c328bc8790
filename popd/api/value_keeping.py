"""The user's policy of value: a TOML file in the node's home, written whole or not at all."""

from consensus.value.policy import Policy
from consensus.value.policy_toml import MAX_POLICY_BYTES, parse_policy, to_toml
from consensus.value.ready import DEFAULT
from consensus.value.toml_values import PolicyError
from popd.config import Home
from wallet.keystore_errors import KeystoreError
from wallet.private_files import create_private_file, read_private_file, replace_private_file


def kept_policy(home: Home) -> tuple[Policy, str]:
    """The policy that a home keeps, and why it is the default where its file can't be used."""
    if not home.policy.exists():
        return DEFAULT, ""
    try:
        data = read_private_file(home.policy, 4 * MAX_POLICY_BYTES)
        return parse_policy(data.decode("utf-8-sig")), ""
    except (KeystoreError, PolicyError, UnicodeDecodeError, OSError) as error:
        why = str(error).splitlines()[0] if str(error) else "It can't be read."
        return DEFAULT, f"{home.policy.name} can't be used, so the default policy counts. {why}"


def keep_policy(home: Home, policy: Policy) -> None:
    """Keeps a policy; raises OSError where the disk does not take it."""
    content = to_toml(policy).encode()
    if home.policy.exists():
        replace_private_file(home.policy, content)
    else:
        create_private_file(home.policy, content)
