"""What `./run` is made of: processes that come back, the embedded broker, catalogues, front-end files."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import polib
import pytest
from django.conf import settings

from config import assets, broker
from config.messages import compile_catalogues
from config.processes import Child
from tests.services import valkey
from tests.workers import wait_until

ROOT = Path(settings.BASE_DIR)


def child(script: str, **options: float) -> Child:
    return Child("web", (sys.executable, "-c", script), dict(os.environ), **options)


def test_child_that_ended_starts_again_after_a_growing_pause():
    process = child("raise SystemExit(3)")
    process.start()
    sentences = []
    for _ in range(2):
        process.process.wait()
        sentences.append(process.keep_running())
        process.start_again_at = time.monotonic()
        process.keep_running()
        assert process.process is not None
    process.process.wait()
    assert sentences == [
        "web ended with status 3; it starts again in 1 s",
        "web ended with status 3; it starts again in 2 s",
    ]


def test_child_that_does_not_listen_is_killed_after_the_grace():
    process = child(
        "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)", grace=0.2
    )
    process.start()
    wait_until(lambda: ignores_sigterm(process.process.pid))
    process.stop()
    assert process.process.returncode == -signal.SIGKILL


def ignores_sigterm(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status").read_text()
    mask = int(re.search(r"SigIgn:\s*([0-9a-f]+)", status).group(1), 16)
    return bool(mask >> (signal.SIGTERM - 1) & 1)


def test_killed_parent_leaves_no_orphan():
    script = (
        "import os, sys, time\n"
        "from config.processes import Child\n"
        "c = Child('x', (sys.executable, '-c', 'import time; time.sleep(60)'), dict(os.environ))\n"
        "c.start(); print(c.process.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    orphan = int(parent.stdout.readline())
    parent.kill()
    parent.communicate()
    wait_until(lambda: not is_alive(orphan))


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_supervisor_loads_no_django():
    """Django takes a second; the second start to the first page has four."""
    script = "import config.supervisor, sys; sys.exit('django' in sys.modules or 'celery' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0


def test_socket_of_a_deep_folder_is_short_private_and_stable(tmp_path):
    deep = tmp_path / ("深" * 40) / "var"
    path = broker.socket_path(deep)
    assert len(os.fsencode(path)) <= broker.SOCKET_PATH_LIMIT
    assert path == broker.socket_path(deep) != broker.socket_path(tmp_path / "other" / ("x" * 100))
    assert broker.socket_path(Path("/srv/yixianqian/var")) == Path("/srv/yixianqian/var/broker.sock")


def test_broker_keeps_what_was_queued_when_it_is_killed(tmp_path):
    import redis

    address = f"unix://{broker.socket_path(tmp_path)}"
    with valkey(tmp_path) as server:
        with redis.Redis.from_url(address) as client:
            client.rpush("celery", "work")
            wait_until(lambda: (tmp_path / "appendonlydir").is_dir() and aof_bytes(tmp_path) > 30)
        server.process.kill()
        server.process.wait()
    with valkey(tmp_path), redis.Redis.from_url(address) as client:
        assert client.lrange("celery", 0, -1) == [b"work"]


def aof_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in (folder / "appendonlydir").glob("*.incr.aof"))


def test_catalogue_is_compiled_when_newer_and_without_fuzzy_entries(tmp_path):
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue = polib.POFile()
    catalogue.append(polib.POEntry(msgid="朋友", msgstr="Friends"))
    catalogue.append(polib.POEntry(msgid="问题", msgstr="Perhaps", flags=["fuzzy"]))
    catalogue.save(str(folder / "django.po"))
    assert compile_catalogues(tmp_path) == [folder / "django.mo"]
    assert compile_catalogues(tmp_path) == []
    compiled = polib.mofile(str(folder / "django.mo"))
    assert [(entry.msgid, entry.msgstr) for entry in compiled] == [("朋友", "Friends")]


def test_served_front_end_files_are_there_and_name_no_source_map():
    for name in assets.FILES:
        text = (ROOT / "vendor" / name).read_text(encoding="utf-8")
        assert text
        assert "sourceMappingURL" not in text


def test_every_icon_that_a_template_names_is_in_the_sprite():
    used = {
        name
        for template in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r"{% icon \"([a-z0-9-]+)\"", template.read_text(encoding="utf-8"))
    }
    sprite = (ROOT / "vendor" / "icons.svg").read_text(encoding="utf-8")
    assert used - set(re.findall(r'<symbol id="([a-z0-9-]+)"', sprite)) == set()


def test_unknown_icon_is_refused_by_name():
    with pytest.raises(SystemExit, match="no-such-icon"):
        assets.icon_sprite(["no-such-icon"])


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "package-lock.json"])
def test_lock_files_hold_hashes_and_no_registry(name):
    text = (ROOT / name).read_text()
    assert "resolved" not in text
    assert "://" not in re.sub(r'"url": "[^"]+"', "", text)
    assert ("--hash=sha256:" in text) or ('"integrity": "sha512-' in text)
