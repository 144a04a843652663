// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "cli/descriptor.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qobject.h>

#include <memory>

QT_BEGIN_NAMESPACE
class QSocketNotifier;
QT_END_NAMESPACE

namespace Holdfast::Cli {

/** A pipe to a command's standard input. Lines that it does not read yet wait here; those of one that has closed it are dropped. */
class LineSink : public QObject
{
    Q_OBJECT
public:
    explicit LineSink(QObject *parent = nullptr);
    ~LineSink() override;

    bool open(); ///< false: no descriptors are left
    std::intptr_t readingEnd() const { return m_reading.value(); }
    void closeReadingEnd() { m_reading = Descriptor(); } ///< once the command has it

    void send(const QByteArray &line);

private:
    void write();

    Descriptor m_reading;
    Descriptor m_writing;
    QByteArray m_waiting;
    std::unique_ptr<QSocketNotifier> m_notifier; ///< there is room in the pipe again
};

} // namespace Holdfast::Cli
