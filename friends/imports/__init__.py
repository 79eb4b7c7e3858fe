"""Everything that can be imported, by the word for it; friends stands highest of the apps with rosters."""

from liaison.imports import CadreImporter, ContractImporter, GroupImporter
from lib.tabular.importer import Importer
from organization.imports import UnitImporter

from .friendships import FriendshipImporter
from .workers import WorkerImporter

IMPORTERS: dict[str, type[Importer]] = {
    importer.kind: importer
    for importer in (UnitImporter, CadreImporter, GroupImporter, ContractImporter, WorkerImporter, FriendshipImporter)
}

__all__ = ["IMPORTERS", "FriendshipImporter", "WorkerImporter"]
