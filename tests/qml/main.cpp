// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// Runs the tst_*.qml beside it, with the module from the build and a hand for what QML cannot do: other processes, folders.

#include "hand.h"

#include <QtQml/qqmlengine.h>
#include <QtQuickTest/quicktest.h>

class Setup : public QObject
{
    Q_OBJECT

public Q_SLOTS:
    void qmlEngineAvailable(QQmlEngine *engine)
    {
        engine->addImportPath(QStringLiteral(HOLDFAST_QML_MODULES));
        qmlRegisterSingletonType<Hand>("Testing", 1, 0, "Hand", [](QQmlEngine *, QJSEngine *) { return new Hand; });
    }
};

QUICK_TEST_MAIN_WITH_SETUP(qml, Setup)
#include "main.moc"
