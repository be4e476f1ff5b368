"""Draw the accuracies of right and wrong solutions, and the tiers between them."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from grader.authoring.calibration import Calibration, Sample, TestCalibration
from grader.errors import GraderError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Colours that also differ in brightness, for those who do not see them apart.
_RIGHT: Final = "#0072b2"
_WRONG: Final = "#d55e00"
_OVERLAPPING: Final = "#b0a08c"
_TIER: Final = "#222222"
_PROPOSED: Final = "#009e73"
_GOOD: Final = "#e4f2ea"
_ROW: Final = 0.24  # inches
_SWARM: Final = 0.6  # of a row
_MARGIN: Final = 0.04  # of the shown range
_ARROW: Final = 0.12


def save_figure(found: Calibration, path: Path) -> None:
    """Draw one panel for each test, as a PNG; the same accuracies give the same bytes.

    Each row is a variant, each dot one seed, and the diamond their mean; an arrow at
    the left edge tells the lowest accuracy of a variant that goes on beyond it.

    Raises
    ------
    GraderError
        If the file cannot be written.
    """
    # Drawing is rare, and importing matplotlib takes longer than most commands.
    from matplotlib.figure import Figure  # noqa: PLC0415

    heights = [_ROW * (len(test.mutants) + 1) + 0.6 for test in found.tests]
    figure = Figure(figsize=(9, sum(heights) + 1.0), dpi=110, layout="constrained")
    figure.suptitle(
        f"{found.assignment}: accuracy on {found.dataset} under {found.seeds} seeds",
        parse_math=False,
    )
    panels = figure.subplots(len(found.tests), 1, squeeze=False, height_ratios=heights)[:, 0]
    for panel, test in zip(panels, found.tests, strict=True):
        _draw_test(panel, test)
    _draw_legend(figure)
    try:
        figure.savefig(path, format="png", metadata={"Software": None})
    except OSError as error:
        raise GraderError(
            f"cannot write {path} ({error.strerror}); name a file in a folder that exists"
        ) from error


def _draw_test(panel: "Axes", test: TestCalibration) -> None:
    rows = [test.reference, *test.mutants]
    low, high = _range(test)
    left = low - _ARROW * (high - low)
    panel.axvspan(max(left, test.above), test.reference.floor, color=_GOOD, zorder=0)
    for height, sample in enumerate(rows):
        colour = _RIGHT if sample is test.reference else _WRONG
        colour = _OVERLAPPING if sample in test.overlapping else colour
        _draw_sample(panel, sample, height, colour, low)
    for accuracy, share in test.shares.items():
        panel.axvline(accuracy, color=_TIER, linewidth=1.2, linestyle="-" if share == 1 else ":")
    for accuracy, new in (test.proposal or {}).items():
        if new != accuracy:
            style = "-" if accuracy == test.full else ":"
            panel.axvline(new, color=_PROPOSED, linewidth=1.2, linestyle=style)
    panel.set_xlim(left, high)
    panel.set_ylim(len(rows) - 0.4, -0.6)
    panel.set_yticks(range(len(rows)), [sample.variant for sample in rows], parse_math=False)
    panel.tick_params(labelsize=8)
    panel.set_title(test.test, fontsize=9, loc="left", parse_math=False)
    panel.spines[["top", "right"]].set_visible(False)


def _range(test: TestCalibration) -> tuple[float, float]:
    """Return what to show: all of the reference and of the tiers, and what lies about there."""
    tiers = [*test.shares, *(test.proposal or {}).values()]
    low = min(*tiers, *test.reference.values, test.reference.floor)
    high = max(*tiers, *test.reference.values, *(v for m in test.mutants for v in m.values))
    margin = (high - low) * _MARGIN
    return low - margin, high + margin


def _draw_sample(panel: "Axes", sample: Sample, height: int, colour: str, low: float) -> None:
    # A swarm, in the order of the seeds, so that equal accuracies do not hide each other.
    spread = [height + _SWARM * (n / len(sample.values) - 0.5) for n in range(len(sample.values))]
    shown = [(value, y) for value, y in zip(sample.values, spread, strict=True) if value >= low]
    panel.scatter(
        [value for value, _ in shown], [y for _, y in shown], s=7, color=colour, alpha=0.7,
        linewidths=0,
    )  # fmt: skip
    if sample.values and sample.summary["mean"] >= low:
        panel.plot(sample.summary["mean"], height, marker="D", markersize=4.5, color=colour)
    if len(shown) < len(sample.values) or not sample.values:
        text = f"◂ {sample.summary['min']:.3f}" if sample.values else "no accuracy"
        panel.annotate(
            text, (0.005, height), xycoords=("axes fraction", "data"), va="center", fontsize=8,
            color=colour,
        )  # fmt: skip


def _draw_legend(figure: "Figure") -> None:
    from matplotlib.lines import Line2D  # noqa: PLC0415
    from matplotlib.patches import Patch  # noqa: PLC0415

    variants = {"reference": _RIGHT, "mistake": _WRONG, "mistake that overlaps": _OVERLAPPING}
    entries = [
        *(Line2D([], [], color=c, marker="o", linestyle="none", label=n)
          for n, c in variants.items()),
        Line2D([], [], color=_TIER, label="full tier"),
        Line2D([], [], color=_TIER, linestyle=":", label="lower tier"),
        Line2D([], [], color=_PROPOSED, label="proposed instead"),
        Patch(color=_GOOD, label="where a full tier may lie"),
    ]  # fmt: skip
    figure.legend(handles=entries, loc="outside lower center", ncols=4, fontsize=8, frameon=False)
