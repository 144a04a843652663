// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "readwritechecker.h"

#include <QtCore/qprocess.h>
#include <QtCore/qtemporarydir.h>

#include <chrono>
#include <map>
#include <memory>
#include <vector>

/** How many take part, for how long, and how long the longest stop is. */
struct ReadWriteMix
{
    QString kind = QStringLiteral("soft-rw-brief");
    int readers = 8;
    int writers = 3;
    std::chrono::seconds duration{8};
    std::chrono::milliseconds longestStop{800};
};

/** What came of it. */
struct ReadWriteHistory
{
    QString problem; ///< in words; empty when all is well
    int holds = 0;
    int writes = 0;
    int lost = 0;
    int kills = 0;
    int stops = 0;
    int fewestReads = 0;  ///< of one reader's place, whoever took it after a kill
    int fewestWrites = 0; ///< of one writer's place
};

/**
 * Many readers and some writers in processes of their own on one read/write lock, some of them killed, some stopped for
 * longer than their markers last.
 */
class ReadWriteScene
{
public:
    explicit ReadWriteScene(ReadWriteMix mix);
    ReadWriteHistory play();

private:
    struct Worker
    {
        std::unique_ptr<QProcess> process;
        int number = 0;
        std::int64_t stoppedAt = 0;
        std::int64_t resumeAt = 0; // 0: is not stopped
    };

    void start(int place);
    void disturb();
    void resume(bool everybody);
    void stop();
    void readHistories();
    void lookWhatIsLeft();
    void note(const QString &problem);
    QString file(const char *name) const { return m_directory.filePath(QLatin1String(name)); }

    const ReadWriteMix m_mix;
    QTemporaryDir m_directory;
    std::vector<Worker> m_workers; // by place: first the readers, then the writers
    std::map<int, int> m_places;   // of each worker that ever was
    QList<Stretch> m_stops;
    ReadWriteHistory m_history;
};
