// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/gui/windowactivation.h>

#include <QObject>
#include <QWindow>
#include <QtQml/qqml.h>

/** Brings a window to the front, for QML. */
class Raiser : public QObject
{
    Q_OBJECT
    QML_ELEMENT

public:
    using QObject::QObject;

    Q_INVOKABLE void raise(QWindow *window, const Holdfast::Activation &activation)
    {
        Holdfast::bringToFront(window, activation);
    }
};
