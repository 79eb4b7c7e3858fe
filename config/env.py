"""Reading the environment: every address, key and path the product is given from outside."""

import os
import secrets
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from config.broker import socket_path

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent

# SQLite's own defaults answer "database is locked" as soon as two processes write.
SQLITE_OPTIONS: dict[str, Any] = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}


def var_dir() -> Path:
    """The one folder for run-time state: database, uploads, keys, broker, stamps."""
    return Path(os.environ.get("VAR_DIR") or BASE_DIR / "var").resolve()


def required(name: str, example: str) -> str:
    """The value of a variable without which a production start is refused."""
    value: str = env.str(name, default="").strip()
    if not value:
        raise ImproperlyConfigured(f"Set the environment variable {name}, for example {name}={example}")
    return value


def generated_key(path: Path) -> str:
    """A random key kept in a file only its owner reads; made once, even by two processes at a time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    try:
        draft.write_text(secrets.token_urlsafe(48))
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text().strip()


def database(default_url: str) -> dict[str, Any]:
    """Django's database settings from DATABASE_URL, with what each engine needs to be safe and quick."""
    settings: dict[str, Any] = env.db_url("DATABASE_URL", default=default_url)
    options = settings.setdefault("OPTIONS", {})
    if settings["ENGINE"].endswith("sqlite3"):
        options |= SQLITE_OPTIONS
        return settings
    settings["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", default=60)
    settings["CONN_HEALTH_CHECKS"] = True
    options.setdefault("connect_timeout", 5)
    # Only the web process sets this: imports and reconciliations may take longer than any page.
    if timeout := env.int("STATEMENT_TIMEOUT_MS", default=0):
        options["options"] = f"-c statement_timeout={timeout}"
    return settings


def broker_url() -> str:
    """REDIS_URL in Celery's spelling, or the socket of the embedded broker."""
    url: str = env.str("REDIS_URL", default="")
    if url.startswith("unix://"):
        return url.replace("unix://", "redis+socket://", 1)
    return url or f"redis+socket://{socket_path(var_dir())}"
