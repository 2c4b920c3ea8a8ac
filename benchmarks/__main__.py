"""``python -m benchmarks [NAME [ARGUMENT ...] ...]``: run the named benchmarks, or all of them."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path


def names() -> list[str]:
    """The benchmarks there are: every module of this folder with a ``main``."""
    found = [module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)])]
    return sorted(name for name in found if not name.startswith("_"))


def main() -> None:
    """Run what was asked for; words that name no benchmark go to the one before them."""
    asked: list[tuple[str, list[str]]] = []
    for word in sys.argv[1:] or names():
        if word in names():
            asked.append((word, []))
        elif asked:
            asked[-1][1].append(word)
        else:
            raise SystemExit(f"no benchmark {word}; there are: {', '.join(names())}")
    for name, arguments in asked:
        print(f"== {name}")
        importlib.import_module(f"benchmarks.{name}").main(*arguments)


if __name__ == "__main__":
    main()
