"""Break marking, ranking and allocation line by line and see whether the tests notice (mutmut).

python -m tests.reference.mutate [FOLDER]: works on a copy, in FOLDER or in one of its own.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = (
    "exact", "awarding", "working", "marking", "ranking", "allocation", "allocation_bands",
    "allocation_money", "stages",
)  # fmt: skip
LEAST = 95
SETTINGS = """
[tool.pytest.ini_options]
addopts = ["--import-mode=importlib", "-p", "no:cacheprovider"]
pythonpath = ["."]
testpaths = ["tests"]

[tool.mutmut]
source_paths = ["rules"]
only_mutate = [{sources}]
also_copy = ["docs", "services", "tests"]
pytest_add_cli_args_test_selection = ["tests/rules", "tests/services"]
"""
# Without deadlines on a busy machine, and the same examples for every mutant.
PROFILE = """from hypothesis import settings

settings.register_profile("mutate", deadline=None, derandomize=True, max_examples=40)
settings.load_profile("mutate")
"""


# The tests of seats need schemes of the judging rooms, and with them the whole program.
_NOT_NEEDED = shutil.ignore_patterns("__pycache__", "test_seats.py")


def copy_to(folder: Path) -> None:
    """Copy what the tests of the rules need."""
    for name in ("rules", "docs", "tests/rules", "tests/reference"):
        shutil.copytree(ROOT / name, folder / name, ignore=_NOT_NEEDED)
    for pattern in ("services/__init__.py", "services/positions.py", "services/score_*.py"):
        _copy_files(folder, pattern)
    _copy_files(folder, "tests/services/test_score_schemes.py")
    _copy_files(folder, "tests/services/test_score_kinds.py")
    (folder / "tests/__init__.py").touch()
    (folder / "tests/conftest.py").write_text(PROFILE)
    sources = ", ".join(f'"rules/{name}.py"' for name in SOURCES)
    (folder / "pyproject.toml").write_text(SETTINGS.format(sources=sources))


def _copy_files(folder: Path, pattern: str) -> None:
    for file in ROOT.glob(pattern):
        target = folder / file.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target)


def report(folder: Path) -> int:
    """Print the share of mutants that were killed; return 1 below the least."""
    subprocess.run([sys.executable, "-m", "mutmut", "export-cicd-stats"], cwd=folder, check=True)
    stats = json.loads((folder / "mutants/mutmut-cicd-stats.json").read_text())
    killed = stats["killed"] + stats.get("timeout", 0) + stats.get("segfault", 0)
    share = 100 * killed / stats["total"]
    print(f"{killed} of {stats['total']} mutants killed: {share:.1f} % ({LEAST} % are asked for)")
    subprocess.run([sys.executable, "-m", "mutmut", "results"], cwd=folder, check=True)
    return 0 if share >= LEAST else 1


def main(folder: Path) -> int:
    """Copy, mutate, test, report."""
    copy_to(folder)
    subprocess.run([sys.executable, "-m", "mutmut", "run"], cwd=folder, check=False)
    return report(folder)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.exit(main(Path(sys.argv[1])))
    with tempfile.TemporaryDirectory() as temporary:
        sys.exit(main(Path(temporary)))
