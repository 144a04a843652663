// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What the notepad reads it writes again as it was, or it does not take it.

#include "textfile.h"

#include <QFile>
#include <QQmlComponent>
#include <QQmlEngine>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using Holdfast::DocumentLock;

class TextFileTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void whatItTakesComesBack();
    void everyCharacterComesBackOrIsRefused();

private:
    QStringList refused(const QStringList &lines);
    void write(const QByteArray &bytes) const;
    QByteArray read() const;
    QByteArray afterSave(const QVariant &text);

    QTemporaryDir m_place;
    QQmlEngine m_engine;
    std::unique_ptr<QObject> m_area;
    TextFile m_file;
};

void TextFileTest::init()
{
    QQmlComponent component(&m_engine);
    component.setData("import QtQuick\nTextEdit { }", QUrl());
    m_area.reset(component.create());
    QVERIFY2(m_area, qPrintable(component.errorString()));
}

void TextFileTest::write(const QByteArray &bytes) const
{
    QFile file(m_place.filePath("a.txt"));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
}

QByteArray TextFileTest::read() const
{
    QFile file(m_place.filePath("a.txt"));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : "cannot be read";
}

/** What is in the file when @p text has been shown and saved. */
QByteArray TextFileTest::afterSave(const QVariant &text)
{
    DocumentLock lock(m_place.filePath("a.txt"));
    m_area->setProperty("text", text);
    if (!lock.tryAcquire() || !m_file.save(&lock, m_area->property("textDocument").value<QQuickTextDocument *>(), true))
        return "cannot be saved: " + m_file.errorString().toUtf8();
    return read();
}

void TextFileTest::whatItTakesComesBack()
{
    DocumentLock lock(m_place.filePath("a.txt"));
    for (const QByteArray bytes :
         {"", "\n", "one", "one\ntwo\n", "one\r\ntwo\r\n", "\xef\xbb\xbfone\n", "\xef\xbb\xbfone\r\n\r\n"}) {
        write(bytes);
        const QVariant text = m_file.load(&lock);
        QVERIFY2(text.isValid(), qPrintable(m_file.errorString()));
        QVERIFY(!text.toString().contains(u'\r'));
        QCOMPARE(afterSave(text), bytes);
    }
}

// Those of @p lines that are refused, found by halves, since nearly all are taken.
QStringList TextFileTest::refused(const QStringList &lines)
{
    write(lines.join(QString()).toUtf8());
    DocumentLock lock(m_place.filePath("a.txt"));
    if (m_file.load(&lock).isValid())
        return {};
    if (lines.size() == 1)
        return lines;
    return refused(lines.first(lines.size() / 2)) + refused(lines.sliced(lines.size() / 2));
}

// Qt has uses of its own for some of them.
void TextFileTest::everyCharacterComesBackOrIsRefused()
{
    QStringList lines;
    for (char32_t code = 0; code <= 0x10ffff; code = code < 0xffff ? code + 1 : code + 0xffff) {
        if (!QChar::isSurrogate(code))
            lines += 'a' + QString::fromUcs4(&code, 1) + "b\n";
    }
    const QStringList bad = refused(lines);
    QStringList codes;
    for (const QString &line : bad) {
        codes += QString::number(line.at(1).unicode(), 16);
        lines.removeOne(line);
    }
    QCOMPARE(codes.join(' '), QString("0 d 2029 fdd0 fdd1"));

    const QByteArray bytes = lines.join(QString()).toUtf8();
    write(bytes);
    DocumentLock lock(m_place.filePath("a.txt"));
    QCOMPARE(afterSave(m_file.load(&lock)).split('\n'), bytes.split('\n'));
}

QTEST_MAIN(TextFileTest)
#include "tst_textfile.moc"
