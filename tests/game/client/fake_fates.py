"""What a pretended daemon says of people and of what became of a window."""

import time
from typing import Any, Final

IDENTITY: Final = {"id": "a1b2c3" + "0" * 58, "did": "did:key:z6MkMe", "name": "Robin"}
NEIGHBOURS: Final = [
    {"id": f"{seed:06x}" + "0" * 58, "name": name, "practice": True}
    for seed, name in (
        (0x10217, "Ada (practice)"),
        (0x2B5231, "Bela (practice)"),
        (0x3C1402, "Cleo (practice)"),
        (0x4D4613, "Dian (practice)"),
    )
]

SECRET: Final = "s3cret-of-the-door"
CHALLENGE: Final = "c4" * 16
"""What a poster's code holds."""
CODE: Final = "KRMTXA"
"""What stands beside it, for hands."""

MARKUP: Final = '<img src=x onerror="document.title=1">'
"""What somebody hostile calls themselves."""
STRANGER: Final = {"id": "5f0001" + "0" * 58, "name": f"{MARKUP}\u202e"}


def people() -> list[dict[str, Any]]:
    return [{"id": one["id"], "name": one["name"]} for one in NEIGHBOURS]


def message_of(window: int) -> dict[str, Any]:
    return {
        "type": "window",
        "window": window,
        "state": "sealed",
        "block": f"{window:02x}" * 32,
        "drawn": [],
        "needed": 3,
        "verdicts": [],
        "quality": None,
        "minted_ujam": 0,
        "shares": [],
        "values": [],
        "why": "",
        "next": "",
    }


def verdict(neighbour: dict[str, Any], believed: bool) -> dict[str, Any]:
    return {
        "id": neighbour["id"],
        "name": neighbour["name"],
        "decision": "accept" if believed else "reject",
        "anomaly_ppm": 121_000 if believed else 912_000,
        "accuracy_ppm": 934_000,
        "riffs": [2, 2] if believed else [0, 2],
        "reasons": ["the play looks human", "both riffs were answered within two seconds"]
        if believed
        else ["no riff was answered while it could be seen"],
    }


def minted(window: int) -> dict[str, Any]:
    mine = {"id": IDENTITY["id"], "name": "Robin", "is_me": True, "value_ujam": 319_870}
    reasons = ["Ada (practice) attested 0.301; you trust her 0.42, which adds 0.126"]
    theirs = [
        {
            "id": one["id"],
            "name": one["name"],
            "is_me": False,
            "value_ujam": 210_000 + 31_000 * number,
            "why": [f"{NEIGHBOURS[number - 1]['name']} attested 0.301; trusted 0.35"],
        }
        for number, one in enumerate(NEIGHBOURS)
    ]
    return {
        "state": "minted",
        "quality": {
            "accuracy_ppm": 934_000,
            "diversity_ppm": 641_000,
            "harmony_ppm": 912_000,
            "liveness_ppm": 1_000_000,
            "density_ppm": 1_000_000,
            "quality_ppm": 861_000,
        },
        "minted_ujam": 1_204_560 - 90_000 * window,
        "shares": [
            {"id": IDENTITY["id"], "name": "Robin", "amount_ujam": 963_648},
            *({**one, "amount_ujam": 60_228} for one in people()),
        ],
        "values": [
            mine
            | {
                "why": [
                    *reasons,
                    "you hold it since it was made: continuity 1.00",
                    "no rule of yours touches it: ethics 1.00",
                ]
            },
            *theirs,
        ],
        "why": "3 of 4 were needed, 4 believed it.",
    }


FAILED: Final = {
    "state": "failed",
    "why": "it was not believed, because 3 of 4 neighbours saw no riff answered.",
    "next": "press the white numbered shapes as they reach the line; one more window is enough.",
}


def coin(window: int) -> dict[str, Any]:
    return {
        "lot": f"{window:02x}" * 32,
        "path": [IDENTITY["id"]],
        "minted_ms": time.time_ns() // 1_000_000,
        "song": "First Light",
        "amount_ujam": 963_648,
        "value_ujam": 319_870,
        "why": ["Ada (practice) attested 0.301; you trust her 0.42, which adds 0.126"],
        "from": "minted",
        "contested": False,
    }
