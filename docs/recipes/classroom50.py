#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""autograder.py of an assignment of Classroom 50. The assignment's runtime has to have Node 22 and git.

The katas are checked out at one commit, with their dependencies, and kept: give the runner a cache of ~/.cache/kernel-race-katas,
or an image that has a checkout, and name that in KATA_CHECKOUT. Nothing is published after a fault of the grader: there is no
result.json, and the exit code is not 0.
"""
import os
import pathlib
import subprocess
import sys

REPOSITORY = "https://github.com/YOUR-ORGANISATION/kernel-race-katas.git"
COMMIT = "main"  # better the full hash of a commit
KATA = "01"


def checkout() -> pathlib.Path:
    """The folder of the katas, with all they need."""
    given = os.environ.get("KATA_CHECKOUT", "")
    if given:
        return pathlib.Path(given)
    folder = pathlib.Path.home() / ".cache" / "kernel-race-katas" / COMMIT
    ready = folder / ".ready"
    if not ready.exists():
        folder.mkdir(parents=True, exist_ok=True)
        for command in (
            ["git", "init", "--quiet"],
            ["git", "fetch", "--quiet", "--depth", "1", REPOSITORY, COMMIT],
            ["git", "checkout", "--quiet", "FETCH_HEAD"],
            ["npm", "ci", "--omit=dev", "--no-audit", "--no-fund"],
        ):
            subprocess.run(command, cwd=folder, check=True)
        ready.touch()
    return folder


def main() -> int:
    submission = os.getcwd()
    command = ["node", "bin/kata.js", "grade", submission, "--one", "--kata", KATA]
    command += ["--format", "classroom50", "--out", os.path.join(submission, "result.json")]
    return subprocess.run(command, cwd=checkout(), check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
