"""What tests ask of a series of errors."""

import numpy as np

from consensus.anomaly.features.series import autocorrelations, middle
from consensus.anomaly.traces import Floats


def lag_1(errors: Floats) -> float:
    """How much an error tells of the next."""
    return float(autocorrelations(errors, 1)[0])


def low_frequency_share(errors: Floats) -> float:
    """The share of the power that lies in the lowest tenth of the frequencies."""
    power = np.abs(np.fft.rfft(errors - errors.mean())[1:]) ** 2
    return float(power[: max(1, len(power) // 10)].sum() / (power.sum() + 1e-9))


def median_deviation(errors: Floats) -> float:
    """Half of the errors are at most this far from their median."""
    return middle(np.abs(errors - middle(errors)))


def spread(errors: Floats) -> float:
    """The standard deviation; 0 for a single error."""
    return float(errors.std(ddof=1)) if len(errors) > 1 else 0.0
