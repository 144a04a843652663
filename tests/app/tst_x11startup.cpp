// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// What a window manager and a launcher hear on a real X server, by a connection of their own.

#include <holdfast/gui/windowactivation.h>

#include <QtCore/qlist.h>
#include <QtGui/qguiapplication.h>
#include <QtTest/qtest.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <memory>
#include <xcb/xcb.h>

using Holdfast::Activation;

namespace {

/** Another client, which listens where a window manager and a launcher do. */
class Listener
{
public:
    Listener() : m_connection(xcb_connect(nullptr, nullptr))
    {
        const std::uint32_t mask = XCB_EVENT_MASK_SUBSTRUCTURE_NOTIFY | XCB_EVENT_MASK_PROPERTY_CHANGE;
        xcb_change_window_attributes(m_connection, root(), XCB_CW_EVENT_MASK, &mask);
        atom("the listening has begun"); // a round trip
    }
    ~Listener() { xcb_disconnect(m_connection); }
    Q_DISABLE_COPY_MOVE(Listener)

    bool isConnected() const { return xcb_connection_has_error(m_connection) == 0; }
    xcb_window_t root() const { return xcb_setup_roots_iterator(xcb_get_setup(m_connection)).data->root; }
    xcb_atom_t atom(const QByteArray &name) const
    {
        const auto cookie = xcb_intern_atom(m_connection, 0, std::uint16_t(name.size()), name.constData());
        const std::unique_ptr<xcb_intern_atom_reply_t, decltype(&std::free)> reply(
            xcb_intern_atom_reply(m_connection, cookie, nullptr), &std::free);
        return reply ? reply->atom : xcb_atom_t(XCB_ATOM_NONE);
    }
    QByteArray text(xcb_window_t window, const QByteArray &property) const
    {
        const auto cookie = xcb_get_property(m_connection, 0, window, atom(property), atom("UTF8_STRING"), 0, 1024);
        const std::unique_ptr<xcb_get_property_reply_t, decltype(&std::free)> reply(
            xcb_get_property_reply(m_connection, cookie, nullptr), &std::free);
        if (!reply)
            return {};
        return {static_cast<const char *>(xcb_get_property_value(reply.get())),
                xcb_get_property_value_length(reply.get())};
    }
    /** All messages of a kind that have come so far. */
    QList<xcb_client_message_event_t> heard(const QByteArray &kind)
    {
        while (xcb_generic_event_t *event = xcb_poll_for_event(m_connection)) {
            if ((event->response_type & 0x7f) == XCB_CLIENT_MESSAGE)
                m_heard += *reinterpret_cast<xcb_client_message_event_t *>(event);
            std::free(event);
        }
        QList<xcb_client_message_event_t> found;
        const xcb_atom_t wanted = atom(kind);
        std::copy_if(m_heard.begin(), m_heard.end(), std::back_inserter(found),
                     [wanted](const xcb_client_message_event_t &event) { return event.type == wanted; });
        return found;
    }
    /** What was said to launchers; empty until it is whole. */
    QByteArray broadcast()
    {
        QByteArray text;
        for (const QByteArray &kind : {QByteArray("_NET_STARTUP_INFO_BEGIN"), QByteArray("_NET_STARTUP_INFO")}) {
            for (const xcb_client_message_event_t &event : heard(kind))
                text.append(reinterpret_cast<const char *>(event.data.data8), 20);
        }
        const qsizetype end = text.indexOf('\0');
        return end < 0 ? QByteArray() : text.first(end);
    }

private:
    xcb_connection_t *const m_connection;
    QList<xcb_client_message_event_t> m_heard;
};

} // namespace

class tst_X11Startup : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theWindowHasTheIdAndAsksWithItsTime_data();
    void theWindowHasTheIdAndAsksWithItsTime();
    void anIdWithoutATimeAsksForNothing();
    void withoutAnIdNothingIsSaid();
};

void tst_X11Startup::theWindowHasTheIdAndAsksWithItsTime_data()
{
    QTest::addColumn<bool>("isShown");
    QTest::addColumn<bool>("asToken");
    QTest::newRow("a new window") << false << false;
    QTest::newRow("one that is shown already") << true << false;
    QTest::newRow("from a launcher that gives a token") << true << true;
}

void tst_X11Startup::theWindowHasTheIdAndAsksWithItsTime()
{
    QFETCH(const bool, isShown);
    QFETCH(const bool, asToken);
    Listener listener;
    QVERIFY(listener.isConnected());
    QWindow window;
    if (isShown) {
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
    }
    const QString id = QStringLiteral("gnome-shell/Söme \"notes\"\\4711-2-desk_TIME305419896");
    Activation activation;
    (asToken ? activation.activationToken : activation.startupId) = id;
    Holdfast::bringToFront(&window, activation);
    QVERIFY(window.isVisible());
    const auto number = static_cast<xcb_window_t>(window.winId());
    QTRY_COMPARE(listener.text(number, "_NET_STARTUP_ID"), id.toUtf8());

    const auto isWithTheTime = [&](const xcb_client_message_event_t &event) {
        return event.window == number && event.format == 32 && event.data.data32[0] == 1
               && event.data.data32[1] == 305419896;
    };
    const auto asks = [&] {
        const auto heard = listener.heard("_NET_ACTIVE_WINDOW");
        return std::count_if(heard.begin(), heard.end(), isWithTheTime);
    };
    QTRY_COMPARE(asks(), 1);

    const QByteArray removal("remove: ID=\"gnome-shell/S\xc3\xb6me \\\"notes\\\"\\\\4711-2-desk_TIME305419896\"");
    QTRY_COMPARE(listener.broadcast(), removal);
    QCOMPARE(listener.heard("_NET_STARTUP_INFO_BEGIN").size(), 1);
    QVERIFY(listener.heard("_NET_STARTUP_INFO").size() > 1);
    QCOMPARE(listener.heard("_NET_STARTUP_INFO").first().format, 8);
}

void tst_X11Startup::anIdWithoutATimeAsksForNothing()
{
    Listener listener;
    QWindow window;
    Activation activation;
    activation.startupId = QStringLiteral("by-hand");
    Holdfast::bringToFront(&window, activation);
    QTRY_COMPARE(listener.broadcast(), QByteArray("remove: ID=\"by-hand\""));
    QCOMPARE(listener.text(static_cast<xcb_window_t>(window.winId()), "_NET_STARTUP_ID"), QByteArray("by-hand"));
    QCOMPARE(listener.heard("_NET_ACTIVE_WINDOW").size(), 0);
}

void tst_X11Startup::withoutAnIdNothingIsSaid()
{
    Listener listener;
    QWindow window;
    Holdfast::bringToFront(&window, {});
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    QCOMPARE(listener.broadcast(), QByteArray());
    QCOMPARE(listener.text(static_cast<xcb_window_t>(window.winId()), "_NET_STARTUP_ID"), QByteArray());
}

QTEST_MAIN(tst_X11Startup)
#include "tst_x11startup.moc"
