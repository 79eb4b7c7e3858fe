"""Copies the few front-end files that are served out of node_modules into `vendor/`.

Run as `python -m config.assets`; imports no Django. `vendor/` is ignored by git and served under the prefix vendor/.
"""

import re
import shutil
import sys
from pathlib import Path
from xml.sax.saxutils import quoteattr

BASE_DIR = Path(__file__).resolve().parent.parent
SOURCE = BASE_DIR / "node_modules"
TARGET = BASE_DIR / "vendor"
ICON_NAMES = Path(__file__).with_name("icons.txt")

# Served name = file in node_modules. The charts file is the build with bars, lines, pies and scatter alone.
FILES = {
    "bootstrap.css": "bootstrap/dist/css/bootstrap.min.css",
    "bootstrap.js": "bootstrap/dist/js/bootstrap.bundle.min.js",
    "htmx.js": "htmx.org/dist/htmx.min.js",
    "echarts.js": "echarts/dist/echarts.common.min.js",
    "tom-select.js": "tom-select/dist/js/tom-select.complete.min.js",
    "tom-select.css": "tom-select/dist/css/tom-select.bootstrap5.min.css",
    "idb.js": "idb/build/umd.js",
}
# A source map that is named but not served stops collectstatic.
SOURCE_MAP = re.compile(r"(?://[#@]|/\*[#@])\s*sourceMappingURL=[^\n*]*(?:\*/)?")


def copy_assets() -> list[str]:
    """Fill a fresh folder and swap it in, so that an interrupted copy leaves no half. Returns the names."""
    draft = TARGET.with_name("vendor.draft")
    shutil.rmtree(draft, ignore_errors=True)
    (draft / "licences").mkdir(parents=True)
    for name, source in FILES.items():
        text = (SOURCE / source).read_text(encoding="utf-8")
        (draft / name).write_text(SOURCE_MAP.sub("", text), encoding="utf-8")
    (draft / "icons.svg").write_text(icon_sprite(wanted_icons()), encoding="utf-8")
    for package in {Path(source).parts[0] for source in FILES.values()} | {"bootstrap-icons"}:
        shutil.copy(SOURCE / package / "LICENSE", draft / "licences" / f"{package}.txt")
    shutil.rmtree(TARGET, ignore_errors=True)
    draft.rename(TARGET)
    return sorted(path.name for path in TARGET.iterdir())


def wanted_icons() -> list[str]:
    """The names in icons.txt; the whole set would weigh more than a page may."""
    lines = ICON_NAMES.read_text(encoding="utf-8").splitlines()
    return sorted({line.strip() for line in lines if line.strip() and not line.startswith("#")})


def icon_sprite(names: list[str]) -> str:
    """One SVG file with a symbol per icon, used as `<use href=".../icons.svg#name">`."""
    symbols = []
    for name in names:
        path = SOURCE / "bootstrap-icons" / "icons" / f"{name}.svg"
        if not path.exists():
            raise SystemExit(f"config/icons.txt names {name!r}, which Bootstrap Icons does not have")
        drawing = re.search(r"<svg[^>]*>(.*)</svg>", path.read_text(encoding="utf-8"), re.DOTALL)
        assert drawing is not None, path
        shapes = " ".join(drawing.group(1).split())
        symbols.append(f"<symbol id={quoteattr(name)} viewBox='0 0 16 16'>{shapes}</symbol>")
    body = "\n".join(symbols)
    return f'<svg xmlns="http://www.w3.org/2000/svg" fill="currentColor">\n{body}\n</svg>\n'


if __name__ == "__main__":
    if not SOURCE.is_dir():
        sys.exit("node_modules is missing: ./run installs it")
    copy_assets()
