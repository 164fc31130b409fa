"""Calls on the grid, with networks that look around them: any cut, any order, any rate."""

import numpy as np
import pytest

from demixme.core.errors import Cancelled, SeparationFailed
from demixme.core.interrupt import Interrupt
from demixme.dsp.resample import Resampler
from demixme.separation.registry import load_model
from demixme.separation.separator import make_slots
from demixme.separation.stemstore import Quality, StemStore
from tests.separation.conftest import MAKERS, reader
from tests.support import networks
from tests.support.songs import tune

CUTS = (1, 64, 1000, 8193)


def around_two_edges(separator):
    """Return first and length of half a second around two edges of calls."""
    half = separator.rate // 4
    return [(k * separator.call_frames - half, 2 * half) for k in (1, 2)]


@pytest.mark.parametrize("rate", [44100, 48000])
def test_any_cut_of_a_request_gives_the_same(model, song, rate):
    read, separator = reader(song), model.separator(rate)
    for first, frames in around_two_edges(separator):
        whole = separator.separate(read, first, frames)
        assert np.abs(whole).max() > 0.05
        for cut in CUTS:
            pieces = [
                separator.separate(read, first + at, min(cut, frames - at))
                for at in range(0, frames, cut)
            ]
            assert np.abs(np.concatenate(pieces) - whole).max() <= 1e-4, cut


@pytest.mark.parametrize("rate", [44100, 48000])
def test_any_order_of_calls_gives_the_same(model, song, rate):
    read, there = reader(song), model.separator(rate)
    orders = [[0, 1, 2, 3], [3, 0, 2, 1, 3, 0]]
    made = []
    for order in orders:
        separator = model.separator(rate)
        calls = {k: separator.full_call(read, k, Interrupt()) for k in order}
        made.append(np.stack([calls[k] for k in range(4)]))
        separator.close()
    assert np.abs(made[0] - made[1]).max() <= 1e-4
    assert made[0].shape[1] == there.call_frames + there.tail_frames


def test_parts_sum_to_the_song_from_its_first_frame_to_its_last(model, song):
    separator = model.separator(44100)
    for length in (len(song), 5000, 1):
        x = song[:length]
        stems = separator.separate(reader(x), 0, length)
        assert stems.shape == (length, 4, 2)
        assert np.abs(stems.sum(axis=1) - x).max() <= 1e-6
        assert np.isfinite(stems).all()


def test_the_seed_averages_every_frame_over_all_its_windows(model_paths, song):
    """Compare with windows laid over the whole song, far beyond both its ends."""
    with_windows = load_model(model_paths["seed"])
    separator = with_windows.separator(44100)
    stft, spec = separator.stft, with_windows.spec
    before, length = stft.needed(len(song), 40)
    spectra = stft.forward(reader(song)(-before, length))
    features = np.log2(1 + np.abs(spectra)).astype(np.float32)
    sums, counts = np.zeros((4, *features.shape), np.float32), np.zeros(features.shape[2])
    for start in range(1, features.shape[2] - spec.window_frames, spec.stride_frames):
        window = features[None, :, :, start : start + spec.window_frames]
        made = with_windows._session.run(np.ascontiguousarray(window), Interrupt())[0]
        sums[..., start : start + spec.window_frames] += made
        counts[start : start + spec.window_frames] += 1
    kept = slice(40, features.shape[2] - 40)
    assert (counts[kept] == spec.window_frames // spec.stride_frames).all()
    masks = sums / (sums.sum(axis=0) + 1e-9)
    truth = np.zeros((len(song), 2), np.float32)
    stft.inverse(spectra[..., kept] * masks[1][..., kept], truth)
    # calls keep their windows on a grid of their own: the same averages, windows moved by one
    # or two frames; the first call's stand exactly here
    first = separator.separate(reader(song), 0, separator.call_frames)[:, 1]
    assert np.abs(first - truth[: len(first)]).max() <= 1e-5
    with_windows.close()


def test_a_song_20_db_quieter_separates_as_well(model_paths, song):
    loaded = load_model(model_paths["mask"])
    separator = loaded.separator(44100)
    loud = separator.separate(reader(song), 0, len(song))
    quiet = separator.separate(reader(song * np.float32(0.1)), 0, len(song))
    assert np.abs(10 * quiet - loud).max() <= 1e-3 * np.abs(loud).max()
    loaded.close()


def test_silence_in_silence_out(model):
    separator = model.separator(44100)
    stems = separator.separate(reader(np.zeros((30_000, 2), np.float32)), 0, 30_000)
    assert not stems.any()


def test_another_rate_is_the_whole_song_resampled_and_back(mask):
    """As `tests/dsp/test_resample.py` says of the samples, here through a whole call."""
    x = tune(1.5, 48000).astype(np.float32)
    separator, at_home = mask.separator(48000), mask.separator(44100)
    inward, outward = Resampler(48000, 44100), Resampler(44100, 48000)
    whole = inward.piece(reader(x), -44100, 4 * 44100)
    first, frames = outward.source_range(0, separator.call_frames + separator.tail_frames)
    there = at_home.compute(reader_at(whole, -44100), first, frames, Interrupt())
    flat = there.reshape(frames, -1)
    back = outward.piece(lambda f, n: flat[f - first : f - first + n], 0, separator.call_frames)
    got = separator.separate(reader(x), 0, separator.call_frames)
    stored = [k for k, n in enumerate(separator.parts.names) if n != separator.parts.rest]
    assert (
        np.abs(got[:, stored] - back.reshape(len(back), -1, 2)).max() <= 3e-4
    )  # a wild network magnifies
    assert np.abs(got.sum(axis=1) - x[: len(got)]).max() <= 1e-6


def reader_at(x, first_frame):
    read = reader(x)
    return lambda first, frames: read(first - first_frame, frames)


@pytest.mark.parametrize("rate", [8000, 11025, 22050, 32000, 48000, 88200, 96000, 192000])
def test_slots_and_calls_begin_where_both_rates_have_a_whole_frame(mask, rate):
    separator = mask.separator(rate)
    assert separator.slot_frames * 44100 % rate == 0
    assert 0.1 < separator.slot_frames / rate < 1.1
    x = tune(0.6, rate).astype(np.float32)
    stems = separator.separate(reader(x), 0, len(x))
    assert np.abs(stems.sum(axis=1) - x).max() <= 1e-6


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize(
    "stems", [("voice", "band"), ("bass", "drums", "guitar", "other", "piano", "vocals")]
)
def test_two_parts_and_six(tmp_path, song, kind, stems):
    rest = stems[1]
    loaded = load_model(MAKERS[kind](tmp_path, stems=stems, rest=rest))
    assert loaded.parts.names == stems
    separator = loaded.separator(44100)
    made = separator.separate(reader(song), 0, 20_000)
    assert made.shape == (20_000, len(stems), 2)
    assert np.abs(made.sum(axis=1) - song[:20_000]).max() <= 1e-6
    loaded.close()


def test_slots_of_calls_read_as_the_calls_themselves(model, song):
    """Out of the store come the same samples as from `separate`, but for 16 bits."""
    separator, read = model.separator(44100), reader(song)
    store = StemStore(separator.parts, separator.slot_frames)
    for call in range(3):
        stems = separator.full_call(read, call, Interrupt())
        slots = make_slots(stems, separator, Quality.FULL, call)
        for k, slot in enumerate(slots):
            store.put(call * separator.call_slots + k, slot)
    frames = 3 * separator.call_frames
    out = np.empty((frames, 3, 2), np.float32)
    assert store.read_into(out, 0) == frames
    whole = separator.separate(read, 0, frames)
    stored = [k for k, n in enumerate(separator.parts.names) if n != separator.parts.rest]
    assert np.abs(out - whole[:, stored]).max() <= 1e-4


def test_an_interrupt_ends_a_call(model, song):
    separator, interrupt = model.separator(44100), Interrupt()
    interrupt.set()
    with pytest.raises(Cancelled):
        separator.full_call(reader(song), 0, interrupt)
    during = Interrupt()

    def read(first, frames):
        during.set()
        return reader(song)(first, frames)

    with pytest.raises(Cancelled):
        separator.full_call(read, 0, during)


def test_a_network_that_returns_no_numbers_is_refused(tmp_path, song):
    path = networks.mask_model(tmp_path)
    loaded = load_model(path)
    separator = loaded.separator(44100)
    run = separator.session.run
    separator.session.run = lambda f, i: run(f, i) * np.float32(np.nan)
    with pytest.raises(SeparationFailed):
        separator.separate(reader(song), 0, 1000)
    loaded.close()
