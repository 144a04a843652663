// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "ledger.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSaveFile>
#include <QSet>

namespace {

LedgerError trouble(const QString &what, const QString &path, const QString &why)
{
    return LedgerError(QString("Cannot %1 %2: %3").arg(what, path, why).toStdString());
}

QString keyOf(const QString &writer, int serial)
{
    return QString("%1 %2").arg(writer).arg(serial);
}

} // namespace

void Ledger::read()
{
    m_content = {};
    QFile file(m_path);
    if (!file.exists())
        return;
    if (!file.open(QFile::ReadOnly))
        throw trouble("read", m_path, file.errorString());
    QJsonParseError error;
    const auto document = QJsonDocument::fromJson(file.readAll(), &error);
    if (!document.isObject())
        throw trouble("understand", m_path, error.errorString());
    m_content = document.object();
}

int Ledger::append(const QString &writer, int serial)
{
    QJsonArray entries = m_content["entries"].toArray();
    const int number = int(entries.size()) + 1;
    entries.append(QJsonObject{{"number", number}, {"writer", writer}, {"serial", serial}});
    m_content["entries"] = entries;
    return number;
}

void Ledger::write() const
{
    QSaveFile file(m_path);
    if (!file.open(QFile::WriteOnly))
        throw trouble("write", m_path, file.errorString());
    file.write(QJsonDocument(m_content).toJson());
    if (!file.commit())
        throw trouble("write", m_path, file.errorString());
}

Ledger::Audit Ledger::audit(const QStringList &writers, int each) const
{
    Audit audit;
    const QJsonArray entries = m_content["entries"].toArray();
    QSet<QString> found;
    for (int i = 0; i < entries.size(); ++i) {
        found.insert(keyOf(entries[i]["writer"].toString(), entries[i]["serial"].toInt()));
        audit.isNumbered = audit.isNumbered && entries[i]["number"].toInt() == i + 1;
    }
    for (const QString &writer : writers) {
        for (int serial = 1; serial <= each; ++serial) {
            ++audit.expected;
            audit.present += found.contains(keyOf(writer, serial)) ? 1 : 0;
        }
    }
    audit.surplus = int(entries.size()) - audit.present;
    return audit;
}
