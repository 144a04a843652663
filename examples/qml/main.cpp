// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
//
// Shows a QML file: example_qml main.qml. Qt's own program `qml` does the same. The module Holdfast is found through
// QML_IMPORT_PATH, or beside Qt's own modules.

#include <QGuiApplication>
#include <QQmlApplicationEngine>
#include <QUrl>

int main(int argc, char **argv)
{
    QGuiApplication app(argc, argv);
    QQmlApplicationEngine engine;
    QObject::connect(&engine, &QQmlEngine::exit, &app, [](int result) { QCoreApplication::exit(result); });
    QObject::connect(
        &engine, &QQmlApplicationEngine::objectCreationFailed, &app, [] { QCoreApplication::exit(1); },
        Qt::QueuedConnection);
    engine.load(QUrl::fromLocalFile(QCoreApplication::arguments().value(1)));
    return QCoreApplication::exec();
}
