"""Where numbers fall into two groups."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def split_point(values: NDArray[np.float32]) -> float:
    """Half-way between the means of the two groups that lie farthest apart for how many there are in each.

    The groups are those of Otsu 1979 (A Threshold Selection Method from Gray-Level Histograms): the variance
    between them is greatest. One value alone is its own split point; raises ValueError where there is none.
    """
    if not values.size:
        raise ValueError("there is no value to split; wanted is one at least.")
    falling = np.sort(values.astype(np.float64))[::-1]
    if falling[0] == falling[-1]:
        return float(falling[0])
    sums, n = falling.cumsum()[:-1], falling.size
    above = np.arange(1, n)
    upper, lower = sums / above, (falling.sum() - sums) / (n - above)
    widest = int(np.argmax(above * (n - above) * (upper - lower) ** 2))
    return float(upper[widest] + lower[widest]) / 2
