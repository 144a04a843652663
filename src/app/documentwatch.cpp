// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "app/documentwatch.h"

#include <QtCore/qfileinfo.h>
#include <QtCore/qfilesystemwatcher.h>
#include <QtCore/qhash.h>
#include <QtCore/qset.h>
#include <QtCore/qthreadstorage.h>

#include <chrono>

namespace Holdfast {

namespace {

// Saving takes several steps (move the old one away, give the new one its name): what is seen between them is not news.
constexpr std::chrono::milliseconds Moment{100};

// How often is looked where nothing can be watched: a user has so and so many watches.
constexpr std::chrono::seconds Poll{1};

} // namespace

/** One for each thread: each QFileSystemWatcher takes an inotify instance, of which a user has 128. */
class WatchHub : public QObject
{
public:
    static WatchHub &ofThisThread()
    {
        static QThreadStorage<WatchHub *> hubs;
        if (!hubs.hasLocalData())
            hubs.setLocalData(new WatchHub);
        return *hubs.localData();
    }

    WatchHub()
    {
        const auto tell = [this](const QString &path) {
            const QList<DocumentWatch *> watches = m_watches.values(path);
            for (DocumentWatch *watch : watches)
                watch->stir();
        };
        connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, tell);
        connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, tell);
        m_looks.setInterval(Poll);
        connect(&m_looks, &QTimer::timeout, this, [this, tell] {
            keepUnwatched();
            if (m_doubtful.isEmpty())
                m_looks.stop();
            const QSet<QString> unwatched = m_doubtful;
            for (const QString &path : unwatched) {
                m_watcher.addPath(path);
                tell(path);
            }
        });
    }

    void add(const QString &path, DocumentWatch *watch)
    {
        m_watches.insert(path, watch);
        renew(path);
    }

    // A file that is replaced is not watched any more.
    void renew(const QString &path)
    {
        if (m_watcher.addPath(path))
            return;
        m_doubtful.insert(path); // it is watched already, or missing, or cannot be watched
        if (!m_looks.isActive())
            m_looks.start();
    }

    void remove(const QString &path, DocumentWatch *watch)
    {
        m_watches.remove(path, watch);
        if (!m_watches.contains(path))
            m_watcher.removePath(path);
    }

private:
    // What is there, and for which the system has no watch left. A file that is missing is seen through its directory.
    void keepUnwatched()
    {
        const QStringList files = m_watcher.files();
        const QStringList directories = m_watcher.directories();
        m_doubtful.removeIf([&](const QString &path) {
            return !m_watches.contains(path) || files.contains(path) || directories.contains(path)
                   || !QFileInfo::exists(path);
        });
    }

    QFileSystemWatcher m_watcher;
    QTimer m_looks;
    QSet<QString> m_doubtful;
    QMultiHash<QString, DocumentWatch *> m_watches;
};

DocumentWatch::DocumentWatch(QObject *parent) : QObject(parent)
{
    m_moment.setSingleShot(true);
    m_moment.setInterval(Moment);
    connect(&m_moment, &QTimer::timeout, this, [this] {
        WatchHub::ofThisThread().renew(m_file);
        Q_EMIT stirred();
    });
}

DocumentWatch::~DocumentWatch()
{
    stop();
}

void DocumentWatch::watch(const QString &file)
{
    if (file == m_file)
        return WatchHub::ofThisThread().renew(file);
    stop();
    m_file = file;
    m_directory = file.first(std::max<qsizetype>(file.lastIndexOf(u'/'), 1));
    WatchHub::ofThisThread().add(m_file, this);
    WatchHub::ofThisThread().add(m_directory, this);
}

void DocumentWatch::stop()
{
    m_moment.stop();
    if (m_file.isEmpty())
        return;
    WatchHub::ofThisThread().remove(m_file, this);
    WatchHub::ofThisThread().remove(m_directory, this);
    m_file.clear();
}

// Not begun anew: in a busy directory the moment would never end.
void DocumentWatch::stir()
{
    if (!m_moment.isActive())
        m_moment.start();
}

} // namespace Holdfast
