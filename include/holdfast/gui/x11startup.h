// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qbytearray.h>
#include <QtCore/qlibrary.h>
#include <QtGui/qguiapplication.h>
#include <QtGui/qguiapplication_platform.h>
#include <QtGui/qwindow.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <optional>

namespace Holdfast::X11 {

/** The time of the user's act that @p startupId stands for: behind its last `_TIME`. Nothing: it has none. */
inline std::optional<std::uint32_t> timeOf(const QByteArray &startupId)
{
    constexpr char mark[] = "_TIME";
    const qsizetype at = startupId.lastIndexOf(mark);
    bool isNumber = false;
    const auto time = startupId.mid(at + qsizetype(std::strlen(mark))).toUInt(&isNumber);
    return at >= 0 && isNumber ? std::optional<std::uint32_t>(time) : std::nullopt;
}

#if QT_CONFIG(xcb)

/** An event of the X protocol with 20 bytes of data, which one client sends to others. */
struct ClientMessage
{
    std::uint8_t event = 33; // ClientMessage
    std::uint8_t format = 32;
    std::uint16_t sequence = 0;
    std::uint32_t window = 0;
    std::uint32_t kind = 0;
    std::array<std::uint32_t, 5> data = {};
};
static_assert(sizeof(ClientMessage) == 32);

/** Qt's connection to the X server. libxcb is looked up in what Qt has loaded, so nothing is needed to build. GUI thread. */
class Connection
{
public:
    Connection()
    {
        if (const auto *x11 = qGuiApp->nativeInterface<QNativeInterface::QX11Application>())
            m_connection = x11->connection();
    }
    explicit operator bool() const { return m_connection && call<int(xcb_connection_t *)>("xcb_flush"); }

    std::uint32_t atom(const QByteArray &name) const
    {
        const auto ask = call<Cookie(xcb_connection_t *, std::uint8_t, std::uint16_t, const char *)>("xcb_intern_atom");
        return answer("xcb_intern_atom_reply",
                      ask(m_connection, 0, static_cast<std::uint16_t>(name.size()), name.constData()));
    }
    std::uint32_t rootOf(std::uint32_t window) const
    {
        return answer("xcb_query_tree_reply",
                      call<Cookie(xcb_connection_t *, std::uint32_t)>("xcb_query_tree")(m_connection, window));
    }
    void setText(std::uint32_t window, const QByteArray &property, const QByteArray &text) const
    {
        using Change = Cookie(xcb_connection_t *, std::uint8_t, std::uint32_t, std::uint32_t, std::uint32_t,
                              std::uint8_t, std::uint32_t, const void *);
        constexpr std::uint8_t replace = 0;
        call<Change>("xcb_change_property")(m_connection, replace, window, atom(property), atom("UTF8_STRING"), 8,
                                            static_cast<std::uint32_t>(text.size()), text.constData());
    }
    void send(std::uint32_t to, std::uint32_t mask, const ClientMessage &message) const
    {
        using Send = Cookie(xcb_connection_t *, std::uint8_t, std::uint32_t, std::uint32_t, const char *);
        call<Send>("xcb_send_event")(m_connection, 0, to, mask, reinterpret_cast<const char *>(&message));
    }
    void flush() const { call<int(xcb_connection_t *)>("xcb_flush")(m_connection); }

private:
    struct Cookie
    {
        unsigned sequence;
    };

    template<class Function>
    static Function *call(const char *name)
    {
        return reinterpret_cast<Function *>(QLibrary::resolve(QStringLiteral("xcb"), 1, name));
    }

    // What is asked for here is the first word behind the head of the reply, which has 8 bytes. 0: none, the window has gone.
    std::uint32_t answer(const char *function, Cookie question) const
    {
        void *reply = call<void *(xcb_connection_t *, Cookie, void **)>(function)(m_connection, question, nullptr);
        std::uint32_t word = 0;
        if (reply)
            std::memcpy(&word, static_cast<const char *>(reply) + 8, sizeof word);
        std::free(reply);
        return word;
    }

    xcb_connection_t *m_connection = nullptr;
};

/**
 * The end of a start: the launcher has shown that a program starts, under an id, and this window is what came of it. As the Startup
 * Notification Protocol (freedesktop.org) and the Extended Window Manager Hints have it. Does nothing without an X server or an id.
 */
class Startup
{
public:
    /** Gives @p window the id, by which the window manager knows when the user asked for it: before it is shown. */
    Startup(QWindow *window, const QByteArray &id) : m_id(id)
    {
        if (m_id.isEmpty() || !m_connection)
            return;
        m_window = static_cast<std::uint32_t>(window->winId());
        m_root = m_connection.rootOf(m_window);
        m_connection.setText(m_window, "_NET_STARTUP_ID", m_id);
    }

    /** Once it is shown: asks for the focus, with the time of the user's act, and tells the launcher to stop showing a start. */
    void finish() const
    {
        if (m_root == 0)
            return;
        if (const auto time = timeOf(m_id)) {
            constexpr std::uint32_t fromAnApplication = 1;
            constexpr std::uint32_t toTheWindowManager = 0x00180000; // SubstructureNotify and SubstructureRedirect
            m_connection.send(m_root, toTheWindowManager,
                              {.window = m_window,
                               .kind = m_connection.atom("_NET_ACTIVE_WINDOW"),
                               .data = {fromAnApplication, *time}});
        }
        QByteArray id = m_id;
        id.replace('\\', "\\\\").replace('"', "\\\"");
        broadcast("remove: ID=\"" + id + '"');
        m_connection.flush();
    }

private:
    // In pieces of 20 bytes, the last of which has the zero at the end.
    void broadcast(const QByteArray &text) const
    {
        constexpr std::uint32_t toWhoWatchesProperties = 0x00400000;
        ClientMessage piece{.format = 8, .window = m_window, .kind = m_connection.atom("_NET_STARTUP_INFO_BEGIN")};
        const std::uint32_t further = m_connection.atom("_NET_STARTUP_INFO");
        constexpr qsizetype size = sizeof piece.data;
        for (qsizetype at = 0; at <= text.size(); at += size) {
            piece.data = {};
            std::memcpy(&piece.data, text.constData() + at, static_cast<std::size_t>(std::min(size, text.size() - at)));
            m_connection.send(m_root, toWhoWatchesProperties, piece);
            piece.kind = further;
        }
    }

    const Connection m_connection;
    const QByteArray m_id;
    std::uint32_t m_window = 0;
    std::uint32_t m_root = 0;
};

#else

class Startup // there is no X server
{
public:
    Startup(QWindow *, const QByteArray &) { }
    void finish() const { }
};

#endif

} // namespace Holdfast::X11
