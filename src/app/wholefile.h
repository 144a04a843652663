// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qstring.h>
#include <QtCore/qtemporaryfile.h>

namespace Holdfast {

/**
 * A new file beside @p document that either becomes whole or says that it has not. QFileDevice forgets: what it could not write
 * from its buffer is gone, and after one flush() that fails the next one succeeds. So this counts itself how far the file reaches,
 * remembers every failure, and looks at last at what lies on the disk.
 */
class WholeFile : public QTemporaryFile
{
    Q_OBJECT
public:
    explicit WholeFile(const QString &document);

    /** All of it is on the disk now, with the rights on the document, or those of any new file. Empty: it is; else why not. Whoever writes to it through a
        buffer of his own, as QTextStream does, is asked for the rest first. */
    QString finish();

    bool seek(qint64 position) override;
    bool resize(qint64 size) override;

protected:
    qint64 writeData(const char *bytes, qint64 size) override;

private:
    void note(bool went);
    void takeAccess();

    const QString m_document;
    qint64 m_extent = 0;
    QString m_firstFailure;
};

} // namespace Holdfast
