// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// The notepad, used from outside: see RemoteControl.

#include "notepad.h"
#include "remotecontrol.h"

#include <QGuiApplication>
#include <QPalette>

namespace {

// Desktops give a dark palette by themselves; here it can be asked for.
QPalette darkPalette()
{
    QPalette dark(QColor(0x35, 0x36, 0x3a), QColor(0x2a, 0x2b, 0x2e));
    dark.setColor(QPalette::Base, QColor(0x1f, 0x20, 0x23));
    dark.setColor(QPalette::Highlight, QColor(0x3d, 0x7e, 0xc8));
    return dark;
}

} // namespace

int main(int argc, char **argv)
{
    const auto activation = Holdfast::Activation::ofThisProcess(argc, argv);
    QGuiApplication app(argc, argv);
    QCoreApplication::setApplicationName("Notepad");
    if (qEnvironmentVariableIsSet("NOTEPAD_DARK"))
        QGuiApplication::setPalette(darkPalette());
    Notepad notepad;
    if (const std::optional<int> status = notepad.handOver(activation))
        return *status;
    if (!notepad.show())
        return 1;
    RemoteControl control(notepad.window());
    return QGuiApplication::exec();
}
