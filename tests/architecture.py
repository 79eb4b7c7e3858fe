"""What test_architecture.py measures: the imports of the house, its files, its templates."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST_FILE = 600

#: A module imports only from lower floors; two apps on one floor do not know each other.
FLOORS = {
    "lib": 0,
    "organization": 1,
    "notices": 2,
    "records": 2,
    "liaison": 3,
    "friends": 4,
    "surveys": 5,
    "outreach": 5,
    "issues": 6,
    "meetings": 7,
    "reports": 8,
    "config": 9,
}
#: The order inside an app; what is not named here (a table of roles, a clock) belongs to no layer.
LAYERS = {
    "enums": 0,
    "models": 1,
    "permissions": 2,
    "stats": 2,
    "services": 3,
    "forms": 4,
    "filters": 4,
    "lists": 4,
    "imports": 4,
    "exports": 4,
    "views": 5,
    "urls": 6,
    "admin": 6,
    "tasks": 6,
    "management": 7,
    "apps": 7,
}
#: Modules that bear a layer's name and are something else: the register that apps above fill with their exports.
UNLAYERED = {"records.exports"}
OUTSIDE = {"migrations", "__pycache__", "static", "templates"}
SOURCE_SUFFIXES = {".py", ".html", ".js", ".css", ".sh", ".txt"}
FOREIGN_FOLDERS = {".git", ".venv", "node_modules", "vendor", "var", "locale", "__pycache__"}


@dataclass(frozen=True)
class Import:
    """`module` imports `target`, both dotted from the root."""

    module: str
    target: str
    line: int

    def __str__(self) -> str:
        return f"{self.module}:{self.line} imports {self.target}"


def python_files(root: Path) -> Iterator[Path]:
    for name in FLOORS:
        for path in sorted((root / name).rglob("*.py")):
            if not OUTSIDE & set(path.relative_to(root).parts):
                yield path


def module_name(path: Path, root: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path, root: Path) -> Iterator[Import]:
    """Every import of a file, those inside functions and for type checking too."""
    module = module_name(path, root)
    package = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(module, alias.name, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            stem = [*base, *(node.module.split(".") if node.module else [])]
            for alias in node.names:
                # `from . import views` names a module, `from .models import Unit` something in one.
                yield Import(module, ".".join([*stem, alias.name]), node.lineno)


def house_imports(root: Path) -> Iterator[Import]:
    for path in python_files(root):
        for found in imports_of(path, root):
            if found.target.split(".")[0] in FLOORS:
                yield found


def imports_going_up(root: Path) -> list[str]:
    """From a lower app to a higher one, or sideways."""
    wrong = []
    for found in house_imports(root):
        here, there = found.module.split(".")[0], found.target.split(".")[0]
        if here != there and FLOORS[there] >= FLOORS[here]:
            wrong.append(str(found))
    return wrong


def imports_against_the_layers(root: Path) -> list[str]:
    """Inside an app, from a lower layer to a higher one."""
    wrong = []
    for found in house_imports(root):
        here, there = found.module.split("."), found.target.split(".")
        if here[0] != there[0] or len(here) < 2 or len(there) < 2:
            continue
        low, high = layer(here), layer(there)
        if low is not None and high is not None and high > low and here[1] != "apps":
            wrong.append(str(found))
    return wrong


def layer(parts: list[str]) -> int | None:
    return None if ".".join(parts[:2]) in UNLAYERED else LAYERS.get(parts[1])


def source_files(root: Path) -> Iterator[Path]:
    for path in sorted(root.rglob("*")):
        parts = set(path.relative_to(root).parts)
        if path.is_file() and path.suffix in SOURCE_SUFFIXES and not parts & FOREIGN_FOLDERS:
            yield path


def long_files(root: Path) -> list[str]:
    """Locks are made by a program and read by none of us."""
    found = []
    for path in source_files(root):
        if path.name.startswith("requirements") or "migrations" in path.parts:
            continue
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > LONGEST_FILE:
            found.append(f"{path.relative_to(root)}: {lines} lines")
    return found


_named_in_template = re.compile(r"""\{%\s*(?:extends|include)\s+["']([^"']+)["']""")
_url_in_template = re.compile(r"""\{%\s*url\s+["']([^"']+)["']""")
_static_in_template = re.compile(r"""\{%\s*static\s+["']([^"']+)["']""")
_html_word = re.compile(r"""["']([\w./-]+\.(?:html|txt))["']""")


def template_files(root: Path) -> list[Path]:
    return sorted(path for path in (root / "templates").rglob("*") if path.suffix in {".html", ".txt"})


def names_in_templates(root: Path, pattern: re.Pattern[str]) -> dict[str, set[str]]:
    """What the templates name → the templates that name it."""
    found: dict[str, set[str]] = {}
    for path in template_files(root):
        for name in pattern.findall(path.read_text(encoding="utf-8")):
            found.setdefault(name, set()).add(str(path.relative_to(root)))
    return found


def included_templates(root: Path) -> dict[str, set[str]]:
    return names_in_templates(root, _named_in_template)


def urls_in_templates(root: Path) -> dict[str, set[str]]:
    return names_in_templates(root, _url_in_template)


def statics_in_templates(root: Path) -> dict[str, set[str]]:
    return names_in_templates(root, _static_in_template)


def templates_in_python(root: Path) -> dict[str, set[str]]:
    """Template names that stand as plain strings in the code."""
    found: dict[str, set[str]] = {}
    for path in python_files(root):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_template_name(node.value):
                found.setdefault(node.value, set()).add(str(path.relative_to(root)))
    return found


def _is_template_name(text: str) -> bool:
    return re.fullmatch(r"\w[\w./-]*\.html|\w+/[\w./-]*\.txt", text) is not None


def unused_templates(root: Path, *, named_by_others: set[str]) -> list[str]:
    """Templates that neither code nor template names, and that override nothing of a package."""
    mentioned = set(templates_in_python(root)) | named_by_others
    for path in template_files(root):
        mentioned |= set(_html_word.findall(path.read_text(encoding="utf-8")))
    names = [str(path.relative_to(root / "templates")) for path in template_files(root)]
    return [name for name in names if name not in mentioned]
