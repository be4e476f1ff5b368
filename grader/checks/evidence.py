"""What is known of a wrong gradient, gathered for naming the cause."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from grader.checks.picture import GradientMap


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A wrong gradient, and what central differences give for some or all of its elements.

    Attributes
    ----------
    gradient, x : ndarray of float64
        The gradient that was given, and where.
    grid : tuple of ndarray
        Selects the elements that were measured, as `numpy.ix_` gives it.
    measured : ndarray
        What central differences give there; NaN at a kink.
    rtol, atol : float
        How close is close enough: ``atol + rtol * |measured|``.
    name : str
        What the message calls the gradient.
    lengths : sequence of (int, str)
        The lengths of axes, and what to call them.
    sizes, suspects, parts
        What the author of the test says, see `assert_gradient`.
    """

    gradient: np.ndarray
    x: np.ndarray
    grid: tuple[np.ndarray, ...]
    measured: np.ndarray
    rtol: float
    atol: float
    name: str = "gradient"
    lengths: Sequence[tuple[int, str]] = ()
    sizes: Mapping[str, float] = field(default_factory=dict)
    suspects: Mapping[str, np.ndarray] = field(default_factory=dict)
    parts: Sequence[np.ndarray] = ()

    @property
    def got(self) -> np.ndarray:
        """The given gradient where it was measured."""
        return np.asarray(self.gradient[self.grid])

    @property
    def known(self) -> np.ndarray:
        """Where the measurement counts."""
        return np.asarray(np.isfinite(self.measured))

    @property
    def wrong(self) -> np.ndarray:
        """Where the given gradient is not what was measured."""
        return np.asarray(self.known & (np.abs(self.got - self.measured) > self.tolerance))

    @property
    def tolerance(self) -> np.ndarray:
        """How far apart the two may be."""
        return np.asarray(self.atol + self.rtol * np.abs(self.measured))

    @property
    def precision(self) -> float:
        """How far a pattern may be missed, as a fraction: it is fitted to wrong numbers."""
        return 10 * self.rtol

    @property
    def complete(self) -> bool:
        """Whether every element was measured."""
        return bool(self.measured.size == self.gradient.size and self.known.all())

    def picture(self) -> GradientMap | None:
        """Return what to look at; a single number is read more easily."""
        if not self.wrong.any() or self.measured.size < 2:
            return None
        rows, *others = (np.ravel(indices) for indices in self.grid)
        # An axis becomes the rows, all others together the columns; one axis alone is a row.
        if not others:
            rows, others = np.zeros(1, np.int64), [rows]
        lengths = self.gradient.shape[-len(others) :]
        columns = np.ravel_multi_index(np.ix_(*others), lengths).ravel()
        matrix = (rows.size, columns.size)
        return GradientMap(
            got=self.got.reshape(matrix),
            measured=self.measured.reshape(matrix),
            rows=rows,
            columns=columns,
            shape=self.gradient.shape,
            name=self.name,
        )

    def same(self, ours: np.ndarray, theirs: np.ndarray, where: np.ndarray) -> bool:
        """Whether two arrays agree at all the elements `where`."""
        largest = np.max(np.abs(theirs), where=where, initial=0.0)
        allowed = self.atol + self.precision * largest
        return bool(np.all((np.abs(ours - theirs) <= allowed) | ~where))
