// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// The document that everybody writes to: a JSON file with numbered entries.
#pragma once

#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <stdexcept>

/** The document cannot be read or written. */
class LedgerError : public std::runtime_error
{
    using std::runtime_error::runtime_error;
};

/**
 * Reads and writes the whole document, as programs do. Writing replaces the file, so nobody ever reads half of one; but
 * nothing in here keeps two writers apart. That is what the lock is for.
 */
class Ledger
{
public:
    explicit Ledger(const QString &path = {}) : m_path(path) { }

    void read();                                   ///< a missing document is an empty one
    int append(const QString &writer, int serial); ///< in memory; returns the number of the new entry
    void write() const;

    /** How complete the document is when each of @p writers has added its entries 1 to @p each. */
    struct Audit
    {
        int expected = 0;
        int present = 0;        ///< of those expected
        int surplus = 0;        ///< there twice, or nobody's
        bool isNumbered = true; ///< 1, 2, 3 ...: each writer saw everything that was written before
        int missing() const { return expected - present; }
        bool isPerfect() const { return missing() == 0 && surplus == 0 && isNumbered; }
    };
    Audit audit(const QStringList &writers, int each) const;

private:
    QString m_path;
    QJsonObject m_content;
};
