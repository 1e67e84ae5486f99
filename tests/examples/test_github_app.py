"""The App of examples/github_app.py, at the fake GitHub."""

import os
import subprocess
import sys


def test_it_runs_by_one_command_without_network():
    environment = {name: value for name, value in os.environ.items() if "GITHUB" not in name}
    done = subprocess.run(
        [sys.executable, "-m", "examples.github_app"],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        timeout=60,
    )
    assert done.stdout.splitlines() == [
        "I am greeter.",
        "Installation 42000001: octo-org/handbook",
        "Installation 42000002: octocat/hello-world, octocat/spoon-knife, octocat/sdk-example",
        "Opened octocat/hello-world#7: Hello from an App",
        "That took 3 installation tokens.",
    ]
    assert done.stderr == ""
