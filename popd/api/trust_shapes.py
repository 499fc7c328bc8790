"""What the API tells of trust: a map, one person, and clusters."""

import msgspec


class TrustedPerson(msgspec.Struct, frozen=True):
    """Somebody on the map of trust."""

    id: str
    name: str
    is_me: bool
    proximity: float
    """How near they are to the observer, in [0, 1]."""
    n_eff: float
    """How many different people acknowledge them, in effect."""
    belief: float
    """That they are a real, single person, in [0, 1)."""
    stratum: float
    """How widely they are acknowledged."""
    cluster: str
    """The id of the cluster that they are in; empty where they are in none."""
    angle: float
    """Where to draw them around the observer, in radians: within the sector of their cluster."""
    is_bridge: bool
    """Whether several clusters value them."""


class ClusterName(msgspec.Struct, frozen=True):
    """A cluster and how it is called."""

    id: str
    name: str
    size: int


class TrustMap(msgspec.Struct, frozen=True):
    """Everybody around an observer."""

    observer: str
    now_ms: int
    total: int
    """How many people are known; of more than 5,000 the nearest are listed."""
    people: list[TrustedPerson]
    """The nearest first."""
    clusters: list[ClusterName]
    """Those that somebody listed is in, the largest first."""


class Acknowledger(msgspec.Struct, frozen=True):
    """Somebody who acknowledges a person, and what that adds."""

    id: str
    name: str
    last_ms: int
    months: int
    """In how many months of thirty days they did."""
    freshness: float
    """In [0, 1]."""
    share: float
    """Of all that counts for the person, in [0, 1]."""
    alike: float
    """0 for somebody unlike all others, towards 1 where others say the same."""


class Moment(msgspec.Struct, frozen=True):
    """One acknowledgement."""

    time_ms: int
    source: str = msgspec.field(name="from")
    name: str
    kind: str
    """`verdict`, `witnessed` or `jam`."""
    by_hand: bool


class GrowthPoint(msgspec.Struct, frozen=True):
    """How real somebody was at one moment."""

    time_ms: int
    n_eff: float
    belief: float


class Tie(msgspec.Struct, frozen=True):
    """Somebody at the other end, and how strong it is."""

    id: str
    name: str
    weight: float


class TrustTies(msgspec.Struct, frozen=True):
    """Whom somebody trusts, and who trusts them; the strongest first."""

    to: list[Tie]
    source: list[Tie] = msgspec.field(name="from")


class TrustPerson(msgspec.Struct, frozen=True):
    """One person, and why they are believed."""

    id: str
    name: str
    is_me: bool
    proximity: float
    n_eff: float
    belief: float
    stratum: float
    cluster: str
    is_bridge: bool
    acknowledged_by: list[Acknowledger]
    """Who counts most first, at most 256."""
    timeline: list[Moment]
    """The newest first, at most 256."""
    growth: list[GrowthPoint]
    """By month, and now."""
    why: list[str]
    ties: TrustTies


class ClusterView(msgspec.Struct, frozen=True):
    """A cluster and who is in it."""

    id: str
    name: str
    size: int
    members: list[str]
    """Whom the others acknowledge most first, at most 64."""


class BridgeView(msgspec.Struct, frozen=True):
    """Somebody whom several clusters value."""

    id: str
    name: str
    clusters: list[str]
    """Their ids, the one that values them most first."""
    weight: float
    """Of the trust between two of these clusters, the share in which they are one of the two."""


class Clusters(msgspec.Struct, frozen=True):
    """The largest clusters, at most 32."""

    clusters: list[ClusterView]
    rates: list[list[float | None]]
    """Row i, column j: what 1 JAM of j's people is worth to i's, over what 1 JAM of i's own is."""
    bridges: list[BridgeView]
    mine: str | None
    """The cluster that the user is in."""
