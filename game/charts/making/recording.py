"""A recording as one channel of samples, read within bounds from what a stranger may send."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import soundfile

Samples = NDArray[np.float32]
Progress = Callable[[str, float], None]
"""Told the stage, and how much of it is done, 0 to 1."""

SAMPLE_RATE: Final = 44_100
"""Everything is heard at this rate."""
MAX_SECONDS: Final = 30 * 60
MAX_FILE_SIZE: Final = 512 * 1024 * 1024
"""Bytes; half an hour of two channels of 24 bits at 44,100 a second fits."""
MIN_FILE_RATE: Final = 4_000
MAX_FILE_RATE: Final = 192_000
MAX_CHANNELS: Final = 32
BLOCK_FRAMES: Final = 1 << 18
"""Samples of every channel that are read at a time."""
MAX_SAMPLE: Final = 1e6
"""Louder than any meaning of full scale: such a file is broken."""
READABLE: Final = "WAV, FLAC, OGG and MP3 can be read"


class AudioImportError(Exception):
    """A recording can't be read, or nothing can be heard in it."""


class AudioMissingError(AudioImportError):
    """The libraries that hear are not installed."""

    def __init__(self) -> None:
        super().__init__("hearing needs more libraries: run `pip install 'popd[audio]'`")


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """What was recorded, one channel."""

    samples: Samples
    """SAMPLE_RATE a second, 1 being full scale."""
    title: str
    """As the file says, or empty."""
    artist: str
    """As the file says, or empty."""


def nothing_to_tell(stage: str, share: float) -> None:
    """Progress that nobody watches."""


def load_audio(source: Path | bytes, progress: Progress = nothing_to_tell) -> Recording:
    """The recording in a file or its bytes, its channels mixed to one.

    Raises AudioImportError for what can't be read or is too long, AudioMissingError without the
    extra `audio`, and OSError.
    """
    try:
        import soundfile
        import soxr  # noqa: F401 (looked for here, used while reading)
    except ImportError:
        raise AudioMissingError from None
    size = source.stat().st_size if isinstance(source, Path) else len(source)
    if size > MAX_FILE_SIZE:
        raise AudioImportError(f"more than {MAX_FILE_SIZE // 1024**2} MiB; cut it shorter")
    try:
        with (
            _opened(source) as stream,
            soundfile.SoundFile(stream) as file,
        ):
            _check_shape(file)
            blocks = list(_resampled(file, progress))
            title, artist = file.title or "", file.artist or ""
    except soundfile.SoundFileError:
        raise AudioImportError(f"no recording that can be read; {READABLE}") from None
    samples = np.concatenate([np.zeros(0, np.float32), *blocks])
    return Recording(samples, title, artist)


def _opened(source: Path | bytes) -> Any:
    return source.open("rb") if isinstance(source, Path) else io.BytesIO(source)


def _check_shape(file: "soundfile.SoundFile") -> None:
    if not MIN_FILE_RATE <= file.samplerate <= MAX_FILE_RATE:
        raise AudioImportError(f"{file.samplerate} samples a second; nobody records like that")
    if file.channels > MAX_CHANNELS:
        raise AudioImportError(f"{file.channels} channels, more than {MAX_CHANNELS}; mix it first")
    if file.frames > MAX_SECONDS * file.samplerate:
        raise AudioImportError(f"longer than {MAX_SECONDS // 60} minutes; cut it shorter")


def _resampled(file: "soundfile.SoundFile", progress: Progress) -> Iterator[Samples]:
    import soxr

    stream = soxr.ResampleStream(file.samplerate, SAMPLE_RATE, 1, dtype="float32")
    read = 0
    while True:
        block = file.read(BLOCK_FRAMES, dtype="float32", always_2d=True)
        mixed = block.mean(axis=1) if len(block) else np.zeros(0, np.float32)
        if not np.all(np.abs(mixed) < MAX_SAMPLE):
            raise AudioImportError("samples that are no numbers, or beyond all loudness")
        read += len(mixed)
        # A header may promise less than comes.
        if read > MAX_SECONDS * file.samplerate:
            raise AudioImportError(f"longer than {MAX_SECONDS // 60} minutes; cut it shorter")
        progress("reading", min(read / max(file.frames, 1), 1.0))
        yield stream.resample_chunk(mixed, last=len(block) < BLOCK_FRAMES)
        if len(block) < BLOCK_FRAMES:
            return
