// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qstring.h>

QT_FORWARD_DECLARE_CLASS(QObject)

namespace Holdfast {

/** The first property of @p item that may be set and has a value that means nothing, in words: QML puts any number where an
    enumeration is meant, and what is no number at all where a time is. Empty: all mean something. */
QString nonsenseIn(const QObject &item);

} // namespace Holdfast
