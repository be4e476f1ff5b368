"""Our workflows and the action: well formed, safe, and run here step by step.

The steps' commands are executed as a runner does, on a class with a hostile student.
"""

import functools
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
import yaml

import grader
from grader.cli import main
from grader.course import find_reference
from grader.github.template import bundle, repository
from tests.actions_log import commands
from tests.actions_runner import Runner
from tests.conftest import TINY
from tests.github_server import TOKEN, serve
from tests.test_ci import HOSTILE

ROOT = Path(__file__).resolve().parent.parent
GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
ACTION = GITHUB / "actions" / "autograde" / "action.yml"
DOCS = ROOT / "docs" / "github-actions.md"
# On a line of its own, or quoted in a sentence.
COMMAND = re.compile(r'(?:^[^#`\n]*(?<![\w-])|`)grader"? ([a-z][^`#\n]*)', re.MULTILINE)
HIDDEN_NAME = "random_length"  # of a hidden test
SHARDS = 4
CLASS = 40

BESIDE = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
ZIZMOR = shutil.which("zizmor", path=BESIDE)
CHECK_JSONSCHEMA = shutil.which("check-jsonschema", path=BESIDE)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """Give a students' repository of a1_convolution."""
    folder = tmp_path_factory.mktemp("template")
    write(folder, repository(find_reference("a1_convolution", ROOT)))
    return folder


def write(folder, files):
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def run(*command, cwd=ROOT):
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


# ---------------------------------------------------------------- form


@pytest.mark.skipif(not ZIZMOR, reason="zizmor is not installed")
def test_nothing_is_dangerous(template):
    """No finding above informational, in ours and in what students get."""
    for folder in (GITHUB, template):
        done = run(ZIZMOR, "--offline", "--format=json", "--min-severity=low", str(folder))
        assert json.loads(done.stdout) == [], done.stdout


@pytest.mark.skipif(not CHECK_JSONSCHEMA, reason="check-jsonschema is not installed")
@pytest.mark.parametrize("schema", ["github-workflows", "github-actions", "dependabot"])
def test_every_file_has_its_schema(template, schema):
    """GitHub would understand it."""
    files = {
        "github-workflows": [*WORKFLOWS, *template.glob(".github/workflows/*.yml")],
        "github-actions": [ACTION, *template.glob(".github/actions/*/action.yml")],
        "dependabot": [GITHUB / "dependabot.yml"],
    }[schema]

    done = run(CHECK_JSONSCHEMA, "--builtin-schema", f"vendor.{schema}", *map(str, files))

    assert files
    assert done.returncode == 0, done.stdout


def test_the_action_is_the_one_that_students_get():
    """Copy grader/github/templates/action.yml to .github/actions/autograde/ when it changes."""
    assert ACTION.read_bytes() == (ROOT / "grader/github/templates/action.yml").read_bytes()


def test_the_action_installs_this_version():
    """A release installs itself."""
    default = yaml.safe_load(ACTION.read_text())["inputs"]["package"]["default"]
    assert default == f"deltagrade=={grader.__version__}"


def test_every_action_is_pinned_alike(template):
    """By commit, with its version beside it; the same one everywhere."""
    pins = set()
    for path in [*WORKFLOWS, ACTION, *template.glob(".github/**/*.yml")]:
        for used in re.findall(r"uses: (.+)", path.read_text()):
            match = re.fullmatch(r"([\w/-]+)@[0-9a-f]{40} # v[\d.]+", used)
            assert match or used == "$/.github/actions/autograde", used
            pins |= {(match[1], used)} if match else set()
    assert len(pins) == len(dict(pins))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_nothing_is_permitted_that_is_not_named(path):
    """No permission by default, a time limit for each job, and no secret in the environment."""
    workflow = yaml.safe_load(path.read_text())
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert "timeout-minutes" in job
        assert "permissions" in job
        assert "secrets." not in json.dumps([step.get("env") for step in job["steps"]])


def test_students_code_runs_without_any_permission():
    """Nor with a secret, nor with an environment that holds one, nor beside a checkout."""
    jobs = yaml.safe_load((GITHUB / "workflows" / "grade-class.yml").read_text())["jobs"]
    assert jobs["grade"]["permissions"] == {}
    assert "environment" not in jobs["grade"]
    assert not re.search(r"secrets\.[A-Z]|\.token\b|checkout", json.dumps(jobs["grade"]))
    assert "grader grade" not in json.dumps([jobs["collect"], jobs["publish"]])


def test_what_the_workflows_name_is_there():
    """A test file that was renamed would not be run."""
    for path in re.findall(r"tests/[\w/.*-]+\.py", (GITHUB / "workflows" / "ci.yml").read_text()):
        assert list(ROOT.glob(path)), path


@pytest.mark.parametrize("path", [*WORKFLOWS, ACTION, DOCS], ids=lambda path: path.stem)
def test_every_command_and_option_is_there(path, capsys):
    """What is written for a runner, or a newcomer, is what the command line takes."""
    written = COMMAND.findall(path.read_text())
    assert written
    for command in written:
        words = list(itertools.takewhile(str.isalnum, command.split()[:2]))
        words = words if words[0] == "github" else words[:1]
        with pytest.raises(SystemExit) as done:
            main([*words, "--help"])
        assert done.value.code == 0, command
        taken = re.findall(r"--[\w-]+", capsys.readouterr().out)
        assert set(re.findall(r"--[a-z][\w-]*", command)) <= {*taken, "--version"}, command


def test_no_release_from_a_fork():
    """The job on which the others depend looks."""
    jobs = yaml.safe_load((GITHUB / "workflows" / "release.yml").read_text())["jobs"]
    assert jobs["build"]["if"] == "${{ !github.event.repository.fork }}"
    assert all("build" in job["needs"] for name, job in jobs.items() if name != "build")
    assert not any("run" in step for step in jobs["publish"]["steps"] + jobs["attest"]["steps"])


# ---------------------------------------------------------------- run


def needed(requirements):
    """Return the names of the installed packages that these need, and their own."""
    found = set()
    while requirements:
        requirement = requirements.pop()
        name = re.split(r"[^\w.-]", requirement)[0].lower().replace("_", "-")
        if name in found or "extra ==" in requirement:
            continue
        try:
            requirements += metadata.requires(name) or []
        except metadata.PackageNotFoundError:  # needed on another system only
            continue
        found.add(name)
    return found


def link(source, target):
    """Let a file have a second name, which is quicker than a copy, where that can be."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    """Give a fresh Python with everything that the grader needs, but not the grader.

    And the folder of a wheel of it: what a registry would serve.
    """
    pytest.importorskip("hatchling", reason="hatchling, which builds the wheel, is not installed")
    folder = tmp_path_factory.mktemp("machine")
    run(sys.executable, "-m", "venv", str(folder / "python"))
    fresh = next((folder / "python").glob("lib/python*/site-packages"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    names = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    for package in needed(names):
        for file in metadata.files(package) or ():
            if file.parts[0] != ".." and file.suffix != ".pyc":
                (fresh / file).parent.mkdir(parents=True, exist_ok=True)
                link(file.locate(), fresh / file)
    python = folder / "python" / "bin"
    (folder / "wheels").mkdir()
    build = ["wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    done = run(str(python / "pip"), *build, "--wheel-dir", str(folder / "wheels"), str(ROOT))
    assert done.returncode == 0, done.stderr
    assert run(str(python / "python"), "-P", "-c", "import grader").returncode == 1
    return folder


def copy_python(machine, folder):
    copy = shutil.copytree(
        machine / "python", folder / "python", symlinks=True, copy_function=link
    )  # fmt: skip
    return copy / "bin"


@pytest.fixture
def student(machine, template, tmp_path):
    """Give `student(files)`: the job in a student's repository that holds these files."""
    python = copy_python(machine, tmp_path)
    pip = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(machine / "wheels")}

    def student(files, **event):
        checkout = shutil.copytree(template, tmp_path / "repository")
        write(checkout, files)
        context = {"github": {"repository": "course/a1-ada", "event": {"repository": event}}}
        runner = Runner(tmp_path, checkout, python, context, pip)
        return runner, runner.run_job(checkout / ".github/workflows/autograde.yml", "autograde")

    return student


def solution(name):
    folder = ROOT / "tests" / "submissions" / name
    return {path.name: path.read_bytes() for path in folder.glob("*.py")}


def test_a_student_pushes_a_solution(student):
    """Installed, graded, shown, and kept as an artifact."""
    runner, job = student(solution("perfect"))

    assert job.result == "success", job.log
    (notice,) = commands(job.log)
    assert notice.message == "44 of 44 points"
    assert job.summary.startswith("## a1&#95;convolution: 44 of 44 points")
    assert "Images, padding" in (runner.artifact("feedback") / "feedback.html").read_text()


def test_a_student_pushes_a_mistake(student):
    """The job fails, its annotations point at the file, and the page is there all the same."""
    runner, job = student(solution("kernel-not-flipped"))

    assert job.result == "failure"
    errors = [c for c in commands(job.log) if c.kind == "error"]
    assert {c.properties["file"] for c in errors} == {"convolution.py"}
    assert (runner.artifact("feedback") / "feedback.html").is_file()


def test_a_student_pushes_an_attack(student):
    """No command gets through, to this step or to another; nothing is set but by us."""
    images = HOSTILE + "\n\ndef to_float(image):\n    shout()\n    raise ValueError(BAD)\n"
    shadows = dict.fromkeys(("pip.py", "json.py", "grader.py", "numpy.py"), "raise SystemExit(3)\n")

    _, job = student({"images.py": images, **shadows})

    assert job.result == "failure"
    assert {c.kind for c in commands(job.log)} == {"notice", "error"}
    assert all(c.properties["title"] != "forged" for c in commands(job.log))
    assert not commands(job.summary)
    assert "a1&#95;convolution: 0 of 44 points" in job.summary


def test_a_template_is_not_graded(student):
    """It holds stubs."""
    _, job = student({}, is_template=True)
    assert job.result == "skipped"


def test_a_wheel_is_tried_as_students_use_it(machine, tmp_path):
    """CI's own job: all points for a solution, none for the stubs."""
    checkout = tmp_path / "repository"
    for part in (".github", "assignments/a1_convolution", "tests/submissions/perfect"):
        shutil.copytree(ROOT / part, checkout / part)
    context = {"github": {"repository": "course/deltagrade"}}
    python = copy_python(machine, tmp_path)
    runner = Runner(tmp_path, checkout, python, context, {"PIP_NO_INDEX": "1"})
    shutil.copytree(machine / "wheels", runner.artifact("wheel"))

    job = runner.run_job(
        GITHUB / "workflows" / "ci.yml", "student",
        needs={"wheel": {"result": "success"}}, matrix={"system": "linux", "python": "3"},
    )  # fmt: skip

    assert job.result == "success", job.log
    assert (runner.artifact("feedback-solved-linux-3") / "feedback.html").is_file()


@pytest.fixture(scope="module")
def central(machine, tmp_path_factory):
    """Give the jobs of one run of grade-class.yml, on a class of 40 in 4 parts."""
    folder = tmp_path_factory.mktemp("central")
    checkout = folder / "repository"
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        checkout.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, checkout)
    shutil.copytree(ROOT / "grader", checkout / "grader", ignore=shutil.ignore_patterns("*.pyc"))
    write(checkout / "reference" / "tiny", {**TINY, "tests/.DS_Store": "a Mac's"})
    with serve(folder / "hub") as hub:
        rows = ["student,repository"]
        for number in range(CLASS):
            hub.create(f"course/tiny-s{number:02}", pushed(number))
            rows.append(f"s{number:02},course/tiny-s{number:02}")
        write(checkout, {"roster.csv": "\n".join(rows)})
        python = copy_python(machine, folder)
        context = {
            "github": {"repository": "course/central", "event_name": "workflow_dispatch"},
            "inputs": {
                "assignment": "tiny", "roster": "roster.csv", "shards": str(SHARDS),
                "feedback": "issue",
            },
            "vars": {"APP_CLIENT_ID": "id"},
            "secrets": {"APP_PRIVATE_KEY": "a-key"},
        }  # fmt: skip
        variables = {
            "PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0", "GITHUB_API_URL": hub.url,
        }  # fmt: skip
        runner = Hosted(folder, checkout, python, context, variables, TOKEN)
        yield Run(runner, hub)


class Hosted(Runner):
    """One that keeps hidden files only where that is asked for, as GitHub does."""

    def _upload(self, inputs, workspace):
        super()._upload(inputs, workspace)
        if not inputs.get("include-hidden-files"):
            for path in self.artifact(inputs["name"]).rglob(".*"):
                path.unlink()


class Run:
    """The jobs of one run, in their order."""

    def __init__(self, runner, hub):
        self.runner, self.hub = runner, hub
        self.job = functools.partial(runner.run_job, GITHUB / "workflows" / "grade-class.yml")
        self.collect = self.job("collect")
        needs = {"collect": {"result": self.collect.result, "outputs": self.collect.outputs}}
        shards = json.loads(self.collect.outputs["shards"])
        self.parts = [self.job("grade", needs=needs, matrix={"shard": i}) for i in shards]
        self.needs = {**needs, "grade": {"result": "success"}}
        self.publish = self.job("publish", needs=self.needs)


def pushed(number):
    """Return what a student has pushed: right, half, broken or an attack."""
    lengths = TINY["lengths.py"]
    return {
        "lengths.py": {0: lengths, 1: lengths.replace("x * x", "x + x"), 2: "def square(x:\n"}.get(
            number % 4, HOSTILE
        ),
        "frames.py": TINY["frames.py"],
        "::error::.py": "x = 1\n",
        "tests/test_lengths.py": "def test_nothing(): pass\n",
        "conftest.py": "raise SystemExit('mine')\n",
        ".gitattributes": "* filter=attack\n",
    }


def test_all_jobs_succeed(central):
    """In the order collect, grade, publish."""
    for job in (central.collect, *central.parts, central.publish):
        assert job.result == "success", job.log
    assert len(central.parts) == SHARDS


def test_the_grades_are_those_of_one_run(central, tmp_path):
    """Forty students in four parts, and forty at once."""
    submissions = central.runner.artifact("class") / "submissions"
    assert len(list(submissions.iterdir())) == CLASS
    reference = central.runner.repository / "reference" / "tiny"
    code = main(["grade", str(reference), str(submissions), "--out", str(tmp_path / "whole")])

    assert code == 0
    whole = (tmp_path / "whole" / "grades.csv").read_text()
    assert (central.runner.artifact("grades") / "grades.csv").read_text() == whole
    scores = {line.split(",")[1] for line in whole.splitlines()[1:]}
    assert scores == {"100", "40", "50"}


def test_the_sandbox_was_reached(central):
    """Every grade says which tier; less than `reduced` would have failed the job."""
    results = list((central.runner.artifact("grades") / "results").iterdir())
    tiers = {json.loads(path.read_text())["environment"]["sandbox"] for path in results}
    assert tiers <= {"reduced", "full"}
    assert len(results) == CLASS


def test_no_command_of_a_student_is_obeyed(central):
    """In no job, though a quarter of the class tries."""
    for job in (central.collect, *central.parts, central.publish):
        assert not commands(job.log)
        assert not commands(job.summary)


def test_every_student_reads_their_own_feedback_and_nothing_hidden(central):
    """One issue each, without what hidden tests are called, ask or say."""
    assert len(central.hub.issues) == CLASS
    for name, issues in central.hub.issues.items():
        (issue,) = issues
        assert name.removeprefix("course/tiny-") in issue["body"]
        assert not re.search(r"standard_normal|test_random|test_frame_of|reference", issue["body"])
    assert not any("POST" in line for line in central.hub.log if "/issues" not in line)


def test_the_hidden_tests_are_in_no_log(central):
    """What is printed is kept short."""
    for job in (central.collect, *central.parts, central.publish):
        assert "standard_normal" not in job.log + job.summary
        assert HIDDEN_NAME not in job.log + job.summary


def test_a_part_that_failed_keeps_the_others(central):
    """Without it grades are merged and kept, and nobody is told; the job fails and says which."""
    kept = central.runner.artifact("graded-3")
    shutil.move(kept, kept.with_name("away"))
    posts = [line for line in central.hub.log if "GET" not in line]
    needs = {**central.needs, "grade": {"result": "failure"}}
    try:
        job = central.job("publish", needs=needs)
    finally:
        shutil.move(kept.with_name("away"), kept)

    assert job.result == "failure"
    assert "part 3/4 is missing" in job.log
    grades = (central.runner.artifact("grades") / "grades.csv").read_text()
    assert len(grades.splitlines()) == 1 + CLASS * 3 // 4
    assert [line for line in central.hub.log if "GET" not in line] == posts

    again = central.job("publish", needs=central.needs)  # and the run is taken up again
    assert again.result == "success", again.log
    assert [line for line in central.hub.log if "GET" not in line] == posts  # nothing has changed


def test_a_weak_sandbox_fails_the_job(central, monkeypatch):
    """It says why, and uploads nothing."""
    needs = {"collect": {"result": "success", "outputs": central.collect.outputs}}
    weaker = dict(central.runner.variables, PYTHONPATH=str(central.runner.folder / "weak"))
    site = "import grader.sandbox.tier as t\nt.Tier.at_least = lambda *_: False\n"
    write(central.runner.folder / "weak", {"sitecustomize.py": site})
    monkeypatch.setattr(central.runner, "variables", weaker)
    shutil.move(central.runner.artifact("graded-1"), central.runner.artifact("kept"))
    try:
        job = central.job("grade", needs=needs, matrix={"shard": 1})
    finally:
        shutil.move(central.runner.artifact("kept"), central.runner.artifact("graded-1"))

    assert job.result == "failure"
    assert "isolates submissions only at tier" in job.log
    (error,) = commands(job.log)
    assert error.message == "Part 1/4 was not graded; the log of this step says why."


def test_a_schedule_without_an_assignment_does_nothing(central):
    """Who has not asked for it is not graded every night."""
    context = {"github": {"repository": "o/r", "event_name": "schedule"}}
    assert central.job("collect", **context).result == "skipped"


def test_the_bundle_is_python():
    """The one template that no linter sees."""
    for path, content in bundle(find_reference("a1_convolution", ROOT)).items():
        if path == "autograder.py":
            compile(content, path, "exec")
            assert b"{{" not in content
