"""Reading positional fields: each is checked for its type and its bounds as it is taken."""

from consensus.encoding import Canonical
from consensus.rejections import RejectionError, RejectionReason

UINT64_MAX = 2**64 - 1


class Fields:
    """A cursor over a positional array that came from outside.

    Every method raises RejectionError: MALFORMED for a wrong count or type, OUT_OF_RANGE for a
    value or size beyond its bounds. The message names the record and the position.
    """

    __slots__ = ("_count", "_items", "_record")

    def __init__(self, record: str, value: Canonical, count: int) -> None:
        if type(value) is not tuple or len(value) != count:
            raise RejectionError(
                RejectionReason.MALFORMED, f"{record}: expected an array of {count} fields"
            )
        self._record = record
        self._count = count
        self._items = iter(value)

    def any(self) -> Canonical:
        """The next field, whatever it is."""
        return next(self._items)

    def integer(self, low: int = 0, high: int = UINT64_MAX) -> int:
        """The next field, an integer in [low, high]."""
        item = next(self._items)
        if type(item) is not int:
            raise self._malformed("an integer")
        if not low <= item <= high:
            raise self._out_of_range(f"{item} is not in [{low}, {high}]")
        return item

    def ppm(self) -> int:
        """The next field, a ratio in [0, 1] in ppm."""
        return self.integer(0, 1_000_000)

    def exactly(self, size: int) -> bytes:
        """The next field, `size` bytes."""
        item = next(self._items)
        if type(item) is not bytes:
            raise self._malformed("bytes")
        if len(item) != size:
            raise self._out_of_range(f"{len(item)} bytes, not {size}")
        return item

    def binary(self, low: int, high: int) -> bytes:
        """The next field, `low` to `high` bytes."""
        item = next(self._items)
        if type(item) is not bytes:
            raise self._malformed("bytes")
        if not low <= len(item) <= high:
            raise self._out_of_range(f"{len(item)} bytes, not {low} to {high}")
        return item

    def packed(self, size: int, most: int) -> bytes:
        """The next field, at most `most` items of `size` bytes each, one after the other."""
        item = self.binary(0, size * most)
        if len(item) % size:
            raise self._out_of_range(f"{len(item)} bytes are no items of {size}")
        return item

    def text(self, max_bytes: int) -> str:
        """The next field, text of at most `max_bytes` bytes in UTF-8."""
        item = next(self._items)
        if type(item) is not str:
            raise self._malformed("text")
        if 4 * len(item) > max_bytes and len(item.encode()) > max_bytes:
            raise self._out_of_range(f"text longer than {max_bytes} bytes")
        return item

    def array(self, low: int, high: int) -> tuple[Canonical, ...]:
        """The next field, an array of `low` to `high` items."""
        item = next(self._items)
        if type(item) is not tuple:
            raise self._malformed("an array")
        if not low <= len(item) <= high:
            raise self._out_of_range(f"{len(item)} items, not {low} to {high}")
        return item

    def _malformed(self, wanted: str) -> RejectionError:
        return self._rejected(RejectionReason.MALFORMED, f"not {wanted}")

    def _out_of_range(self, problem: str) -> RejectionError:
        return self._rejected(RejectionReason.OUT_OF_RANGE, problem)

    def _rejected(self, reason: RejectionReason, problem: str) -> RejectionError:
        position = self._count - len(tuple(self._items))
        return RejectionError(reason, f"{self._record}, field {position}: {problem}")
