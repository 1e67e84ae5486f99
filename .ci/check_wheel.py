"""Check the wheel: its packages, py.typed markers, license and size, and no other files."""

import sys
import zipfile
from pathlib import Path

LARGEST = 1_500_000

(wheel,) = Path(sys.argv[1]).glob("*.whl")
names = zipfile.ZipFile(wheel).namelist()
tops = {name.split("/")[0] for name in names}
packages = {"sdk", "fastapi_integration"}
plugin = "github_sdk_pytest.py"
metadata = {top for top in tops if top.endswith(".dist-info")}

if tops != packages | metadata | {plugin} or len(metadata) != 1:
    wanted = sorted(packages | {plugin})
    sys.exit(f"{wheel.name} holds {sorted(tops)}, not only {wanted} and the metadata.")
for package in packages:
    if f"{package}/py.typed" not in names:
        sys.exit(f"{wheel.name} has no {package}/py.typed: type checkers would ignore the package.")
if not any(name.endswith("licenses/LICENSE") for name in names):
    sys.exit(f"{wheel.name} holds no LICENSE.")
other = [name for name in names if "__pycache__" in name or name.endswith((".pyc", ".orig"))]
if other:
    sys.exit(f"{wheel.name} holds files that do not belong there: {other[:5]}")
size = wheel.stat().st_size
if size > LARGEST:
    sys.exit(f"{wheel.name} has {size:,} bytes, more than {LARGEST:,}: what made it grow?")
print(f"{wheel.name}: {len(names)} files, {size:,} bytes")
