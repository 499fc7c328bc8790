"""What is wrong with a chart file, and in which line."""


class ChartImportError(Exception):
    """A chart file can't be read; carries the line, from 1 (0: the file as a whole)."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"line {line}: {message}" if line else message)
        self.line = line
        self.message = message
