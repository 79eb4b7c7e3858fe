"""What the tests need from the system and no package can bring: a browser, an office, a Chinese font."""

import os
import shutil
import subprocess
from functools import cache

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Debian's package for each need of a marker.
NEEDS = {
    "browser": ("chromium", "fonts-noto-cjk"),
    "render": ("libreoffice-calc", "libreoffice-writer", "poppler-utils", "fonts-noto-cjk"),
}


@cache
def chromium() -> str | None:
    """The path of the system's Chromium, or the one named by TEST_CHROMIUM."""
    names = filter(None, (os.environ.get("TEST_CHROMIUM"), *CHROMIUM_NAMES))
    return next((path for name in names if (path := shutil.which(name))), None)


@cache
def has_chinese_font() -> bool:
    if shutil.which("fc-list") is None:
        return False
    command = ["fc-list", ":lang=zh-cn", "family"]
    return bool(subprocess.run(command, capture_output=True, check=False).stdout.strip())


@cache
def missing(marker: str) -> tuple[str, ...]:
    """The Debian packages without which the tests with this marker cannot run here."""
    present = {
        "chromium": chromium() is not None,
        "fonts-noto-cjk": has_chinese_font(),
        "libreoffice-calc": shutil.which("soffice") is not None,
        "libreoffice-writer": shutil.which("soffice") is not None,
        "poppler-utils": shutil.which("pdftoppm") is not None,
    }
    return tuple(package for package in NEEDS[marker] if not present[package])
