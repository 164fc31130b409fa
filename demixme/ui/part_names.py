"""What the parts are called in the person's language."""

from PySide6.QtCore import QCoreApplication


def part_title(name: str) -> str:
    """Return a part's name as the strip shows it."""
    known = {
        "vocals": QCoreApplication.translate("parts", "Vocals"),
        "drums": QCoreApplication.translate("parts", "Drums"),
        "bass": QCoreApplication.translate("parts", "Bass"),
        "other": QCoreApplication.translate("parts", "Other"),
        "instrumental": QCoreApplication.translate("parts", "Instrumental"),
        "guitar": QCoreApplication.translate("parts", "Guitar"),
        "piano": QCoreApplication.translate("parts", "Piano"),
    }
    return known.get(name, name[:1].upper() + name[1:])
