"""Which language the window speaks, and its translators."""

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from demixme import messages
from demixme.resources import translations_folder

#: Every language there is a translation for; the literals are English.
LANGUAGES = ("en", "es")
_installed: list[QTranslator] = []


def system_languages() -> list[str]:
    """Return the system's languages, the preferred first; tests replace it."""
    return [str(name) for name in QLocale.system().uiLanguages()]


def language_of(chosen: str) -> str:
    """Return the language to speak: the one chosen, else the system's first that we know."""
    if chosen in LANGUAGES:
        return chosen
    for name in system_languages():
        code = name.replace("_", "-").split("-")[0].lower()
        if code in LANGUAGES:
            return code
    return "en"


def speak(language: str) -> None:
    """Translate from now on what is made from now on: Qt's own texts, ours, and errors."""
    while _installed:
        QCoreApplication.removeTranslator(_installed.pop())
    qts = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    for name, folder in (("qtbase", qts), ("demixme", str(translations_folder()))):
        translator = QTranslator()
        if translator.load(f"{name}_{language}", folder):
            QCoreApplication.installTranslator(translator)
            _installed.append(translator)
    messages.set_translator(QCoreApplication.translate)
