"""Production. The other settings files only loosen what a laptop or a test cannot offer."""

from datetime import timedelta
from typing import Any

from csp.constants import NONE, SELF

from config.env import BASE_DIR, broker_url, database, env, required, var_dir
from config.version import VERSION

PRODUCT_VERSION = VERSION
VAR_DIR = var_dir()
VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

# Keys and names: without them the production start is refused.
SECRET_KEY = required("SECRET_KEY", "a-long-random-string")
# Encrypts telephone numbers and care notes; kept outside the database and outside its dumps.
FIELD_KEY = required("FIELD_KEY", "another-long-random-string")
# Former keys, still read until every value has been written again.
FIELD_KEYS = env.list("FIELD_KEYS", default=[])
ALLOWED_HOSTS = [host.strip() for host in required("ALLOWED_HOSTS", "yixianqian.example.cn").split(",")]
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# The one-click sign-in per role; only settings/dev.py can switch it on.
DEMO = False
DEBUG = False

# Apps, in the order of the house; `tests/test_architecture.py` keeps the imports going one way.
LOCAL_APPS = [
    "organization",
    "notices",
    "records",
    "liaison",
    "friends",
    "issues",
    "meetings",
    "reports",
    "config",
]
INSTALLED_APPS = [
    *LOCAL_APPS,
    "config.admin_site.HouseAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "auditlog",
    "axes",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_celery_results",
    "django_filters",
    "django_htmx",
    "import_export",
]
MIDDLEWARE = [
    "config.middleware.ProxyAddressMiddleware",
    "config.middleware.ResponseHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    # Below those that add headers, so that its refusals carry them too.
    "config.middleware.RequestLimitsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "organization.middleware.ActorMiddleware",
    "organization.middleware.LanguageMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "auditlog.middleware.AuditlogMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "organization.navigation.face",
            ],
        },
    },
]
# Widgets and form layouts can be overridden under templates/django/forms/.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# Database and cache. The cache lives in the database: a broker that is down must not fail a request.
DATABASES = {"default": database(f"sqlite:///{VAR_DIR / 'yixianqian.sqlite3'}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache",
        # What throttles the open doors is counted here: a flood of visitors must not push it out.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

# Language and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
# The statistical month may end earlier: with 25, August runs from 26 July to 25 August. 31 is the calendar's end.
MONTH_LAST_DAY = env.int("MONTH_LAST_DAY", default=31)
# Smaller counts of people's voices are hidden from leaders; the second one holds for those inside the union.
FIGURE_THRESHOLD = env.int("FIGURE_THRESHOLD", default=5)
FIGURE_THRESHOLD_INSIDE = env.int("FIGURE_THRESHOLD_INSIDE", default=3)

# Files: static ones are hashed, compressed and served by the web process; uploads are never served by URL.
STATIC_URL = "static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(VAR_DIR / "static"))()
STATICFILES_DIRS = [BASE_DIR / "static", ("vendor", BASE_DIR / "vendor")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage",
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
MEDIA_ROOT = VAR_DIR / "media"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
# The largest request of all: a roster of 100,000 people takes about a third of it.
MAX_BODY_BYTES = env.int("MAX_BODY_BYTES", default=30 * 1024 * 1024)

# Sign-in
AUTH_USER_MODEL = "organization.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_ADAPTER = "organization.accounts.AccountAdapter"
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "一线牵："
# Nobody is written to who has no account, and whoever sits down at an open session changes no address.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# Wrong passwords are axes' matter (below); by address alone a whole office would be shut out at nine o'clock.
ACCOUNT_RATE_LIMITS = {"login": "600/m/ip", "login_failed": False}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "一线牵"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Five wrong passwords lock one account from one address; a whole office behind one address still signs in.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "config.sign_in.submitted_username"
AXES_CLIENT_IP_CALLABLE = "config.sign_in.client_address"
AXES_LOCKOUT_CALLABLE = "config.sign_in.locked_page"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# Transport and browser
# How many proxies of ours stand in front and write X-Forwarded-For; 0: the header is ignored and dropped.
PROXY_COUNT = env.int("PROXY_COUNT", default=1)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXY_COUNT else None
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=365 * 24 * 3600)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_NAME = "__Host-session"
SESSION_COOKIE_SECURE = True
# Holds only where the user ticked "remember me"; otherwise the session ends with the browser.
SESSION_COOKIE_AGE = env.int("SESSION_DAYS", default=7) * 24 * 3600
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "microphone",
        "payment",
        "usb",
    )
)

# Mail
# Where the links in a mail lead.
PUBLIC_ADDRESS = env.str("PUBLIC_ADDRESS", default=f"https://{ALLOWED_HOSTS[0]}")
vars().update(env.email_url("EMAIL_URL", default="smtp://localhost:25"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="yixianqian@localhost")

# Notices are made on working days from this hour on.
NOTICES_FROM_HOUR = env.int("NOTICES_FROM_HOUR", default=8)

# Queue. A piece of work is a row before it is a task, so a lost message costs seconds and never the work.
CELERY_BROKER_URL = broker_url()
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Above the longest hard limit of any task: below it, a slow task would be handed out twice.
    "visibility_timeout": 2 * 3600,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 5,
    "socket_timeout": 2,
    "socket_connect_timeout": 2,
    "retry_on_timeout": True,
}
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A task that outlives its connection cannot be acknowledged: kombu fails over it and the worker takes no more messages.
# Cut off, it is done again from its row.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_CONCURRENCY = env.int("WORKER_CONCURRENCY", default=2)
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_SOFT_TIME_LIMIT = 9 * 60
CELERY_TASK_TIME_LIMIT = 10 * 60
CELERY_TIMEZONE = TIME_ZONE
# Nobody waits for a result: the row that was worked on tells it. Failures are kept for the admin.
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_STORE_ERRORS_EVEN_IF_IGNORED = True
CELERY_RESULT_BACKEND = "django-db"
CELERY_RESULT_EXTENDED = True
CELERY_RESULT_EXPIRES = timedelta(days=30)
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
# What expires is a message, not work: after an outage the worker finds one of each, not thousands.
CELERY_BEAT_SCHEDULE = {
    "drain-deliveries": {
        "task": "notices.tasks.drain_deliveries",
        "schedule": timedelta(seconds=5),
        "options": {"expires": 5},
    },
    "drain-exports": {
        "task": "records.tasks.drain_exports",
        "schedule": timedelta(seconds=3),
        "options": {"expires": 3},
    },
    "drain-stale-months": {
        "task": "reports.tasks.drain_stale_months",
        "schedule": timedelta(seconds=5),
        "options": {"expires": 5},
    },
    "drain-gists": {
        "task": "issues.tasks.drain_gists",
        "schedule": timedelta(seconds=10),
        "options": {"expires": 10},
    },
    "learn-words": {
        "task": "issues.tasks.learn_words",
        "schedule": timedelta(hours=1),
        "options": {"expires": 3600},
    },
    "run-rules": {
        "task": "notices.tasks.run_rules",
        "schedule": timedelta(minutes=10),
        "options": {"expires": 600},
    },
    "climb-ladder": {
        "task": "issues.tasks.climb_ladder",
        "schedule": timedelta(minutes=10),
        "options": {"expires": 600},
    },
    "forget-expired-care": {
        "task": "friends.tasks.forget_expired_care",
        "schedule": timedelta(hours=1),
        "options": {"expires": 3600},
    },
    "expire-files": {
        "task": "records.tasks.expire_files",
        "schedule": timedelta(hours=1),
        "options": {"expires": 3600},
    },
    "reconcile": {
        "task": "reports.tasks.reconcile",
        "schedule": timedelta(minutes=10),
        "options": {"expires": 600},
    },
}

# A function that turns texts into vectors, by its dotted path, for an installation with a model of its own.
MATCHING_VECTORS = env.str("MATCHING_VECTORS", default="")

# Logs go to stderr and hold neither bodies nor query strings nor the values inside error messages.
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"discreet": {"()": "config.logs.DiscreetFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "discreet"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        # A page that is not for someone, a wrong address, a form with a mistake: daily life, told to the user.
        "django.request": {"level": "ERROR"},
        # Axes writes the names of the accounts that failed to sign in; its table holds them for the admin.
        "axes": {"level": "ERROR"},
        "celery": {"level": env.str("CELERY_LOG_LEVEL", default="WARNING")},
    },
}
