// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What a save makes of the rights on a document, and of what is written to it through buffers of others.

#include "../engine/nobody.h"
#include "documentplace.h"

#include <holdfast/app/documentsave.h>

#include <QtCore/qfileinfo.h>
#include <QtCore/qtextstream.h>
#include <QtTest/qtest.h>

#include <sys/stat.h>
#include <sys/xattr.h>

using namespace Holdfast;
using Holdfast::Testing::asNobody;

namespace {

constexpr uid_t Nobody = 65534;
constexpr gid_t Games = 60;
constexpr const char *AccessList = "system.posix_acl_access";

/** An access control list as the kernel has it (acl(5)): the owner and one user read and write, group and others nothing. */
QByteArray listWith(quint32 user)
{
    constexpr quint32 nobodyInParticular = 0xffffffff;
    QByteArray list("\x02\0\0\0", 4);
    const auto add = [&](quint16 tag, quint16 permissions, quint32 id) {
        list.append(reinterpret_cast<const char *>(&tag), sizeof tag);
        list.append(reinterpret_cast<const char *>(&permissions), sizeof permissions);
        list.append(reinterpret_cast<const char *>(&id), sizeof id);
    };
    add(0x01, 6, nobodyInParticular); // the owner
    add(0x02, 6, user);
    add(0x04, 0, nobodyInParticular); // the group
    add(0x10, 6, nobodyInParticular); // the mask
    add(0x20, 0, nobodyInParticular); // others
    return list;
}

QByteArray listOf(const QString &path)
{
    QByteArray list(200, '\0');
    const ssize_t size = ::getxattr(qPrintable(path), AccessList, list.data(), static_cast<std::size_t>(list.size()));
    return list.left(std::max<qsizetype>(size, 0));
}

struct stat factsOf(const QString &path)
{
    struct stat facts = {};
    ::stat(qPrintable(path), &facts);
    return facts;
}

bool save(const QString &path)
{
    DocumentLock lock(path);
    DocumentSave save(lock);
    return lock.tryAcquire() && lock.documentLoaded() && save.begin() && save.device()->write("Dear Ben") == 8
           && save.commit();
}

} // namespace

class tst_DocumentRights : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsTheOwnerAndTheGroup();
    void givesAnotherGroupNoMoreThanEverybody();
    void keepsTheAccessControlList();
    void aListThatCannotBeKeptWidensNothing();
    void aNewDocumentIsAsAnyNewFile();
    void asksStreamsForTheRest();
    void aStreamMayOutliveTheSave();
    void ofTwoSavesAtOnceOnlyOneIsMade();
    void isOnTheDiskBeforeItHasTheName();
};

void tst_DocumentRights::keepsTheOwnerAndTheGroup()
{
    if (geteuid() != 0)
        QSKIP("needs several users");
    const DocumentPlace place;
    QVERIFY(::chown(qPrintable(place.document()), Nobody, Games) == 0);
    QVERIFY(::chmod(qPrintable(place.document()), 0640) == 0);
    QVERIFY(save(place.document()));
    const struct stat facts = factsOf(place.document());
    QCOMPARE(facts.st_uid, Nobody);
    QCOMPARE(facts.st_gid, Games);
    QCOMPARE(facts.st_mode & 0777U, 0640U);
}

// Who saves is no member of its group, so the new file has another one.
void tst_DocumentRights::givesAnotherGroupNoMoreThanEverybody()
{
    if (geteuid() != 0)
        QSKIP("needs several users");
    const DocumentPlace place;
    QVERIFY(::chmod(qPrintable(QFileInfo(place.document()).path()), 0777) == 0);
    QVERIFY(::chown(qPrintable(place.document()), Nobody, Games) == 0);
    QVERIFY(::chmod(qPrintable(place.document()), 0646) == 0);
    QVERIFY(asNobody([&] { return save(place.document()); }));
    const struct stat facts = factsOf(place.document());
    QVERIFY(facts.st_gid != Games);
    QCOMPARE(facts.st_mode & 0777U, 0644U);
}

void tst_DocumentRights::keepsTheAccessControlList()
{
    const DocumentPlace place;
    const QByteArray list = listWith(1000);
    if (::setxattr(qPrintable(place.document()), AccessList, list.constData(), static_cast<std::size_t>(list.size()), 0)
        != 0)
        QSKIP("no access control lists here");
    QVERIFY(save(place.document()));
    QCOMPARE(listOf(place.document()), list);
    QCOMPARE(factsOf(place.document()).st_mode & 0777U, 0660U); // of the group that is the mask
}

void tst_DocumentRights::aListThatCannotBeKeptWidensNothing()
{
    if (geteuid() != 0)
        QSKIP("needs several users");
    const DocumentPlace place;
    QVERIFY(::chmod(qPrintable(QFileInfo(place.document()).path()), 0777) == 0);
    QVERIFY(::chown(qPrintable(place.document()), Nobody, Games) == 0);
    const QByteArray list = listWith(1000);
    if (::setxattr(qPrintable(place.document()), AccessList, list.constData(), static_cast<std::size_t>(list.size()), 0)
        != 0)
        QSKIP("no access control lists here");
    QVERIFY(asNobody([&] { return save(place.document()); }));
    QCOMPARE(listOf(place.document()), QByteArray());
    QCOMPARE(factsOf(place.document()).st_mode & 0777U, 0600U);
}

// Whoever had the document before, and whatever he has left.
void tst_DocumentRights::aNewDocumentIsAsAnyNewFile()
{
    const DocumentPlace place;
    const QString fresh = place.path(QStringLiteral("fresh.txt"));
    QVERIFY(DocumentPlace::write(sidecarOf(fresh), ""));
    QVERIFY(::chmod(qPrintable(sidecarOf(fresh)), 0666) == 0);
    if (geteuid() == 0)
        QVERIFY(::chown(qPrintable(sidecarOf(fresh)), 1234, 1234) == 0);
    const mode_t before = ::umask(027);
    const bool isSaved = save(fresh);
    ::umask(before);
    QVERIFY(isSaved);
    QCOMPARE(factsOf(fresh).st_mode & 0777U, 0640U);
    QCOMPARE(factsOf(fresh).st_uid, ::geteuid());
    QCOMPARE(place.names(), QStringList({QStringLiteral("fresh.txt"), QStringLiteral("letter.txt")}));
}

// Before anything is made sure of, and not when it has the document's name already.
void tst_DocumentRights::asksStreamsForTheRest()
{
    const DocumentPlace place;
    DocumentLock lock(place.document());
    QVERIFY(lock.tryAcquire() && lock.documentLoaded());
    for (const char *text : {"Dear Ben", "Dear Carl"}) { // the second time it is known as our own
        DocumentSave save(lock);
        QVERIFY2(save.begin(), qPrintable(save.errorString()));
        QTextStream out(save.device());
        out << text;
        QVERIFY2(save.commit(), qPrintable(save.errorString()));
        QCOMPARE(DocumentPlace::read(place.document()), QByteArray(text));
    }
}

void tst_DocumentRights::aStreamMayOutliveTheSave()
{
    const DocumentPlace place;
    DocumentLock lock(place.document());
    QVERIFY(lock.tryAcquire());
    DocumentSave save(lock);
    QVERIFY(save.begin());
    QTextStream out(save.device());
    out << "Dear Ben";
    QVERIFY(save.commit());
    QCOMPARE(save.device(), nullptr);
    out << "Dear Carl";
    out.flush();
    QCOMPARE(DocumentPlace::read(place.document()), QByteArray("Dear Ben"));
    QCOMPARE(place.names().size(), 2); // it, and what tells of the lock
}

// As the one that saves by itself every few minutes, and the user's.
void tst_DocumentRights::ofTwoSavesAtOnceOnlyOneIsMade()
{
    const DocumentPlace place;
    DocumentLock lock(place.document());
    QVERIFY(lock.tryAcquire());
    DocumentSave first(lock);
    DocumentSave second(lock);
    QVERIFY(first.begin() && second.begin());
    first.device()->write("older");
    second.device()->write("newer");
    QVERIFY(second.commit());
    QVERIFY(!first.commit());
    QCOMPARE(first.error(), DocumentSave::Error::DocumentChanged);
    QCOMPARE(DocumentPlace::read(place.document()), QByteArray("newer"));
    QVERIFY(save(place.path(QStringLiteral("other.txt"))));
}

// Else a machine that goes down leaves the new name without its bytes. Then the directory, which has the name.
void tst_DocumentRights::isOnTheDiskBeforeItHasTheName()
{
    const DocumentPlace place;
    const QString log = place.path(QStringLiteral("calls"));
    qputenv("ASAN_OPTIONS", "detect_leaks=0"); // which cannot be looked for under a tracer
    OtherEditor editor(QStringLiteral("strace"), {QStringLiteral("-f"), QStringLiteral("-o"), log, QStringLiteral("-e"),
                                                  QStringLiteral("trace=fsync,rename,renameat,renameat2"),
                                                  QStringLiteral(HOLDFAST_DOCUMENTPROCESS), place.document()});
    if (editor.processId() == 0)
        QSKIP("strace does not work here");
    QCOMPARE(editor.ask(QStringLiteral("try")), QStringLiteral("acquired"));
    QCOMPARE(editor.ask(QStringLiteral("begin")), QStringLiteral("begun"));
    QCOMPARE(editor.ask(QStringLiteral("commit")), QStringLiteral("committed"));
    QVERIFY(editor.end());
    QStringList calls;
    for (const QByteArray &line : DocumentPlace::read(log).split('\n')) {
        const qsizetype begin = line.indexOf(' ') + 1; // after the process
        const QByteArray call = line.sliced(begin, std::max<qsizetype>(line.indexOf('('), begin) - begin).trimmed();
        if (!call.isEmpty())
            calls += QString::fromLatin1(call);
    }
    QCOMPARE(calls, QStringList({QStringLiteral("fsync"), QStringLiteral("rename"), QStringLiteral("fsync")}));
}

QTEST_GUILESS_MAIN(tst_DocumentRights)
#include "tst_documentrights.moc"
