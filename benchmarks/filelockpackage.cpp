// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "filelockpackage.h"

#include "child.h"

#include <QtCore/qprocess.h>

namespace Bench {

namespace {

FilelockPackage ask()
{
    QProcess python;
    python.start(
        QString::fromLatin1(Child::Python),
        {QStringLiteral("-c"), QStringLiteral("import filelock\n"
                                              "print(filelock.__version__, hasattr(filelock, 'ReadWriteLock'))")});
    python.waitForFinished();
    const QList<QByteArray> words = python.readAllStandardOutput().trimmed().split(' ');
    return {words.value(0).toStdString(), words.value(1) == "True"};
}

} // namespace

const FilelockPackage &FilelockPackage::found()
{
    static const FilelockPackage package = ask();
    return package;
}

std::string FilelockPackage::readWriteLock() const
{
    return hasReadWriteLock ? "filelock's ReadWriteLock" : "filelock's statements";
}

} // namespace Bench
