"""The doctor: gathers the facts, and lets the checks speak."""

from popd.api.checkup import Facts, checkup
from popd.api.desk import Desk
from popd.api.peer_shapes import Checkup
from popd.api.routing import Call


async def read_checkup(desk: Desk, call: Call) -> Checkup:
    """What is wrong with the daemon and its network, and what to do about it."""
    node = desk.daemon.node
    context = node.context
    now_ms = context.now_ms
    return checkup(
        Facts(
            network=context.params.name,
            edge=desk.daemon.edge(),
            is_forked=len(context.ledger.tips.get(context.identity, ())) > 1,
            has_begun=context.ledger.state(context.identity) is not None,
            deferred_entries=len(node.admission.deferred),
            unsettled_entries=len(node.admission.waiting),
            banned=sum(ban.until_ms > now_ms for ban in node.standings.bans.values()),
            lateness_us=node.spreading.lateness_us,
            is_elsewhere=node.elsewhere.is_seen,
            restoring=desk.restoring_said() if node.restoring.is_on else ("", ""),
            policy_trouble=desk.policy_trouble,
        )
    )
