"""Files and folders become songs: sorted as people sort, a folder of parts is one song."""

from demixme.audiofile.songlist import is_parts_folder, songs_of


def laid(folder, *names):
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


def test_a_folder_gives_its_songs_in_the_order_of_people(tmp_path):
    folder = laid(tmp_path / "album", "10 End.mp3", "2 Begin.FLAC", ".hidden.mp3", "cover.jpg")
    laid(folder, "CD 2/1 More.ogg")
    names = [p.name for p in songs_of([folder])]
    assert names == ["2 Begin.FLAC", "10 End.mp3", "1 More.ogg"]


def test_a_folder_whose_files_are_named_like_parts_is_one_song(tmp_path):
    stems = laid(tmp_path / "Song", "vocals.wav", "Drums.wav", "bass.wav", "other.wav", "a.txt")
    assert is_parts_folder(stems)
    assert songs_of([tmp_path]) == (stems,)
    laid(stems, "take 2.wav")
    assert not is_parts_folder(stems)
    assert not is_parts_folder(laid(tmp_path / "One", "vocals.wav"))


def test_files_are_taken_as_they_are_given_each_once(tmp_path):
    folder = laid(tmp_path / "f", "a.mp3", "b.bin")
    given = [folder / "b.bin", folder / "a.mp3", folder / "b.bin"]
    assert songs_of(given) == (folder / "b.bin", folder / "a.mp3")
    assert songs_of([folder, folder / "a.mp3"]) == (folder / "a.mp3",)
    assert songs_of([laid(tmp_path / "empty")]) == ()


def test_a_folder_that_cannot_be_read_gives_nothing(tmp_path):
    assert songs_of([tmp_path / "gone" / ".."]) in ((), (tmp_path / "gone" / "..",))
