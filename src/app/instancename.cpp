// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "app/instancename.h"

#include "os/loginsession.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qcryptographichash.h>
#include <QtCore/qdir.h>
#include <QtCore/qfile.h>

namespace Holdfast {

namespace {

constexpr qsizetype MostLetters = 24;
constexpr qsizetype HashBytes = 16;

bool isPlain(char letter)
{
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9')
           || letter == '.' || letter == '-' || letter == '_';
}

// The end of the key, where paths and reversed domains say the most.
QByteArray letters(const QString &key)
{
    const QByteArray last = key.section(u'/', -1, -1, QString::SectionSkipEmpty).toUtf8().right(MostLetters);
    QByteArray plain;
    for (const char letter : last)
        plain += isPlain(letter) ? letter : '_';
    while (plain.startsWith('.'))
        plain.remove(0, 1); // not hidden
    return plain;
}

QByteArray scopeName(SingleInstance::Scope scope)
{
    switch (scope) {
    case SingleInstance::Scope::User:
        return "user";
    case SingleInstance::Scope::Session:
        return "session";
    case SingleInstance::Scope::System:
        break;
    }
    return "system";
}

QByteArray tidy(const QByteArray &path)
{
    return QFile::encodeName(QDir::cleanPath(QFile::decodeName(path)));
}

// host:display.screen (X(7)): all screens of a display are one session's.
QByteArray withoutScreen(const QByteArray &display)
{
    const qsizetype point = display.indexOf('.', display.lastIndexOf(':'));
    return display.contains(':') && point >= 0 ? display.first(point) : display;
}

} // namespace

QByteArray instanceName(const QString &key, SingleInstance::Scope scope, const QByteArray &session)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (const QByteArray &part : {QByteArray("holdfast instance"), scopeName(scope), session, key.toUtf8()}) {
        hash.addData(part);
        hash.addData(QByteArray(1, '\0')); // none of them contains one, so no two lists of parts look the same
    }
    return letters(key) + '-' + hash.result().first(HashBytes).toHex();
}

// What logind says; else what the kernel counts; else the display that windows appear on.
QByteArray sessionName()
{
    if (const QByteArray session = qgetenv("XDG_SESSION_ID"); !session.isEmpty())
        return "xdg " + session;
    if (const std::string session = os::loginSession(); !session.empty())
        return "kernel " + QByteArray::fromStdString(session);
    if (const QByteArray wayland = qgetenv("WAYLAND_DISPLAY"); !wayland.isEmpty()) // a name there, or a whole path
        return "WAYLAND_DISPLAY "
               + tidy(wayland.startsWith('/') ? wayland : qgetenv("XDG_RUNTIME_DIR") + '/' + wayland);
    if (const QByteArray display = qgetenv("DISPLAY"); !display.isEmpty())
        return "DISPLAY " + withoutScreen(display);
    return {};
}

QString applicationKey()
{
    const QString name = QCoreApplication::applicationName();
    const QString domain = QCoreApplication::organizationDomain();
    return domain.isEmpty() || name.isEmpty() ? name : domain + u'/' + name;
}

} // namespace Holdfast
