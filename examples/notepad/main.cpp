// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// A text editor that lives with others: one running program, and no document edited twice at a time.

#include "notepad.h"

#include <QGuiApplication>

int main(int argc, char **argv)
{
    // Before QGuiApplication, which takes what lets a window come to the front out of the environment.
    const auto activation = Holdfast::Activation::ofThisProcess(argc, argv);

    QGuiApplication app(argc, argv);
    QCoreApplication::setApplicationName("Notepad");
    Notepad notepad;
    if (const std::optional<int> status = notepad.handOver(activation))
        return *status; // the notepad that runs has it, or the log says why not
    return notepad.show() ? QGuiApplication::exec() : 1;
}
