// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What no waiting will mend is an error of the soft read/write lock, and what may pass is waited for.

#include "../os/faults.h"
#include "manualclock.h"
#include "nobody.h"
#include "readwriteplace.h"

#include <QtTest/qtest.h>

#include <cstring>

using namespace Holdfast;
using namespace Holdfast::Testing;
using namespace std::chrono_literals;

Q_DECLARE_METATYPE(Holdfast::Attempt::Answer)
Q_DECLARE_METATYPE(Holdfast::LockMode)
Q_DECLARE_METATYPE(Holdfast::Testing::Call)

class tst_SoftReadWriteBroken : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aDirectoryThatMayNotBeEnteredIsAnError();
    void aNameThatIsTooLongIsAnError_data();
    void aNameThatIsTooLongIsAnError();
    void whatCannotBeAskedIsAnErrorOrInTheWay_data();
    void whatCannotBeAskedIsAnErrorOrInTheWay();
    void aWaitingWriterMustBeAbleToAskHisOwn_data();
    void aWaitingWriterMustBeAbleToAskHisOwn();
    void aWaitingWriterLetsGoOfAHandleThatIsStale_data();
    void aWaitingWriterLetsGoOfAHandleThatIsStale();
    void anotherUsersMarkerIsAlive();
};

void tst_SoftReadWriteBroken::aDirectoryThatMayNotBeEnteredIsAnError()
{
    const ReadWriteFiles files;
    const QByteArray directory = QFile::encodeName(files.file(QString()));
    QCOMPARE(::chmod(directory.constData(), 0000), 0);
    for (const LockMode mode : {LockMode::Shared, LockMode::Exclusive}) {
        QVERIFY(asNobody([&] {
            const Attempt answer = files.backend()->attempt(mode);
            return answer.answer == Attempt::Failed && answer.failure.error == LockError::PermissionDenied
                   && answer.failure.text.contains(files.writer());
        }));
    }
    QCOMPARE(::chmod(directory.constData(), 0700), 0);
}

void tst_SoftReadWriteBroken::aNameThatIsTooLongIsAnError_data()
{
    QTest::addColumn<LockMode>("mode");
    QTest::addColumn<int>("length");
    QTest::addColumn<bool>("isTooLong");
    for (const LockMode mode : {LockMode::Shared, LockMode::Exclusive}) {
        const char *doing = mode == LockMode::Shared ? "reading" : "writing";
        QTest::addRow("%s, with .readers just short enough", doing) << mode << 247 << false;
        QTest::addRow("%s, with .readers too long", doing) << mode << 249 << true;
        QTest::addRow("%s, with all of them too long", doing) << mode << 250 << true;
    }
}

void tst_SoftReadWriteBroken::aNameThatIsTooLongIsAnError()
{
    QFETCH(LockMode, mode);
    QFETCH(int, length);
    QFETCH(bool, isTooLong);
    const ReadWriteFiles files;
    const std::string path = QFile::encodeName(files.file(QString(length, u'n'))).toStdString();
    SoftReadWriteBackend backend(path, {10s, files.Threshold});
    const Attempt answer = backend.attempt(mode);
    QCOMPARE(answer.answer, isTooLong ? Attempt::Failed : Attempt::Acquired);
    QCOMPARE(answer.failure.error, isTooLong ? LockError::NameTooLong : LockError::None);
    QVERIFY(!isTooLong || answer.failure.text.contains(QFile::decodeName(path.c_str())));
    const QStringList guard{QFile::decodeName(path.c_str()).section(u'/', -1) + QStringLiteral(".rw")};
    QVERIFY(!isTooLong || files.all().isEmpty() || files.all() == guard);
}

void tst_SoftReadWriteBroken::whatCannotBeAskedIsAnErrorOrInTheWay_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<LockError>("error"); // None: it may pass
    for (const int code : {EIO, ESTALE, ETIMEDOUT, ENOMEM})
        QTest::addRow("may pass: %s", std::strerror(code)) << code << LockError::None;
    QTest::newRow("EACCES") << EACCES << LockError::PermissionDenied;
    QTest::newRow("EPERM") << EPERM << LockError::PermissionDenied;
    QTest::newRow("ENAMETOOLONG") << ENAMETOOLONG << LockError::NameTooLong;
    QTest::newRow("ELOOP") << ELOOP << LockError::NotAFile;
}

// The writer's marker, and a reader's.
void tst_SoftReadWriteBroken::whatCannotBeAskedIsAnErrorOrInTheWay()
{
    QFETCH(int, code);
    QFETCH(LockError, error);
    for (const bool isReader : {false, true}) {
        const ReadWriteFiles files;
        files.makeReaders();
        const QString name = QString::fromLatin1(OtherToken + ".4711");
        const QString marker = isReader ? files.reader(name) : files.writer();
        write(marker, foreignMarker());
        age(marker, 1h);
        const auto backend = files.backend();
        {
            Faults faults;
            constexpr int ofTheReader = 5; // after the writer's, twice, the mutex, and the guard
            faults.fail(Call::Fstatat, code, isReader ? ofTheReader : 1);
            const Attempt answer = backend->attempt(LockMode::Exclusive);
            QCOMPARE(answer.answer, error == LockError::None ? Attempt::Busy : Attempt::Failed);
            QCOMPARE(answer.failure.error, error);
            QVERIFY2(error == LockError::None || answer.failure.text.contains(marker), qPrintable(answer.failure.text));
        }
        QVERIFY(QFile::exists(marker));
        QCOMPARE(backend->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
    }
}

void tst_SoftReadWriteBroken::aWaitingWriterMustBeAbleToAskHisOwn_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<bool>("isRefreshed");
    QTest::addColumn<Attempt::Answer>("answer");
    for (const bool isRefreshed : {false, true}) {
        const char *when = isRefreshed ? "as a sign of life" : "in the mutex";
        QTest::addRow("%s: EIO may pass", when) << EIO << isRefreshed << Attempt::Busy;
        QTest::addRow("%s: EACCES will not", when) << EACCES << isRefreshed << Attempt::Failed;
    }
}

void tst_SoftReadWriteBroken::aWaitingWriterMustBeAbleToAskHisOwn()
{
    QFETCH(int, code);
    QFETCH(bool, isRefreshed);
    QFETCH(Attempt::Answer, answer);
    const ManualTime time;
    const ReadWriteFiles files;
    const auto reader = files.backend();
    const auto writer = files.backend();
    QCOMPARE(reader->attempt(LockMode::Shared).answer, Attempt::Acquired);
    QCOMPARE(writer->attempt(LockMode::Exclusive).answer, Attempt::Busy);
    QVERIFY(!reader->release());
    if (isRefreshed)
        time->pass(files.Threshold / 4);
    Faults faults;
    constexpr int afterTheOthers = 4; // the reader, the mutex, the guard
    faults.fail(Call::Fstatat, code, isRefreshed ? 1 : afterTheOthers);
    const Attempt attempt = writer->attempt(LockMode::Exclusive);
    QCOMPARE(attempt.answer, answer);
    QCOMPARE(attempt.failure.text.contains(files.writer()), answer == Attempt::Failed);
    QCOMPARE(QFile::exists(files.writer()), answer == Attempt::Busy); // whoever fails announces nothing any more
}

void tst_SoftReadWriteBroken::aWaitingWriterLetsGoOfAHandleThatIsStale_data()
{
    QTest::addColumn<Call>("call");
    QTest::newRow("of the readers' directory") << Call::Fstatat;
    QTest::newRow("of the reader's marker") << Call::Fstat;
}

// The server made the directory anew, and knows nothing any more of what was opened before.
void tst_SoftReadWriteBroken::aWaitingWriterLetsGoOfAHandleThatIsStale()
{
    QFETCH(Call, call);
    const ReadWriteFiles files;
    const auto reader = files.backend();
    const auto writer = files.backend();
    QCOMPARE(reader->attempt(LockMode::Shared).answer, Attempt::Acquired);
    QCOMPARE(writer->attempt(LockMode::Exclusive).answer, Attempt::Busy);
    QVERIFY(QFile::rename(files.readers(), files.file(QStringLiteral("away"))));
    files.makeReaders();
    Faults faults;
    faults.fail(call, ESTALE);
    QCOMPARE(writer->attempt(LockMode::Exclusive).answer, Attempt::Acquired);
}

// Who it is cannot be read, so he lives, however old it looks.
void tst_SoftReadWriteBroken::anotherUsersMarkerIsAlive()
{
    const ReadWriteFiles files;
    QCOMPARE(::chmod(QFile::encodeName(files.file(QString())).constData(), 0777), 0);
    write(files.writer(), foreignMarker());
    age(files.writer(), 1h);
    QCOMPARE(::chmod(QFile::encodeName(files.writer()).constData(), 0000), 0);
    for (const LockMode mode : {LockMode::Shared, LockMode::Exclusive})
        QVERIFY(asNobody([&] { return files.backend()->attempt(mode).answer == Attempt::Busy; }));
    QVERIFY(QFile::exists(files.writer()));
}

QTEST_GUILESS_MAIN(tst_SoftReadWriteBroken)
#include "tst_softreadwritebroken.moc"
