from .contact import ContactLog, LogRevision, Participation
from .friendship import Friendship
from .worker import Worker

__all__ = ["ContactLog", "Friendship", "LogRevision", "Participation", "Worker"]
