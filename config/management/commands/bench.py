"""`./run bench NAME …`: measurements, each a module in `bench/` with add_arguments(parser) and run(**options)."""

import importlib
import pkgutil
from types import ModuleType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

import bench


def measurements() -> dict[str, ModuleType]:
    """The modules of the package by the name that is typed; those that begin with _ are their helpers."""
    names = [module.name for module in pkgutil.iter_modules(bench.__path__) if not module.name.startswith("_")]
    return {name.replace("_", "-"): importlib.import_module(f"bench.{name}") for name in sorted(names)}


def summary(module: ModuleType) -> str:
    return next(iter((module.__doc__ or "").strip().splitlines()), "")


class Command(BaseCommand):
    help = "Measures import, pages, data … and prints what it found."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        choices = parser.add_subparsers(dest="name", metavar="NAME")
        for name, module in measurements().items():
            chosen = choices.add_parser(name, help=summary(module))
            module.add_arguments(chosen)
            chosen.set_defaults(run=module.run)

    def handle(self, *args: Any, **options: Any) -> None:
        run = options.pop("run", None)
        if run is None:
            for name, module in measurements().items():
                self.stdout.write(f"./run bench {name:<10} {summary(module)}")
            return
        common = {"name", "verbosity", "settings", "pythonpath", "traceback", "no_color", "force_color"}
        run(**{key: value for key, value in options.items() if key not in common | {"skip_checks"}})
