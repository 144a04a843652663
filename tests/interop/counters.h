// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "otherprocess.h"

#include <QtCore/qfile.h>
#include <QtCore/qprocess.h>
#include <QtTest/qtest.h>

#include <memory>
#include <vector>

/** Processes that add to one number in a file, each time under the same lock: ours end when they have, theirs say so. */
struct Counters
{
    std::vector<std::unique_ptr<QProcess>> ours = {};
    std::vector<std::unique_ptr<OtherProcess>> theirs = {};

    /** Waits for all of them. All have come through, and no addition is lost: @p file says @p total. */
    void haveReached(int total, QFile &file) const
    {
        for (const auto &process : ours) {
            QVERIFY(process->waitForFinished(240'000));
            QCOMPARE(process->exitStatus(), QProcess::NormalExit);
            QCOMPARE(process->exitCode(), 0);
        }
        for (const auto &process : theirs) {
            QString heard;
            for (int i = 0; i < 8 && heard.isEmpty(); ++i)
                heard = process->hear();
            QCOMPARE(heard, QStringLiteral("counted"));
        }
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll().toInt(), total);
    }
};
