// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// When the owner of a marker is dead: at once where that is proven, else by age.

#include "../os/faults.h"
#include "../os/filesystems.h"
#include "engine/readwriteholders.h"
#include "markers.h"
#include "os/process.h"
#include "readwriteplace.h"

#include <QtTest/qtest.h>

#include <optional>

using namespace Holdfast;
using namespace Holdfast::Testing;
using namespace std::chrono_literals;

Q_DECLARE_METATYPE(Holdfast::LockMode)

namespace {

QByteArray markerOf(pid_t process)
{
    return OtherToken + '\n' + QByteArray::number(process) + '\n' + QByteArray::fromStdString(os::hostName()) + '\n';
}

} // namespace

class tst_SoftReadWriteDead : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theDeadOfThisMachineAreEvictedAtOnce_data() { markers(); }
    void theDeadOfThisMachineAreEvictedAtOnce();
    void theLivingAreNot_data() { markers(); }
    void theLivingAreNot();
    void whereOthersMayWriteAgeDecides_data();
    void whereOthersMayWriteAgeDecides();

private:
    static void markers();
    static QString make(const ReadWriteFiles &files, bool isReader, pid_t process);
};

void tst_SoftReadWriteDead::markers()
{
    QTest::addColumn<bool>("isReader");
    QTest::addColumn<LockMode>("mode");
    QTest::newRow("a reader is in a writer's way") << true << LockMode::Exclusive;
    QTest::newRow("a writer is in a writer's way") << false << LockMode::Exclusive;
    QTest::newRow("a writer is in a reader's way") << false << LockMode::Shared;
}

QString tst_SoftReadWriteDead::make(const ReadWriteFiles &files, bool isReader, pid_t process)
{
    files.makeReaders();
    const QString name = QString::fromLatin1(OtherToken) + u'.' + QString::number(process);
    const QString marker = isReader ? files.reader(name) : files.writer();
    write(marker, markerOf(process));
    return marker;
}

void tst_SoftReadWriteDead::theDeadOfThisMachineAreEvictedAtOnce()
{
    QFETCH(bool, isReader);
    QFETCH(LockMode, mode);
    const ReadWriteFiles files;
    const QString marker = make(files, isReader, deadProcess());
    QCOMPARE(readWriteHolder(QFile::encodeName(files.path()).toStdString()).liveness, Liveness::Dead);
    const auto backend = files.backend();
    QCOMPARE(backend->attempt(mode).answer, Attempt::Acquired);
    QVERIFY(!read(marker).startsWith(OtherToken));
}

void tst_SoftReadWriteDead::theLivingAreNot()
{
    QFETCH(bool, isReader);
    QFETCH(LockMode, mode);
    const ReadWriteFiles files;
    const QString marker = make(files, isReader, ::getppid());
    QCOMPARE(files.backend()->attempt(mode).answer, Attempt::Busy);
    QVERIFY(read(marker).startsWith(OtherToken));
}

void tst_SoftReadWriteDead::whereOthersMayWriteAgeDecides_data()
{
    QTest::addColumn<bool>("isReader");
    QTest::addColumn<LockMode>("mode");
    QTest::addColumn<quint32>("filesystem"); // 0: it cannot be asked
    const std::pair<const char *, quint32> filesystems[] = {{"NFS", Nfs}, {"FUSE", Fuse}, {"no answer", 0}};
    for (const auto &[name, type] : filesystems) {
        QTest::addRow("%s: a reader is in a writer's way", name) << true << LockMode::Exclusive << type;
        QTest::addRow("%s: a writer is in a writer's way", name) << false << LockMode::Exclusive << type;
        QTest::addRow("%s: a writer is in a reader's way", name) << false << LockMode::Shared << type;
    }
}

// Another machine may have our name, as installations that were cloned have, and a living process with that number.
void tst_SoftReadWriteDead::whereOthersMayWriteAgeDecides()
{
    QFETCH(bool, isReader);
    QFETCH(LockMode, mode);
    QFETCH(quint32, filesystem);
    Faults faults;
    if (filesystem == 0)
        faults.fail(Call::Fstatfs, EIO, 1, ForEver);
    std::optional<FakedFilesystem> faked;
    if (filesystem != 0)
        faked.emplace(filesystem);
    const ReadWriteFiles files;
    const QString marker = make(files, isReader, deadProcess());
    QCOMPARE(readWriteHolder(QFile::encodeName(files.path()).toStdString()).liveness, Liveness::Unknown);
    const auto backend = files.backend();
    QCOMPARE(backend->attempt(mode).answer, Attempt::Busy);
    age(marker, files.Threshold - 3s);
    QCOMPARE(backend->attempt(mode).answer, Attempt::Busy);
    QVERIFY(read(marker).startsWith(OtherToken));
    backend->stopTrying();
    age(marker, files.Threshold + 2s);
    QCOMPARE(backend->attempt(mode).answer, Attempt::Acquired);
    QVERIFY(!read(marker).startsWith(OtherToken));
}

QTEST_GUILESS_MAIN(tst_SoftReadWriteDead)
#include "tst_softreadwritedead.moc"
