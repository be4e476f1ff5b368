"""Read what a test's markers say: its task and its points, or that it needs a GPU."""

import math

import pytest

from grader.course import Assignment
from grader.cuda import CUDA_TIER
from grader.errors import GraderError
from grader.results import Test, Visibility


def describe_test(item: pytest.Item, assignment: Assignment) -> Test:
    """Read an item's marker, `task` or `cuda`.

    Raises
    ------
    GraderError
        If the marker does not fit the assignment, or the test has no docstring.
    """
    where = f"{item.path.name}::{item.nodeid.partition('::')[2]}"
    marker = item.get_closest_marker("task")
    if item.get_closest_marker("cuda"):
        if marker is not None:
            raise GraderError(f"{where}: a test of the CUDA tier has no task; remove that marker")
        task, points = CUDA_TIER, 0.0
    elif marker is not None and _is_well_formed(marker):
        task, points = assignment.task(marker.args[0]).name, float(marker.kwargs["points"])
    else:
        raise GraderError(f'{where}: write the marker as task("name", points=…), points from 0 up')
    documentation = (getattr(item, "obj", None).__doc__ or "").strip()
    if not documentation:
        raise GraderError(f"{where} has no docstring; its first line is what students read")
    case = item.name.partition("[")[2].rstrip("]")
    return Test(
        test=where,
        task=task,
        title=documentation.splitlines()[0] + (f" [{case}]" if case else ""),
        visibility=Visibility.HIDDEN if "hidden_tests" in item.path.parts else Visibility.PUBLIC,
        points=points,
    )


def _is_well_formed(marker: pytest.Mark) -> bool:
    match marker.args, marker.kwargs:
        case (str(),), {"points": int() | float() as points, **others}:
            return not others and 0 <= points < math.inf
    return False
