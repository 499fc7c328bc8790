"""What is wrong with a chart file, and where."""


class ChartImportError(Exception):
    """A chart file can't be read; carries the place.

    A place is a line, from 1 (0: the file as a whole), or words such as `byte 300`. Both may quote
    the file; what can't be printed is shown as a blank, so that it is one line and nothing else.
    """

    def __init__(self, place: int | str, message: str) -> None:
        where = f"line {place}" if isinstance(place, int) else place
        super().__init__(_printable(f"{where}: {message}" if place else message))
        self.line = place if isinstance(place, int) else 0
        self.message = _printable(message)


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)
