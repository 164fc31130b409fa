"""The menus of the header and of the output's name; filled when they are about to open."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from demixme.ui.bridge import Bridge

if TYPE_CHECKING:
    from demixme.ui.window import Window


class Menus(QObject):
    """Model menu, the program's menu, outputs, recent songs."""

    def __init__(self, window: "Window", bridge: Bridge) -> None:
        super().__init__(window)
        self.window = window
        self.bridge = bridge
        self.models = QMenu(window)
        self.outputs = QMenu(self.tr("Output"), window)
        self.settings = QMenu(window)
        self.recent = QMenu(self.tr("Recent songs"), self.settings)
        self.models.aboutToShow.connect(self._fill_models)
        self.outputs.aboutToShow.connect(self._fill_outputs)
        self.settings.aboutToShow.connect(self._fill_settings)
        self.models.setToolTipsVisible(True)

    # ------------------------------------------------------------ opening
    def _popup(self, menu: QMenu, under: QWidget, above: bool = False) -> None:
        if above:
            size = menu.sizeHint()
            menu.popup(under.mapToGlobal(under.rect().topLeft()) - _down(size.height() + 4))
        else:
            corner = under.mapToGlobal(under.rect().bottomRight())
            corner.setX(corner.x() - menu.sizeHint().width())
            menu.popup(corner + _down(4))

    def show_models(self) -> None:
        """Open the model menu."""
        self._fill_models()
        self._popup(self.models, self.window.header.model)

    def show_outputs(self) -> None:
        """Open the menu of outputs."""
        self._fill_outputs()
        if self.window.transport.device.isVisible():
            self._popup(self.outputs, self.window.transport.device, above=True)
        else:
            self._popup(self.outputs, self.window.header.settings)

    def show_settings(self) -> None:
        """Open the settings menu."""
        self._fill_settings()
        self._popup(self.settings, self.window.header.settings)

    # ------------------------------------------------------------ filling
    def _choice(self, menu: QMenu, group: QActionGroup, text: str, checked: bool) -> QAction:
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(checked)
        group.addAction(action)
        return action

    def _fill_models(self) -> None:
        self.models.clear()
        group = QActionGroup(self.models)
        now = self.bridge.status.model
        for choice in self.bridge.models():
            text = choice.title
            if choice.research_only:
                text = self.tr("{title} (research use)").format(title=text)
            action = self._choice(self.models, group, text, choice.name == now)
            action.setToolTip(choice.sentence)
            action.triggered.connect(partial(self._set_model, choice.name))
        if self.models.isEmpty():
            self.models.addAction(self.tr("No model found")).setEnabled(False)

    def _set_model(self, name: str, _checked: bool = False) -> None:
        self.bridge.set_model(name)

    def _fill_outputs(self) -> None:
        self.outputs.clear()
        group = QActionGroup(self.outputs)
        wanted = self.bridge.settings.device
        default = self._choice(self.outputs, group, self.tr("System default"), not wanted)
        default.triggered.connect(lambda: self.bridge.set_device(None))
        self.outputs.addSeparator()
        for device in self.bridge.devices():
            text = f"{device.name} · {device.host_api}"
            chosen = (device.name, device.host_api) == (wanted, self.bridge.settings.host_api)
            action = self._choice(self.outputs, group, text, chosen)
            action.triggered.connect(lambda _=False, d=device: self.bridge.set_device(d))
        status = self.bridge.status
        if status.device is not None:
            self.outputs.addSeparator()
            text = self.tr("Buffer {n} ms, latency {latency} ms").format(
                n=round(status.buffer_ms), latency=round(status.latency_s * 1000)
            )
            self.outputs.addAction(text).setEnabled(False)

    def _fill_recent(self) -> None:
        self.recent.clear()
        for path in self.bridge.settings.recent:
            self.recent.addAction(path).triggered.connect(
                lambda _=False, p=path: self.bridge.open(p)
            )
        self.recent.setEnabled(not self.recent.isEmpty())

    def _fill_settings(self) -> None:
        menu = self.settings
        menu.clear()
        self._fill_recent()
        self._fill_outputs()
        actions = self.window.actions_table.by_id
        menu.addAction(actions["open"])
        menu.addMenu(self.recent)
        menu.addAction(actions["save_session"])
        menu.addAction(actions["export"])
        menu.addSeparator()
        menu.addMenu(self.outputs)
        menu.addAction(actions["settings"])
        menu.addSeparator()
        menu.addAction(actions["undo"])
        menu.addAction(actions["redo"])
        menu.addAction(actions["reset"])
        menu.addSeparator()
        menu.addAction(actions["help"])
        menu.addAction(actions["about"])
        menu.addAction(actions["quit"])


def _down(pixels: int) -> QPoint:
    return QPoint(0, pixels)
