// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "lockkinds.h"
#include "otherprocess.h"

#include <holdfast/abstractlock.h>

#include <QtCore/qfile.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <chrono>
#include <cstdlib>
#include <memory>

using Holdfast::AbstractLock;
using Holdfast::LockError;
using Holdfast::LockState;
using Holdfast::LossReason;
using Holdfast::Outcome;
using Holdfast::ThreadScope;
using std::chrono::milliseconds;
using namespace std::chrono_literals;

constexpr int Patience = 30000;    ///< ms; only a hang takes that long
constexpr milliseconds Never = 1h; ///< a poll interval that no test lives to see: what wakes is not the poll

/** The kind of lock under test, as CTest names it in the environment. */
inline const QString &kind()
{
    static const QString name = [] {
        const QString given = qEnvironmentVariable("HOLDFAST_KIND");
        if (!makeLock(given, QStringLiteral("some.lock"))) {
            qCritical(
                "There is no kind of lock called \"%s\"; set HOLDFAST_KIND to one that tests/helpers/lockkinds.cpp "
                "knows.",
                qPrintable(given));
            std::exit(64);
        }
        return given;
    }();
    return name;
}

inline milliseconds initialPoll()
{
    return kind().endsWith(QLatin1String("-rw")) ? 250ms : 50ms;
}

/** Whether a lock of the kind under test is free again when its holder dies. A strict one waits for a person to look. */
inline bool isFreedByDeath()
{
    return kind() != QLatin1String("strict");
}

/** Whether acquire() and tryAcquireFor() try on another thread, so that a time of next to nothing can be over before that. */
inline bool triesElsewhere()
{
    return kind() == QLatin1String("sqlite-rw") || kind() == QLatin1String("postgres-rw");
}

/** A fresh directory with one lock path of the kind under test. */
class Place
{
public:
    QString path() const { return m_directory.filePath(QStringLiteral("some.lock")); }
    QString file(const QString &name) const { return m_directory.filePath(name); }
    std::unique_ptr<AbstractLock> lock() const { return makeLock(kind(), path()); }
    std::unique_ptr<OtherProcess> otherProcess() const { return std::make_unique<OtherProcess>(kind(), path()); }

private:
    QTemporaryDir m_directory;
};

/** Counts the endings of a lock's acquisitions. */
struct Endings
{
    explicit Endings(AbstractLock *lock)
        : acquired(lock, &AbstractLock::acquired),
          timedOut(lock, &AbstractLock::timedOut),
          cancelled(lock, &AbstractLock::cancelled),
          failed(lock, &AbstractLock::errorOccurred)
    { }
    qsizetype count() const { return acquired.size() + timedOut.size() + cancelled.size() + failed.size(); }

    QSignalSpy acquired;
    QSignalSpy timedOut;
    QSignalSpy cancelled;
    QSignalSpy failed;
};

/** Runs the event loop until nothing is left that was posted before. */
inline void settle()
{
    for (int i = 0; i < 10; ++i)
        QCoreApplication::processEvents();
}
