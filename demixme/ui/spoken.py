"""Values as people hear them: levels, balances and places in words."""

from PySide6.QtCore import QCoreApplication

from demixme.core.units import SILENCE_DB


def spoken_level(level_db: float) -> str:
    """Return a level in words: "minus 6.2 decibels"."""
    if level_db == SILENCE_DB:
        return QCoreApplication.translate("spoken", "silent")
    number = f"{abs(level_db):.1f}".removesuffix(".0")
    if number == "0":
        return QCoreApplication.translate("spoken", "0 decibels")
    if level_db < 0:
        return QCoreApplication.translate("spoken", "minus {n} decibels").format(n=number)
    return QCoreApplication.translate("spoken", "plus {n} decibels").format(n=number)


def spoken_balance(percent: int) -> str:
    """Return a balance in words: "30 percent left"."""
    if not percent:
        return QCoreApplication.translate("spoken", "centre")
    if percent < 0:
        return QCoreApplication.translate("spoken", "{n} percent left").format(n=-percent)
    return QCoreApplication.translate("spoken", "{n} percent right").format(n=percent)
