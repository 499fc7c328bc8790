"""Fills the test vectors: `python -m simulations.vectors FOLDER`; docs/vectors.md tells the format.

Everything follows from names and numbers in this file, so every run writes the same bytes.
"""

import json
import sys
from pathlib import Path

from consensus.calibration import UNCALIBRATED, Calibration
from consensus.challenge import riff_lanes, slot_holder
from consensus.draw import Ticket, draw, ticket_chain
from consensus.encoding import Canonical, decode, encode, pack_varints, tagged_digest
from consensus.evidence import Evidence, KeyEvent, NonceEvent, merkle_root
from consensus.identifiers import EntryId, IdentityId, to_did
from consensus.judgement import judge
from consensus.parameters import MAIN, PRACTICE
from consensus.presence import Presence
from consensus.quality import density_ppm, measure, quality_ppm
from consensus.rating_reward import RatingWord, rating_ujam
from consensus.rejections import RejectionError
from consensus.reward import Circumstances, Contribution, Word, contribution, shares, tier_ppm
from consensus.signing import Domain, check_signature, payload_prefix, public_key, sign
from consensus.units import MicroJam, Milliseconds, Ppm
from simulations import scribe
from simulations.festival import festival
from simulations.stories import court, village
from simulations.vector_ledgers import Json, arrivals, forgeries, ledger_steps

VALUES: tuple[Canonical, ...] = (
    0, 127, 128, 255, 256, 65_535, 65_536, 2**32 - 1, 2**32, 2**64 - 1,
    -1, -32, -33, -128, -129, -32_768, -32_769, -(2**31), -(2**31) - 1, -(2**63),
    b"", b"a", bytes(255), bytes(256), "", "a", "é" * 16, "x" * 31, "x" * 32, "x" * 256,
    (), (1, (2, (3, ()))), tuple(range(16)), ("a", b"a", 97),
)  # fmt: skip

INVALID_BYTES = (
    "", "c0", "c1", "c2", "c3", "80", "8101", "810101", "ca3f800000", "cb0000000000000000",
    "d40500", "d6ff00000000", "cc01", "cd0001", "ce00000001", "cf0000000000000001", "d001",
    "d3ffffffffffffffff", "c5000161", "d90161", "dc000101", "a2c328", "a3eda080", "0101", "92",
    "ddffffffff", "91919191919191" + "01", "91c0",
)  # fmt: skip


def as_json(value: Canonical) -> Json:
    """A canonical value as JSON: integers, text, arrays, and bytes as `{"bytes": hex}`."""
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, tuple):
        return [as_json(item) for item in value]
    return value


def encoding() -> Json:
    """Values and their only bytes; bytes that are none; columns of numbers; tagged digests."""
    columns = ((), (0,), (127, 128), (1, 16_384, 2**63 - 1))
    return {
        "values": [{"value": as_json(value), "hex": encode(value).hex()} for value in VALUES],
        "invalid": [
            {"hex": data, "valid": False, "reason": _reason_to_refuse(bytes.fromhex(data))}
            for data in INVALID_BYTES
        ],
        "columns": [
            {"numbers": list(numbers), "hex": pack_varints(numbers).hex()} for numbers in columns
        ],
        "tagged_digests": [
            {
                "tag": tag,
                "parts": [as_json(part) for part in parts],
                "digest": tagged_digest(tag, *parts).hex(),
            }
            for tag, parts in (("draw", ()), ("slot", (b"s", 3)), ("riff", (bytes(16), 0)))
        ],
        "merkle_roots": [
            {
                "leaves": [bytes([i]).hex() for i in range(count)],
                "root": merkle_root([bytes([i]) for i in range(count)]).hex(),
            }
            for count in range(1, 8)
        ],
    }


def _reason_to_refuse(data: bytes) -> str:
    try:
        decode(data, 1_000)
    except RejectionError as error:
        return error.reason.value
    raise AssertionError("it is canonical after all")


def signing() -> Json:
    """Keys, their names for people, and signatures for one purpose that serve no other."""
    seed, subject = tagged_digest("author", "ann"), tagged_digest("subject")
    key = public_key(seed)
    cases: list[Json] = []
    for domain in Domain:
        signature = sign(seed, "main", domain, subject)
        check_signature(key, signature, "main", domain, subject)
        payload = payload_prefix("main", domain) + subject
        cases.append(
            {"domain": domain.value, "payload": payload.hex(), "signature": signature.hex()}
        )
    return {
        "seed": seed.hex(),
        "public_key": key.hex(),
        "did": to_did(IdentityId(key)),
        "network": "main",
        "subject": subject.hex(),
        "cases": cases,
    }


def riffs() -> Json:
    """Nonces and the lanes of their riffs; slots and who holds them."""
    session = EntryId(tagged_digest("session"))
    nonces = [tagged_digest("nonce", i)[:16] for i in range(4)]
    return {
        "riffs": [
            {"nonce": nonce.hex(), "keys": keys, "lanes": list(riff_lanes(nonce, keys))}
            for nonce in nonces
            for keys in (1, 4, 5, 7, 10, 18)
        ],
        "session": session.hex(),
        "slots": [
            {"window": w, "slot": s, "openings": n, "holder": slot_holder(session, w, s, n)}
            for w, s, n in ((0, 0, 5), (0, 1, 5), (3, 7, 12), (29, 0, 24))
        ],
    }


def draws() -> Json:
    """Ticket chains, and who is drawn by the tickets of a window."""
    session = EntryId(tagged_digest("session"))
    chains = {
        scribe.author(name).id: ticket_chain(tagged_digest("tickets", name), 3)
        for name in "abcdefghijkl"
    }
    return {
        "session": session.hex(),
        "candidates": [
            {
                "candidate": candidate.hex(),
                "seed": tagged_digest("tickets", name).hex(),
                "anchor": anchor.hex(),
                "tickets": [ticket.hex() for ticket in tickets],
            }
            for name, (candidate, (anchor, tickets)) in zip(
                "abcdefghijkl", chains.items(), strict=True
            )
        ],
        "draws": [
            {
                "window": window,
                "revealed": revealed,
                "count": 8,
                "drawn": [identity.hex() for identity in drawn],
            }
            for window in range(3)
            for revealed in (12, 5)
            for drawn in (
                draw(
                    session,
                    window,
                    [
                        Ticket(candidate, tickets[window])
                        for candidate, (_, tickets) in list(chains.items())[:revealed]
                    ],
                    8,
                ),
            )
        ],
    }


def judgements() -> Json:
    """Charts and event logs, and what becomes of the notes."""
    chart = scribe.small_chart(30)
    nonce = NonceEvent(7_000_000, 0, tagged_digest("nonce")[:16])
    lanes = riff_lanes(nonce.nonce, chart.keys)
    errors = (0, 16_000, 16_001, -40_001, 73_001, -103_001, 127_001, 5_000)
    keys: list[KeyEvent] = []
    for position, note in enumerate(chart.notes[:40]):
        time_us = max(0, note.start_us + errors[position % len(errors)])
        keys.append(KeyEvent(time_us, note.lane, True))
        keys.append(KeyEvent(time_us + 80_000, note.lane, False))
    for after_us, lane in zip((600_000, 850_000, 1_100_000), lanes, strict=False):
        keys.append(KeyEvent(nonce.time_us + after_us + 9_000, lane, True))
        keys.append(KeyEvent(nonce.time_us + after_us + 60_000, lane, False))
    cases: list[Json] = []
    late = Calibration(120_000, -15_000, 30_000)
    for start_us, nonces, calibration in (
        (0, (), UNCALIBRATED),
        (0, (nonce,), UNCALIBRATED),
        (4_250_000, (), UNCALIBRATED),
        (0, (nonce,), late),
    ):
        evidence = Evidence(
            EntryId(tagged_digest("session")), 0, 20_000_000, tuple(sorted(keys)), nonces
        )
        judgement = judge(chart, evidence, start_us, calibration)
        metrics = measure(chart, judgement, start_us)
        density = density_ppm(metrics.events, Milliseconds(20_000), PRACTICE.full_density_per_s)
        quality = quality_ppm(
            metrics.accuracy_ppm, metrics.diversity_ppm, metrics.harmony_ppm,
            metrics.liveness_ppm, density,
        )  # fmt: skip
        cases.append(
            {
                "start_us": start_us,
                "calibration": list(calibration),
                "evidence": evidence.to_bytes().hex(),
                "evidence_id": evidence.id.hex(),
                "root": evidence.root.hex(),
                "grades": list(judgement.grades),
                "riffs": list(judgement.riffs),
                "events": metrics.events,
                "accuracy_ppm": metrics.accuracy_ppm,
                "diversity_ppm": metrics.diversity_ppm,
                "harmony_ppm": metrics.harmony_ppm,
                "liveness_ppm": metrics.liveness_ppm,
                "density_ppm": density,
                "quality_ppm": quality,
            }
        )
    return {"chart": chart.to_bytes().hex(), "chart_id": chart.id.hex(), "cases": cases}


def rewards() -> Json:
    """What words add to a lot on `main`, how a lot is shared, and how belief is tiered."""
    performer = IdentityId(b"p" * 32)
    cases: list[Json] = []
    for quality, index, tier, revealed, ms, m, j, presence in (
        (1_000_000, 0, 1_000_000, 12, 120_000, 0, 0, 2),
        (777_777, 3, 1_000_000, 11, 120_000, 5, 12_345_678, 1),
        (650_001, 9, 500_000, 12, 60_000, 30, 100_000_000, 0),
        (650_001, 9, 500_000, 7, 61_001, 31, 1, 0),
        (999_999, 141, 1_000_000, 12, 120_000, 0, 0, 2),
        (999_999, 142, 1_000_000, 12, 120_000, 0, 0, 2),
    ):
        about = Circumstances(Ppm(quality), index, Ppm(tier), revealed, 12, Milliseconds(ms))
        word = Word(performer, m, j, Presence(presence))
        cases.append(
            {
                "quality_ppm": quality, "day_index": index, "tier_ppm": tier,
                "revealed": revealed, "opened": 12, "duration_ms": ms,
                "familiarity_days": m, "budget_ppm": j, "presence": presence,
                "contribution_ujam": contribution(MAIN, about, word).amount_ujam,
            }
        )  # fmt: skip
    ratings: list[Json] = []
    for score, presence, f, j, plays in (
        (1_000_000, 2, 0, 0, False), (333_333, 1, 1, 12_345_678, False),
        (1_000_000, 0, 5, 20_000_000, False), (1_000_000, 2, 27, 0, False),
        (1_000_000, 2, 28, 0, False), (0, 2, 0, 0, False), (1_000_000, 2, 0, 0, True),
    ):  # fmt: skip
        rated = RatingWord(performer, Ppm(score), Presence(presence), f, j, plays)
        ratings.append(
            {
                "score_ppm": score, "presence": presence, "familiarity_days": f,
                "budget_ppm": j, "is_performer": plays, "amount_ujam": rating_ujam(MAIN, rated),
            }
        )  # fmt: skip
    amounts = (375_000, 1, 4, 5, 99_999)
    parts = [Contribution(IdentityId(bytes([i]) * 32), MicroJam(n)) for i, n in enumerate(amounts)]
    return {
        "contributions": cases,
        "ratings": ratings,
        "shares": {
            "contributions_ujam": list(amounts),
            "shares": [
                {"holder": holder.hex(), "amount_ujam": amount}
                for holder, amount in shares(MAIN, performer, parts)
            ],
            "performer": performer.hex(),
        },
        "tiers": [
            {"anomalies_ppm": list(given), "drawn": drawn, "tier_ppm": tier_ppm(MAIN, given, drawn)}
            for given, drawn in (
                ((0,) * 8, 8), ((0,) * 5, 8), ((0,) * 4, 8), ((0, 0, 600_000), 4),
                ((499_999, 499_999), 2), ((0, 500_000), 2), ((0, 900_000), 2), ((), 1),
            )
        ],
    }  # fmt: skip


def vectors() -> dict[str, Json]:
    """The content of every file, by name."""
    backwards = [statement.wire for statement in arrivals().told]
    return {
        "encoding": encoding(),
        "signing": signing(),
        "riff": riffs(),
        "draw": draws(),
        "judgement": judgements(),
        "reward": rewards(),
        "ledger_village": ledger_steps(statement.wire for statement in village().told),
        "ledger_court": ledger_steps(statement.wire for statement in court().told),
        "ledger_festival": ledger_steps(statement.wire for statement in festival().told),
        "ledger_arrivals": ledger_steps([*backwards, backwards[0], *forgeries()]),
    }


def text(content: Json) -> str:
    """A file's text."""
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def fill(folder: Path) -> None:
    """Writes every file into `folder`."""
    for name, content in vectors().items():
        (folder / f"{name}.json").write_text(text(content), encoding="utf-8")


if __name__ == "__main__":
    fill(Path(sys.argv[1]))
