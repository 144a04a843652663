// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include <holdfast/gui/windowactivation.h>

#include <QtGui/qguiapplication.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using Holdfast::Activation;
using Holdfast::SingleInstance;

namespace {

/** Notes what the environment was when it was asked to become active, as Qt's Wayland part looks at it. */
class Window : public QWindow
{
public:
    QByteArray token;

protected:
    bool event(QEvent *event) override
    {
        if (event->type() == QEvent::Show)
            token = qgetenv("XDG_ACTIVATION_TOKEN");
        return QWindow::event(event);
    }
};

} // namespace

class tst_WindowActivation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theWindowComesToTheFrontWithTheToken();
    void aMinimizedWindowComesBack();
    void filesThatTheDesktopSendsAreActivations();
};

void tst_WindowActivation::theWindowComesToTheFrontWithTheToken()
{
    Window window;
    Window other;
    other.show();
    QVERIFY(QTest::qWaitForWindowActive(&other));
    Activation activation;
    activation.activationToken = QStringLiteral("token");
    Holdfast::bringToFront(&window, activation);
    QVERIFY(QTest::qWaitForWindowActive(&window));
    QCOMPARE(window.token, QByteArray("token"));
    QVERIFY(!qEnvironmentVariableIsSet("XDG_ACTIVATION_TOKEN"));
}

void tst_WindowActivation::aMinimizedWindowComesBack()
{
    QWindow window;
    window.showMinimized();
    Holdfast::bringToFront(&window, {});
    QVERIFY(!window.windowStates().testFlag(Qt::WindowMinimized));
    QVERIFY(QTest::qWaitForWindowActive(&window));
}

void tst_WindowActivation::filesThatTheDesktopSendsAreActivations()
{
    SingleInstance instance(QStringLiteral("notes"));
    const Holdfast::FileOpenEvents events(&instance);
    QSignalSpy activated(&instance, &SingleInstance::activated);
    QFileOpenEvent event(QUrl(QStringLiteral("file:///tmp/letter.txt")));
    QVERIFY(QCoreApplication::sendEvent(qApp, &event));
    QTRY_COMPARE(activated.size(), 1);
    QCOMPARE(activated.first().first().value<Activation>().urls,
             QList<QUrl>{QUrl(QStringLiteral("file:///tmp/letter.txt"))});
}

QTEST_MAIN(tst_WindowActivation)
#include "tst_windowactivation.moc"
