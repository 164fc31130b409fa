"""The live line without its threads: the real callback over a store that is filled beforehand."""

from dataclasses import replace

from demixme.core.interrupt import Interrupt
from demixme.core.mixstate import MixState
from demixme.engine.callback import Callback
from demixme.engine.nulldevice import NullDevice
from demixme.engine.probe import Probe
from demixme.engine.status import Status
from demixme.engine.transport import Play, PlayCell
from demixme.export.slots import DirectSlots
from demixme.export.song import load_song
from demixme.separation.stemstore import StemStore


class LiveLine:
    """An engine's face for one song and a separator that is at hand; everything at once."""

    def __init__(self, device: NullDevice, separator):
        self._device = device
        self._separator = separator
        self._cell = PlayCell()
        self._model = False

    def set_model(self, name):
        self._model = True

    def open(self, path):
        assert self._model
        track = load_song(path).track
        separator = self._separator
        store = StemStore(separator.parts, separator.slot_frames)
        source = self.source = DirectSlots(separator, track.read)
        for index in range(-(-track.frames // separator.slot_frames)):
            store.put(index, source.take(index, Interrupt()))
        self._cell.play = Play(track=track, store=store, mix=MixState(separator.parts))
        self._device.open(None, 50.0, Callback(self._cell, track.rate, Probe()))

    def _change(self, **changes):
        self._cell.play = replace(self._cell.play, **changes)

    def play(self):
        self._change(playing=True, generation=self._cell.play.generation + 1, target_frame=0)

    def stop(self):
        self._change(playing=False, generation=self._cell.play.generation + 1, target_frame=0)

    def set_mix(self, mix):
        self._change(mix=mix)

    def set_volume(self, gain):
        self._change(volume=gain)

    def set_original(self, original):
        self._change(original=original)

    def poll(self):
        play = self._cell.play
        return Status(
            track=play.track,
            store=play.store,
            parts=self._separator.parts,
            mix=play.mix,
            frames=play.track.frames,
            length_known=True,
            separated=1.0,
        )

    def feed(self):
        return DirectSlots(self._separator, self._cell.play.track.read)
