"""Reads back what screen readers are told of every control."""

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QLineEdit,
    QScrollBar,
    QWidget,
)

Role, Text = QAccessible.Role, QAccessible.Text


def interface(widget):
    found = QAccessible.queryAccessibleInterface(widget)
    assert found is not None, widget
    return found


ROLES = (
    (QAbstractSlider, {Role.Slider, Role.ScrollBar}),
    (QAbstractSpinBox, {Role.SpinBox}),
    (QLineEdit, {Role.EditableText}),
    (QAbstractButton, {Role.Button, Role.CheckBox, Role.ButtonMenu, Role.RadioButton}),
)


def controls(window):
    kinds = tuple(kind for kind, _ in ROLES)
    for widget in window.findChildren(QWidget):
        inner = isinstance(widget.parentWidget(), QAbstractSpinBox)
        if isinstance(widget, kinds) and widget.window() is window and not inner:
            yield widget


def check_controls(window):
    seen = 0
    for widget in controls(window):
        if not widget.isVisibleTo(window) or isinstance(widget, QScrollBar):
            continue
        i = interface(widget)
        seen += 1
        roles = next(r for kind, r in ROLES if isinstance(widget, kind))
        assert i.role() in roles, (widget, i.role())
        assert i.text(Text.Name).strip(), widget
        if isinstance(widget, QAbstractSlider):
            assert i.valueInterface() is not None
            assert i.text(Text.Description), widget
    return seen
