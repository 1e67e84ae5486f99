"""Print one of the README's two set-up commands: ``serve`` or ``test``."""

import re
import sys
from pathlib import Path

readme = (Path(__file__).parent.parent / "README.md").read_text()
commands = re.findall(r"^```sh\n(python3 -m venv .+)\n```$", readme, re.MULTILINE)
if len(commands) != 2:
    sys.exit(f"README.md must hold exactly two one-line set-up commands, but holds {len(commands)}")
print(commands[("serve", "test").index(sys.argv[1])])
