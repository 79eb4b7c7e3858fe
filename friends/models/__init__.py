from .care import Aid, CareFlag
from .contact import ContactLog, LogRevision, Participation
from .friendship import Friendship
from .worker import Worker

__all__ = ["Aid", "CareFlag", "ContactLog", "Friendship", "LogRevision", "Participation", "Worker"]
