// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "filesystems.h"
#include "os/localfilesystem.h"

#include <QtTest/qtest.h>

#include <sys/mman.h>
#include <unistd.h>

using namespace Holdfast;
using namespace Holdfast::Testing;

class tst_LocalFilesystem : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knowsWhatIsLocal_data();
    void knowsWhatIsLocal();
    void asksTheFileItself();
    void whatCannotBeAskedIsNotLocal();
};

void tst_LocalFilesystem::knowsWhatIsLocal_data()
{
    QTest::addColumn<quint32>("type");
    QTest::addColumn<bool>("isLocal");
    QTest::newRow("ext4") << 0xEF53u << true;
    QTest::newRow("XFS") << 0x58465342u << true;
    QTest::newRow("Btrfs") << 0x9123683Eu << true; // negative, where the type is a signed one of 32 bits
    QTest::newRow("tmpfs") << 0x01021994u << true;
    QTest::newRow("overlay") << 0x794C7630u << true;
    QTest::newRow("NFS") << Nfs << false;
    QTest::newRow("SMB") << 0xFE534D42u << false;
    QTest::newRow("CIFS") << 0xFF534D42u << false;
    QTest::newRow("FUSE") << Fuse << false;
    QTest::newRow("9p") << 0x01021997u << false;
    QTest::newRow("Ceph") << 0x00C36400u << false;
    QTest::newRow("GFS2") << 0x01161970u << false;
    QTest::newRow("OCFS2") << 0x7461636Fu << false;
    QTest::newRow("AFS") << 0x5346414Fu << false;
    QTest::newRow("one that nobody knows") << 0x12345678u << false;
    QTest::newRow("none") << 0u << false;
}

void tst_LocalFilesystem::knowsWhatIsLocal()
{
    QFETCH(quint32, type);
    QFETCH(bool, isLocal);
    const FakedFilesystem faked(type);
    QCOMPARE(os::isOnLocalFilesystem(0), isLocal);
}

// What the kernel makes of pipes is on no list.
void tst_LocalFilesystem::asksTheFileItself()
{
    int ends[2] = {-1, -1};
    QCOMPARE(::pipe(ends), 0);
    QVERIFY(!os::isOnLocalFilesystem(ends[0]));
    ::close(ends[0]);
    ::close(ends[1]);
    const int memory = ::memfd_create("some", MFD_CLOEXEC); // a tmpfs
    QVERIFY(os::isOnLocalFilesystem(memory));
    ::close(memory);
}

void tst_LocalFilesystem::whatCannotBeAskedIsNotLocal()
{
    QVERIFY(!os::isOnLocalFilesystem(-1));
}

QTEST_GUILESS_MAIN(tst_LocalFilesystem)
#include "tst_localfilesystem.moc"
