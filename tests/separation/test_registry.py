"""Which models there are, and how one is chosen."""

import json
import shutil

import pytest

from demixme.core.errors import ModelCorrupt, ModelMissing
from demixme.resources import models_folder, user_models_folder
from demixme.separation.registry import DEFAULT_MODEL, find_models, load_model
from tests.support import networks


def test_what_ships_is_sound_and_the_default_comes_first():
    entries = find_models()
    assert entries[0].name == DEFAULT_MODEL
    assert all(e.shipped and e.error is None and e.title and e.licence for e in entries)
    assert all(e.path.stat().st_size <= 25_000_000 for e in entries)


def test_every_model_that_ships_has_a_card():
    cards = (models_folder() / "MODELS.md").read_text("utf-8")
    for entry in find_models():
        assert f"## `{entry.name}`" in cards
        assert entry.title in cards
        if entry.research_only:
            assert "research" in cards


def test_ones_own_models_are_found_and_broken_ones_say_why(user_folders):
    folder = user_models_folder()
    assert not folder.exists()
    folder.mkdir(parents=True)
    networks.mask_model(folder, "mine", title="My own", research_only=True)
    networks.mask_model(folder, "alone").with_suffix(".json").unlink()
    networks.mask_model(folder, "torn").with_suffix(".json").write_text("{")
    (folder / "notes.txt").write_text("no model")
    own = {e.name: e for e in find_models() if not e.shipped}
    assert set(own) == {"mine", "alone", "torn"}
    assert (own["mine"].title, own["mine"].research_only) == ("My own", True)
    assert isinstance(own["alone"].error, ModelCorrupt)
    assert "alone.json" in own["alone"].error.reason
    assert isinstance(own["torn"].error, ModelCorrupt)
    for name in ("alone", "torn"):
        with pytest.raises(ModelCorrupt):
            load_model(name)
    loaded = load_model("mine")
    assert (loaded.name, loaded.parts.names) == ("mine", networks.FOUR)
    loaded.close()


def test_a_model_of_ones_own_never_takes_the_place_of_a_shipped_one(tmp_path):
    networks.mask_model(tmp_path, DEFAULT_MODEL)
    found = [e for e in find_models(tmp_path) if e.name == DEFAULT_MODEL]
    assert [e.shipped for e in found] == [True]


def test_a_model_by_its_file_wherever_it_lies(tmp_path):
    path = networks.seed_model(tmp_path, "größe 夜")
    loaded = load_model(path)
    assert loaded.name == "größe 夜"
    assert loaded.sha256 == json.loads(path.with_suffix(".json").read_text("utf-8"))["sha256"]
    loaded.close()
    with pytest.raises(ModelMissing):
        load_model(tmp_path / "none.onnx")
    with pytest.raises(ModelMissing) as caught:
        load_model("none")
    assert DEFAULT_MODEL in caught.value.reason


def test_the_shipped_model_works_from_a_copy(tmp_path):
    for path in models_folder().glob(f"{DEFAULT_MODEL}.*"):
        shutil.copy(path, tmp_path / f"copy{path.suffix}")
    loaded = load_model(str(tmp_path / "copy.onnx"))
    assert set(loaded.parts.names) == set(networks.FOUR)
    loaded.close()
