// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "bytes.h"
#include "records/emacslock.h"

using namespace Holdfast::records;

Q_DECLARE_METATYPE(EmacsOwner)

class tst_EmacsLock : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
    void namesLocks();
};

void tst_EmacsLock::reads_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<EmacsOwner>("owner");
    const auto row = [](const char *claim, const QByteArray &text, const EmacsOwner &owner) {
        QTest::newRow(claim) << text << owner;
    };
    row("what Emacs 28 wrote", "root@vm.17045", {"root", "vm", 17045, {}});
    row("with the start of the machine", "anna@otherhost.1234:1700000000", {"anna", "otherhost", 1234, 1700000000});
    row("a full host name", "ann@desk7.example.org.42:9", {"ann", "desk7.example.org", 42, 9});
    row("a user with an at sign", "ann@example.org@desk7.42", {"ann@example.org", "desk7", 42, {}});
    row("a user with a full stop", "ann.lee@desk7.42", {"ann.lee", "desk7", 42, {}});
    row("a user with a colon", "ann:lee@desk7.42:9", {"ann:lee", "desk7", 42, 9});
    row("a host that is a number", "ann@10.0.0.7.42", {"ann", "10.0.0.7", 42, {}});
    row("a host with a colon", "ann@fe80::1.42", {"ann", "fe80::1", 42, {}});
    row("nobody nowhere", "@.42", {"", "", 42, {}});
    row("UTF-8", "j\xc3\xb6rg@b\xc3\xbcro.42", {"j\xc3\xb6rg", "b\xc3\xbcro", 42, {}});
    row("a colon as Linux shows it on a Windows share",
        "ann@desk7.42\xef\x80\xa2"
        "9",
        {"ann", "desk7", 42, 9});
    row("the greatest process", "ann@desk7.2147483647", {"ann", "desk7", 2147483647, {}});
    row("a process beyond 31 bits", "ann@desk7.2147483648", {"ann", "desk7", 0, {}});
    row("a process beyond 64 bits", "ann@desk7.99999999999999999999:9", {"ann", "desk7", 0, 9});
    row("process 0", "ann@desk7.0", {"ann", "desk7", 0, {}});
    row("a start beyond 64 bits", "ann@desk7.42:99999999999999999999", {"ann", "desk7", 42, {}});
    row("8192 bytes", QByteArray(8184, 'a') + "@desk7.4", {std::string(8184, 'a'), "desk7", 4, {}});
}

void tst_EmacsLock::reads()
{
    QFETCH(QByteArray, text);
    QFETCH(EmacsOwner, owner);
    QVERIFY(readEmacsLock(Bytes(text)) == owner);
}

void tst_EmacsLock::refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *claim, const QByteArray &text) { QTest::newRow(claim) << text; };
    row("nothing", "");
    row("a file's name", "notes.txt");
    row("a path", "/home/ann/notes@work.txt");
    row("no process", "ann@desk7");
    row("an empty process", "ann@desk7.");
    row("a negative process", "ann@desk7.-42");
    row("a process with a sign", "ann@desk7.+42");
    row("a process with a blank", "ann@desk7. 42");
    row("a process that is a word", "ann@desk7.example");
    row("no at sign", "desk7.42");
    row("a full stop before the at sign only", "ann.42@desk7");
    row("an empty start", "ann@desk7.42:");
    row("a negative start", "ann@desk7.42:-9");
    row("a word behind the process", "ann@desk7.42 ");
    row("a word behind the start", "ann@desk7.42:9x");
    row("half a colon of a Windows share", "ann@desk7.42\xef\x80");
    row("a line end", "ann@desk7.42\n");
    row("a zero byte", literal("ann@desk7.42\0"));
    row("8193 bytes", QByteArray(8185, 'a') + "@desk7.4");
}

void tst_EmacsLock::refuses()
{
    QFETCH(QByteArray, text);
    QVERIFY(!readEmacsLock(Bytes(text)));
}

void tst_EmacsLock::namesLocks()
{
    QCOMPARE(emacsLockName("notes.txt"), std::string(".#notes.txt"));
    QCOMPARE(emacsLockName(".emacs"), std::string(".#.emacs"));
}

QTEST_GUILESS_MAIN(tst_EmacsLock)
#include "tst_emacslock.moc"
