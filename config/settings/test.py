"""The tests: production settings over plain http, with fast password hashing and everything in a folder of its own.

Worker processes that a test starts use these settings too, with VAR_DIR, DATABASE_URL and REDIS_URL from the test.
"""

import atexit
import os
import shutil
import tempfile

if "TEST_VAR_DIR" not in os.environ:
    os.environ["TEST_VAR_DIR"] = tempfile.mkdtemp(prefix="yixianqian-test-")
    atexit.register(shutil.rmtree, os.environ["TEST_VAR_DIR"], ignore_errors=True)
# Each process of pytest-xdist has a folder, and so a broker, of its own.
os.environ["VAR_DIR"] = os.path.join(os.environ["TEST_VAR_DIR"], os.environ.get("PYTEST_XDIST_WORKER", ""))
os.environ["SECRET_KEY"] = "the tests' secret key, used nowhere else: 0123456789abcdefghijklmnopqrstuvwxyz"
os.environ["FIELD_KEY"] = "the tests' field key, used nowhere else: 0123456789abcdefghijklmnopqrstuvwxyz"
os.environ["ALLOWED_HOSTS"] = "testserver,localhost,127.0.0.1"
os.environ["PROXY_COUNT"] = "0"

from config.settings.base import *
from config.settings.base import DATABASES, MIDDLEWARE, VAR_DIR

SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = False
SESSION_COOKIE_NAME = "session"
CSRF_COOKIE_NAME = "csrf"
CRISPY_FAIL_SILENTLY = False

# A file, so that worker processes and browser threads open the same database.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# For worker processes; in the process of the tests Django puts its own mailbox in this place.
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"
# The live server of the browser tests serves static files itself; collecting them would cost every run seconds.
MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith("whitenoise.")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
