// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "notepad.h"

#include "unanswered.h"

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

std::optional<int> Notepad::handOver(Holdfast::Activation activation)
{
    if (!m_instance)
        return std::nullopt;
    activation.urls = m_documents; // among the arguments there are also options, of this program and of Qt
    const std::optional<int> status = m_instance->startOrForward(activation);
    if (status.value_or(0) == 0)
        return status;
    if (m_instance->error() == Holdfast::SingleInstance::Error::Unresponsive)
        return askWhetherToWait(activation, *status);
    qCritical().noquote() << "Notepad runs already, and could not be asked to open this:" << m_instance->errorString();
    return status;
}

std::optional<int> Notepad::askWhetherToWait(const Holdfast::Activation &activation, int unless)
{
    Unanswered question(*m_instance, activation);
    QQmlApplicationEngine engine;
    if (!load(engine, "UnansweredWindow.qml", {{"question", QVariant::fromValue(&question)}}))
        return unless;
    QCoreApplication::exec();
    if (m_watcher)
        m_watcher(nullptr);
    const std::optional<int> status = question.decision(unless);
    if (!status && !m_instance->isPrimary())
        m_instance->standBy(); // later starts come here once the other one has gone
    return status;
}

bool Notepad::show()
{
    if (m_instance)
        new Holdfast::FileOpenEvents(m_instance.get());
    return load(m_engine, "Main.qml",
                {{"documents", QVariant::fromValue(m_documents)}, {"guard", QVariant::fromValue(m_instance.get())}});
}

bool Notepad::load(QQmlApplicationEngine &engine, const QString &file, const QVariantMap &properties)
{
    engine.addImportPath(NOTEPAD_IMPORT_PATH);
    engine.addImportPath("qrc:/");
    engine.setInitialProperties(properties);
    engine.load(QUrl("qrc:/HoldfastNotepad/" + file));
    auto *window =
        engine.rootObjects().isEmpty() ? nullptr : qobject_cast<QQuickWindow *>(engine.rootObjects().first());
    if (window && m_watcher)
        m_watcher(window);
    return window != nullptr;
}
