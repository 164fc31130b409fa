"""The program's icon for Windows (.ico) and macOS (.icns), drawn from assets/icons/demixme.svg."""

import os
import struct
from pathlib import Path

DRAWING = Path(__file__).resolve().parents[1] / "assets" / "icons" / "demixme.svg"
ICO_SIZES = (16, 24, 32, 48, 64, 128, 256)
#: Type of each picture in an .icns file, by its size.
ICNS_TYPES = {16: b"icp4", 32: b"icp5", 64: b"icp6", 128: b"ic07", 256: b"ic08", 512: b"ic09"}


def png(size: int) -> bytes:
    """Return the icon as a PNG file of this many pixels on each side."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(DRAWING)).render(painter)
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(data.data())


def ico(pictures: dict[int, bytes]) -> bytes:
    """Return an .ico file of these PNG files, by size."""
    head = struct.pack("<HHH", 0, 1, len(pictures))
    at = len(head) + 16 * len(pictures)
    rows = b""
    for size, data in sorted(pictures.items()):
        side = size % 256  # 256 is written as 0
        rows += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(data), at)
        at += len(data)
    return head + rows + b"".join(data for _, data in sorted(pictures.items()))


def icns(pictures: dict[int, bytes]) -> bytes:
    """Return an .icns file of these PNG files, by size."""
    body = b"".join(
        ICNS_TYPES[size] + struct.pack(">I", len(data) + 8) + data
        for size, data in sorted(pictures.items())
    )
    return b"icns" + struct.pack(">I", len(body) + 8) + body


def icon_for(platform: str, folder: Path) -> str | None:
    """Write the icon that a platform's programs carry and return its path; Linux has none."""
    if platform not in ("win32", "darwin"):
        return None
    folder.mkdir(parents=True, exist_ok=True)
    kind, sizes = (ico, ICO_SIZES) if platform == "win32" else (icns, tuple(ICNS_TYPES))
    path = folder / f"demixme.{kind.__name__}"
    path.write_bytes(kind({size: png(size) for size in sizes}))
    return str(path)
