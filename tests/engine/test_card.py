"""What a sound card is really given, recorded from a virtual one (PulseAudio, bit-exact)."""

import itertools
import subprocess
import sys

import numpy as np
import pytest

from demixme.engine.probe import Change
from tests.support import card_player, virtual_card
from tests.support.liveengine import Stage

pytestmark = [
    pytest.mark.card,
    pytest.mark.skipif(bool(virtual_card.why_not()), reason=virtual_card.why_not() or "none"),
]
TRIES = 5


def played(kind, delay_s, folder):
    """Play through the card until a run has no underrun; return recording and what was told."""
    told_path = folder / "told.npz"
    with virtual_card.VirtualCard(card_player.RATE) as card:
        for _ in range(TRIES):
            card.record()
            command = [sys.executable, "-m", "tests.support.card_player", kind, str(delay_s)]
            done = subprocess.run(
                [*command, str(told_path)],
                env={**card.environment, "PYTHONPATH": "."},
                capture_output=True,
                text=True,
                check=False,
                timeout=120,
            )
            sound = card.stop_recording()
            assert done.returncode == 0, done.stderr
            told = np.load(told_path)
            assert not len(told["faults"]), told["faults"]
            if told["underruns"] == 0:
                return sound, told
    pytest.skip(f"underruns in every one of {TRIES} runs: this machine is too busy to judge")


def begun(sound):
    """Return the sound from its first sample that is not silent."""
    return sound[np.flatnonzero(sound.any(axis=1))[0] :]


@pytest.mark.parametrize("kind", ["noise", "sine"])
def test_the_card_gets_exactly_the_offline_render(kind, tmp_path):
    sound, told = played(kind, 0.0, tmp_path)
    separator = card_player.song(kind)
    with Stage.of(separator) as stage:
        stage.separated()
        stage.engine.set_mix(card_player.mix_of(separator.parts))
        stage.engine.play()
        offline = begun(stage.device.pull(len(separator.mixture) + stage.delay, 512))
    heard = begun(sound)[: len(offline)]
    assert told["waits"] == 0
    assert len(heard) == len(offline)
    assert np.abs(heard - offline).max() <= 1e-6


def test_with_separation_under_way_the_only_steps_are_fades(tmp_path):
    sound, told = played("quiet", 1.5, tmp_path)  # twice as long as the music itself takes
    separator = card_player.song("quiet")
    assert told["waits"] >= 1
    heard = begun(sound)
    stems = np.stack([separator.stems[n] for n in separator.parts.names], 1)
    changes = [
        Change(int(o), int(s), int(m), float(f[0]), float(f[1]), g[0], g[1])
        for o, s, m, f, g in zip(
            *(told[k] for k in ("output", "song", "moving", "fade", "gains")), strict=True
        )
    ]
    expected = np.zeros((changes[-1].output_frame + 1, 2))
    for change, after in itertools.pairwise(changes):
        n = np.arange(after.output_frame - change.output_frame)
        frames = np.clip(change.song_frame + change.moving * n, 0, len(stems) - 1)
        fade = change.fade + change.fade_slope * n
        gains = change.gains + change.gains_slope * n[:, None, None]
        piece = (gains * stems[frames]).sum(axis=1) * fade[:, None]
        expected[change.output_frame : after.output_frame] = piece
        assert abs(change.fade_slope) in (0.0, pytest.approx(1 / round(0.025 * 44100)))
    expected = begun(expected.astype(np.float32))
    n = min(len(heard), len(expected))
    assert n > 100_000
    # the limiter leaves this level alone; stems are stored in 16 bits
    assert np.abs(heard[:n] - expected[:n]).max() <= 2e-4
