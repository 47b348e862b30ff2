"""Run the benchmarks: all of them, or those that are named.

Each module of this folder with a function ``run`` is one; it yields lines "name ratio details".
"""

import importlib
import pkgutil
import sys

import bench


def main(wanted: list[str]) -> int:
    """Run the benchmarks of these names, all without any; return 2 for an unknown name."""
    names = [module.name for module in pkgutil.iter_modules(bench.__path__)]
    modules = {name: importlib.import_module(f"bench.{name}") for name in names if name[0] != "_"}
    known = {name: module for name, module in modules.items() if hasattr(module, "run")}
    unknown = [name for name in wanted if name not in known]
    if unknown:
        print(f"No benchmark {', '.join(unknown)}; there are: {', '.join(known)}")
        return 2
    for name in wanted or known:
        for line in known[name].run():
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
