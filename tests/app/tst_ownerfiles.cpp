// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include <holdfast/app/ownerfiles.h>

#include <QtCore/qdir.h>
#include <QtCore/qelapsedtimer.h>
#include <QtCore/qfile.h>
#include <QtCore/qmetaobject.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qtest.h>

using namespace Holdfast;

class tst_OwnerFiles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void findsNothingBesideALonelyDocument();
    void findsAFileHoweverTheDocumentIsCalled_data();
    void findsAFileHoweverTheDocumentIsCalled();
    void theDocumentNeedNotBeThere();
    void tellsWhoIsInTheWay();
    void refusesWhatIsNoPath_data();
    void refusesWhatIsNoPath();
    void aMissingFolderHasNone();
    void isReadableFromQml();
    void looksBesideManyDocuments();

private:
    QString path(const char *name) const { return m_folder->filePath(QString::fromLatin1(name)); }
    bool write(const char *name, const QByteArray &bytes) const
    {
        QFile file(path(name));
        return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void tst_OwnerFiles::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(QDir().mkdir(path("folder")));
    QVERIFY(write("folder/report.odt", "the text"));
}

void tst_OwnerFiles::findsNothingBesideALonelyDocument()
{
    const OwnerFileList list = ownerFiles(path("folder/report.odt"));
    QVERIFY(list.files.isEmpty() && list.error == LockError::None && list.errorString.isEmpty());
    QCOMPARE(list.inTheWay().format, OwnerFile::Format::None);
}

void tst_OwnerFiles::findsAFileHoweverTheDocumentIsCalled_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("by its path") << QStringLiteral("folder/report.odt");
    QTest::newRow("with detours") << QStringLiteral("folder/../folder//./report.odt");
    QTest::newRow("through a link to it") << QStringLiteral("link.odt");
    QTest::newRow("through a link to a link") << QStringLiteral("link2.odt");
    QTest::newRow("through a link to its folder") << QStringLiteral("linked/report.odt");
}

void tst_OwnerFiles::findsAFileHoweverTheDocumentIsCalled()
{
    QFETCH(QString, name);
    QVERIFY(write("folder/.~lock.report.odt#", "Ann Lee,ann,desk7,14.03.2026 09:41,file:///home/ann;"));
    QVERIFY(QFile::link(QStringLiteral("folder/report.odt"), path("link.odt")));
    QVERIFY(QFile::link(QStringLiteral("link.odt"), path("link2.odt")));
    QVERIFY(QFile::link(QStringLiteral("folder"), path("linked")));
    const QString before = QDir::currentPath();
    QVERIFY(QDir::setCurrent(m_folder->path()));
    const OwnerFileList relative = ownerFiles(name);
    QVERIFY(QDir::setCurrent(before));
    const OwnerFileList absolute = ownerFiles(m_folder->filePath(name));
    QCOMPARE(relative.files.size(), 1);
    QCOMPARE(relative.files.first().holder.fullName, QStringLiteral("Ann Lee"));
    QVERIFY(relative.files == absolute.files);
}

void tst_OwnerFiles::theDocumentNeedNotBeThere()
{
    QVERIFY(write("folder/.~lock.new.odt#", "Ann Lee,ann,desk7,14.03.2026 09:41,file:///home/ann;"));
    QCOMPARE(ownerFiles(path("folder/new.odt")).files.size(), 1);
}

void tst_OwnerFiles::tellsWhoIsInTheWay()
{
    QVERIFY(write("folder/.~lock.report.odt#", ""));
    QVERIFY(write("folder/.#report.odt", "anna@otherhost.1234"));
    const OwnerFileList list = ownerFiles(path("folder/report.odt"));
    QCOMPARE(list.files.size(), 2);
    QVERIFY(!list.files.first().isInTheWay());
    QCOMPARE(list.inTheWay(), list.files.last());
    QCOMPARE(list.inTheWay().holder.userName, QStringLiteral("anna"));
}

void tst_OwnerFiles::refusesWhatIsNoPath_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("nothing") << QString();
    QTest::newRow("a NUL") << QStringLiteral("a") + QChar::Null + QStringLiteral("b");
    QTest::newRow("half a character") << QString(QChar(0xD800));
}

void tst_OwnerFiles::refusesWhatIsNoPath()
{
    QFETCH(QString, name);
    const OwnerFileList list = ownerFiles(name);
    QCOMPARE(list.error, LockError::InvalidArgument);
    QVERIFY(!list.errorString.isEmpty() && list.files.isEmpty());
}

void tst_OwnerFiles::aMissingFolderHasNone()
{
    const OwnerFileList list = ownerFiles(path("nowhere/report.odt"));
    QVERIFY(list.files.isEmpty() && list.error == LockError::None);
}

void tst_OwnerFiles::isReadableFromQml()
{
    QVERIFY(write("folder/.#report.odt", "anna@otherhost.1234"));
    const OwnerFile file = ownerFiles(path("folder/report.odt")).files.value(0);
    const QMetaObject &meta = OwnerFile::staticMetaObject;
    const auto read = [&](const char *property) {
        return meta.property(meta.indexOfProperty(property)).readOnGadget(&file);
    };
    QCOMPARE(read("format").value<OwnerFile::Format>(), OwnerFile::Format::Emacs);
    QCOMPARE(read("holder").value<LockHolder>().userName, QStringLiteral("anna"));
    QCOMPARE(read("inTheWay").toBool(), true);
    QCOMPARE(read("unsaved").toBool(), true);
}

// As a file manager does. On the machine where this was written it takes 0.4 s without optimisation; here it must only not explode.
void tst_OwnerFiles::looksBesideManyDocuments()
{
    QVERIFY(write("folder/.~lock.report.odt#", "Ann Lee,ann,desk7,14.03.2026 09:41,file:///home/ann;"));
    constexpr int Documents = 10'000;
    QElapsedTimer timer;
    timer.start();
    qsizetype found = 0;
    for (int document = 0; document < Documents; ++document)
        found += ownerFiles(path("folder/report%1.odt").arg(document % 100 ? QString::number(document) : QString()))
                     .files.size();
    qInfo("%d documents: %lld ms", Documents, timer.elapsed());
    QCOMPARE(found, Documents / 100);
    QVERIFY(timer.elapsed() < 20'000);
}

QTEST_GUILESS_MAIN(tst_OwnerFiles)
#include "tst_ownerfiles.moc"
