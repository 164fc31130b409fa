"""A song is the same song whatever its tags, cover, name and folder are, and no other song is."""

import hashlib
import shutil
import subprocess
from pathlib import Path

import mutagen.flac
import mutagen.id3
import mutagen.mp3
import mutagen.oggvorbis
import numpy as np
import pytest
import soundfile as sf

av = pytest.importorskip("av")

from demixme.audiofile import identity  # noqa: E402
from demixme.audiofile.childdigest import digest_of  # noqa: E402
from demixme.audiofile.identity import song_digest  # noqa: E402
from demixme.core.errors import Cancelled, FileMissing  # noqa: E402
from demixme.core.interrupt import Interrupt  # noqa: E402

RATE = 44100
SUFFIXES = ("wav", "flac", "ogg", "mp3", "m4a")


def sound(seed=1, seconds=1.0):
    t = np.arange(round(seconds * RATE)) / RATE
    tone = np.sin(2 * np.pi * 220 * seed * t)[:, None] * [0.3, 0.2]
    return (tone + 0.01 * np.random.default_rng(seed).standard_normal(tone.shape)).astype("f4")


def write_song(path, samples):
    if path.suffix != ".m4a":
        sf.write(path, samples, RATE)
        return path
    with av.open(str(path), "w") as file:
        stream = file.add_stream("aac", rate=RATE)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples.T), "fltp", "stereo")
        frame.sample_rate = RATE
        for packet in (*stream.encode(frame), *stream.encode(None)):
            file.mux(packet)
    return path


@pytest.fixture(params=SUFFIXES)
def song(request, tmp_path):
    return write_song(tmp_path / f"song.{request.param}", sound())


def tag(path):
    if path.suffix == ".wav":
        file = mutagen.File(path)
        file.add_tags()
        file.tags.add(mutagen.id3.TIT2(text=["Another title"]))
        file.save()
        return
    file = mutagen.File(path, easy=True)
    if file.tags is None:
        file.add_tags()
    file["title"] = ["Another title, and a long one " * 50]
    file.save()
    if path.suffix == ".flac":
        picture = mutagen.flac.Picture()
        picture.data, picture.mime, picture.type = b"\x89PNG" + bytes(5000), "image/png", 3
        file = mutagen.flac.FLAC(path)
        file.add_picture(picture)
        file.save()
    if path.suffix == ".mp3":
        file = mutagen.id3.ID3(path)
        file.add(mutagen.id3.APIC(mime="image/png", type=3, data=b"\x89PNG" + bytes(5000)))
        file.save(path, v1=2)


def test_tags_cover_and_name_do_not_count(song, tmp_path):
    before, size = digest_of(str(song)), song.stat().st_size
    assert len(before) == 64
    other = tmp_path / f"renamed, “ü”{song.suffix}"
    shutil.copy(song, other)
    tag(other)
    assert other.stat().st_size != size
    assert digest_of(str(other)) == before


def test_other_sound_is_another_song(song, tmp_path):
    other = write_song(tmp_path / f"other{song.suffix}", sound(seed=2))
    assert digest_of(str(other)) != digest_of(str(song))


def test_it_is_what_the_format_says(tmp_path):
    path = tmp_path / "song.wav"
    sf.write(path, sound(), RATE, "PCM_16")
    samples, _ = sf.read(path, dtype="int16")
    expected = hashlib.sha256(b"pcm_s16le 44100 2\n" + samples.tobytes()).hexdigest()
    assert digest_of(str(path)) == expected
    assert song_digest(path) == expected  # the child says the same


def test_several_streams_count_in_order(tmp_path):
    path = tmp_path / "parts.mka"
    with av.open(str(path), "w") as file:
        streams = [file.add_stream("pcm_s16le", rate=RATE, layout="stereo") for _ in range(2)]
        for seed, stream in enumerate(streams, 1):
            samples = np.ascontiguousarray((sound(seed) * 32767).astype("i2").reshape(1, -1))
            frame = av.AudioFrame.from_ndarray(samples, "s16", "stereo")
            frame.sample_rate = RATE
            for packet in (*stream.encode(frame), *stream.encode(None)):
                file.mux(packet)
    head = b"pcm_s16le 44100 2\n"
    both = [
        hashlib.sha256(head + (sound(seed) * 32767).astype("i2").tobytes()).digest()
        for seed in (1, 2)
    ]
    assert digest_of(str(path)) == hashlib.sha256(b"".join(both)).hexdigest()


def test_what_is_no_sound_goes_by_its_bytes(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_bytes(b"no sound at all")
    assert digest_of(str(path)) == ""
    assert song_digest(path) == hashlib.sha256(b"no sound at all").hexdigest()


def test_a_chained_ogg_goes_by_its_bytes(tmp_path):
    for seed in (1, 2):
        write_song(tmp_path / f"{seed}.ogg", sound(seed, 3.0))
    both = (tmp_path / "1.ogg").read_bytes() + (tmp_path / "2.ogg").read_bytes()
    chain = tmp_path / "chain.ogg"
    chain.write_bytes(both)
    assert song_digest(chain) == hashlib.sha256(both).hexdigest()
    first = tmp_path / "1.ogg"
    assert not identity._is_chained_ogg(first, first.stat().st_size)


def test_a_folder_goes_by_its_files_sorted_by_name(tmp_path, monkeypatch):
    folder = tmp_path / "parts"
    folder.mkdir()
    for name in ("vocals.wav", "bass.wav"):
        sf.write(folder / name, sound(len(name)), RATE)
    monkeypatch.setattr(identity, "_from_child", lambda path, _: digest_of(str(path)))
    parts = [bytes.fromhex(digest_of(str(folder / n))) for n in ("bass.wav", "vocals.wav")]
    assert song_digest(folder) == hashlib.sha256(b"".join(parts)).hexdigest()


def test_a_file_that_names_others_is_not_followed(tmp_path):
    sf.write(tmp_path / "secret.wav", sound(), RATE)
    path = tmp_path / "list.m3u8"
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nsecret.wav\n#EXT-X-ENDLIST\n")
    assert digest_of(str(path)) == ""


def test_it_can_be_stopped_and_leaves_no_process(tmp_path, monkeypatch):
    started = []
    real = subprocess.Popen
    monkeypatch.setattr(
        identity.subprocess, "Popen", lambda *a, **k: started.append(real(*a, **k)) or started[-1]
    )
    stop = Interrupt()
    path = write_song(tmp_path / "song.wav", sound())
    monkeypatch.setattr(identity, "_is_chained_ogg", lambda *_: stop.set())
    with pytest.raises(Cancelled):
        song_digest(path, stop)
    assert [p.poll() is not None for p in started] == [True]


def test_a_missing_file_is_said():
    with pytest.raises(FileMissing):
        song_digest(Path("/nowhere/song.wav"))
