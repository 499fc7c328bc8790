"""How a pretended daemon shows a concert: its crowd, comments and coin, to one caller."""

from dataclasses import dataclass, field
from typing import Any, Final

from fake_fates import MARKUP, NEIGHBOURS

FEELINGS: Final = ["joy", "calm", "wonder", "tension", "longing", "groove", "tears", "power",
                   "surprise", "warmth"]  # fmt: skip
METHODS: Final = [
    {"name": "", "label": "by hand", "modality": "manual", "about": "You choose it."},
    {"name": "energy-1", "label": "tap-along energy", "modality": "signal",
     "about": "How many taps there were, and how near to the beat."},
    {"name": "lexicon-1", "label": "small word list", "modality": "comment",
     "about": "A list of words, each with a score from 0 to 10; all of it can be read."},
]  # fmt: skip
PHASES: Final = ("waiting", "open", "locked", "revealed", "closed")
WAITING: Final = {
    "waiting": ("waiting for the performers to open the ratings; usually with the first song.",
                "Then everybody says what it was worth to them."),
    "open": ("ratings come in, until the performers lock them.", "Then they are locked."),
    "locked": ("waiting for the reveal; usually under a minute.",
               "Then all ratings are shown at once."),
    "revealed": ("the last ratings are on their way here; at most 10 s.", "Then the coin arrives."),
    "closed": ("", "This concert is over. Its coin is in the purses of those who played."),
}  # fmt: skip
COMMENTS: Final = (
    ("The second song stood still in the air.", 900_000),
    ("Too long for me, but the ending was honest.", 600_000),
    (MARKUP, 100_000),
)


@dataclass(slots=True)
class Mine:
    """What one voice said."""

    said: dict[str, Any]
    state: str = "held"
    minted_ujam: int = 0


@dataclass(slots=True)
class Live:
    """A concert that is on, as this daemon knows it."""

    id: str
    name: str
    tags: list[str]
    gatherer: dict[str, Any]
    expected: int
    since_ms: int
    phase: str = "waiting"
    performers: list[dict[str, Any]] = field(default_factory=list)
    first: str | None = None
    live: str | None = None
    song: str = ""
    performance: dict[str, Any] | None = None
    ballots: int = 0
    door: dict[str, Any] | None = None
    mine: dict[str, Mine] = field(default_factory=dict)
    comments: list[dict[str, Any]] = field(default_factory=list)
    subcoin: dict[str, Any] | None = None

    def fill(self, voices: int) -> None:
        """So many others have said something."""
        self.ballots = voices
        people = [*NEIGHBOURS[1:3], None]
        for number, ((text, score_ppm), who) in enumerate(zip(COMMENTS, people, strict=True)):
            self.comments.append({
                "id": f"{number + 0xE0:02x}" * 32, "rating": f"{number + 0xA0:02x}" * 32,
                "who": who and {"id": who["id"], "name": who["name"]},
                "guest": "" if who else "9f" * 32, "text": text, "score_ppm": score_ppm,
                "hidden": False,
            })  # fmt: skip

    def mint(self, crowd: int) -> None:
        """The pages are written."""
        minted_ujam = 41_200 * crowd
        self.subcoin = {
            "name": self.name, "tags": self.tags, "crowd": crowd, "minted_ujam": minted_ujam,
            "cap_ujam": 2_400_000, "pages": ["5a" * 32], "mean_score_ppm": 764_000,
            "shares": [
                {"id": one["id"], "name": one["name"],
                 "amount_ujam": minted_ujam * one["share_ppm"] // 1_000_000}
                for one in self.performers
            ],
            "scores": [0, 1, 0, 0, 1, 2, 3, 6, 9, 6, crowd - 28],
            "feelings": [{"tag": "wonder", "count": 14}, {"tag": "calm", "count": 9},
                         {"tag": "longing", "count": 4}],
            "value_ujam": minted_ujam // 3,
        }  # fmt: skip


def view_of(
    live: Live, caller: str, here: int, guests: int, owner: dict[str, Any]
) -> dict[str, Any]:
    """The ConcertView for the owner or a guest."""
    is_owner, is_revealed = caller == "owner", live.phase in {"revealed", "closed"}
    waiting_for, following = WAITING[live.phase]
    mine = live.mine.get(caller)
    voices = live.ballots + len(live.mine)
    coin = live.subcoin
    if coin and not is_owner:
        coin = coin | {"value_ujam": None}
    return {
        "id": live.id, "name": live.name, "tags": live.tags, "phase": live.phase,
        "gatherer": live.gatherer, "teller": owner["id"], "performers": live.performers,
        "expected": live.expected, "since_ms": live.since_ms, "first": live.first,
        "sessions": [live.first] if live.first else [], "live": live.live, "song": live.song,
        "performance": live.performance,
        "is_mine": is_owner and live.gatherer["id"] == owner["id"],
        "is_performer": any(one["id"] == owner["id"] for one in live.performers),
        "crowd": {"ballots": voices, "here": here, "guests": guests,
                  "energy_ppm": 640_000 if live.live else 0, "taps": 12 if live.live else 0},
        "door": (live.door | {"guests": guests}) if live.door and is_owner else None,
        "mine": mine and mine.said | {
            "state": mine.state, "why": "", "next": "", "minted_ujam": mine.minted_ujam,
        },
        "comments": live.comments if is_revealed else [],
        "subcoin": coin if is_revealed else None,
        "waiting_for": waiting_for, "next": following,
    }  # fmt: skip
