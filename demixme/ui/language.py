"""Which language the window speaks, and its translators."""

from PySide6.QtCore import QLocale

#: Every language there is a translation for; the literals are English.
LANGUAGES = ("en", "es")


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
