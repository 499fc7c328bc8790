"""The log: one JSON object a line, in files that turn over, readable by their owner alone."""

import io
import logging
import os
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, Final

import structlog

MAX_LOG_BYTES: Final = 8_000_000
OLD_LOGS: Final = 2
"""Full files that are kept beside the one being written."""


class PrivateFileHandler(RotatingFileHandler):
    """Each file readable by its owner alone: names of people and addresses stand in it."""

    def _open(self) -> io.TextIOWrapper:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return open(descriptor, "a", encoding="utf-8")


def write_logs_to(path: Path) -> None:
    """Has everything written to a file, from information up; of libraries from warnings up."""
    stamps: list[Any] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.format_exc_info,
    ]
    handler = PrivateFileHandler(path, maxBytes=MAX_LOG_BYTES, backupCount=OLD_LOGS)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *stamps],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("popd").setLevel(logging.INFO)
    structlog.configure(
        processors=[*stamps, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
