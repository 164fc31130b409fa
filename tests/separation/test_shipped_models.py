"""What is asked of every model that ships: silence, and songs as long as one likes."""

import numpy as np
import pytest

from demixme.core.interrupt import Interrupt
from demixme.evaluation.measures import global_sdr
from demixme.export.slots import DirectSlots, StemReader
from demixme.resources import models_folder
from demixme.separation.registry import load_model
from demixme.training.toysongs import RATE_HZ, toy_stems

MODELS = sorted(p.stem for p in models_folder().glob("*.onnx"))
LOOP_S, LOOPS, SHORT_S = 60, 15, 90
BLOCK = 65536


@pytest.fixture(params=MODELS)
def model(request):
    loaded = load_model(request.param)
    yield loaded
    loaded.close()


@pytest.mark.parametrize("best", [False, True])
def test_silence_in_silence_out(model, best):
    separator = model.separator(RATE_HZ, best)
    for index in (0, 3):
        made = separator.full_call(lambda _, n: np.zeros((n, 2), np.float32), index, Interrupt())
        assert not made.any()


@pytest.mark.long
@pytest.mark.timeout(3000)  # two minutes of an idle core, on a shared one many more
def test_the_last_of_fifteen_minutes_scores_as_in_a_short_song(model):
    """Nothing may drift: not over minutes, and not by what was separated before.

    The short song is the long one from a call's beginning on, so that both are cut alike: where
    calls begin moves scores of such simple songs by tenths of a decibel, which is no drift.
    """
    stems = toy_stems(4, LOOP_S)
    loop = np.sum(list(stems.values()), axis=0, dtype=np.float32)
    frames = LOOPS * len(loop)
    call_frames = model.separator(RATE_HZ).call_frames
    begin = (frames - SHORT_S * RATE_HZ) // call_frames * call_frames
    long, short = last_loop(model, loop, 0, frames), last_loop(model, loop, begin, frames)
    for k, part in enumerate(model.parts.stored):
        apart = global_sdr(stems[part], long[:, k]) - global_sdr(stems[part], short[:, k])
        assert abs(apart) < 0.1, f"{part} of {model.name}: {apart:+.3f} dB"


def last_loop(model, loop, begin, end):
    """Return the stored parts of the last loop, through slots and reader as export and live.

    The song is frames `begin` … `end` of the loop over and over, and is heard from its beginning.
    """

    def read(first, frames):
        at = begin + np.arange(first, first + frames)
        inside = (at >= begin) & (at < end)
        return loop[at % len(loop)] * inside[:, None].astype(np.float32)

    source = DirectSlots(model.separator(RATE_HZ), read)
    reader = StemReader(source, Interrupt())
    made = np.empty((len(loop), len(model.parts.stored), 2), np.float32)
    block = np.empty((BLOCK, *made.shape[1:]), np.float32)
    last = end - begin - len(loop)
    for first in range(0, last, BLOCK):
        reader.read_into(block[: min(BLOCK, last - first)], first)
    reader.read_into(made, last)
    source.close()
    return made
