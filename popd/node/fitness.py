"""Fitness: what of the gossip that reaches a node it passes on to others.

Whoever passes on what everybody can see to be wrong is blamed for it by the next node. So each
node looks before it passes on, and junk costs the one who made it.
"""

from consensus.rejections import RejectionError
from popd.node.admission import checked_statement
from popd.node.messages import Entries, Frame, Nonce, Reveal, from_bytes


def is_fit_to_pass_on(data: bytes, network: str, now_ms: int) -> bool:
    """Whether a message is gossip at all, well formed, signed, and not ahead of our clock."""
    try:
        message = from_bytes(data)
        if isinstance(message, Entries):
            statements = [checked_statement(wire, network) for wire in message.wires]
            return all(statement.entry.time_ms <= now_ms for statement in statements)
    except RejectionError:
        return False
    return isinstance(message, Frame | Nonce | Reveal)
