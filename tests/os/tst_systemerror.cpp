// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/systemerror.h"

#include <QtTest/qtest.h>

#include <cerrno>
#include <cstring>

using Holdfast::os::ErrorKind;

Q_DECLARE_METATYPE(Holdfast::os::ErrorKind)

class tst_SystemError : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knowsWhatACodeMeans_data();
    void knowsWhatACodeMeans();
    void keepsTheCurrentCodeAndItsWords();
    void saysOfWhatIsNoFileThatItIsNone();
};

void tst_SystemError::knowsWhatACodeMeans_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<ErrorKind>("kind");
    const auto row = [](const char *claim, int code, ErrorKind kind) { QTest::newRow(claim) << code << kind; };
    row("EACCES: permission", EACCES, ErrorKind::PermissionDenied);
    row("EPERM: permission", EPERM, ErrorKind::PermissionDenied);
    row("EROFS: read-only", EROFS, ErrorKind::ReadOnlyLocation);
    row("ENOENT: not found", ENOENT, ErrorKind::NotFound);
    row("ENOTDIR: not a file", ENOTDIR, ErrorKind::NotAFile);
    row("EISDIR: not a file", EISDIR, ErrorKind::NotAFile);
    row("ELOOP: not a file", ELOOP, ErrorKind::NotAFile);
    row("ENXIO: not a file", ENXIO, ErrorKind::NotAFile);
    row("ENODEV: not a file", ENODEV, ErrorKind::NotAFile);
    row("ENAMETOOLONG: too long", ENAMETOOLONG, ErrorKind::NameTooLong);
    row("ENOSPC: no space", ENOSPC, ErrorKind::NoSpace);
    row("EDQUOT: no space", EDQUOT, ErrorKind::NoSpace);
    row("EMFILE: resources", EMFILE, ErrorKind::OutOfResources);
    row("ENFILE: resources", ENFILE, ErrorKind::OutOfResources);
    row("ENOMEM: resources", ENOMEM, ErrorKind::OutOfResources);
    row("ENOLCK: resources", ENOLCK, ErrorKind::OutOfResources);
    row("ENOSYS: unsupported", ENOSYS, ErrorKind::Unsupported);
    row("EOPNOTSUPP: unsupported", EOPNOTSUPP, ErrorKind::Unsupported);
    row("EIO: the system's business", EIO, ErrorKind::System);
    row("EINTR: the system's business", EINTR, ErrorKind::System);
    row("a code that nobody knows: the system's business", 4095, ErrorKind::System);
}

void tst_SystemError::knowsWhatACodeMeans()
{
    QFETCH(int, code);
    QFETCH(ErrorKind, kind);
    const Holdfast::os::SystemError error = Holdfast::os::errorFromCode(code, "open");
    QCOMPARE(error.kind, kind);
    QCOMPARE(error.code, code);
    QVERIFY(!error.words().empty());
}

void tst_SystemError::keepsTheCurrentCodeAndItsWords()
{
    errno = ENOSPC;
    const Holdfast::os::SystemError error = Holdfast::os::lastError("ftruncate");
    QCOMPARE(error.code, ENOSPC);
    QCOMPARE(error.operation, "ftruncate");
    QCOMPARE(error.words(), std::string(std::strerror(ENOSPC)));
}

void tst_SystemError::saysOfWhatIsNoFileThatItIsNone()
{
    const Holdfast::os::SystemError error = Holdfast::os::notAFile("lstat");
    QCOMPARE(error.kind, ErrorKind::NotAFile);
    QCOMPARE(error.words(), std::string("it is not a regular file")); // a pipe is no directory
}

QTEST_GUILESS_MAIN(tst_SystemError)
#include "tst_systemerror.moc"
