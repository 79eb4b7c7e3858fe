"""Compiling the translation catalogues without the gettext programs, which a bare system does not have."""

from pathlib import Path


def compile_catalogues(folder: Path) -> list[Path]:
    """Write the .mo of every .po that is newer; fuzzy entries stay out. Returns what was written."""
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        import polib  # only when there is something to do: the second start is quicker without

        draft = target.with_suffix(".mo.draft")
        polib.pofile(str(source)).save_as_mofile(str(draft))
        draft.replace(target)
        written.append(target)
    return written
