import errno
import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from demixme.audiofile import partfile
from demixme.audiofile.decode import open_song
from demixme.audiofile.encode import open_writer
from demixme.audiofile.formats import container_of, default_encoding
from demixme.audiofile.quantise import Quantiser
from demixme.core.errors import CannotWrite, DiskFull, FileExists, InvalidValue
from demixme.core.track import SongInfo
from tests.support import songs

KINDS = [
    ("wav", "pcm16"),
    ("wav", "pcm24"),
    ("wav", "float32"),
    ("flac", "pcm16"),
    ("flac", "pcm24"),
]
BITS = {"pcm16": 16, "pcm24": 24}


def written(path, x, encoding, cut=10**9, **options):
    with open_writer(path, 44100, x.shape[1], encoding, **options) as writer:
        for at in range(0, len(x), cut):
            writer.write(x[at : at + cut])
        writer.commit()
    return path


def digest(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize(("container", "encoding"), KINDS)
def test_what_is_written_is_read_again(tmp_path, container, encoding, channels):
    x = songs.tune(4.0, channels=channels).astype(np.float32)
    path = written(tmp_path / f"a.{container}", x, encoding)
    got, rate = songs.read_all(path)
    assert rate == 44100
    if encoding == "float32":
        np.testing.assert_array_equal(got, x)
    else:
        whole = Quantiser(BITS[encoding]).whole(x, 0)
        np.testing.assert_array_equal(got, whole / (1 << (BITS[encoding] - 1)))
    assert os.listdir(tmp_path) == [path.name]


@pytest.mark.parametrize(("container", "encoding"), KINDS)
def test_a_song_of_the_same_depth_comes_back_bit_for_bit(tmp_path, container, encoding):
    x = songs.tune(2.0, level=1.2)  # some samples stand at full scale
    x = songs.on_grid(x, BITS[encoding]) if encoding in BITS else x
    x = x.astype(np.float32)
    got, _ = songs.read_all(written(tmp_path / f"a.{container}", x, encoding))
    np.testing.assert_array_equal(got, x)


@pytest.mark.parametrize(("container", "encoding"), KINDS)
def test_the_same_export_is_the_same_file_however_it_is_cut(tmp_path, container, encoding):
    x = songs.tune(3.3).astype(np.float32)
    first = digest(written(tmp_path / f"a.{container}", x, encoding))
    time.sleep(1.05)  # a time of day in the file would show
    for k, cut in enumerate((10**9, 44100, 1009)):
        assert digest(written(tmp_path / f"b{k}.{container}", x, encoding, cut)) == first


def test_floats_beyond_full_scale_stay_and_integers_clip(tmp_path):
    x = np.array([[2.5, -3.0], [1.0, -1.0]], np.float32)
    got, _ = songs.read_all(written(tmp_path / "f.wav", x, "float32"))
    np.testing.assert_array_equal(got, x)
    got, _ = songs.read_all(written(tmp_path / "i.wav", x, "pcm16"))
    np.testing.assert_array_equal(got * 32768, [[32767, -32768]] * 2)


def test_zero_frames_make_a_file_of_zero_frames(tmp_path):
    path = written(tmp_path / "a.wav", np.zeros((0, 2), np.float32), "pcm16")
    assert sf.info(path).frames == 0


def test_a_song_of_more_than_4_gb_becomes_rf64(tmp_path):
    x = songs.on_grid(songs.tune(0.1), 16).astype(np.float32)
    path = written(tmp_path / "a.wav", x, "pcm16", frames=2**31)
    assert path.read_bytes()[:4] == b"RF64"
    np.testing.assert_array_equal(songs.read_all(path)[0], x)


@pytest.mark.parametrize("name", ["a.wma", "a", "a.wav.txt"])
def test_other_endings_are_refused(tmp_path, name):
    with pytest.raises(InvalidValue):
        open_writer(tmp_path / name, 44100, 2, "pcm16")
    assert os.listdir(tmp_path) == []


def test_flac_holds_no_floats(tmp_path):
    with pytest.raises(InvalidValue):
        open_writer(tmp_path / "a.flac", 44100, 2, "float32")
    with pytest.raises(InvalidValue):
        open_writer(tmp_path / "a.wav", 44100, 2, "pcm8")
    assert container_of("A.FLAC") == "flac"


@pytest.mark.parametrize(
    ("bits", "channels", "container", "encoding"),
    [
        (8, 2, "wav", "pcm16"),
        (16, 1, "flac", "pcm16"),
        (24, 2, "wav", "pcm24"),
        (32, 2, "wav", "float32"),
        (None, 2, "wav", "float32"),
        (None, 2, "flac", "pcm24"),
        (16, 6, "wav", "float32"),
        (16, 6, "flac", "pcm24"),
    ],
)
def test_the_encoding_that_keeps_a_song(bits, channels, container, encoding):
    info = SongInfo(Path("a"), 44100, channels, 1, bits)
    assert default_encoding(info, container) == encoding


# ---------------------------------------------------------------- whole or not at all
X = songs.tune(0.5).astype(np.float32)


@pytest.mark.parametrize("name", songs.ODD_NAMES, ids=ascii)
def test_odd_names(tmp_path, name):
    path = tmp_path / (name.removesuffix(".wav") + ".wav")
    written(path, X, "float32")
    decoder = open_song(path)
    np.testing.assert_array_equal(np.concatenate(list(decoder.blocks())), X)
    decoder.close()


def test_nothing_has_the_name_before_the_end(tmp_path):
    with open_writer(tmp_path / "a.wav", 44100, 2, "pcm16") as writer:
        writer.write(X)
        (part,) = os.listdir(tmp_path)
        assert part.startswith(".a.wav.")
        assert part.endswith(".part")
    assert os.listdir(tmp_path) == []


def test_two_attempts_share_nothing(tmp_path):
    one, two = (open_writer(tmp_path / "a.wav", 44100, 2, "float32") for _ in range(2))
    one.write(X)
    two.write(-X)
    assert len(os.listdir(tmp_path)) == 2
    one.commit()
    with pytest.raises(FileExists):
        two.commit()
    two.discard()
    assert os.listdir(tmp_path) == ["a.wav"]
    np.testing.assert_array_equal(songs.read_all(tmp_path / "a.wav")[0], X)


def test_a_file_is_replaced_only_if_told(tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(b"old")
    with pytest.raises(FileExists):
        open_writer(path, 44100, 2, "pcm16")
    with open_writer(path, 44100, 2, "float32", overwrite=True) as writer:
        writer.write(X)
        assert path.read_bytes() == b"old"
        writer.commit()
    np.testing.assert_array_equal(songs.read_all(path)[0], X)


def test_where_links_are_unknown_the_name_is_still_not_taken_over(tmp_path, monkeypatch):
    def no_links(*_, **__):
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", no_links)
    written(tmp_path / "a.wav", X, "float32")
    writer = open_writer(tmp_path / "b.wav", 44100, 2, "pcm16")
    (tmp_path / "b.wav").write_bytes(b"came meanwhile")
    with pytest.raises(FileExists):
        writer.commit()
    assert (tmp_path / "b.wav").read_bytes() == b"came meanwhile"
    assert sorted(os.listdir(tmp_path)) == ["a.wav", "b.wav"]


def test_the_song_itself_is_never_replaced(tmp_path):
    song = songs.write_song(tmp_path / "song.wav", X)
    before = digest(song)
    (tmp_path / "link.wav").symlink_to(song)
    os.link(song, tmp_path / "hard.wav")
    for name in ("song.wav", "link.wav", "hard.wav"):
        with pytest.raises(CannotWrite):
            open_writer(tmp_path / name, 44100, 2, "pcm16", overwrite=True, source=song)
    assert digest(song) == before


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    target = tmp_path / "real" / "a.wav"
    target.write_bytes(b"old")
    (tmp_path / "a.wav").symlink_to(target)
    written(tmp_path / "a.wav", X, "float32", overwrite=True)
    assert (tmp_path / "a.wav").is_symlink()
    np.testing.assert_array_equal(songs.read_all(target)[0], X)


def test_no_folder(tmp_path):
    with pytest.raises(CannotWrite):
        open_writer(tmp_path / "no" / "a.wav", 44100, 2, "pcm16")


def test_a_folder_of_that_name(tmp_path):
    (tmp_path / "a.wav").mkdir()
    with pytest.raises(CannotWrite):
        open_writer(tmp_path / "a.wav", 44100, 2, "pcm16", overwrite=True)


def test_read_only_folder(open_folder, ordinary_user):
    inside = open_folder / "inside"
    inside.mkdir()
    inside.chmod(0o555)
    with pytest.raises(CannotWrite) as caught:
        open_writer(inside / "a.wav", 44100, 2, "pcm16")
    assert not isinstance(caught.value, DiskFull)


@pytest.mark.parametrize(("container", "encoding"), KINDS)
def test_a_full_disk(tmp_path, monkeypatch, container, encoding):
    room = [100_000]
    real = os.write

    def write(fd, data):
        if len(data) > room[0]:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        room[0] -= len(data)
        return real(fd, data)

    monkeypatch.setattr(partfile.os, "write", write)
    with pytest.raises(DiskFull):
        written(tmp_path / f"a.{container}", np.tile(X, (10, 1)), encoding)
    assert os.listdir(tmp_path) == []


def test_ctrl_c_while_writing_comes_through(tmp_path, monkeypatch, capfd):
    def write(fd, data):
        raise KeyboardInterrupt

    writer = open_writer(tmp_path / "a.wav", 44100, 2, "pcm16")
    with monkeypatch.context() as patch:
        patch.setattr(partfile.os, "write", write)
        with pytest.raises(KeyboardInterrupt):
            writer.write(X)
    writer.discard()
    assert os.listdir(tmp_path) == []
    assert capfd.readouterr().err == ""


def test_a_disk_that_is_full_when_the_file_is_finished(tmp_path, monkeypatch):
    def full(fd):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    writer = open_writer(tmp_path / "a.wav", 44100, 2, "pcm16")
    writer.write(X)
    monkeypatch.setattr(partfile.os, "fsync", full)
    with pytest.raises(DiskFull):
        writer.commit()
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="no such mounts")
def test_a_really_full_disk(tmp_path):
    mount = tmp_path / "tiny"
    mount.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", mount], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("mounting is not allowed here")
    try:
        with pytest.raises(DiskFull):
            written(mount / "a.wav", X, "float32")
        assert os.listdir(mount) == []
    finally:
        subprocess.run(["umount", mount], check=True)


KILLED = """
import sys, time, numpy as np
from demixme.audiofile.encode import open_writer
writer = open_writer(sys.argv[1], 44100, 2, "pcm16")
writer.write(np.zeros((100000, 2), np.float32))
print("half", flush=True)
time.sleep(60)
"""


def test_a_killed_export_leaves_no_file_and_the_next_one_cleans_up(tmp_path):
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, tmp_path / "a.wav"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert child.stdout.readline() == "half\n"
        (part,) = os.listdir(tmp_path)
        with open_writer(tmp_path / "b.wav", 44100, 2, "pcm16"):
            assert part in os.listdir(tmp_path)  # its process lives: hands off
    finally:
        child.kill()
        child.wait()
        child.stdout.close()
    assert os.listdir(tmp_path) == [part]
    written(tmp_path / "b.wav", X, "pcm16")
    assert os.listdir(tmp_path) == ["b.wav"]


def test_only_stale_parts_are_removed(tmp_path):
    mine = partfile.part_name("mine.wav")
    other_host = ".x.wav.elsewhere-1-00000000.part"
    old = ".y.wav.elsewhere-1-00000001.part"
    foreign = ["something.part", ".hidden.part", "song.wav"]
    for name in (mine, other_host, old, *foreign):
        (tmp_path / name).touch()
    os.utime(tmp_path / old, (time.time() - 90000,) * 2)
    os.utime(tmp_path / foreign[0], (time.time() - 90000,) * 2)
    partfile.remove_stale_parts(tmp_path)
    assert sorted(os.listdir(tmp_path)) == sorted([mine, other_host, *foreign])
