// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// The notepad, used from outside: see RemoteControl.

#include "notepad.h"
#include "remotecontrol.h"

#include <QColor>
#include <QGuiApplication>
#include <QQuickWindow>

#include <optional>

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
    auto *disabled = palette->property("disabled").value<QObject *>();
    for (const char *role : {"windowText", "text", "buttonText"})
        disabled->setProperty(role, QColor("#87888c"));
}

} // namespace

int main(int argc, char **argv)
{
    const auto activation = Holdfast::Activation::ofThisProcess(argc, argv);
    QGuiApplication app(argc, argv);
    QCoreApplication::setApplicationName("Notepad");
    Notepad notepad;
    std::optional<RemoteControl> control;
    notepad.setWindowWatcher([&control](QQuickWindow *window) {
        control.reset();
        if (!window)
            return;
        if (qEnvironmentVariableIsSet("NOTEPAD_DARK"))
            darken(window);
        control.emplace(window);
    });
    if (const std::optional<int> status = notepad.handOver(activation))
        return *status;
    return notepad.show() ? QGuiApplication::exec() : 1;
}
