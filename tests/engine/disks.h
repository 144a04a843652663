// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "../os/faults.h"
#include "engine/errands.h"

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qsemaphore.h>

#include <atomic>
#include <sys/stat.h>
#include <utility>

namespace Holdfast::Testing {

/** Which disk @p path is on, as errands know it. */
inline std::uint64_t diskOf(const QString &path)
{
    struct stat facts = {};
    ::stat(QFile::encodeName(path).constData(), &facts);
    return facts.st_dev;
}

/** Until all that was asked of @p disk so far is done. */
inline void waitForErrands(std::uint64_t disk = diskOf(QDir::tempPath()))
{
    QSemaphore done;
    Errands::instance().post(disk, [&done] { done.release(); });
    done.acquire();
}

/** System calls that fail also for the thread that renews; it has done with them when this goes. */
class FaultyDisk : public Faults
{
public:
    FaultyDisk() = default;
    ~FaultyDisk() { waitForErrands(); }
    FaultyDisk(const FaultyDisk &) = delete;
    FaultyDisk &operator=(const FaultyDisk &) = delete;
};

/** A disk that does not answer to one call of a kind until it is told to go on. */
class HungDisk
{
public:
    explicit HungDisk(Call call, int number = 1)
    {
        m_faults.before(call, number, [this] {
            isHanging = true;
            m_go.acquire();
        });
    }
    ~HungDisk()
    {
        answer();
        waitForErrands();
    }
    HungDisk(const HungDisk &) = delete;
    HungDisk &operator=(const HungDisk &) = delete;
    void answer()
    {
        if (!std::exchange(m_answers, true))
            m_go.release();
    }
    Faults &faults() { return m_faults; }
    std::atomic<bool> isHanging{false};

private:
    QSemaphore m_go;
    bool m_answers = false;
    Faults m_faults;
};

} // namespace Holdfast::Testing
