// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/abstractlock.h>

#include <QtCore/qstring.h>

#include <memory>

/** Makes a lock of the kind that is called @p kind ("file") on @p path; null when there is no such kind. */
std::unique_ptr<Holdfast::AbstractLock> makeLock(const QString &kind, const QString &path);
