// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/lockholder.h>
#include <holdfast/locktypes.h>

#include <QtQml/qqml.h>

namespace Holdfast {

/** The words that all locks share, in QML as in C++: `Holdfast.PermissionDenied`, `Holdfast.Alive`, `Holdfast.Expired`. */
namespace QmlWords {
Q_NAMESPACE
QML_FOREIGN_NAMESPACE(Holdfast)
QML_NAMED_ELEMENT(Holdfast)
} // namespace QmlWords

/** LockHolder as a value in bindings: `lock.owner.userName`. */
struct QmlLockHolder
{
    Q_GADGET
    QML_FOREIGN(Holdfast::LockHolder)
    QML_VALUE_TYPE(lockHolder)
};

} // namespace Holdfast
