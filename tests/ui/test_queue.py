"""The play queue: what is dropped where, next and previous, the end of a song, the two switches."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from demixme.core.errors import NotAudio
from demixme.engine.status import SongEnded
from tests.support.pointer import LEFT

NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
COPY = Qt.DropAction.CopyAction
ANY = Qt.DropAction.MoveAction | Qt.DropAction.CopyAction | Qt.DropAction.LinkAction
A, B, C = (Path(f"/music/{n}.wav") for n in "abc")


def key(desk, which, modifiers=NONE):
    QTest.keyClick(desk.window.windowHandle(), which, modifiers)
    desk.pump(10)


def opened(desk):
    return [call[0] for call in desk.engine.asked("open")]


def end_song(desk):
    desk.engine.stop()
    desk.engine.events.append(SongEnded())
    desk.pump(10)


@pytest.fixture
def queued(desk):
    assert desk.window.commands.queue.play([A, B, C])
    desk.pump(10)
    return desk


# ---------------------------------------------------------------- going through it
def test_next_and_previous_by_key_and_button(queued):
    assert opened(queued)[-1] == A
    assert queued.window.header.queue.text() == "1 / 3"
    key(queued, Qt.Key.Key_PageDown, CTRL)
    assert opened(queued)[-1] == B
    assert queued.engine.status.playing
    QTest.mouseClick(queued.transport.next, LEFT)
    queued.pump(10)
    assert opened(queued)[-1] == C
    assert not queued.transport.next.isEnabled()
    key(queued, Qt.Key.Key_PageDown, CTRL)  # there is none
    key(queued, Qt.Key.Key_MediaPrevious)
    assert opened(queued)[1:] == [A, B, C, B]


def test_the_songs_follow_one_another_unless_they_shall_not(queued):
    end_song(queued)
    assert opened(queued)[-1] == B
    queued.bridge.change_settings(stop_between=True)
    end_song(queued)
    assert opened(queued)[-1] == B
    assert not queued.engine.status.playing
    queued.bridge.change_settings(stop_between=False)
    key(queued, Qt.Key.Key_MediaNext)
    end_song(queued)  # the last one
    assert opened(queued)[1:] == [A, B, C]


def test_a_bad_song_in_the_queue_is_said_and_passed_over(queued):
    queued.engine.fails[B] = NotAudio(B, "no")
    end_song(queued)
    assert opened(queued)[1:] == [A, B, C]
    bar = queued.window.bar
    assert bar.isVisible()
    assert "b.wav" in bar.label.text()
    queued.open("/music/else.wav")  # by a person, who has read it
    assert not bar.isVisible()


def test_a_song_opened_by_itself_is_a_queue_of_its_own(queued):
    queued.open(B)  # from the queue
    assert queued.window.header.queue.text() == "2 / 3"
    queued.open("/music/else.wav")
    assert not queued.window.header.queue.isVisible()
    end_song(queued)
    assert opened(queued)[-1] == Path("/music/else.wav")


def test_the_menu_jumps_clears_and_holds_the_switches(queued):
    menu = queued.window.queue_menu
    QTest.mouseClick(queued.window.header.queue, LEFT)
    assert menu.isVisible()
    texts = {a.text().strip(): a for a in menu.actions()}
    assert [t for t, a in texts.items() if a.isChecked()] == ["1  a"]
    texts["3  c"].trigger()
    queued.pump(10)
    assert opened(queued)[-1] == C
    texts["Stop between songs"].toggle()
    assert queued.bridge.settings.stop_between
    texts["Clear the queue"].trigger()
    assert queued.window.commands.queue.songs == (C,)
    menu.hide()


def test_the_mix_is_kept_for_the_next_song_where_that_is_wanted(queued):
    queued.desk.set_mute("vocals", True)
    queued.desk.set_level("master", -3.0)
    key(queued, Qt.Key.Key_PageDown, CTRL)
    assert not queued.mix.strips["vocals"].mute
    queued.desk.set_mute("drums", True)
    queued.bridge.change_settings(keep_mix=True)
    key(queued, Qt.Key.Key_PageDown, CTRL)
    assert queued.mix.strips["drums"].mute
    assert queued.mix.master_db == 0.0


# ---------------------------------------------------------------- drops
def dragged(kind, place, names, proposed=Qt.DropAction.MoveAction):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(n)) for n in names])
    where = place if kind is not QDropEvent else QPointF(place)
    event = kind(where, ANY, data, LEFT, NONE)
    event.setDropAction(proposed)
    event.kept = data  # Qt only borrows it
    return event


def drop(widget, place, *names):
    enter = dragged(QDragEnterEvent, place, names)
    QApplication.sendEvent(widget, enter)
    QApplication.sendEvent(widget, dragged(QDragMoveEvent, place, names))
    event = dragged(QDropEvent, place, names)
    QApplication.sendEvent(widget, event)
    return enter, event


def test_two_fields_say_what_a_drop_does(desk):
    window, veil = desk.window, desk.window.veil
    QApplication.sendEvent(window, dragged(QDragEnterEvent, QPoint(100, 300), [A]))
    assert veil.isVisible()
    assert veil.play.lit
    assert not veil.add.lit
    QApplication.sendEvent(window, dragged(QDragMoveEvent, QPoint(1000, 300), [A]))
    assert veil.add.lit
    QApplication.sendEvent(window, QDragLeaveEvent())
    assert not veil.isVisible()
    drop(window, QPoint(1000, 300), A)
    desk.pump(10)
    assert A not in opened(desk)
    assert window.header.queue.text() == "1 / 2"
    drop(window, QPoint(100, 300), B, C)
    desk.pump(10)
    assert opened(desk)[-1] == B
    assert window.commands.queue.songs == (B, C)


def test_a_folder_of_songs_becomes_the_queue(desk, tmp_path):
    for name in ("2.wav", "10.wav", "note.txt"):
        (tmp_path / name).touch()
    drop(desk.window, QPoint(50, 50), tmp_path)
    desk.pump(10)
    assert desk.window.commands.queue.songs == (tmp_path / "2.wav", tmp_path / "10.wav")
    (tmp_path / "empty").mkdir()
    before = opened(desk)
    drop(desk.window, QPoint(50, 50), tmp_path / "empty")
    assert opened(desk) == before
    assert "No song" in desk.window.bar.label.text()


def test_a_drop_on_any_widget_is_a_copy(desk):
    for child in desk.window.findChildren(QWidget):
        if child.window() is not desk.window or not child.isVisible():
            continue
        before = len(opened(desk))
        enter, event = drop(child, child.rect().center(), A)
        desk.pump(2)
        for seen in (enter, event):
            assert not (seen.isAccepted() and seen.dropAction() != COPY), child
        assert not child.acceptDrops() or child is desk.window
        desk.window.veil.hide()
        assert len(opened(desk)) <= before + 1
