// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "engine/owner.h"
#include "os/filesystemclock.h"
#include "os/localfilesystem.h"
#include "os/markerfile.h"
#include "os/markerreader.h"
#include "os/process.h"
#include "os/random.h"

#include <holdfast/filelock.h>

#include <QtTest/qtest.h>

using namespace Holdfast;

// The library as it would be on a platform nobody has written yet: everything says no, politely, and nobody is called dead.
class tst_Unsupported : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesToLock();
    void refusesMarkers();
    void knowsNoFilesystem();
    void callsNobodyDead();
    void drawsNamesAllTheSame();
};

void tst_Unsupported::refusesToLock()
{
    FileLock lock(QStringLiteral("file.lock"));
    QVERIFY(!lock.tryAcquire());
    QVERIFY(!lock.isHeld());
    QVERIFY(lock.error() == LockError::Unsupported);
    QVERIFY(!QFile::exists(QStringLiteral("file.lock")));
}

void tst_Unsupported::refusesMarkers()
{
    const os::Directory directory = os::Directory::working();
    const auto unsupported = [](const auto &answer) {
        return !answer && answer.error().kind == os::ErrorKind::Unsupported;
    };
    os::MarkerFile file;
    os::MarkerReader reader;
    QVERIFY(unsupported(os::Directory::open(".")));
    QVERIFY(unsupported(directory.linkTarget("link", 15)));
    QVERIFY(unsupported(directory.make("name", 0777)));
    QVERIFY(unsupported(directory.list()));
    QVERIFY(unsupported(directory.rename("from", "to")));
    QVERIFY(unsupported(directory.link("from", "to")));
    QVERIFY(unsupported(directory.remove("name")));
    QVERIFY(unsupported(directory.facts("name")));
    QVERIFY(unsupported(file.create(directory, "name", 0666)));
    QVERIFY(unsupported(file.write("bytes")));
    QVERIFY(unsupported(file.facts()));
    QVERIFY(unsupported(file.refresh()));
    QVERIFY(unsupported(file.setMode(0666)));
    QVERIFY(unsupported(reader.read(directory, "name", 1024)));
    QVERIFY(unsupported(reader.readAgain()));
    QVERIFY(unsupported(reader.refresh()));
    QVERIFY(unsupported(os::filesystemNow(directory, "name")));
    QVERIFY(unsupported(os::noteNamespace(0, 1)));
    QVERIFY(!file.isOpen());
}

void tst_Unsupported::knowsNoFilesystem()
{
    QVERIFY(!os::isOnLocalFilesystem(0));
}

void tst_Unsupported::callsNobodyDead()
{
    for (const std::int64_t process : {1, 2147483647}) {
        for (const char *token : {"", "1"}) {
            QVERIFY(livenessOf({process, os::hostName(), token}) != Liveness::Dead);
            QVERIFY(livenessOf({process, os::hostName(), token}, 0) != Liveness::Dead);
        }
    }
    QVERIFY(currentOwner().startToken.empty());
    QVERIFY(isThisProcess(currentOwner()));
    QVERIFY(!os::notedNamespace(0).has_value());
}

void tst_Unsupported::drawsNamesAllTheSame()
{
    QCOMPARE(os::randomHex(16).size(), std::size_t(32));
    QVERIFY(os::randomHex(16) != os::randomHex(16));
}

QTEST_GUILESS_MAIN(tst_Unsupported)
#include "tst_unsupported.moc"
