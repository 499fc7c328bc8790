"""What is wrong with a chart file, and where."""


class ChartImportError(Exception):
    """A chart file can't be read; carries the place.

    A place is a line, from 1 (0: the file as a whole), or words such as `byte 300`.
    """

    def __init__(self, place: int | str, message: str) -> None:
        where = f"line {place}" if isinstance(place, int) else place
        super().__init__(f"{where}: {message}" if place else message)
        self.line = place if isinstance(place, int) else 0
        self.message = message
