"""Figures of the exchange meetings."""

from liaison.figure_scope import FigureScope
from lib.periods import Period

from .models import Meeting


def meetings_held(scope: FigureScope, period: Period) -> int:
    """例会次数：统计期内召开的信息交流会、座谈会次数。"""
    held = Meeting.objects.held().for_period(period).filter(unit__path__startswith=scope.unit.path)
    if scope.group:
        held = held.filter(group=scope.group)
    return held.count()
