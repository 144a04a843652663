// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "qmlnonsense.h"

#include <QtCore/qmetaobject.h>
#include <QtCore/qobject.h>
#include <QtCore/qvariant.h>

#include <cmath>
#include <limits>

namespace Holdfast {

namespace {

// Times are numbers of JavaScript. An int in their place would turn what is none, and what is too large, into another time.
QString nonsenseInTime(const QMetaProperty &property, double value)
{
    constexpr double largest = std::numeric_limits<int>::max();
    const bool isPartOfNone = value < 0 && value != std::trunc(value); // -1 has a meaning, a part of it has not
    if (std::isfinite(value) && std::abs(value) <= largest && !isPartOfNone)
        return {};
    return QStringLiteral("the %1 %2: that is no number of milliseconds; take one of at most %3")
        .arg(QLatin1String(property.name()), QString::number(value), QString::number(largest, 'f', 0));
}

QString nonsenseInEnumeration(const QMetaProperty &property, int value)
{
    const QMetaEnum words = property.enumerator();
    int all = 0;
    for (int i = 0; i < words.keyCount(); ++i)
        all |= words.value(i);
    if (words.isFlag() ? (value & ~all) == 0 : words.valueToKey(value) != nullptr)
        return {};
    return QStringLiteral("the %1 %2: there is none of that number; take a value of the enumeration %3")
        .arg(QLatin1String(property.name()), QString::number(value), QLatin1String(words.enumName()));
}

} // namespace

QString nonsenseIn(const QObject &item)
{
    const QMetaObject *type = item.metaObject();
    for (int i = QObject::staticMetaObject.propertyCount(); i < type->propertyCount(); ++i) {
        const QMetaProperty property = type->property(i);
        if (!property.isWritable())
            continue;
        QString found;
        if (property.isEnumType())
            found = nonsenseInEnumeration(property, property.read(&item).toInt());
        else if (property.metaType() == QMetaType::fromType<double>())
            found = nonsenseInTime(property, property.read(&item).toDouble());
        if (!found.isEmpty())
            return found;
    }
    return {};
}

} // namespace Holdfast
