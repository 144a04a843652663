// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "app/documentwatch.h"
#include "engine/fingerprint.h"

#include <QtCore/qfuturewatcher.h>
#include <QtCore/qobject.h>

#include <optional>
#include <string>

namespace Holdfast {

/** What a program has loaded of a document, and whether that is still what lies on the disk. */
class DocumentContent : public QObject
{
    Q_OBJECT
public:
    explicit DocumentContent(QObject *parent = nullptr);

    Failure load(const QString &path);                           ///< what lies there now is what is known
    void adopt(const std::string &path, const Fingerprint &own); ///< what this program has saved is what is known
    void follow(const std::string &path); ///< that is what the document is called, and what a save replaces
    void forget();

    bool isLoaded() const { return m_print.has_value(); }
    unsigned versions() const { return m_versions; } ///< how often this program has loaded it, saved it or closed it
    const FileDifference &difference() const { return m_difference; } ///< as far as it was looked

    /** Looks now. What is new is told, too. */
    Failure check();

Q_SIGNALS:
    void changed(); ///< difference() is another, or another once more

private:
    /** What a look has found. */
    struct Finding
    {
        unsigned generation = 0;
        FileDifference difference = {};
        bool isRewritten = false; ///< nothing is new but which file it is, and that is `now`
        std::optional<Fingerprint> now = {};
        Failure failure = {};
    };
    static Finding look(unsigned generation, const Fingerprint &print, const std::string &path,
                        Fingerprint::Trust trust);
    void checkInBackground();
    void digest(const Finding &finding);
    void begin(const std::string &path, const Fingerprint &print);

    DocumentWatch m_watch;
    QFutureWatcher<Finding> m_looking;
    bool m_lookAgain = false;
    unsigned m_versions = 0;
    unsigned m_generation = 0; // of m_print: a look that began before counts for nothing
    std::string m_path;        // canonical
    std::optional<Fingerprint> m_print;
    FileDifference m_difference;
    std::optional<Fingerprint> m_seen; // when it was last told
};

} // namespace Holdfast
