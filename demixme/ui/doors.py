"""The doors out of the window: file choosers, folders, links. Tests replace them by recorders."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget


def choose_file(parent: QWidget, title: str, folder: str, kinds: str) -> Path | None:
    """Let the person choose a file that is there."""
    path, _ = QFileDialog.getOpenFileName(parent, title, folder, kinds)
    return Path(path) if path else None


def choose_files(parent: QWidget, title: str, folder: str, kinds: str) -> list[Path]:
    """Let the person choose files that are there."""
    paths, _ = QFileDialog.getOpenFileNames(parent, title, folder, kinds)
    return [Path(p) for p in paths]


def choose_new_file(parent: QWidget, title: str, proposed: str, kinds: str) -> Path | None:
    """Let the person name a file to be written."""
    path, _ = QFileDialog.getSaveFileName(parent, title, proposed, kinds)
    return Path(path) if path else None


def open_link(address: str) -> None:
    """Open an address, or a folder's, in the program the system has for it."""
    QDesktopServices.openUrl(QUrl(address))
