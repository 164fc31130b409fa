"""Any song to stereo blocks at its own rate; a damaged one as far as it can be decoded."""

from collections.abc import Iterator
from pathlib import Path

from demixme.audiofile.avdecoder import AvDecoder
from demixme.audiofile.chains import goes_on
from demixme.audiofile.paths import check_regular_file
from demixme.audiofile.sndfile import BLOCK_FRAMES, SndFileDecoder
from demixme.audiofile.stereo import Block, as_type
from demixme.core.errors import FileEmpty, FileError, FileTruncated, NotAudio

__all__ = ["BLOCK_FRAMES", "SongDecoder", "open_song"]


class SongDecoder:
    """An open song; made by `open_song`. libsndfile decodes, FFmpeg what it cannot.

    Integer sources of 8 and 16 bits with one or two channels come as int16, which holds them
    exactly; all others as float32, which holds 24 bits exactly and rounds 32-bit integers and
    doubles.
    """

    def __init__(self, path: Path, decoder: SndFileDecoder | AvDecoder) -> None:
        self.info = decoder.info
        self._path = path
        self._decoders = [decoder]
        self._closed = False

    @property
    def repaired_frames(self) -> int:
        """Return how many frames held non-finite or absurd samples that became 0."""
        return sum(decoder.repaired_frames for decoder in self._decoders)

    def blocks(self) -> Iterator[Block]:
        """Yield the song block by block from frame 0 to its end, once.

        Yields
        ------
        np.ndarray [shape=(frames, 2), int16 or float32]
            At most 65 536 frames.

        Raises
        ------
        FileTruncated
            After the last block, where the file is damaged or ends before it should.
        """
        decoder, done = self._decoders[0], 0
        try:
            for block in decoder.blocks():
                done += len(block)
                dtype = block.dtype
                yield block
        except FileTruncated as cut:
            if isinstance(decoder, AvDecoder) or (decoder.is_plain and done):
                raise
            for block in self._rest(done):
                done += len(block)
                yield as_type(block, dtype)
            raise FileTruncated(self._path, cut.reason, frames=done) from cut

    def _rest(self, done: int) -> Iterator[Block]:
        """Yield what FFmpeg decodes from frame `done` on; nothing where it cannot either."""
        try:
            decoder = AvDecoder(self._path)
        except FileError:
            return
        self._decoders.append(decoder)
        try:
            if self._closed or decoder.info.rate != self.info.rate:
                return
            for block in decoder.blocks():
                if done < len(block):
                    yield block[done:]
                done = max(0, done - len(block))
        except FileTruncated:
            return
        finally:
            decoder.close()

    def close(self) -> None:
        """Release the file."""
        self._closed = True
        for decoder in self._decoders:
            decoder.close()


def open_song(path: Path | str) -> SongDecoder:
    """Open a song for decoding; its first block is decoded already when this returns.

    Parameters
    ----------
    path : Path or str
        Any name the system can hold, valid text or not.

    Returns
    -------
    SongDecoder
        A `core.track.Decoder`; `info.frames` is the header's estimate and never a size.

    Raises
    ------
    FileMissing, FileUnreadable, FileEmpty, NotAudio, UnsupportedAudio
    """
    path = Path(path)
    size_bytes = check_regular_file(path)
    if size_bytes == 0:
        raise FileEmpty(path, "0 bytes")
    return SongDecoder(path, _decoder(path, size_bytes))


def _decoder(path: Path, size_bytes: int) -> SndFileDecoder | AvDecoder:
    try:
        decoder = SndFileDecoder(path, size_bytes)
    except (NotAudio, FileEmpty) as refused:
        try:
            return AvDecoder(path)
        except NotAudio:
            raise refused from None
    # libsndfile names no layout, and has an order of its own for Vorbis and Opus
    if decoder.info.channels <= 2 and not goes_on(path, size_bytes):
        return decoder
    try:
        better = AvDecoder(path)
    except FileError:
        return decoder
    decoder.close()
    return better
