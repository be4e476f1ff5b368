"""From accuracies to tiers: what is judged, proposed, told and drawn."""

from dataclasses import replace

import pytest

from grader.authoring.calibration import Calibration, Sample, TestCalibration, odds
from grader.authoring.calibration_figure import save_figure
from grader.authoring.calibration_report import calibration_report
from grader.errors import GraderError

# Ten runs whose mean is 0 and whose standard deviation is 1.
SHAPE = [-1.5, -1.1, -0.8, -0.4, -0.1, 0.1, 0.4, 0.8, 1.1, 1.5]
SCALE = (sum(x * x for x in SHAPE) / 9) ** 0.5


def sample(variant="the reference", mean=0.92, sd=0.001, *, named=False):
    """Return ten accuracies of that mean and standard deviation."""
    values = tuple(mean + sd / SCALE * x for x in SHAPE)
    return Sample(variant=variant, accuracies=values, step=1e-4, named=named)


def judge(shares, *mutants, reference=None):
    """Return the calibration of a test with these tiers."""
    return TestCalibration(
        test="test_learns", shares=shares, reference=reference or sample(), mutants=mutants
    )


def whole(*tests):
    """Return a whole calibration of these tests."""
    return Calibration(
        assignment="a9", title="Learning", dataset="digits", sandbox="full", seeds=10,
        tests=tests, tried=7, seconds=1.5,
    )  # fmt: skip


FAR = sample("far", 0.5, 0.01)
NEAR = sample("near", 0.9, 0.002, named=True)
SAME = sample("same", 0.919, 0.001)
# With ten runs, 1 in 10 000 lies 6.3 standard deviations below the mean, 1 in 100 lies 3.0 above.
FLOOR, CEILING = 0.9137, 0.9059


def test_a_tier_between_wrong_and_right_holds_and_stays():
    """Wrong variants that no tier could keep out are told, and cost nothing."""
    found = judge({0.85: 0.6, 0.91: 1.0}, SAME, NEAR, FAR)
    assert found.problems == ()
    assert found.proposal == {0.85: 0.85, 0.91: 0.91}
    assert found.reference.floor == pytest.approx(FLOOR, abs=1e-4)
    assert found.above == NEAR.ceiling == pytest.approx(CEILING, abs=1e-4)
    assert found.chance < 1e-4
    assert [one.variant for one in found.overlapping] == ["same"]
    assert found.notes == (
        "no tier keeps same apart from right solutions; other tests must",
    )  # fmt: skip


def test_a_tier_that_is_too_high_is_lowered_to_the_highest_round_number():
    """How many right solutions it fails is said; a lower tier keeps its proportion."""
    found = judge({0.86: 0.6, 0.915: 1.0}, NEAR)
    [problem] = found.problems
    assert problem.startswith("1 in 2 000 right solutions would stay below 0.915; lower the tier")
    assert found.proposal == {0.86: 0.855, 0.915: 0.91}
    assert judge({0.855: 0.6, 0.91: 1.0}, NEAR).problems == ()


def test_a_tier_that_the_reference_missed_is_told_by_its_runs():
    """What has been seen says more than an estimate."""
    [problem] = judge({0.92: 1.0}).problems
    assert problem.startswith("5 of 10 runs of the reference would stay below 0.92; lower the")


def test_a_tier_that_a_mistake_reaches_is_raised():
    """As high as right solutions allow, so that mistakes that nobody knows stay below too."""
    found = judge({0.9: 1.0}, NEAR, FAR)
    assert found.problems == (f"near can reach 0.9; raise it above {NEAR.ceiling:.4f}",)
    assert found.proposal == {0.9: 0.91}


def test_a_narrow_gap_gets_a_finer_number():
    """A tier is as round as what it has to stand between allows."""
    close = sample("close", 0.9103, 0.001)
    assert close.ceiling == pytest.approx(0.9133, abs=1e-4)
    assert judge({0.9: 1.0}, close).proposal == {0.9: 0.9135}


def test_a_mistake_that_should_fail_the_test_and_cannot_be_told_apart_is_a_problem():
    """The tiers may be as good as they can be; `fails` is not true."""
    named = replace(SAME, named=True)
    found = judge({0.91: 1.0}, named, NEAR)
    [problem] = found.problems
    assert problem.startswith("no tier keeps same apart from right solutions, though 'fails'")
    assert found.proposal == {0.91: 0.91}
    assert found.notes == ()


def test_where_chance_is_too_great_no_tier_will_do():
    """A right solution that may learn nothing proves nothing."""
    found = judge({0.9: 1.0}, reference=sample(sd=0.2))
    assert found.proposal is None
    assert found.problems == (
        "no tier will do; use more --seeds, or let a right solution learn more",
    )


def test_what_weakens_the_measurement_is_noted():
    """Equal accuracies, and one that a normal distribution would not have."""
    equal = Sample(variant="r", accuracies=(0.92,) * 10, step=1e-4)
    [note] = judge({0.9: 1.0}, reference=equal).notes
    assert note.startswith("the reference is equally accurate under every seed; if its training")
    low = Sample(variant="r", accuracies=(*sample().values, 0.91), step=1e-4)
    [note] = judge({0.9: 1.0}, reference=low).notes
    assert note.startswith("the reference's lowest accuracy, 0.9100, lies farther out than in")


def test_a_mistake_without_accuracy_stays_below_every_tier():
    """It may crash under some seeds, or under all."""
    never = Sample(variant="never", accuracies=(None,) * 10, step=1e-4, named=True)
    once = Sample(variant="once", accuracies=(None, 0.5), step=1e-4)
    found = judge({0.91: 1.0}, once, never)
    assert found.problems == ()
    assert found.above == 0.5
    report = calibration_report(whole(found))
    assert "  never          no accuracy under any seed\n" in report
    assert "0.5000 at most (1 of 2 seeds)\n" in report


def test_the_report_shows_both_distributions_and_what_follows():
    """Numbers an author can compare, in rows; then the tiers, and why they will not do."""
    report = calibration_report(whole(judge({0.86: 0.6, 0.915: 1.0}, SAME, NEAR, FAR)))
    lines = report.splitlines()
    assert "accuracy on digits under 10 seeds" in report
    assert "  the reference  0.9185  0.9200  0.9215  0.9200  0.0010  0.9137 and up" in lines
    assert "  same           0.9175  0.9190  0.9205  0.9190  0.0010  overlaps" in lines
    assert "  near           0.8969  0.9000  0.9031  0.9000  0.0020  0.9059 at most" in lines
    assert "  0.86 earns 60%  proposed: 0.855" in lines
    assert "  0.915 earns all  proposed: 0.91" in lines
    assert "a full tier may lie above 0.9059, up to 0.9137; 1 in 2 000 right solutions" in report
    assert "the tiers do not hold: 1 problem (in 1.5 s, sandbox tier full)" in report
    held = calibration_report(whole(judge({0.91: 1.0}, NEAR)))
    assert "proposed" not in held
    assert "the tiers hold (in 1.5 s, sandbox tier full)" in held


def test_the_figure_shows_the_same_and_is_the_same_each_time(tmp_path):
    """A PNG with a panel for each test, byte for byte alike."""
    never = Sample(variant="never", accuracies=(None,) * 10, step=1e-4, named=True)
    one = judge({0.86: 0.6, 0.915: 1.0}, SAME, NEAR, FAR, never)
    pictures = []
    for name, found in (("a.png", whole(one)), ("b.png", whole(one)), ("c.png", whole(one, one))):
        save_figure(found, tmp_path / name)
        pictures.append((tmp_path / name).read_bytes())
    assert pictures[0].startswith(b"\x89PNG")
    assert pictures[0] == pictures[1] != pictures[2]
    with pytest.raises(GraderError, match=r"nowhere.a\.png"):
        save_figure(whole(one), tmp_path / "nowhere" / "a.png")


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        (1e-4, "1 in 10 000"),
        (1 / 1234, "1 in 1 200"),
        (0.01, "1 in 100"),
        (0.3, "1 in 3"),
        (0.75, "75% of"),
        (1e-12, "fewer than 1 in 1 000 000"),
    ],
)
def test_a_chance_is_said_as_people_say_it(chance, words):
    """Two digits are all that a few runs can tell."""
    assert odds(chance) == words
