// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "otherprocess.h"

#include <holdfast/lockholder.h>

#include <QtCore/qbytearray.h>
#include <QtCore/qlist.h>
#include <QtCore/qobject.h>
#include <QtCore/qtemporarydir.h>
#include <QtCore/qvariant.h>

/** OtherProcess, for QML. */
class Stranger : public QObject
{
    Q_OBJECT

public:
    template<class... Arguments>
    explicit Stranger(QObject *parent, const Arguments &...arguments) : QObject(parent), m_process(arguments...)
    { }

    Q_INVOKABLE QString ask(const QString &line) { return m_process.ask(line); }
    Q_INVOKABLE void tell(const QString &line) { m_process.tell(line); }
    Q_INVOKABLE QString hear() { return m_process.hear(); }
    Q_INVOKABLE void kill() { m_process.kill(); }
    Q_INVOKABLE double processId() const { return static_cast<double>(m_process.processId()); }

private:
    OtherProcess m_process;
};

/** What a test in QML cannot do by itself. */
class Hand : public QObject
{
    Q_OBJECT

public:
    ~Hand() override;

    /** The path of a name in an empty folder, which goes with the program. */
    Q_INVOKABLE QString path(const QString &name);

    /** A running process with a lock of @p kind on @p path. The caller destroys it. */
    Q_INVOKABLE QObject *stranger(const QString &kind, const QString &path);

    Q_INVOKABLE QObject *editor(const QString &document);                       ///< tests/app/documentprocess.cpp
    Q_INVOKABLE QObject *program(const QString &directory, const QString &key); ///< tests/app/instanceprocess.cpp
    Q_INVOKABLE QString directory();                                            ///< an empty folder for this user alone
    Q_INVOKABLE bool write(const QString &path, const QString &text) const;

    /** An owner with these facts; QML cannot make one. */
    Q_INVOKABLE Holdfast::LockHolder owner(const QVariantMap &facts) const;

    /** Where the picture of that name is kept. */
    Q_INVOKABLE QString picture(const QString &name) const;

    /** As it is while a screen reader runs. */
    Q_INVOKABLE void setAssisted(bool assisted) const;

    Q_INVOKABLE QString userName() const; ///< this user's
    Q_INVOKABLE QString read(const QString &path) const;
    Q_INVOKABLE int permissions(const QString &path) const; ///< as chmod(1) has them

    Q_INVOKABLE bool exists(const QString &path) const;
    Q_INVOKABLE bool remove(const QString &path) const;
    Q_INVOKABLE bool makeDirectory(const QString &path) const;
    Q_INVOKABLE bool link(const QString &target, const QString &path) const;

    /** Puts the folder of @p path on a disk that is read-only, for as long as the program runs. False: not allowed here. */
    Q_INVOKABLE bool makeReadOnly(const QString &path);

private:
    QTemporaryDir m_directory;
    QList<QByteArray> m_mounted;
    int m_folders = 0;
};
