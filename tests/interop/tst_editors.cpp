// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What the real Vim and Emacs leave beside a document, and what is made of it.

#include "otherprocess.h"

#include <holdfast/app/ownerfiles.h>

#include <QtCore/qfile.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qtest.h>

#include <memory>

using namespace Holdfast;
using Format = OwnerFile::Format;

class tst_Editors : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void vimIsSeenWhileItEdits();
    void vimIsKnownToBeDead();
    void aSecondVimIsSeenWhenTheFirstHasGone();
    void emacsIsSeenWhileTextIsChanged();
    void emacsIsKnownToBeDead();

private:
    QString path() const { return m_folder->filePath(QStringLiteral("notes.txt")); }
    OwnerFile only() const
    {
        const OwnerFileList list = ownerFiles(path());
        return list.files.size() == 1 && list.error == LockError::None ? list.files.first() : OwnerFile();
    }

    /** Of a process that has ended. Within a container nobody can tell: the number may be of another container. */
    static Liveness ended()
    {
        constexpr QLatin1String first(
            "pid:[4026531836]"); // PROC_PID_INIT_INO of Linux: of the machine's first namespace
        const bool isOutside = QFile::symLinkTarget(QStringLiteral("/proc/self/ns/pid")).endsWith(first);
        return isOutside ? Liveness::Dead : Liveness::Unknown;
    }

    /** Vim, told in commands of its line editor. */
    std::unique_ptr<OtherProcess> vim() const;

    /** Emacs, with a buffer that is changed, and saved by the next line. */
    std::unique_ptr<OtherProcess> emacs() const;

    std::unique_ptr<QTemporaryDir> m_folder;
};

void tst_Editors::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QFile file(path());
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("hello\n") == 6);
}

// "--cmd 'set shortmess+=A'": a second one shall not ask what to do about the first.
std::unique_ptr<OtherProcess> tst_Editors::vim() const
{
    auto process = std::make_unique<OtherProcess>(
        QStringLiteral(VIM),
        QStringList{QStringLiteral("-u"), QStringLiteral("NONE"), QStringLiteral("-N"), QStringLiteral("--cmd"),
                    QStringLiteral("set shortmess+=A"), QStringLiteral("-e"), QStringLiteral("-s"),
                    QStringLiteral("-c"), QStringLiteral("1p"), path()},
        QStringLiteral("hello"));
    return process;
}

std::unique_ptr<OtherProcess> tst_Editors::emacs() const
{
    const QString program = QStringLiteral(R"((progn (find-file "%1") (insert "x") (princ "ready\n") (read-string "")
                                               (save-buffer) (princ "saved\n") (read-string "")))");
    return std::make_unique<OtherProcess>(
        QStringLiteral(EMACS),
        QStringList{QStringLiteral("-Q"), QStringLiteral("--batch"), QStringLiteral("--eval"), program.arg(path())},
        QStringLiteral("ready"));
}

void tst_Editors::vimIsSeenWhileItEdits()
{
    const auto editor = vim();
    OwnerFile file = only();
    QCOMPARE(file.format, Format::Vim);
    QCOMPARE(file.file, m_folder->filePath(QStringLiteral(".notes.txt.swp")));
    QCOMPARE(file.holder.processId, editor->processId());
    QCOMPARE(file.holder.hostName, QSysInfo::machineHostName());
    QVERIFY(!file.holder.userName.isEmpty());
    QCOMPARE(file.holder.liveness, Liveness::Alive);
    QVERIFY(!file.unsaved);
    editor->tell(QStringLiteral("1s/hello/bye/"));
    editor->tell(QStringLiteral("preserve")); // writes the swap file now, not after some seconds
    QCOMPARE(editor->ask(QStringLiteral("1p")), QStringLiteral("bye"));
    QVERIFY(only().unsaved);
    editor->tell(QStringLiteral("q!"));
    QVERIFY(editor->end());
    QVERIFY(ownerFiles(path()).files.isEmpty());
}

void tst_Editors::vimIsKnownToBeDead()
{
    const auto editor = vim();
    editor->kill();
    QCOMPARE(only().format, Format::Vim);
    QCOMPARE(only().holder.liveness, ended());
    QVERIFY(only().holder.isValid());
}

void tst_Editors::aSecondVimIsSeenWhenTheFirstHasGone()
{
    const auto first = vim();
    const auto second = vim();
    QCOMPARE(ownerFiles(path()).files.size(), 2);
    first->tell(QStringLiteral("q!"));
    QVERIFY(first->end());
    QCOMPARE(only().file, m_folder->filePath(QStringLiteral(".notes.txt.swo")));
    QCOMPARE(only().holder.processId, second->processId());
    QCOMPARE(only().holder.liveness, Liveness::Alive);
}

void tst_Editors::emacsIsSeenWhileTextIsChanged()
{
    const auto editor = emacs();
    const OwnerFile file = only();
    QCOMPARE(file.format, Format::Emacs);
    QCOMPARE(file.file, m_folder->filePath(QStringLiteral(".#notes.txt")));
    QCOMPARE(file.holder.processId, editor->processId());
    QCOMPARE(file.holder.hostName, QSysInfo::machineHostName());
    QCOMPARE(file.holder.liveness, Liveness::Alive);
    QVERIFY(file.unsaved);
    QCOMPARE(editor->ask({}), QStringLiteral("saved"));
    QVERIFY(ownerFiles(path()).files.isEmpty());
}

void tst_Editors::emacsIsKnownToBeDead()
{
    const auto editor = emacs();
    editor->kill();
    QCOMPARE(only().format, Format::Emacs);
    QCOMPARE(only().holder.liveness, ended());
}

QTEST_GUILESS_MAIN(tst_Editors)
#include "tst_editors.moc"
