"""Reasons: of each ranked item the signals that mattered, from the very parts that its score was summed from.

A share is a signal's part over the sum of all parts' sizes, so shares lie in -1..1, and those of one item sum to its
score over that same sum. The SIGNALS_SHOWN largest in size are kept, in hundredths; what rounds to nothing is left out.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from rookery.timelines.ranking.signals import Floats

SIGNALS_SHOWN: Final = 5


def shares_of(parts: Floats) -> Floats:
    """(items, signals) in -1..1; all 0 for an item that nothing speaks for."""
    sizes = np.abs(parts).sum(axis=1, keepdims=True)
    shares: Floats = np.divide(parts, sizes, out=np.zeros_like(parts), where=sizes > 0)
    return shares


def strongest(parts: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(items, SIGNALS_SHOWN) twice: which signals, the strongest first, and their shares in hundredths."""
    hundredths = np.rint(shares_of(parts) * 100).astype(np.int64)
    chosen = np.argsort(-np.abs(hundredths), axis=1, kind="stable")[:, :SIGNALS_SHOWN]
    return chosen, np.take_along_axis(hundredths, chosen, axis=1)
