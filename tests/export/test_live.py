"""An export equals what the callback hands to a device from frame 0."""

import numpy as np
import pytest

from demixme.core.mixstate import MASTER, MixState, Move, Strip
from demixme.dsp.limiter import delay_frames
from demixme.engine.nulldevice import NullDevice
from demixme.export.render import render
from demixme.export.slots import DirectSlots
from tests.export.conftest import loaded
from tests.support import separators
from tests.support.liveline import LiveLine

MAKERS = {2: separators.two_parts, 4: separators.four_parts, 6: separators.six_parts}


def moves(parts, master_db):
    a, b = parts.stored[0], parts.rest
    return MixState(
        parts,
        {b: Strip(-1.0)},
        master_db,
        (
            Move(0, a, Strip(-6.0)),
            Move(30_000, a, Strip(mute=True)),
            Move(30_100, b, Strip(-20.0)),  # within the ramp of the one before
            Move(40_001, b, Strip(-3.0, pan=0.5)),
            Move(55_555, MASTER, Strip(9.0)),
            Move(70_000, a, Strip(0.0)),
            Move(80_000, MASTER, Strip(-2.0)),
        ),
    )


@pytest.mark.parametrize("count", MAKERS)
@pytest.mark.parametrize("rate", [44100, 48000])
@pytest.mark.parametrize("master_db", [0.0, 10.0])
def test_an_export_equals_live_sound(tmp_path, count, rate, master_db):
    separator, track = loaded(tmp_path, MAKERS[count](2.5, rate))
    device = NullDevice()
    live = LiveLine(device, separator)
    live.set_model("")
    live.open(track.info.path)
    mix = moves(separator.parts, master_db)
    live.set_mix(mix)
    live.play()
    w = delay_frames(rate)
    heard = device.pull(track.frames + w, 512)[w:]
    source = DirectSlots(separator, track.read)
    written = np.concatenate(list(render(track, mix, source)))
    assert np.abs(written).max() > 0.05
    np.testing.assert_allclose(heard, written, rtol=0, atol=1e-6)
