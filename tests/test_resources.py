"""Where the person's folders lie."""

import sys
from pathlib import Path

import pytest

from demixme import resources


@pytest.fixture
def frozen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv(resources.HOME_VARIABLE)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "DemixME.exe"))
    return tmp_path


def test_a_data_folder_beside_the_program_holds_everything(frozen: Path) -> None:
    (frozen / "data").mkdir()
    data = (frozen / "data").resolve()
    assert resources.config_folder() == data / "config"
    assert resources.cache_folder() == data / "cache"
    assert resources.logs_folder() == data / "logs"
    assert resources.user_models_folder() == data / "models"


def test_without_it_the_folders_are_the_systems(frozen: Path) -> None:
    for folder in (resources.config_folder(), resources.cache_folder()):
        assert frozen not in folder.parents
