"""What must be done once after a change and before the start: catalogues, static files, database, demo.

Each step leaves a stamp in var/stamps; a step whose stamp still fits is not run. Imports no Django.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from config.messages import compile_catalogues
from config.processes import dies_with_parent

Say = Callable[[str], None]


def prepare(base: Path, folder: Path, say: Say) -> None:
    """Run the steps whose inputs have changed; static files and database at the same time."""
    compile_catalogues(base / "locale")
    collecting = collect_static(base, folder, say)
    migrate(base, folder, say)
    if collecting is not None:
        collecting()
    load_demo(base, folder, say)


def collect_static(base: Path, folder: Path, say: Say) -> Callable[[], None] | None:
    """Start collecting; the function that is returned waits for the end."""
    roots = [base / "static", base / "vendor", *(app.with_name("static") for app in base.glob("*/apps.py"))]
    files = sorted(path for root in roots for path in root.rglob("*") if path.is_file())
    wanted = digest([base / "requirements.txt"], [f"{p} {p.stat().st_size} {p.stat().st_mtime_ns}" for p in files])
    stamp = folder / "stamps" / "static"
    root = Path(os.environ.get("STATIC_ROOT") or folder / "static")
    if read(stamp) == wanted and (root / "staticfiles.json").exists():
        return None
    say("Collecting and compressing the static files")
    process = start_command("collectstatic", "--no-input", "--verbosity", "0")

    def finish() -> None:
        must_succeed("collectstatic", process.wait())
        write(stamp, wanted)

    return finish


def migrate(base: Path, folder: Path, say: Say) -> None:
    """Bring the tables up to date. Of a database named by DATABASE_URL nothing is known, so always there."""
    stamp = folder / "stamps" / "database"
    wanted = digest([base / "requirements.txt", *sorted(base.glob("*/migrations/*.py"))], [])
    if not os.environ.get("DATABASE_URL") and read(stamp) == f"{wanted} {identity(folder)}":
        return
    say("Bringing the database up to date")
    must_succeed("migrate", start_command("migrate", "--no-input", "--verbosity", "0").wait())
    must_succeed("createcachetable", start_command("createcachetable").wait())
    if not os.environ.get("DATABASE_URL"):
        write(stamp, f"{wanted} {identity(folder)}")


def load_demo(base: Path, folder: Path, say: Say) -> None:
    """Fill our own database with the demonstration, once. A failure is told, and tried again at the next start."""
    stamp = folder / "stamps" / "demo"
    own = not os.environ.get("DATABASE_URL") and os.environ["DJANGO_SETTINGS_MODULE"] == "config.settings.dev"
    exists = any(base.glob("*/management/commands/load_demo.py"))
    if not own or not exists or os.environ.get("DEMO") == "0" or read(stamp) == identity(folder):
        return
    say("Loading the demonstration (DEMO=0 leaves it out)")
    if start_command("load_demo", "shougang").wait() == 0:
        write(stamp, identity(folder))
    else:
        say("The demonstration could not be loaded; ./run manage load_demo shougang tells more")


def start_command(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        preexec_fn=dies_with_parent(),
    )


def must_succeed(name: str, status: int) -> None:
    if status:
        sys.exit(f"✗ {name} failed; the lines above say why.")


def identity(folder: Path) -> str:
    """Which database file it is: after it was deleted or replaced, all is done again."""
    path = folder / "yixianqian.sqlite3"
    return str(path.stat().st_ino) if path.exists() else "none"


def digest(contents: Iterable[Path], facts: Iterable[str]) -> str:
    total = hashlib.sha256()
    for path in contents:
        total.update(path.name.encode() + path.read_bytes())
    for fact in facts:
        total.update(fact.encode())
    return total.hexdigest()


def read(stamp: Path) -> str:
    return stamp.read_text().strip() if stamp.exists() else ""


def write(stamp: Path, text: str) -> None:
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(text)
