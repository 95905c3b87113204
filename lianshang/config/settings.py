"""The one settings file. What differs between machines is read from `LIANSHANG_*` variables; docs/operations.md lists them."""

from pathlib import Path

from lianshang import compat
from lianshang.config import environment
from lianshang.config.secrets import kept_secret

# --- This machine ---------------------------------------------------------------------------------------------------

HOME = environment.folder("HOME", Path("var"))
ADDRESS = environment.address("ADDRESS", "http://127.0.0.1:8000")
DEBUG = environment.flag("DEBUG")
HTTPS = ADDRESS.scheme == "https"
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = environment.hosts("HOSTS", [*LOOPBACK, str(ADDRESS.hostname)])
SECRET_KEY = environment.secret("SECRET_KEY") or kept_secret(HOME / "secret.key", only_here=not HTTPS)
SECRET_KEY_FALLBACKS = environment.many("OLD_SECRET_KEYS")

# --- Rows and files -------------------------------------------------------------------------------------------------

DATABASES = {"default": environment.database("DATABASE_URL", HOME / "lianshang.sqlite3")}
DATABASE_POOL = environment.number("DATABASE_POOL", 8, least=0, most=200)  # connections of one web process
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MEDIA_ROOT = environment.folder("FILES", HOME / "files")
BACKUPS = environment.text(
    "BACKUPS"
)  # where `lianshang backup` writes; where set, `check` looks how old the last one is
WITNESS = environment.text("WITNESS")  # a file that the history's signed heads are told to, best on another machine
WITNESS_MAIL = environment.many("WITNESS_MAIL")  # who gets them by e-mail, once a day
FONTS_ROOT = environment.folder("FONTS", HOME / "fonts")  # the installation's own, looked through before the machine's
STATIC_ROOT = HOME / "static"
STATIC_URL = "/static/"
STATICFILES_DIRS: list[Path] = []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG

UPLOAD_LIMIT = 20 * 1024 * 1024  # bytes of one file
UPLOAD_COUNT = 9  # files of one request
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # everything but the files
DATA_UPLOAD_MAX_NUMBER_FILES = UPLOAD_COUNT
PROOF_BITS = environment.number("PROOF_BITS", 16, least=0, most=24)  # zero bits of a public form's proof of work
PROOF_WAIT = environment.number("PROOF_WAIT", 15, least=0, most=600)  # seconds that count for it without scripts
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

# --- Parts ----------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    *compat.APPS,
    "lianshang.kernel",
    "lianshang.directory",
    "lianshang.enterprises",
    "lianshang.indicators",
    "lianshang.notices",
    "lianshang.cases",
    "lianshang.chain",
    "lianshang.organizations",
    "lianshang.reports",
    "lianshang.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lianshang.config.logs.RequestLog",
    compat.CSP_MIDDLEWARE,
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "lianshang.directory.middleware.ParkMiddleware",
    "lianshang.web.middleware.RefusalMiddleware",
    "lianshang.web.middleware.OnceMiddleware",
]
ROOT_URLCONF = "lianshang.config.urls"
WSGI_APPLICATION = "lianshang.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": compat.template_loaders(cached=not DEBUG),
            "builtins": [*compat.TEMPLATE_BUILTINS, "lianshang.web.templatetags.keys"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                compat.CSP_CONTEXT,
                "lianshang.web.context.shell",
            ],
        },
    }
]

FORM_RENDERER = "lianshang.web.renderers.Renderer"

# --- Words and time -------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
USE_I18N = True
USE_TZ = True
TIME_ZONE = environment.zone("ZONE", "Asia/Shanghai")

# --- Who signs in ---------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "directory.Account"
AUTHENTICATION_BACKENDS = ["lianshang.directory.backends.AccountBackend"]
LOGIN_URL = "directory:sign-in"
LOGIN_REDIRECT_URL = "web:home"
LOGOUT_REDIRECT_URL = "web:home"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "lianshang.directory.passwords.LocalWords"},
]
SESSION_COOKIE_AGE = 24 * 3600  # at most; each park decides how long (directory/sign_ins.py)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [ADDRESS.geturl()]

# --- What browsers are told -----------------------------------------------------------------------------------------

globals().update(
    compat.csp_settings(
        {
            "default-src": ["'none'"],
            "script-src": ["'self'", compat.NONCE],
            "style-src": ["'self'", compat.NONCE],
            "img-src": ["'self'", "data:"],
            "font-src": ["'self'"],
            "connect-src": ["'self'"],
            "manifest-src": ["'self'"],
            "form-action": ["'self'"],
            "base-uri": ["'none'"],
            "frame-ancestors": ["'none'"],
        }
    )
)
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
BEHIND_PROXY = environment.flag("BEHIND_PROXY")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_SSL_REDIRECT = HTTPS and BEHIND_PROXY

# --- Notices and logs -----------------------------------------------------------------------------------------------

globals().update(environment.email("EMAIL_URL"))
SMS = environment.sms("SMS", HOME / "sms.jsonl")
ROBOT_HOSTS = environment.many("ROBOT_HOSTS")  # of private deployments, beside the platforms' own
DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.text("EMAIL_FROM", f"lianshang@{ADDRESS.hostname}")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"routes": {"()": "lianshang.config.logs.RouteNames"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["routes"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "lianshang": {
            "level": environment.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR")),
            "propagate": True,
        },
    },
}
