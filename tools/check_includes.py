#!/usr/bin/env python3
"""Prints every include in src/ that does not point down.

A folder may include itself and folders on lower levels, never one on its own level or above. Engines (storage/*)
implement the storage interface and include nothing above it; only cmd/ names an engine. The levels are those of
docs/architecture.md.
"""
import pathlib
import re
import sys

LEVELS = [
    ["base"],
    ["model", "storage"],
    ["storage/memory", "storage/rocksdb"],
    ["wire"],
    ["auth"],
    ["expression", "catalog", "http"],
    ["index", "stream"],
    ["table", "connector"],
    ["partiql", "backup", "ttl", "txn"],
    ["api"],
    ["console"],
    ["cmd"],
]
ENGINES = {"storage/memory", "storage/rocksdb"}
LEVEL_OF = {folder: level for level, folders in enumerate(LEVELS) for folder in folders}
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')


def folder_of(path: str) -> str | None:
    parts = path.split("/")
    two = "/".join(parts[:2])
    if two in LEVEL_OF and len(parts) > 2:
        return two
    return parts[0] if parts[0] in LEVEL_OF else None


def allowed(source: str, target: str, include: str) -> bool:
    if source == target:
        return True
    if target in ENGINES:
        return source == "cmd"
    if source in ENGINES:
        return target in ("base", "storage")
    return LEVEL_OF[target] < LEVEL_OF[source]


def main() -> int:
    root = pathlib.Path(__file__).resolve().parent.parent / "src"
    problems = 0
    for path in sorted(root.rglob("*")):
        if path.suffix not in (".h", ".cc"):
            continue
        source = folder_of(path.relative_to(root).as_posix())
        if source is None:
            print(f"src/{path.relative_to(root)}: its folder has no level in tools/check_includes.py")
            problems += 1
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            include = match.group(1)
            target = folder_of(include)
            if target is None:
                if not (path.parent / include).exists():
                    print(f"src/{path.relative_to(root)}:{number}: \"{include}\" is in no known folder")
                    problems += 1
                continue
            if not allowed(source, target, include):
                print(f"src/{path.relative_to(root)}:{number}: {source}/ may not include {include}")
                problems += 1
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
