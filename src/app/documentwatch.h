// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qobject.h>
#include <QtCore/qstring.h>
#include <QtCore/qtimer.h>

namespace Holdfast {

class WatchHub;

/**
 * Tells that something has happened to a file, or to its name. What that was is to be looked up: programs that save by renaming
 * leave nothing of the file that was watched, so its directory is watched as well, where much happens that is of no interest.
 */
class DocumentWatch : public QObject
{
    Q_OBJECT
public:
    explicit DocumentWatch(QObject *parent = nullptr);
    ~DocumentWatch() override;

    void watch(const QString &file); ///< instead of the one before; canonical
    void stop();

Q_SIGNALS:
    void stirred(); ///< a moment later, once for what happens within it

private:
    friend class WatchHub;
    void stir();

    QString m_file;
    QString m_directory;
    QTimer m_moment;
};

} // namespace Holdfast
