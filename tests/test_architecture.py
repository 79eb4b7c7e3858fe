"""The house stands as docs/structure.md says: imports go down, files stay short, every name leads somewhere."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.template import TemplateDoesNotExist, engines
from django.template.loader import get_template
from django.urls import URLResolver, get_resolver

from tests import architecture
from tests.architecture import ROOT

pytestmark = pytest.mark.once

#: Pages that Django or a package asks for by name; none of our files needs to mention them.
NAMED_BY_OTHERS = re.compile(r"(4\d\d(_csrf)?|500)\.html|(account|mfa|allauth|socialaccount|admin|django)/.*")


def test_imports_go_only_down():
    assert architecture.imports_going_up(ROOT) == []


def test_imports_inside_an_app_keep_the_order_of_layers():
    assert architecture.imports_against_the_layers(ROOT) == []


def test_every_app_has_its_floor():
    assert set(settings.LOCAL_APPS) <= set(architecture.FLOORS)


def test_no_file_is_longer_than_600_lines():
    assert architecture.long_files(ROOT) == []


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def broken_templates(root: Path) -> list[str]:
    """Templates that do not compile."""
    wrong = []
    for path in architecture.template_files(root):
        try:
            engines["django"].from_string(path.read_text(encoding="utf-8"))
        except Exception as error:
            wrong.append(f"{path.relative_to(root)}: {error}")
    return wrong


def names_without_template(names: dict[str, set[str]]) -> list[str]:
    wrong = []
    for name, places in names.items():
        try:
            get_template(name)
        except TemplateDoesNotExist:
            wrong.append(f"{name} in {sorted(places)}")
    return wrong


def url_names(resolver: URLResolver | None = None, prefix: str = "") -> set[str]:
    found = set()
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            found |= url_names(pattern, inner)
        elif pattern.name:
            found.add(f"{prefix}{pattern.name}")
    return found


def names_without_address(names: dict[str, set[str]]) -> list[str]:
    known = url_names()
    return [f"{name} in {sorted(places)}" for name, places in names.items() if name not in known]


def test_every_template_compiles():
    assert broken_templates(ROOT) == []


def test_every_template_that_is_named_exists():
    assert names_without_template(architecture.included_templates(ROOT)) == []
    assert names_without_template(architecture.templates_in_python(ROOT)) == []


def test_every_address_and_file_that_a_template_names_exists():
    assert names_without_address(architecture.urls_in_templates(ROOT)) == []
    statics = architecture.statics_in_templates(ROOT)
    assert {name: places for name, places in statics.items() if finders.find(name) is None} == {}


def test_no_template_is_left_over():
    asked_for = {
        str(path.relative_to(ROOT / "templates"))
        for path in architecture.template_files(ROOT)
        if NAMED_BY_OTHERS.fullmatch(str(path.relative_to(ROOT / "templates")))
    }
    assert architecture.unused_templates(ROOT, named_by_others=asked_for) == []


# The planted violations: each gate turns red.


def planted(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("organization/services.py", "from issues.models import Issue\n"),
        ("notices/rules.py", "import records.models\n"),
        ("friends/models/worker.py", "def late():\n    from issues.stats import count\n"),
        ("lib/formats.py", "from organization.roles import Role\n"),
    ],
)
def test_an_import_that_goes_up_or_sideways_is_found(tmp_path, name, text):
    assert len(architecture.imports_going_up(planted(tmp_path, name, text))) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("issues/models/issue.py", "from ..services import close_issue\n"),
        ("issues/services/closing.py", "from issues.views import issues\n"),
        ("issues/forms.py", "from . import views\n"),
        ("issues/stats.py", "from .tasks import drain\n"),
    ],
)
def test_an_import_against_the_layers_is_found(tmp_path, name, text):
    assert len(architecture.imports_against_the_layers(planted(tmp_path, name, text))) == 1


def test_a_long_file_is_found(tmp_path):
    planted(tmp_path, "lib/short.py", "\n" * 600)
    assert len(architecture.long_files(planted(tmp_path, "lib/long.py", "\n" * 601))) == 1


def test_a_template_that_leads_nowhere_is_found(tmp_path):
    planted(tmp_path, "templates/a.html", '{% include "gone.html" %}{% url "gone:page" %}')
    planted(tmp_path, "templates/b.html", "{% if %}")
    planted(tmp_path, "issues/views.py", 'render(request, "gone/page.html")\n')
    assert len(names_without_template(architecture.included_templates(tmp_path))) == 1
    assert len(names_without_template(architecture.templates_in_python(tmp_path))) == 1
    assert len(names_without_address(architecture.urls_in_templates(tmp_path))) == 1
    assert len(broken_templates(tmp_path)) == 1
    assert architecture.unused_templates(tmp_path, named_by_others=set()) == ["a.html", "b.html"]
