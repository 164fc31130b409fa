"""What an export says about its song: tags and cover of the source, and nothing that is not true.

Only the fields of `FIELDS` go over; a gapless hint, a loudness, a length, an encoder or a recording
number of the source would be false of a remix.
"""

import base64
import binascii
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import soundfile as sf

from demixme.audiofile.paths import system_path
from demixme.audiofile.tags import BROKEN

MOST_COVER_BYTES = 16 << 20
_LONGEST = 100_000
_MOST_VALUES = 32
#: field → its names in ID3, Vorbis comments, MP4, APEv2 and ASF (WMA)
FIELDS: dict[str, tuple[str, str, str, str, str]] = {
    "title": ("TIT2", "title", "\xa9nam", "Title", "Title"),
    "artist": ("TPE1", "artist", "\xa9ART", "Artist", "Author"),
    "album": ("TALB", "album", "\xa9alb", "Album", "WM/AlbumTitle"),
    "albumartist": ("TPE2", "albumartist", "aART", "Album Artist", "WM/AlbumArtist"),
    "track": ("TRCK", "tracknumber", "trkn", "Track", "WM/TrackNumber"),
    "disc": ("TPOS", "discnumber", "disk", "Disc", "WM/PartOfSet"),
    "date": ("TDRC", "date", "\xa9day", "Year", "WM/Year"),
    "genre": ("TCON", "genre", "\xa9gen", "Genre", "WM/Genre"),
    "composer": ("TCOM", "composer", "\xa9wrt", "Composer", "WM/Composer"),
    "comment": ("COMM", "comment", "\xa9cmt", "Comment", "Description"),
    "lyrics": ("USLT", "lyrics", "\xa9lyr", "Lyrics", "WM/Lyrics"),
}
_ID3, _VORBIS, _MP4, _APE, _ASF = range(5)
_TOTALS = {"track": ("tracktotal", "totaltracks"), "disc": ("disctotal", "totaldiscs")}
_INFO = {"track": "tracknumber"}  # soundfile's names for a WAV's INFO list, where they differ


@dataclass(frozen=True)
class Cover:
    """A picture and its MIME type."""

    mime: str
    data: bytes


@dataclass(frozen=True)
class Tags:
    """Texts by the names of `FIELDS`, track and disc as ``3`` or ``3/12``, and the front cover."""

    texts: Mapping[str, tuple[str, ...]]
    cover: Cover | None = None

    def __bool__(self) -> bool:
        return bool(self.texts or self.cover)

    def titled(self, suffix: str) -> "Tags":
        """Return the tags with `suffix` behind the title, if there is one."""
        if not suffix or "title" not in self.texts:
            return self
        title = f"{self.texts['title'][0]} {suffix}"
        return replace(self, texts={**self.texts, "title": (title,)})


NO_TAGS = Tags({})


# ---------------------------------------------------------------- reading
def read_all_tags(path: Path | str) -> Tags:
    """Return the tags and the cover of a song; broken ones are none.

    Parameters
    ----------
    path : Path or str

    Returns
    -------
    Tags
    """
    import mutagen  # late: it costs start-up time

    try:
        file = mutagen.File(system_path(path))
        found = NO_TAGS if file is None else _found(file)
        return found if found.texts or Path(path).suffix.lower() != ".wav" else _info(path, found)
    except (mutagen.MutagenError, sf.SoundFileError, *BROKEN):
        return NO_TAGS


def _found(file: Any) -> Tags:
    tags = file.tags
    if tags is None:
        return Tags({}, _flac_cover(file))
    if hasattr(tags, "getall"):
        return Tags(_texts(lambda f: _id3_values(tags, f)), _id3_cover(tags))
    kind = type(tags).__name__
    if kind == "MP4Tags":
        return Tags(_texts(lambda f: _mp4_values(tags, f)), _mp4_cover(tags))
    if kind in ("APEv2", "ASFTags"):
        column = _APE if kind == "APEv2" else _ASF
        return Tags(_texts(lambda f: _strings(tags.get(FIELDS[f][column]))))
    cover = _flac_cover(file) or _vorbis_cover(tags)
    return Tags(_texts(lambda f: _vorbis_values(tags, f)), cover)


def _texts(values: Callable[[str], Iterable[str]]) -> dict[str, tuple[str, ...]]:
    texts = {}
    for field in FIELDS:
        clean = [v.replace("\0", " ").strip()[:_LONGEST] for v in values(field)]
        if kept := tuple(v for v in clean if v)[:_MOST_VALUES]:
            texts[field] = kept
    return texts


def _strings(value: Any) -> list[str]:
    if value is None:
        return []
    if isinstance(value, str | bytes) or not isinstance(value, Iterable):
        value = [value]
    return [str(v) for v in value]


def _id3_values(tags: Any, field: str) -> list[str]:
    frames = tags.getall(FIELDS[field][_ID3])
    if field == "comment":  # iTunes keeps its own figures in comments with a name
        frames = [f for f in frames if not f.desc]
    return [text for f in frames[:1] for text in _strings(f.text)]


def _id3_cover(tags: Any) -> Cover | None:
    pictures = sorted(tags.getall("APIC"), key=lambda f: f.type != 3)  # the front cover first
    return next((c for f in pictures if (c := _cover(f.mime, f.data))), None)


def _mp4_values(tags: Any, field: str) -> list[str]:
    values = tags.get(FIELDS[field][_MP4]) or []
    if field in _TOTALS:
        return [f"{n}/{of}" if of else f"{n}" for n, of in values[:1] if n]
    return _strings(values)


def _mp4_cover(tags: Any) -> Cover | None:
    for picture in tags.get("covr") or []:
        mime = "image/png" if picture.imageformat == 14 else "image/jpeg"
        if cover := _cover(mime, bytes(picture)):
            return cover
    return None


def _vorbis_values(tags: Any, field: str) -> list[str]:
    values = _strings(tags.get(FIELDS[field][_VORBIS]))
    if field == "comment" and not values:
        values = _strings(tags.get("description"))
    if field in _TOTALS and values and "/" not in values[0]:
        total = next((t for k in _TOTALS[field] for t in _strings(tags.get(k))), "")
        return [f"{values[0]}/{total}" if total else values[0]]
    return values


def _vorbis_cover(tags: Any) -> Cover | None:
    from mutagen import flac

    kind: Any = flac.Picture
    for text in _strings(tags.get("metadata_block_picture")):
        try:
            picture = kind(base64.b64decode(text))
        except binascii.Error:
            continue
        if cover := _cover(picture.mime, picture.data):
            return cover
    return None


def _flac_cover(file: Any) -> Cover | None:
    pictures = sorted(getattr(file, "pictures", []), key=lambda p: p.type != 3)
    return next((c for p in pictures if (c := _cover(p.mime, p.data))), None)


def _cover(mime: str, data: bytes) -> Cover | None:
    linked = mime == "-->"  # an address instead of a picture
    return Cover(mime, data) if data and not linked and len(data) <= MOST_COVER_BYTES else None


def _info(path: Path | str, found: Tags) -> Tags:
    with sf.SoundFile(system_path(path)) as file:
        told = file.copy_metadata()
    return replace(found, texts=_texts(lambda f: _strings(told.get(_INFO.get(f, f)))))


# ---------------------------------------------------------------- writing
def write_tags(path: Path, container: str, tags: Tags) -> bool:
    """Write tags into a whole sound file, which it may leave damaged where it returns False.

    Parameters
    ----------
    path : Path
    container : str
        A key of `formats.CONTAINERS`.
    tags : Tags
        A cover that the container cannot hold is left out.

    Returns
    -------
    bool
        Whether they are in the file now.
    """
    import mutagen

    for cover in dict.fromkeys((tags.cover, None)):
        try:
            _WRITERS[container](path, replace(tags, cover=cover))
        except (mutagen.MutagenError, *BROKEN):
            continue
        return True
    return False


def _write_id3(file: Any, tags: Tags) -> None:
    from mutagen import id3 as module

    id3: Any = module
    if file.tags is None:
        file.add_tags()
    for field, values in tags.texts.items():
        name = FIELDS[field][_ID3]
        more: dict[str, Any] = {"encoding": 3}
        if name in ("COMM", "USLT"):
            more |= {"lang": "XXX", "desc": ""}
        text = "\n".join(values) if name == "USLT" else list(values)
        file.tags.add(getattr(id3, name)(text=text, **more))
    if tags.cover:
        file.tags.add(id3.APIC(encoding=3, mime=tags.cover.mime, type=3, data=tags.cover.data))
    file.save()


def _write_mp3(path: Path, tags: Tags) -> None:
    from mutagen import mp3

    kind: Any = mp3.MP3
    _write_id3(kind(system_path(path)), tags)


def _write_wav(path: Path, tags: Tags) -> None:
    from mutagen import wave

    kind: Any = wave.WAVE
    _write_id3(kind(system_path(path)), tags)


def _vorbis_texts(tags: Tags) -> dict[str, list[str]]:
    texts: dict[str, list[str]] = {}
    for field, values in tags.texts.items():
        name = FIELDS[field][_VORBIS]
        number, slash, total = values[0].partition("/")
        if field in _TOTALS and slash:
            texts |= {name: [number], _TOTALS[field][0]: [total]}
        else:
            texts[name] = list(values)
    return texts


def _picture(cover: Cover) -> Any:
    from mutagen import flac

    kind: Any = flac.Picture
    picture = kind()
    picture.type, picture.mime, picture.data = 3, cover.mime, cover.data
    return picture


def _write_flac(path: Path, tags: Tags) -> None:
    from mutagen import flac

    kind: Any = flac.FLAC
    file = kind(system_path(path))
    file.update(_vorbis_texts(tags))
    if tags.cover:
        file.add_picture(_picture(tags.cover))
    file.save()


def _write_ogg(file: Any, tags: Tags) -> None:
    file.update(_vorbis_texts(tags))
    if tags.cover:
        block = base64.b64encode(_picture(tags.cover).write())
        file["metadata_block_picture"] = [block.decode("ascii")]
    file.save()


def _write_vorbis(path: Path, tags: Tags) -> None:
    from mutagen import oggvorbis

    kind: Any = oggvorbis.OggVorbis
    _write_ogg(kind(system_path(path)), tags)


def _write_opus(path: Path, tags: Tags) -> None:
    from mutagen import oggopus

    kind: Any = oggopus.OggOpus
    _write_ogg(kind(system_path(path)), tags)


def _write_mp4(path: Path, tags: Tags) -> None:
    from mutagen import mp4

    kinds: Any = mp4
    file = kinds.MP4(system_path(path))
    if file.tags is None:
        file.add_tags()
    for field, values in tags.texts.items():
        if field in _TOTALS:
            number, _, total = values[0].partition("/")
            if number.strip().isdigit():
                of = int(total) if total.strip().isdigit() else 0
                file.tags[FIELDS[field][_MP4]] = [(int(number), of)]
        else:
            file.tags[FIELDS[field][_MP4]] = list(values)
    if tags.cover:
        png = tags.cover.mime.endswith("png")
        form = kinds.MP4Cover.FORMAT_PNG if png else kinds.MP4Cover.FORMAT_JPEG
        file.tags["covr"] = [kinds.MP4Cover(tags.cover.data, imageformat=form)]
    file.save()


_WRITERS: dict[str, Callable[[Path, Tags], None]] = {
    "wav": _write_wav,
    "flac": _write_flac,
    "mp3": _write_mp3,
    "ogg": _write_vorbis,
    "opus": _write_opus,
    "m4a": _write_mp4,
}
