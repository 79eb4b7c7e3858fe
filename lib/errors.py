"""What services raise when a rule says no."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import Promise


class Refused(Exception):
    """A rule refuses the act; the message is a whole sentence that the user may read as it stands.

    Subclasses name the rule and set ``default_message`` and ``code``; the view shows the message and
    nothing else. Never put a worker's name or words into a message: messages reach logs.
    """

    default_message: str | Promise = _("现在不能这样操作，请刷新页面后再试。")
    code = "refused"

    def __init__(self, message: str | Promise | None = None, *, code: str | None = None) -> None:
        self.message = self.default_message if message is None else message
        if code is not None:
            self.code = code
        super().__init__(self.message)

    def __str__(self) -> str:
        return str(self.message)


class Stale(Refused):
    """Somebody else has changed the row since it was read."""

    default_message = _("这条记录刚被别人改过，请刷新页面，核对后再保存。")
    code = "stale"
