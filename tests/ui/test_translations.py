"""Every text can be translated, is translated, and nothing a person reads was forgotten."""

import re
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtWidgets import (
    QAbstractButton,
    QLabel,
    QLineEdit,
    QMenu,
    QTableWidget,
    QTabWidget,
    QWidget,
)

from demixme import messages, settings
from demixme.core.errors import FileMissing
from demixme.ui import language
from demixme.ui.bridge import ModelChoice
from demixme.ui.notice import Notice
from tests.support.fake_engine import FakeEngine
from tests.support.painted import painted_texts
from tools import translate

MODELS = (ModelChoice("default", "Model A", "", True), ModelChoice("b", "Model B"))


# ---------------------------------------------------------------- the files
@pytest.mark.skipif(sys.platform == "darwin", reason="checked once, on Linux")
def test_the_translations_are_whole():
    assert translate.problems() == []


def test_a_text_that_lacks_is_found(tmp_path, monkeypatch):
    for ts in translate.FOLDER.glob("*.ts"):
        text = ts.read_text("utf-8").replace("<source>Undo</source>", "<source>Undone</source>")
        (tmp_path / ts.name).write_text(text, "utf-8")
    monkeypatch.setattr(translate, "FOLDER", tmp_path)
    monkeypatch.setattr(translate, "ts_file", lambda name, f=tmp_path: f / f"demixme_{name}.ts")
    found = "\n".join(translate.problems())
    assert "lacks 'Undo'" in found
    assert "keeps 'Undone'" in found


def test_fields_that_differ_and_empty_texts_are_found(tmp_path):
    ts = tmp_path / "x.ts"
    ts.write_text(
        "<TS><context><name>c</name><message><source>{a} of {b}</source>"
        "<translation>{a} de {c}</translation></message>"
        "<message><source>empty</source><translation></translation></message>"
        "<message><source>open</source>"
        '<translation type="unfinished">abrir</translation></message></context></TS>'
    )
    found = list(translate._unfinished(ts))
    assert len(found) == 3
    assert "other fields" in found[0]


# ---------------------------------------------------------------- which language
@pytest.mark.parametrize(
    ("chosen", "system", "spoken"),
    [
        ("", ["es-AR", "en-US"], "es"),
        ("", ["de-DE", "es-ES"], "es"),
        ("", ["de-DE"], "en"),
        ("en", ["es-ES"], "en"),
        ("es", [], "es"),
    ],
)
def test_the_language_is_the_chosen_one_else_the_systems(monkeypatch, chosen, system, spoken):
    monkeypatch.setattr(language, "system_languages", lambda: system)
    assert language.language_of(chosen) == spoken


@pytest.fixture
def spanish(make_desk):
    settings.save(settings.Settings(language="es"))
    yield make_desk(FakeEngine(), models=lambda: MODELS)
    language.speak("en")


def test_spanish_is_spoken_everywhere(spanish):
    assert spanish.channel("vocals").mute.text() == "Mudo"
    assert spanish.channel("vocals").mute.accessibleName() == "Silenciar Voz"
    assert spanish.channel("vocals").fader.accessibleDescription() == "0 decibelios"
    assert "No existe el archivo" in messages.sentence(FileMissing("x.wav"))
    dialog = spanish.window.dialogs.settings
    dialog.open()
    assert dialog.windowTitle() == "Ajustes"
    assert dialog.memory_line.text().startswith("0 canciones")
    dialog.hide()
    help = spanish.window.dialogs.help
    assert "Suelta una canción" in help.manual.toPlainText()


def test_counts_have_their_plurals(spanish):
    tr = spanish.window.dialogs.settings.tr
    text = "%n song(s) are remembered with mix and place."
    assert tr(text, "", 1) == "1 canción se recuerda con mezcla y lugar."
    language.speak("en")
    assert tr(text, "", 1) == "1 song is remembered with mix and place."
    assert tr(text, "", 2) == "2 songs are remembered with mix and place."


# ---------------------------------------------------------------- nothing forgotten
class Marker(QTranslator):
    """Marks every text that goes through translation."""

    def translate(self, context, source, disambiguation=None, n=-1):
        return f"⟦{source.replace('%n', str(n))}⟧"

    def isEmpty(self):
        return False


#: What is data, a unit or a name, in any language.
DATA = re.compile(
    r"DemixME|song|Nobody|Model [AB]|Headphones|USB|Speakers|WASAPI|ALSA|music|wav|demix|"
    r"\{\w+\}|\b[A-Z]\b|\bk?Hz\b|\bdB\b|\bms\b|English|Español|PySide6|MANUAL|\bA\b|\bB\b"
)


def unmarked(text):
    """Return what is left of a text without its marked pieces and data."""
    text = re.sub(r"⟦[^⟦⟧]*…", "", text)  # there was no room for all of it
    while (less := re.sub(r"⟦[^⟦⟧]*⟧", "", text)) != text:
        text = less
    return "".join(c for c in DATA.sub("", text) if c.isalpha())


def texts_of(window):
    """Yield (where, text) of everything a person reads or hears of a window."""
    for widget in (window, *window.findChildren(QWidget)):
        name = type(widget).__name__
        yield f"{name} name", widget.accessibleName()
        yield f"{name} tip", widget.toolTip()
        yield f"{name} title", widget.windowTitle()
        if isinstance(widget, QAbstractButton | QLabel):
            yield f"{name} text", widget.text()
        if isinstance(widget, QLineEdit):
            yield f"{name} hint", widget.placeholderText()
        if isinstance(widget, QMenu):
            yield from ((f"{name} entry", a.text()) for a in widget.actions())
        if isinstance(widget, QTabWidget):
            yield from ((f"{name} tab", widget.tabText(k)) for k in range(widget.count()))
        if isinstance(widget, QTableWidget):
            for k in range(widget.rowCount()):
                yield f"{name} cell", widget.item(k, 0).text()
            for k in range(widget.columnCount()):
                yield f"{name} head", widget.horizontalHeaderItem(k).text()
    yield from ((f"{type(p.widget).__name__} paint", p.text) for p in painted_texts(window))


def forgotten(*windows):
    found = {(where, text) for w in windows for where, text in texts_of(w) if unmarked(text)}
    return sorted(found)


@pytest.fixture
def marked(make_desk, monkeypatch):
    language.speak("en")
    monkeypatch.setattr("demixme.ui.app.speak", lambda _: None)
    marker = Marker()
    QCoreApplication.installTranslator(marker)
    messages.set_translator(QCoreApplication.translate)
    made = make_desk(FakeEngine(), models=lambda: MODELS, song=False)
    yield made
    QCoreApplication.removeTranslator(marker)


def test_the_empty_window_forgets_nothing(marked):
    assert forgotten(marked.window) == []


def test_the_window_with_a_song_forgets_nothing(marked):
    marked.open()
    desk = marked.desk
    for silence in (desk.toggle_mute_all, lambda: desk.set_level("master", float("-inf"))):
        desk.reset()
        silence()
        marked.pump(10)
        assert forgotten(marked.window) == []
    desk.set_loop((44100, 88200))
    desk.keep_loop("⟦mine⟧")
    marked.window.bar.say(Notice(messages.sentence(FileMissing(Path("song.wav")), True)))
    menus = marked.window.menus
    menus._fill_settings()
    menus._fill_models()
    menus._fill_outputs()
    marked.pump(10)
    assert forgotten(marked.window) == []


@pytest.mark.parametrize("name", ["settings", "help", "about"])
def test_the_dialogs_forget_nothing(marked, name):
    dialog = getattr(marked.window.dialogs, name)
    dialog.open()
    assert forgotten(dialog) == []
    dialog.hide()


def test_the_export_dialog_forgets_nothing(marked):
    marked.open()
    marked.window.show_export()
    assert forgotten(marked.window.export_dialog) == []
    marked.window.export_dialog.hide()


def test_what_is_said_is_not_forgotten(marked):
    said = []
    marked.window.announce = said.append
    marked.open()
    for change in (
        lambda d: d.toggle_mute("vocals"),
        lambda d: d.toggle_solo("bass"),
        lambda d: d.set_level("drums", -6.0),
        lambda d: d.set_pan("drums", -0.5),
        lambda d: d.set_level("master", 3.0),
        lambda d: d.set_loop((44100, 88200)),
        lambda d: d.set_loop(None),
        lambda d: d.set_original(True),
        lambda d: d.reset(),
    ):
        change(marked.desk)
        marked.window.speech.flush()
    marked.window.commands.say_state()
    assert len(said) >= 10
    assert [text for text in said if unmarked(text)] == []


def test_the_test_sees_a_forgotten_text():
    assert unmarked("⟦⟦Vocals⟧ volume⟧: −6.2 dB") == ""
    assert unmarked("Open ⟦song⟧") == "Open"
