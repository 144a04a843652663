// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// The notepad, used from outside: see RemoteControl.

#include "notepad.h"
#include "remotecontrol.h"

#include <QGuiApplication>
#include <QTimer>

int main(int argc, char **argv)
{
    QGuiApplication app(argc, argv);
    QCoreApplication::setApplicationName("Notepad");
    Notepad notepad;
    if (!notepad.show())
        return 1;
    RemoteControl control(notepad.window());
    return QGuiApplication::exec();
}
