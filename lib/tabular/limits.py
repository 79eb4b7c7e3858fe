"""How large a table may be. Shared by the web process and the child that reads, so nothing heavy is imported."""

MEGA = 1024 * 1024

FILE_BYTES = 25 * MEGA
# A roster of 100,000 people in twelve styled text columns unpacks to 77 MB; calamine needs 130 MB for it.
UNPACKED_BYTES = 112 * MEGA
PARTS = 1000
# Deflate packs ordinary sheets 5 to 20 times; only made-up ones come near its own limit of 1,032.
PACKING_RATIO = 250
PACKING_RATIO_FROM = 8 * MEGA
SMALL_PART_BYTES = 4 * MEGA

# Judging takes 1 KB a row in the web process; ``./run bench import`` measures it with 100,000.
ROWS = 120_000
COLUMNS = 100
CELLS = 3_000_000
CELL_CHARACTERS = 32_767
MERGES = 60_000
MERGED_CELLS = 400_000

CHILD_MEMORY_BYTES = 420 * MEGA
CHILD_CPU_SECONDS = 20
CHILD_WALL_SECONDS = 60


class Unreadable(Exception):
    """The file as a whole cannot be taken; ``why`` is the word for it."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)
