// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT

// A program of somebody else with QML, against the installed package: `import Holdfast`, with QML_IMPORT_PATH as the package
// says. Its own FileLock and that of QML must know of each other, or there are two registries in this process.

#include <holdfast/filelock.h>

#include <QtCore/qcoreapplication.h>
#include <QtQml/qqmlcomponent.h>
#include <QtQml/qqmlengine.h>

#include <memory>

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const QString path = QString::fromLocal8Bit(argc > 1 ? argv[1] : "consumer.lock");
    QQmlEngine engine;
    QQmlComponent component(&engine);
    component.setData("import Holdfast; FileLock { active: true; onHeldChanged: if (held) Qt.quit() }", QUrl());
    QObject::connect(&engine, &QQmlEngine::quit, &app, &QCoreApplication::quit, Qt::QueuedConnection);
    const std::unique_ptr<QObject> lock(component.createWithInitialProperties({{QStringLiteral("path"), path}}));
    if (!lock) {
        qWarning() << component.errors();
        return 1;
    }
    QCoreApplication::exec();
    // The end of the event loop gives the lock back, in a thread of the module's.
    Holdfast::FileLock mine(path);
    if (!mine.tryAcquireFor(std::chrono::seconds(10)) || !mine.release())
        return 2;
    QMetaObject::invokeMethod(lock.get(), "acquire");
    while (!lock->property("held").toBool())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    return !mine.tryAcquireFor(std::chrono::milliseconds(-1)) && mine.error() == Holdfast::LockError::WouldDeadlock ? 0
                                                                                                                    : 3;
}
