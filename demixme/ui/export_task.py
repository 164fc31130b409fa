"""One export in a thread of its own; the gui thread reads how far it is and may cancel it."""

import threading

from demixme.core.errors import Cancelled
from demixme.core.interrupt import Interrupt
from demixme.core.track import Track
from demixme.export.order import Made, Order
from demixme.export.slots import SlotSource


class ExportTask:
    """Runs one order. Fields are written by its thread and read by the gui at its own pace.

    `done` 0…1, `speed` in seconds of song a second, `left_s`; when `ended`, one of `result` and
    `error` is set, or neither where it was cancelled.
    """

    def __init__(self, track: Track, source: SlotSource | None, order: Order) -> None:
        self.order = order
        self.done = self.speed = self.left_s = 0.0
        self.ended = False
        self.result: Made | None = None
        self.error: BaseException | None = None
        self._track, self._source = track, source
        self._interrupt = Interrupt()
        self._thread = threading.Thread(target=self._run, name="demixme-export")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def cancel(self) -> None:
        """Ask it to stop; it leaves nothing behind."""
        self._interrupt.set()

    def join(self) -> None:
        """Wait until its thread has ended."""
        if self._thread.ident is not None:
            self._thread.join()

    def _progress(self, done: int, total: int, speed: float, left_s: float) -> None:
        self.done, self.speed, self.left_s = done / max(1, total), speed, left_s

    def _run(self) -> None:
        try:
            self.result = self.order.run(self._track, self._source, self._progress, self._interrupt)
        except Cancelled:
            pass
        except Exception as error:  # noqa: BLE001 - a task's top: the window says it in a sentence
            self.error = error
        finally:
            if self._source is not None:
                self._source.close()
            self.ended = True
