"""Values and mixes as people hear them: in words."""

from PySide6.QtCore import QCoreApplication

from demixme.core.mixstate import MixState, Strip
from demixme.core.units import SILENCE_DB
from demixme.ui.part_names import part_title


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


def strip_differences(title: str, before: Strip, now: Strip) -> list[str]:
    """Return what changed on a strip, in words."""
    said = []
    if before.level_db != now.level_db:
        text = QCoreApplication.translate("spoken", "{part} volume, {level}")
        said.append(text.format(part=title, level=spoken_level(now.level_db)))
    if before.pan != now.pan:
        text = QCoreApplication.translate("spoken", "{part} balance, {place}")
        said.append(text.format(part=title, place=spoken_balance(round(now.pan * 100))))
    if before.mute != now.mute:
        muted = QCoreApplication.translate("spoken", "{part} muted")
        heard = QCoreApplication.translate("spoken", "{part} no longer muted")
        said.append((muted if now.mute else heard).format(part=title))
    if before.solo != now.solo:
        solo = QCoreApplication.translate("spoken", "{part} solo")
        ended = QCoreApplication.translate("spoken", "{part} no longer solo")
        said.append((solo if now.solo else ended).format(part=title))
    return said


def mix_differences(before: MixState, now: MixState) -> list[str]:
    """Return what changed between two mixes of the same parts, in words."""
    said = []
    for name in now.parts.mixer_order:
        said += strip_differences(part_title(name), before.strips[name], now.strips[name])
    if before.master_db != now.master_db:
        text = QCoreApplication.translate("spoken", "Master volume, {level}")
        said.append(text.format(level=spoken_level(now.master_db)))
    return said


def mix_in_words(mix: MixState) -> str:
    """Return mutes, solos, balances and faders away from 0; "" for a mix nobody touched."""
    return ", ".join(mix_differences(MixState(mix.parts), mix))
