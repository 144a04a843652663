// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "notepad.h"

#include <holdfast/gui/windowactivation.h>

#include <QCommandLineParser>
#include <QDebug>
#include <QDir>
#include <QQuickWindow>
#include <QUrl>

Notepad::Notepad()
{
    QCommandLineParser parser;
    parser.setApplicationDescription("Edits text files. One of them runs, and no document is edited twice at a time.");
    parser.addHelpOption();
    const QCommandLineOption fresh("new", "Runs beside a notepad that runs already.");
    parser.addOption(fresh);
    parser.addPositionalArgument("document", "A text file to open.", "[DOCUMENT...]");
    parser.process(*QCoreApplication::instance());

    if (!parser.isSet(fresh))
        m_instance = std::make_unique<Holdfast::SingleInstance>("org.example.holdfast-notepad");
    for (const QString &document : parser.positionalArguments())
        m_documents << QUrl::fromUserInput(document, QDir::currentPath(), QUrl::AssumeLocalFile);
}

std::optional<int> Notepad::handOver(const Holdfast::Activation &activation)
{
    if (!m_instance)
        return std::nullopt;
    const std::optional<int> status = m_instance->startOrForward(activation);
    if (status.value_or(0) != 0)
        qCritical().noquote() << "Notepad runs already, and could not be asked to open this:"
                              << m_instance->errorString();
    return status;
}

bool Notepad::show()
{
    if (m_instance)
        new Holdfast::FileOpenEvents(m_instance.get());
    m_engine.addImportPath(NOTEPAD_IMPORT_PATH);
    m_engine.addImportPath("qrc:/");
    m_engine.setInitialProperties(
        {{"documents", QVariant::fromValue(m_documents)}, {"guard", QVariant::fromValue(m_instance.get())}});
    m_engine.load(QUrl("qrc:/HoldfastNotepad/Main.qml"));
    return window() != nullptr;
}

QQuickWindow *Notepad::window() const
{
    return m_engine.rootObjects().isEmpty() ? nullptr : qobject_cast<QQuickWindow *>(m_engine.rootObjects().first());
}
