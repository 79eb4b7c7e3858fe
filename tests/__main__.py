"""`./run test`: the suite on PostgreSQL and on SQLite side by side; what is not said here is pytest's.

Without --long what does not care about the engine runs on SQLite alone, in processes of their own beside the two.
"""

import argparse
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from config.messages import compile_catalogues
from config.processes import dies_with_parent
from tests.services import postgresql

ENGINES = ("postgresql", "sqlite")
NAMES = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}
ONCE = ("once", "(browser or render) and not once")
NO_TESTS_COLLECTED = 5
FINE = (0, NO_TESTS_COLLECTED)


@dataclass(frozen=True)
class Part:
    """What one pytest process runs: an engine, and which of the tests."""

    engine: str
    heading: str
    choice: tuple[str, ...] = ()


class Run:
    """One pytest process; keeps what it prints, and shows it at once if it is the one in front."""

    def __init__(self, part: Part, arguments: list[str], database_url: str | None, *, in_front: bool) -> None:
        self.heading = part.heading
        self.output = b""
        self.in_front = in_front
        self.folder = tempfile.mkdtemp(prefix="yixianqian-test-")
        env = {**os.environ, "TEST_VAR_DIR": self.folder, "TEST_ENGINE": part.engine, "PYTHONUNBUFFERED": "1"}
        env.pop("DATABASE_URL", None)
        if database_url:
            env["DATABASE_URL"] = database_url
        colour = "yes" if sys.stdout.isatty() else "no"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pytest", f"--color={colour}", *part.choice, *arguments],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            preexec_fn=dies_with_parent(),
        )
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while chunk := os.read(stream.fileno(), 4096):
            self.output += chunk
            if self.in_front:
                show(sys.stdout.buffer, chunk)

    def wait(self) -> int:
        status = self.process.wait()
        self.reader.join()
        shutil.rmtree(self.folder, ignore_errors=True)
        return status

    def closing_lines(self) -> bytes:
        """From pytest's short summary on, or the last line alone."""
        lines = self.output.rstrip().splitlines(keepends=True)
        starts = [number for number, line in enumerate(lines) if b"short test summary info" in line]
        loud = [line for line in lines if line.lstrip(b"\x1b[0123456789;m").startswith(b"!!!")]
        return b"".join(lines[starts[-1] :] if starts else [*loud, *lines[-1:]]) + b"\n"


def show(stream: BinaryIO, content: bytes) -> None:
    stream.write(content)
    stream.flush()


def show_heading(text: str) -> None:
    show(sys.stdout.buffer, f"\n──────── {text} ────────\n".encode())


def parts_of(engines: tuple[str, ...], arguments: list[str], *, long: bool) -> list[Part]:
    """Spare what would say the same twice; never interfere with a choice that was made on the command line."""
    if long or len(engines) == 1 or "-m" in arguments:
        return [Part(engine, NAMES[engine]) for engine in engines]
    on_both = [Part(engine, NAMES[engine], ("-m", f"not ({' or '.join(ONCE)})")) for engine in engines]
    return [*on_both, *(Part("sqlite", f"{NAMES['sqlite']}: {choice}", ("-m", choice)) for choice in ONCE)]


def run_side_by_side(parts: list[Part], arguments: list[str], pg_url: str | None) -> int:
    urls = {"postgresql": pg_url, "sqlite": None}
    show_heading(parts[0].heading)
    runs = [Run(part, arguments, urls[part.engine], in_front=part is parts[0]) for part in parts]
    statuses = [run.wait() for run in runs]
    if all(status == NO_TESTS_COLLECTED for status in statuses):
        return NO_TESTS_COLLECTED
    # With a choice of tests some of the processes have nothing to do; without one that is a gate that does not stand.
    fine = FINE if set(arguments) - {"--long"} else (0,)
    bad = [run for run, status in zip(runs, statuses, strict=True) if status not in fine]
    for run in runs[1:]:
        show_heading(run.heading)
        show(sys.stdout.buffer, run.output if run in bad else run.closing_lines())
    # The last line is a closing line of pytest, and of a run that failed if there is one.
    if bad and runs[-1] not in bad:
        show_heading(bad[-1].heading)
        show(sys.stdout.buffer, bad[-1].closing_lines())
    return next((status for status in statuses if status not in fine), 0)


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run test", add_help=False, allow_abbrev=False)
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--engine", choices=ENGINES)
    options, arguments = parser.parse_known_args()
    if options.long:
        arguments = ["--long", *arguments]
    engines = (options.engine,) if options.engine else ENGINES
    # An interruption must still stop the servers and remove their folders.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    base = Path(__file__).resolve().parent.parent
    os.chdir(base)
    # Before both, or one would compile what the other has already looked for.
    compile_catalogues(base / "locale")
    with contextlib.ExitStack() as services:
        pg_url = None
        if "postgresql" in engines:
            given = os.environ.get("DATABASE_URL", "")
            pg_url = given if given.startswith("postgres") else services.enter_context(postgresql())
        return run_side_by_side(parts_of(engines, arguments, long=options.long), arguments, pg_url)


if __name__ == "__main__":
    sys.exit(main())
