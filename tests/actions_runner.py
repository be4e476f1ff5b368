"""Run a workflow's jobs here: its `run:` steps in bash, as a runner would, one by one.

Actions of GitHub itself are replaced by what they do to the workspace; our own composite
action is run step by step like a job. No network, and no part of GitHub.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.actions_expressions import Context, as_text, fill


@dataclass
class Job:
    """What is known of a job while it runs, and afterwards."""

    result: str = "success"
    log: str = ""
    summary: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    ran: list[str] = field(default_factory=list)  # the names of the steps that ran


@dataclass
class Runner:
    """A machine that runs jobs, each in a workspace of its own."""

    folder: Path
    repository: Path  # what actions/checkout gives
    python: Path  # the folder with python and pip
    context: dict[str, Any]  # github, vars, secrets, inputs
    variables: Mapping[str, str] = field(default_factory=dict)
    token: str = "a-token"  # noqa: S105 - what actions/create-github-app-token gives

    def run_job(self, workflow: Path, name: str, **context: Any) -> Job:
        """Run a job; `context` may hold matrix and needs."""
        job = Job()
        description = yaml.safe_load(workflow.read_text())["jobs"][name]
        needs = context.get("needs", {})
        job.result = "failure" if any(n["result"] != "success" for n in needs.values()) else ""
        if not self._holds(description.get("if"), {**self.context, **context}, job):
            job.result = "skipped"
            return job
        job.result = "success"
        number = len(list(self.folder.glob("job-*")))
        workspace = self.folder / f"job-{number}" / "workspace"
        (workspace.parent / "temp").mkdir(parents=True)
        workspace.mkdir()
        full = {
            **self.context, **context,
            "steps": {},
            "runner": {"os": "Linux", "arch": "X64", "temp": f"{workspace.parent}/temp"},
        }  # fmt: skip
        self._run_steps(description["steps"], full, workspace, job)
        job.outputs = self._fill(description.get("outputs", {}), full, job)
        return job

    def _run_steps(self, steps: list[Any], context: Context, workspace: Path, job: Job) -> None:
        for number, step in enumerate(steps):
            name = step.get("id") or step.get("name") or step.get("uses", "").partition("@")[0]
            if not self._holds(step.get("if"), context, job):
                continue
            job.ran.append(name)
            before = job.result
            if "run" in step:
                outputs = self._bash(step, context, workspace, job, number)
            else:
                inputs = self._fill(step.get("with", {}), context, job)
                outputs = self._action(step["uses"].partition("@")[0], inputs, workspace, job)
            outcome = "failure" if job.result == "failure" and before != "failure" else "success"
            if outcome == "failure" and step.get("continue-on-error"):
                job.result = before
            context["steps"][step.get("id") or str(number)] = {
                "outputs": outputs, "outcome": outcome,
            }  # fmt: skip

    def _bash(
        self, step: Any, context: Context, workspace: Path, job: Job, number: int
    ) -> dict[str, str]:
        temp = Path(context["runner"]["temp"])
        files = {}
        for file in ("OUTPUT", "STEP_SUMMARY", "ENV", "PATH", "STATE"):
            files[f"GITHUB_{file}"] = temp / f"{len(job.ran)}-{number}-{file}"
            files[f"GITHUB_{file}"].touch()
        script = temp / f"{len(job.ran)}-{number}.sh"
        assert "${{" not in step["run"], "what a step is given comes through its environment"
        script.write_text(step["run"])
        filled = self._fill(step.get("env", {}), context, job)
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=workspace / step.get("working-directory", "."),
            env={
                "PATH": f"{self.python}:/usr/bin:/bin", "HOME": str(temp), "LANG": "C.UTF-8",
                "CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(workspace),
                "GITHUB_REPOSITORY": context["github"]["repository"], "RUNNER_TEMP": str(temp),
                **{name: str(path) for name, path in files.items()},
                **self.variables, **{name: as_text(value) for name, value in filled.items()},
            },
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        job.log += done.stdout
        job.summary += files["GITHUB_STEP_SUMMARY"].read_text()
        for name in ("GITHUB_ENV", "GITHUB_PATH"):
            assert not files[name].read_text(), f"a step wrote to {name}"
        if done.returncode:
            job.result = "failure"
        lines = files["GITHUB_OUTPUT"].read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)

    def _action(
        self, name: str, inputs: dict[str, Any], workspace: Path, job: Job
    ) -> dict[str, str]:
        if name.startswith("$/"):
            return self._composite(self.repository / name[2:], inputs, workspace, job)
        if name == "actions/checkout":
            assert inputs["persist-credentials"] is False
            shutil.copytree(self.repository, workspace, dirs_exist_ok=True, symlinks=True)
        elif name == "actions/upload-artifact":
            self._upload(inputs, workspace)
        elif name == "actions/download-artifact":
            self._download(inputs, workspace)
        elif name == "actions/setup-python":
            return {"python-version": "3"}
        elif name == "actions/create-github-app-token":
            assert inputs["repositories"], "a token for everything"
            assert inputs["private-key"] == "a-key"
            return {"token": self.token}
        else:
            assert name == "actions/cache", name
        return {}

    def _composite(
        self, folder: Path, inputs: dict[str, Any], workspace: Path, job: Job
    ) -> dict[str, str]:
        action = yaml.safe_load((folder / "action.yml").read_text())
        defaults = {name: each.get("default") for name, each in action["inputs"].items()}
        inner = {
            **self.context, "inputs": defaults | inputs, "steps": {},
            "runner": {"os": "Linux", "arch": "X64", "temp": f"{workspace.parent}/temp"},
        }  # fmt: skip
        self._run_steps(action["runs"]["steps"], inner, workspace, job)
        values = {name: each["value"] for name, each in action["outputs"].items()}
        return {n: as_text(value) for n, value in self._fill(values, inner, job).items()}

    def artifact(self, name: str) -> Path:
        """Return where an artifact is kept."""
        return self.folder / "artifacts" / name

    def _upload(self, inputs: dict[str, Any], workspace: Path) -> None:
        paths = [workspace / line.strip() for line in inputs["path"].split("\n") if line.strip()]
        there = [path for path in paths if path.exists()]
        target = self.artifact(inputs["name"])
        if not there:
            assert inputs.get("if-no-files-found") == "ignore", f"no files at {paths}"
            return
        if target.exists():
            assert inputs.get("overwrite"), "a name uploads once"
            shutil.rmtree(target)
        if len(paths) == 1:  # its content
            shutil.copytree(there[0], target)
            return
        root = Path(os.path.commonpath([path.parent for path in paths]))
        for path in there:
            copy = shutil.copytree if path.is_dir() else shutil.copy
            target.mkdir(parents=True, exist_ok=True)
            copy(path, target / path.relative_to(root))

    def _download(self, inputs: dict[str, Any], workspace: Path) -> None:
        if "name" in inputs:
            shutil.copytree(self.artifact(inputs["name"]), workspace / inputs["path"])
            return
        for found in sorted((self.folder / "artifacts").glob(inputs["pattern"])):
            shutil.copytree(found, workspace / inputs["path"] / found.name)

    def _holds(self, condition: Any, context: Context, job: Job) -> bool:
        if condition is None:
            return job.result != "failure"
        text = condition if isinstance(condition, str) else as_text(condition)
        value = bool(self._fill(text if "${{" in text else f"${{{{ {text} }}}}", context, job))
        mentions_state = any(word in text for word in ("always(", "cancelled(", "failure("))
        return value and (mentions_state or job.result != "failure")

    def _fill(self, value: Any, context: Context, job: Job) -> Any:
        functions = {
            "always": lambda: True,
            "cancelled": lambda: False,
            "success": lambda: job.result != "failure",
            "failure": lambda: job.result == "failure",
        }
        return fill(value, context, functions)
