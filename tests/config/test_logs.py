"""Log lines tell where and what kind, never whose."""

import logging
import sys

from django.conf import settings

from config.logs import DiscreetFormatter

CANARY = "王二小13800000000"


def line_of(record_arguments: object = (), message: str = "failed") -> str:
    """The line that is written about an error whose messages, and whose cause's, hold the canary."""
    try:
        try:
            raise KeyError(CANARY)
        except KeyError as error:
            raise ValueError(f"no place for {CANARY}") from error
    except ValueError:
        info = sys.exc_info()
    record = logging.LogRecord("app", logging.ERROR, __file__, 1, message, record_arguments, info)
    return DiscreetFormatter().format(record)


def test_traceback_names_places_and_kinds_but_no_values():
    line = line_of()
    assert "KeyError" in line
    assert "ValueError" in line
    assert "test_logs.py" in line
    assert CANARY not in line


def test_failed_task_is_logged_without_error_text_and_arguments():
    data = {"name": "issues.remind", "id": "1", "exc": CANARY, "args": CANARY, "kwargs": CANARY}
    line = line_of((data,), "Task %(name)s[%(id)s] raised unexpected: %(exc)s %(args)s %(kwargs)s")
    assert "issues.remind[1]" in line
    assert CANARY not in line


def test_plain_formatter_would_show_the_value():
    """The control: it is our formatter that keeps the value out."""
    try:
        raise ValueError(CANARY)
    except ValueError:
        record = logging.LogRecord("app", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())
    assert CANARY in logging.Formatter().format(record)


def test_what_the_user_is_told_on_the_page_is_not_logged_as_well():
    """403, 404 and a form with a mistake; an error of ours is."""
    assert settings.LOGGING["loggers"]["django.request"] == {"level": "ERROR"}


def test_address_of_a_slip_is_cut_short_whoever_names_it():
    record = logging.LogRecord("django.request", logging.ERROR, "", 1, "Failed: %s", ("/q/t/ACDEFGHJ/",), None)
    assert DiscreetFormatter().format(record).endswith("Failed: /q/t/…/")
    assert "ACDEFGHJ" in logging.Formatter().format(record)
