// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "../os/faults.h"
#include "engine/reclaim.h"
#include "engine/softbackend.h"
#include "markers.h"
#include "os/markerfile.h"
#include "records/unicode.h"

#include <QtTest/qtest.h>

#include <cstdio>
#include <fstream>
#include <functional>
#include <sys/file.h>

using namespace Holdfast;
using namespace Holdfast::Testing;

/** Who removes a marker removes the one that he judged. P reclaims; Q does, too, or comes back to life, at any moment of it. */
class tst_Reclaim : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void removesWhatWasJudged();
    void removesWhatHasALongName_data();
    void removesWhatHasALongName();
    void cutsALongNameBetweenCharacters_data();
    void cutsALongNameBetweenCharacters();
    void removesNothingElse_data();
    void removesNothingElse();
    void leavesItToWhoeverIsFaster_data();
    void leavesItToWhoeverIsFaster();
    void isNotFooledByABreakerWithoutALock_data();
    void isNotFooledByABreakerWithoutALock();
    void givesALiveOwnerItsNameBackWithoutHardLinks();
    void keepsALiveOwnersMarkerWhoseNameIsTaken();
    void changesNothingWhereTheSystemRefuses();
    void guardsAlsoWhereReadersCannotLock();
    void oneOfManyReclaims();
    void removesItsOwnAndNoOther_data();
    void removesItsOwnAndNoOther();
    void removesItsOwnWhileItIsJudged();
    void restoresASuccessorThatWasMistakenForItsOwn();

private:
    std::string at() const { return QFile::encodeName(m_path).toStdString(); }
    static os::Directory working() { return os::Directory::working(); }
    os::MarkerContent judge(os::MarkerReader &reader) const { return reader.read(working(), at(), 1024)->value(); }
    QStringList aside() const { return entriesOf(m_directory->path()).filter(QStringLiteral(".break.")); }
    void replaceBy(const QByteArray &text) const // as filelock does: without any lock
    {
        ::unlink(at().c_str());
        write(m_path, text);
    }
    std::unique_ptr<QTemporaryDir> m_directory;
    QString m_path;
};

namespace {

const QByteArray Dead = "1\nsome.machine\n";
const QByteArray Live = "2\nsome.machine\n";

/** In a child: waits for the end of @p go, tries, tells @p answers (a: acquired, b: busy, f: failed), stays until @p end. */
[[noreturn]] void contend(const std::string &path, int go, int answers, int end)
{
    ::alarm(60);
    char letter = 0;
    static_cast<void>(::read(go, &letter, 1));
    LockOptions lock;
    SoftBackend backend({.path = path}, lock);
    Attempt attempt = backend.attempt(LockMode::Exclusive);
    while (attempt.answer == Attempt::Busy && attempt.retryIn.count() > 0)
        attempt = backend.attempt(LockMode::Exclusive);
    letter = attempt.answer == Attempt::Acquired ? 'a' : attempt.answer == Attempt::Busy ? 'b' : 'f';
    static_cast<void>(::write(answers, &letter, 1) + ::read(end, &letter, 1));
    _exit(0);
}

} // namespace

void tst_Reclaim::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_path = m_directory->filePath(QStringLiteral("some.lock"));
    write(m_path, Dead);
}

void tst_Reclaim::removesWhatWasJudged()
{
    os::MarkerReader reader;
    const os::MarkerContent judged = judge(reader);
    QCOMPARE(removeJudged(working(), at(), reader, judged), Removal::Done);
    QCOMPARE(entriesOf(m_directory->path()), QStringList());
}

void tst_Reclaim::removesWhatHasALongName_data()
{
    QTest::addColumn<int>("length");
    for (const int length : {200, 220, 255})
        QTest::addRow("%d bytes", length) << length;
}

void tst_Reclaim::removesWhatHasALongName()
{
    QFETCH(int, length);
    m_path = m_directory->filePath(QString(length, u'n'));
    write(m_path, Dead);
    QVERIFY(QFile::remove(m_directory->filePath(QStringLiteral("some.lock"))));
    os::MarkerReader reader;
    const os::MarkerContent judged = judge(reader);
    QCOMPARE(removeJudged(working(), at(), reader, judged), Removal::Done);
    QCOMPARE(entriesOf(m_directory->path()), QStringList());
}

void tst_Reclaim::cutsALongNameBetweenCharacters_data()
{
    QTest::addColumn<QByteArray>("character");
    QTest::addColumn<bool>("isText");
    QTest::newRow("of one byte") << QByteArray("n") << true;
    QTest::newRow("of two") << QByteArray("\u00e4") << true;
    QTest::newRow("of three") << QByteArray("\u20ac") << true;
    QTest::newRow("of four") << QByteArray("\U0001d11e") << true;
    QTest::newRow("of no encoding") << QByteArray("\xff") << false;
    QTest::newRow("that all go on and never begin") << QByteArray("\x80") << false;
}

// And it is recognised by what is left.
void tst_Reclaim::cutsALongNameBetweenCharacters()
{
    QFETCH(QByteArray, character);
    QFETCH(bool, isText);
    for (int before = 0; before < 4; ++before) { // so that the cut comes everywhere
        const auto name =
            (QByteArray(before, 'a') + character.repeated((255 - before) / character.size())).toStdString();
        const std::string parent = "/some/directory/";
        const std::string path = asideName(parent + name);
        QVERIFY(path.starts_with(parent));
        const std::string aside = path.substr(parent.size());
        QVERIFY2(isAside(aside, name), aside.c_str());
        QVERIFY(!isAside(aside, "other" + name.substr(5)));
        QCOMPARE(records::isUtf8(aside), isText);
        QVERIFY(aside.size() > 255U - 4 && aside.size() <= 255U);
    }
}

void tst_Reclaim::removesNothingElse_data()
{
    QTest::addColumn<QString>("how");
    for (const char *how : {"removed", "replaced", "renewed", "rewritten", "a link to it", "a pipe", "a directory"})
        QTest::newRow(how) << QString::fromLatin1(how);
}

//   P.1 judges        Q.1 changes it        P.2 would remove it
void tst_Reclaim::removesNothingElse()
{
    QFETCH(QString, how);
    os::MarkerReader reader;
    const os::MarkerContent judged = judge(reader); // P.1
    const QString other = m_path + QStringLiteral(".other");
    if (how == QLatin1String("replaced")) {
        replaceBy(Dead);
    } else if (how == QLatin1String("renewed")) {
        age(m_path, -1);
    } else if (how == QLatin1String("rewritten")) {
        write(m_path, Live);
        const timespec times[2] = {{0, UTIME_OMIT},
                                   {judged.facts.modified / 1'000'000'000, judged.facts.modified % 1'000'000'000}};
        QCOMPARE(::utimensat(AT_FDCWD, at().c_str(), times, 0), 0);
    } else {
        QVERIFY(QFile::rename(m_path, other));
        if (how == QLatin1String("a link to it"))
            QCOMPARE(::symlink("some.lock.other", at().c_str()), 0);
        else if (how == QLatin1String("a pipe"))
            QCOMPARE(::mkfifo(at().c_str(), 0666), 0);
        else if (how == QLatin1String("a directory"))
            QCOMPARE(::mkdir(at().c_str(), 0777), 0);
    }
    const ino_t inode = inodeOf(m_path);
    QCOMPARE(removeJudged(working(), at(), reader, judged), Removal::Changed); // P.2
    QCOMPARE(inodeOf(m_path), inode);
    QCOMPARE(aside(), QStringList());
}

void tst_Reclaim::leavesItToWhoeverIsFaster_data()
{
    QTest::addColumn<int>("call");
    QTest::newRow("before P locks it") << int(Call::Flock);
    QTest::newRow("before P looks again") << int(Call::Fstatat);
    QTest::newRow("before P reads again") << int(Call::Pread);
    QTest::newRow("before P moves it") << int(Call::RenameNew);
}

//   P.1 reads the marker: stale           Q.1 reads the marker: stale
//   Q.2 removes it, and makes its own
//   P.2 would remove Q's
void tst_Reclaim::leavesItToWhoeverIsFaster()
{
    QFETCH(int, call);
    os::MarkerReader p;
    os::MarkerReader q;
    const os::MarkerContent judgedByP = judge(p); // P.1
    const os::MarkerContent judgedByQ = judge(q); // Q.1
    Removal answerOfQ = Removal::Failed;
    Faults faults;
    faults.before(static_cast<Call>(call), 1, [&] {
        answerOfQ = removeJudged(working(), at(), q, judgedByQ); // Q.2
        if (answerOfQ == Removal::Done)
            write(m_path, Live);
    });
    const Removal answerOfP = removeJudged(working(), at(), p, judgedByP); // P.2
    const bool qWasFirst = call == int(Call::Flock);
    QCOMPARE(answerOfQ, qWasFirst ? Removal::Done : Removal::InUse);
    QCOMPARE(answerOfP, qWasFirst ? Removal::Changed : Removal::Done);
    QCOMPARE(QFile::exists(m_path), qWasFirst);
    QVERIFY(!qWasFirst || read(m_path) == Live);
    QCOMPARE(aside(), QStringList());
}

void tst_Reclaim::isNotFooledByABreakerWithoutALock_data()
{
    QTest::addColumn<int>("call");
    QTest::addColumn<int>("number");
    QTest::newRow("before P locks it") << int(Call::Flock) << 1;
    QTest::newRow("before P looks again") << int(Call::Fstatat) << 1;
    QTest::newRow("before P reads again") << int(Call::Pread) << 1;
    QTest::newRow("before P moves it") << int(Call::RenameNew) << 1;
}

//   P.1 judges
//   Q.1 removes what it judged, makes its own: all without a lock, between two calls of P's
//   P.2 moves Q's aside, sees what it is, gives it its name back
void tst_Reclaim::isNotFooledByABreakerWithoutALock()
{
    QFETCH(int, call);
    QFETCH(int, number);
    os::MarkerReader reader;
    const os::MarkerContent judged = judge(reader); // P.1
    ino_t inode = 0;
    Faults faults;
    faults.before(static_cast<Call>(call), number, [&] {
        replaceBy(Live); // Q.1
        inode = inodeOf(m_path);
    });
    QCOMPARE(removeJudged(working(), at(), reader, judged), Removal::Changed); // P.2
    QCOMPARE(read(m_path), Live);
    QCOMPARE(inodeOf(m_path), inode);
    QCOMPARE(aside(), QStringList());
}

void tst_Reclaim::givesALiveOwnerItsNameBackWithoutHardLinks()
{
    os::MarkerReader reader;
    const os::MarkerContent judged = judge(reader);
    Faults faults;
    faults.before(Call::RenameNew, 1, [&] { replaceBy(Live); });
    faults.fail(Call::Linkat, EPERM); // as on FAT
    QCOMPARE(removeJudged(working(), at(), reader, judged), Removal::Changed);
    QCOMPARE(read(m_path), Live);
    QCOMPARE(aside(), QStringList());
}

//   P.1 judges        Q.1 replaces        P.2 moves Q's aside
//   R.1 finds the name free, makes its own        P.3 cannot put Q's back: says so, and deletes neither
void tst_Reclaim::keepsALiveOwnersMarkerWhoseNameIsTaken()
{
    const QByteArray third = "3\nsome.machine\n";
    os::MarkerReader reader;
    const os::MarkerContent judged = judge(reader); // P.1
    Faults faults;
    faults.before(Call::RenameNew, 1, [&] { replaceBy(Live); });     // Q.1
    faults.after(Call::RenameNew, 1, [&] { write(m_path, third); }); // P.2, R.1
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("could not get its name back.*")));
    QCOMPARE(removeJudged(working(), at(), reader, judged), Removal::Changed); // P.3
    QCOMPARE(read(m_path), third);
    QCOMPARE(aside().size(), 1);
    QCOMPARE(read(m_directory->filePath(aside().first())), Live);
}

void tst_Reclaim::changesNothingWhereTheSystemRefuses()
{
    os::MarkerReader reader;
    const os::MarkerContent judged = judge(reader);
    for (const int code : {EACCES, EPERM, EROFS, EIO, ESTALE}) {
        Faults faults;
        faults.fail(Call::RenameNew, code);
        QCOMPARE(removeJudged(working(), at(), reader, judged), Removal::Failed);
        QCOMPARE(read(m_path), Dead);
    }
    Faults faults;
    faults.fail(Call::RenameNew, EINVAL); // NFS: a plain one has to do
    QCOMPARE(removeJudged(working(), at(), reader, judged), Removal::Done);
    QCOMPARE(entriesOf(m_directory->path()), QStringList());
}

// NFS 4 locks nothing through a file that is open for reading.
void tst_Reclaim::guardsAlsoWhereReadersCannotLock()
{
    os::MarkerReader reader;
    const os::MarkerContent judged = judge(reader);
    QFile other(m_path);
    QVERIFY(other.open(QIODevice::ReadWrite));
    QCOMPARE(::flock(other.handle(), LOCK_EX | LOCK_NB), 0);
    Faults faults;
    faults.fail(Call::Flock, EBADF);
    QCOMPARE(removeJudged(working(), at(), reader, judged), Removal::InUse);
    other.close();
    faults.fail(Call::Flock, EBADF);
    QCOMPARE(removeJudged(working(), at(), reader, judged), Removal::Done);
    QCOMPARE(timesOpen(m_directory->path()), 1); // the reader
}

void tst_Reclaim::oneOfManyReclaims()
{
    constexpr int Contenders = 4;
    for (int round = 0; round < 50; ++round) {
        write(m_path, deadMarker());
        int go[2];
        int answers[2];
        int end[2];
        QCOMPARE(::pipe(go) + ::pipe(answers) + ::pipe(end), 0);
        std::vector<pid_t> children;
        for (int i = 0; i < Contenders; ++i) {
            const pid_t child = ::fork();
            if (child == 0) {
                ::close(go[1]);
                ::close(end[1]);
                contend(at(), go[0], answers[1], end[0]);
            }
            children.push_back(child);
        }
        ::close(go[1]);
        QByteArray heard(Contenders, '\0');
        for (int i = 0; i < Contenders; ++i)
            QCOMPARE(::read(answers[0], heard.data() + i, 1), ssize_t(1));
        QVERIFY2(heard.count('a') == 1 && heard.count('b') == Contenders - 1, heard.constData());
        QCOMPARE(aside(), QStringList());
        for (const int descriptor : {go[0], answers[0], answers[1], end[0], end[1]})
            ::close(descriptor);
        for (const pid_t child : children)
            QCOMPARE(::waitpid(child, nullptr, 0), child);
        QVERIFY(QFile::remove(m_path));
    }
}

void tst_Reclaim::removesItsOwnAndNoOther_data()
{
    QTest::addColumn<QString>("how");
    for (const char *how :
         {"still there", "gone", "a successor's", "a directory", "cannot be asked", "cannot be removed"})
        QTest::newRow(how) << QString::fromLatin1(how);
}

void tst_Reclaim::removesItsOwnAndNoOther()
{
    QFETCH(QString, how);
    os::MarkerFile own;
    QVERIFY(QFile::remove(m_path));
    QVERIFY(*own.create(working(), at(), 0666));
    const os::FileIdentity identity = own.facts()->identity;
    Faults faults;
    if (how == QLatin1String("gone"))
        QVERIFY(QFile::remove(m_path));
    else if (how == QLatin1String("a successor's"))
        replaceBy(Live);
    else if (how == QLatin1String("a directory"))
        QVERIFY(QFile::remove(m_path) && QDir().mkdir(m_path));
    else if (how == QLatin1String("cannot be asked"))
        faults.fail(Call::Fstatat, ESTALE);
    else if (how == QLatin1String("cannot be removed"))
        faults.fail(Call::Unlinkat, EACCES);
    const ino_t inode = inodeOf(m_path);
    const bool fails = how.startsWith(QLatin1String("cannot"));
    QCOMPARE(bool(removeOwn(working(), at(), identity, own.descriptor())), !fails);
    QCOMPARE(inodeOf(m_path), how == QLatin1String("still there") ? 0 : inode);
    QCOMPARE(aside(), QStringList());
}

//   P.1 holds        Q.1 judges it (its lifetime is over), and locks it to remove it        P.2 gives it back
void tst_Reclaim::removesItsOwnWhileItIsJudged()
{
    os::MarkerFile own;
    QVERIFY(QFile::remove(m_path));
    QVERIFY(*own.create(working(), at(), 0666)); // P.1
    const os::FileIdentity identity = own.facts()->identity;
    const ForeignLock q(m_path);                                     // Q.1
    QVERIFY(removeOwn(working(), at(), identity, own.descriptor())); // P.2
    QCOMPARE(entriesOf(m_directory->path()), QStringList());
}

//   P.1 holds        Q.1 judges it, and locks it to remove it        P.2 gives it back: still its own
//   Q.2 removes it        R.1 makes its own
//   P.3 moves it aside: it is R's, and gets its name back
void tst_Reclaim::restoresASuccessorThatWasMistakenForItsOwn()
{
    os::MarkerFile own;
    QVERIFY(QFile::remove(m_path));
    QVERIFY(*own.create(working(), at(), 0666)); // P.1
    const os::FileIdentity identity = own.facts()->identity;
    const ForeignLock q(m_path); // Q.1
    ino_t inode = 0;
    Faults faults;
    faults.before(Call::RenameNew, 1, [&] { // after P.2
        replaceBy(Live);                    // Q.2, R.1
        inode = inodeOf(m_path);
    });
    QVERIFY(removeOwn(working(), at(), identity, own.descriptor())); // P.3
    QCOMPARE(inodeOf(m_path), inode);
    QCOMPARE(read(m_path), Live);
    QCOMPARE(aside(), QStringList());
}

QTEST_GUILESS_MAIN(tst_Reclaim)
#include "tst_reclaim.moc"
