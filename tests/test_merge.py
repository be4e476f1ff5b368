"""`grader grade --shard` and `grader merge`: parts of a class, and the whole."""

import itertools
import json
import shutil

import pytest

from grader.cli import main
from grader.errors import GraderError
from grader.gradebook import Gradebook
from grader.merge import merge
from grader.shards import Manifest, Shard

WRONG = "return x * x", "return x + x"
STUDENTS = ("ada", "bob", "cy", "dora", "eve")


@pytest.fixture(scope="module")
def course(write_tiny, tmp_path_factory):
    """Give a course with the tiny assignment, a class of five, and the results of three parts."""
    course = tmp_path_factory.mktemp("course")
    reference = write_tiny(course / "reference" / "tiny")
    for student in STUDENTS:
        folder = course / "class" / student
        folder.mkdir(parents=True)
        for name in ("lengths.py", "frames.py"):
            text = (reference / name).read_text()
            (folder / name).write_text(text.replace(*WRONG) if student == "bob" else text)
    for part in ("1/3", "2/3", "3/3"):
        assert grade(course, f"part-{part[0]}", "--shard", part) == 0
    assert grade(course, "whole") == 0
    return course


def grade(course, out, *options):
    folder = str(course / "reference" / "tiny")
    command = ["grade", folder, str(course / "class"), "--out", str(course / out), "--jobs", "1"]
    return main([*command, "--require-sandbox", "none", *options])


@pytest.fixture
def parts(course, tmp_path):
    """Give copies of the three parts, to be changed."""
    for part in ("part-1", "part-2", "part-3"):
        shutil.copytree(course / part, tmp_path / part)
    return [tmp_path / part for part in ("part-1", "part-2", "part-3")]


def change(part, edit):
    """Change what lies beside a part's results."""
    content = json.loads((part / "shard.json").read_text())
    edit(content)
    (part / "shard.json").write_text(json.dumps(content))


def test_every_submission_is_in_one_part():
    """However large the class, and however many parts; none is two larger than another."""
    for size in (0, 1, 5, 40, 257):
        everything = list(range(size))
        for count in (1, 2, 4, 256):
            shares = [Shard(i, count).share(everything) for i in range(1, count + 1)]
            assert sorted(itertools.chain(*shares)) == everything
            assert max(map(len, shares)) - min(map(len, shares)) <= 1


@pytest.mark.parametrize("text", ["0/4", "5/4", "1/0", "1/257", "1", "-1/4", "1/4 ", "a/b", "1/²"])
def test_what_is_no_part(text, capsys):
    """It is refused before anything is graded."""
    with pytest.raises(ValueError, match="no part"):
        Shard.parse(text)
    with pytest.raises(SystemExit):
        main(["grade", "a1", ".", f"--shard={text}"])
    assert "is no part such as 2/4" in capsys.readouterr().err


def test_the_parts_make_the_whole(course, parts, tmp_path, capsys):
    """The same grades, and the same text for students, as when one machine grades everybody."""
    out = tmp_path / "merged"

    assert main(["merge", *map(str, parts), "--out", str(out), "--json"]) == 2  # not in a course
    code = merge(parts, out, course)

    assert not code.missing
    assert (out / "grades.csv").read_text() == (course / "whole" / "grades.csv").read_text()
    for student in STUDENTS:
        theirs = json.loads((out / "results" / f"{student}.json").read_text())
        ours = json.loads((course / "whole" / "results" / f"{student}.json").read_text())
        for result in (theirs, ours):
            result.pop("graded_at")
            for test in result["tests"]:
                test.pop("seconds")
        assert theirs == ours
        assert (out / "feedback" / f"{student}.html").is_file()
    assert (out / "index.html").is_file()


def test_the_command(course, parts, tmp_path, monkeypatch, capsys):
    """It prints the class, and says which part is missing."""
    monkeypatch.chdir(course)
    out = str(tmp_path / "merged")

    assert main(["merge", str(parts[0]), str(parts[1]), "--out", out]) == 1
    printed = capsys.readouterr()
    assert "part 3/3 is missing" in printed.err
    assert "ada" in printed.out

    assert main(["merge", *map(str, parts), "--out", out]) == 0
    assert "1 graded and 4 unchanged" in capsys.readouterr().out


def test_what_was_merged_is_not_graded_again(course, parts, tmp_path, capsys):
    """The merged gradebook knows what each grade was given for."""
    merge(parts, tmp_path / "merged", course)
    merge(parts, tmp_path / "merged", course)
    with Gradebook(tmp_path / "merged" / "gradebook.db") as gradebook:
        assert gradebook.latest("tiny").keys() == set(STUDENTS)

    grade(course, tmp_path / "merged")
    assert "0 graded and 5 unchanged" in capsys.readouterr().out


def test_a_part_that_was_interrupted_goes_on(course, tmp_path, capsys):
    """Of part 1/2 what is there is not graded again."""
    out = tmp_path / "part"
    grade(course, out, "--shard", "1/2")
    (out / "shard.json").unlink()
    capsys.readouterr()

    assert grade(course, out, "--shard", "1/2") == 0

    assert "0 graded and 3 unchanged" in capsys.readouterr().out
    assert list(Manifest.read(out).fingerprints) == ["ada", "cy", "eve"]


def test_a_part_without_students(course, tmp_path, capsys):
    """A small class in many parts: the last have nothing to do, and merge."""
    for index in range(1, 8):
        assert grade(course, tmp_path / str(index), "--shard", f"{index}/7") == 0
    assert "no student in this part" in capsys.readouterr().out

    merged = merge([tmp_path / str(index) for index in range(1, 8)], tmp_path / "out", course)

    assert len(merged.report.grades) == len(STUDENTS)
    assert not merged.missing


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (lambda c: c["terms"].update(assignment="other"), "assignment is tiny and other"),
        (lambda c: c["terms"].update(assignment_sha256="0" * 64), "assignment_sha256 is"),
        (lambda c: c["terms"].update(grader_sha256="0" * 64), "grader_sha256 is"),
        (lambda c: c["terms"].update(numpy="1.0"), "numpy is "),
        (lambda c: c["terms"].pop("python"), "python is "),
        (lambda c: c["terms"].update({"::error::\n": "x"}), "not graded alike: : :error::"),
        (lambda c: c["shard"].update(count=4), "one division"),
        (lambda c: c["shard"].update(index=1), "both part 1/3"),
        (lambda c: c["shard"].update(index=9), "is no part"),
        (lambda c: c.update(schema="deltagrade/shard/v2"), "another schema"),
        (lambda c: c["fingerprints"].update(bob="x"), "one of its fingerprints"),
        (lambda c: c["fingerprints"].update(bob=1), "one of its texts"),
        (lambda c: c["fingerprints"].update(zoe="0" * 64), "no result of zoe"),
        (lambda c: c["fingerprints"].pop("bob"), "one too many"),
        (lambda c: c.update(terms=[]), "describes no part"),
    ],
)
def test_parts_that_do_not_belong_together(course, parts, tmp_path, edit, reason):
    """Nothing is written."""
    change(parts[1], edit)

    with pytest.raises(GraderError) as error:
        merge(parts, tmp_path / "merged", course)

    assert reason in str(error.value)
    assert not (tmp_path / "merged").exists()


def test_another_reference_here(course, parts, tmp_path):
    """The parts agree with each other, but not with what lies here."""
    for part in parts:
        change(part, lambda c: c["terms"].update(assignment_sha256="0" * 64))

    with pytest.raises(GraderError, match="another assignment than the one here"):
        merge(parts, tmp_path / "merged", course)


def test_a_student_in_two_parts(course, parts, tmp_path):
    """Nobody can say whose grade is the right one."""
    shutil.copy(parts[0] / "results" / "ada.json", parts[1] / "results")
    change(parts[1], lambda c: c["fingerprints"].update(ada="0" * 64))

    with pytest.raises(GraderError, match="ada is in"):
        merge(parts, tmp_path / "merged", course)


@pytest.mark.parametrize(
    "edit",
    [
        lambda r: r.update(max_score=1),
        lambda r: r.update(assignment="other"),
        lambda r: r["tests"].pop(),
        lambda r: r["tests"][0].update(points=50),
    ],
    ids=["maximum", "assignment", "fewer tests", "more points"],
)
def test_a_result_that_no_grader_gives(course, parts, tmp_path, edit):
    """The denominators are those of the assignment, whatever a part says."""
    path = parts[1] / "results" / "bob.json"
    result = json.loads(path.read_text())
    edit(result)
    path.write_text(json.dumps(result))

    with pytest.raises(GraderError, match=r"that is none of tiny|results of|is no result"):
        merge(parts, tmp_path / "merged", course)


def test_a_folder_that_is_no_part(course, tmp_path):
    """What to do about it is said."""
    with pytest.raises(GraderError, match="--shard"):
        merge([course / "whole"], tmp_path / "merged", course)


def test_pages_of_a_part_are_not_taken_over(course, parts, tmp_path):
    """They come from a machine that ran students' code."""
    for name in ("index.html", "grades.csv", "feedback/bob.html", "feedback/bob.md"):
        (parts[1] / name).write_text("forged")

    merge(parts, tmp_path / "merged", course)

    for path in (tmp_path / "merged").rglob("*.*"):
        assert path.suffix == ".db" or "forged" not in path.read_text(errors="replace")
