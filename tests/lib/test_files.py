import pytest

from lib.files import atomic_path


def test_atomic_path_leaves_the_whole_file(tmp_path):
    target = tmp_path / "out.xlsx"
    with atomic_path(target) as temporary:
        temporary.write_text("new")
        assert not target.exists()
        assert temporary.suffix == ".xlsx"
    assert target.read_text() == "new"
    assert list(tmp_path.iterdir()) == [target]


def write_half_of(target):
    with atomic_path(target) as temporary:
        temporary.write_text("half")
        raise RuntimeError


def test_atomic_path_keeps_the_old_file_after_an_error(tmp_path):
    target = tmp_path / "out.xlsx"
    target.write_text("old")
    with pytest.raises(RuntimeError):
        write_half_of(target)
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]
