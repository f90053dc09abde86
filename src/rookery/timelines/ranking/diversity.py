"""Author diversity: the n-th best post of an author counts for less, as home-mixer's scorer of that name has it.

factor = (1 - floor) * decay ^ n + floor, n from 0 by descending score: taking the best of what is left again and again,
each time lowering its author's rest, comes to the same, since an author's factor depends on their own posts alone.
"""

import numpy as np
from numpy.typing import NDArray

from rookery.timelines.ranking.weights import DIVERSITY_DECAY, DIVERSITY_FLOOR

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def diversity_factors(author_ids: Ints, post_ids: Ints, scores: Floats, weight: float) -> Floats:
    """DIVERSITY_FLOOR..1 for each post. A weight of 0 switches it off; ties go to the newer post."""
    ranks = ranks_within(author_ids, np.lexsort((-post_ids, -scores)))
    factors: Floats = (1.0 - DIVERSITY_FLOOR) * np.power(DIVERSITY_DECAY, weight * ranks) + DIVERSITY_FLOOR
    return factors


def ranks_within(author_ids: Ints, order: Ints) -> Ints:
    """How many of the same author stand before each in `order`."""
    in_order = author_ids[order]
    by_author = np.argsort(in_order, kind="stable")
    grouped = in_order[by_author]
    begins = np.flatnonzero(np.concatenate([[True], grouped[1:] != grouped[:-1]])) if len(grouped) else grouped
    sizes = np.diff(np.append(begins, len(grouped)))
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order[by_author]] = np.arange(len(order)) - np.repeat(begins, sizes)
    return ranks
