"""The one canonical byte form of every durable thing, and its digest.

msgpack with positional arrays, integers within 64 bits in their shortest form, bytes and str.
No floats, maps, nil, bool or extensions. Two values are equal exactly when their bytes are.
"""

from collections.abc import Iterable
from hashlib import blake2b
from typing import Final, NoReturn, TypeAlias

import msgpack

from consensus.rejections import RejectionError, RejectionReason

Canonical: TypeAlias = "int | bytes | str | tuple[Canonical, ...]"
"""A value that has a canonical form."""

MAX_DEPTH: Final = 6
"""Arrays within arrays; the deepest kind of entry needs 5."""

DIGEST_SIZE: Final = 32

SCALAR_TYPES: Final = frozenset({int, bytes, str})
"""Exactly these; `bool` is no integer here."""


def encode(value: Canonical) -> bytes:
    """The canonical bytes of `value`.

    Raises TypeError or OverflowError when it holds something that has no canonical form: that
    is our own mistake, never a stranger's.
    """
    _check_encodable(value)
    return _pack(value)


def decode(data: bytes, max_size: int) -> Canonical:
    """The value whose canonical bytes are `data`; arrays come back as tuples.

    Raises RejectionError: TOO_LARGE beyond `max_size` bytes, MALFORMED when it is no msgpack or
    holds a type outside the canonical ones, NOT_CANONICAL when it re-encodes differently.
    """
    if len(data) > max_size:
        raise RejectionError(
            RejectionReason.TOO_LARGE, f"{len(data)} bytes, at most {max_size} are allowed"
        )
    try:
        value = msgpack.unpackb(
            data,
            use_list=False,
            raw=False,
            object_pairs_hook=_refuse_map,
            ext_hook=_refuse_extension,
        )
    except RejectionError:
        raise
    except (ValueError, RecursionError, TypeError, msgpack.exceptions.UnpackException) as error:
        raise RejectionError(RejectionReason.MALFORMED, f"not msgpack: {error}") from error
    _check_types((value,), MAX_DEPTH)
    if _pack(value) != data:
        raise RejectionError(RejectionReason.NOT_CANONICAL, "the same value has shorter bytes")
    checked: Canonical = value
    return checked


def digest(data: bytes) -> bytes:
    """BLAKE2b-256 of `data`."""
    return blake2b(data, digest_size=DIGEST_SIZE).digest()


def keyed_digest(key: bytes, data: bytes) -> bytes:
    """BLAKE2b-256 of `data` under a key of up to 64 bytes."""
    return blake2b(data, digest_size=DIGEST_SIZE, key=key).digest()


def tagged_digest(tag: str, *parts: Canonical) -> bytes:
    """BLAKE2b-256 of a purpose and its parts; one purpose can't be mistaken for another."""
    return digest(_pack((tag, *parts)))


def pack_varints(values: Iterable[int]) -> bytes:
    """Non-negative integers as LEB128, one after the other; the form of every numeric column."""
    packed = bytearray()
    for value in values:
        while value > 0x7F:
            packed.append(value & 0x7F | 0x80)
            value >>= 7
        packed.append(value)
    return bytes(packed)


def unpack_varints(data: bytes, max_count: int) -> tuple[int, ...]:
    """The inverse of `pack_varints`.

    Raises RejectionError: MALFORMED at a truncated or over-long integer (beyond 63 bits),
    TOO_LARGE beyond `max_count` integers, NOT_CANONICAL at one with needless zero groups.
    """
    values: list[int] = []
    value = shift = 0
    for byte in data:
        value |= (byte & 0x7F) << shift
        if byte > 0x7F:
            shift += 7
            if shift > 56:
                raise RejectionError(RejectionReason.MALFORMED, "a column holds too long a number")
            continue
        if shift and not byte:
            raise RejectionError(RejectionReason.NOT_CANONICAL, "a column pads a number with zeros")
        values.append(value)
        value = shift = 0
    if shift:
        raise RejectionError(RejectionReason.MALFORMED, "a column ends within a number")
    if len(values) > max_count:
        raise RejectionError(
            RejectionReason.TOO_LARGE, f"{len(values)} numbers, at most {max_count} are allowed"
        )
    return tuple(values)


def _check_types(items: tuple[object, ...], depth: int) -> None:
    """One call an array and none an item: every byte of every entry comes through here."""
    for item in items:
        kind = type(item)
        if kind is tuple:
            if depth == 0:
                raise RejectionError(RejectionReason.MALFORMED, "arrays are nested too deeply")
            _check_types(item, depth - 1)  # type: ignore[arg-type]
        elif kind not in SCALAR_TYPES:
            raise RejectionError(RejectionReason.MALFORMED, f"a {kind.__name__} isn't allowed here")


def _refuse_map(pairs: object) -> NoReturn:
    raise RejectionError(RejectionReason.MALFORMED, "a map is not allowed here")


def _refuse_extension(code: int, data: bytes) -> NoReturn:
    raise RejectionError(RejectionReason.MALFORMED, "an extension type is not allowed here")


def _check_encodable(value: object) -> None:
    """msgpack itself would write booleans, floats, maps and nothing without a word."""
    if isinstance(value, tuple):
        for item in value:
            _check_encodable(item)
    elif isinstance(value, bool) or not isinstance(value, int | bytes | str):
        raise TypeError(f"{type(value).__name__} has no canonical form")


def _pack(value: Canonical) -> bytes:
    packed: bytes = msgpack.packb(value)
    return packed
