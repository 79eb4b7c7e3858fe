"""What `./run` uses on a laptop: plain http on loopback, keys made on the spot, demo sign-in."""

import os

from config.env import env, generated_key, var_dir

os.environ.setdefault("SECRET_KEY", generated_key(var_dir() / "secret_key"))
os.environ.setdefault("FIELD_KEY", generated_key(var_dir() / "field_key"))
os.environ.setdefault("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
os.environ.setdefault("PROXY_COUNT", "0")

from config.settings.base import *

DEBUG = env.bool("DEBUG", default=False)
# One click per role signs anybody in, so it exists only where nobody else can reach the port.
DEMO = env.bool("DEMO", default=True) and env.str("HOST", default="127.0.0.1") in {
    "127.0.0.1",
    "::1",
    "localhost",
}

SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = False
# The __Host- prefix needs https.
SESSION_COOKIE_NAME = "session"
CSRF_COOKIE_NAME = "csrf"

# On a laptop the rows are the demonstration's, so log lines may say what went wrong in full.
LOGGING["formatters"]["discreet"] = {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}

PUBLIC_ADDRESS = env.str("PUBLIC_ADDRESS", default=f"http://127.0.0.1:{env.str('PORT', default='8000')}")
if "EMAIL_URL" not in os.environ:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = var_dir() / "mail"
