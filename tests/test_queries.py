import pytest

from organization.models import Unit
from tests import factories

from .queries import count_queries, queries_at_one_and_three

pytestmark = pytest.mark.django_db


def test_a_list_that_asks_once_per_row_is_told_from_one_that_does_not(capsys):
    root = factories.enterprise()

    def careless():
        return [unit.parent.name for unit in Unit.objects.filter(parent=root)]

    def careful():
        return [unit.parent.name for unit in Unit.objects.filter(parent=root).select_related("parent")]

    assert queries_at_one_and_three(lambda: factories.unit(root), careless) == (2, 4)
    assert "organization_unit" in capsys.readouterr().out
    assert queries_at_one_and_three(lambda: factories.unit(root), careful) == (1, 1)
    assert count_queries(careful) == 1
