// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// The notepad, used from outside: see RemoteControl.

#include "notepad.h"
#include "remotecontrol.h"

#include <QColor>
#include <QGuiApplication>
#include <QQuickWindow>

namespace {

// Desktops give a dark palette by themselves; here it can be asked for.
void darken(QQuickWindow *window)
{
    const std::pair<const char *, const char *> colours[] = {{"window", "#35363a"},      {"windowText", "#f0f0f0"},
                                                             {"base", "#1f2023"},        {"text", "#f0f0f0"},
                                                             {"button", "#46474c"},      {"buttonText", "#f0f0f0"},
                                                             {"light", "#5a5b60"},       {"mid", "#2c2d30"},
                                                             {"dark", "#1c1d1f"},        {"shadow", "#000000"},
                                                             {"highlight", "#3d7ec8"},   {"highlightedText", "#ffffff"},
                                                             {"brightText", "#ffffff"},  {"placeholderText", "#a0a0a0"},
                                                             {"toolTipBase", "#46474c"}, {"toolTipText", "#f0f0f0"}};
    auto *palette = window->property("palette").value<QObject *>();
    for (const auto &[role, colour] : colours)
        palette->setProperty(role, QColor(colour));
}

} // namespace

int main(int argc, char **argv)
{
    const auto activation = Holdfast::Activation::ofThisProcess(argc, argv);
    QGuiApplication app(argc, argv);
    QCoreApplication::setApplicationName("Notepad");
    Notepad notepad;
    if (const std::optional<int> status = notepad.handOver(activation))
        return *status;
    if (!notepad.show())
        return 1;
    if (qEnvironmentVariableIsSet("NOTEPAD_DARK"))
        darken(notepad.window());
    RemoteControl control(notepad.window());
    return QGuiApplication::exec();
}
