// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "middleman.h"

#include <QtCore/qdeadlinetimer.h>
#include <QtCore/qendian.h>
#include <QtCore/qfile.h>

#include <algorithm>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace {

constexpr int Patience = 30000; // ms; only a hang takes that long

// "ReadyForQuery", outside of a transaction: the end of each answer.
const QByteArray Ready("Z\0\0\0\5I", 6);

sockaddr_un addressOf(const QString &path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const QByteArray name = QFile::encodeName(path);
    std::memcpy(address.sun_path, name.constData(), std::min<std::size_t>(name.size(), sizeof address.sun_path - 1));
    return address;
}

int openSocket()
{
    return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

void require(bool condition, const char *what)
{
    if (!condition)
        qFatal("the middleman cannot %s", what);
}

bool sendAll(int socket, const QByteArray &bytes)
{
    for (qsizetype sent = 0; sent < bytes.size();) {
        const ssize_t size = send(socket, bytes.constData() + sent, std::size_t(bytes.size() - sent), MSG_NOSIGNAL);
        if (size <= 0)
            return false;
        sent += size;
    }
    return true;
}

QByteArray receive(int socket, int patience)
{
    pollfd one{socket, POLLIN, 0};
    if (poll(&one, 1, patience) <= 0)
        return {};
    QByteArray bytes(16384, Qt::Uninitialized);
    const ssize_t size = recv(socket, bytes.data(), std::size_t(bytes.size()), 0);
    return bytes.left(std::max<ssize_t>(size, 0));
}

} // namespace

struct Middleman::Pair
{
    Pair(int theirs, int own) : client(theirs), server(own) { }
    ~Pair() { close(client), close(server); }
    Pair(const Pair &) = delete;
    Pair &operator=(const Pair &) = delete;

    const int client;
    const int server;
    bool isOver = false;
    bool isAsked = true; // from the client's first byte on, until the server is ready
    bool hasHeardWord = false;
};

Middleman::Middleman(const PostgresServer &server)
    : m_directory(server.directory()),
      m_server(QStringLiteral("%1/.s.PGSQL.%2").arg(m_directory).arg(server.port())),
      m_described(server.describe()),
      m_listener(openSocket())
{
    m_described.setPort(Port);
    const sockaddr_un address = addressOf(QStringLiteral("%1/.s.PGSQL.%2").arg(m_directory).arg(Port));
    unlink(address.sun_path);
    require(bind(m_listener, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0, "bind");
    require(chmod(address.sun_path, 0777) == 0 && listen(m_listener, 16) == 0, "listen");
    m_thread.reset(QThread::create([this] { run(); }));
    m_thread->start();
}

Middleman::~Middleman()
{
    m_isOver = true;
    m_thread->wait();
    m_pairs.clear();
    close(m_listener);
}

QSqlDatabase Middleman::describe() const
{
    return m_described;
}

bool Middleman::say(const QByteArray &statement)
{
    m_word = statement;
    m_hasWord = true;
    const QDeadlineTimer deadline(Patience);
    while (m_hasWord && !deadline.hasExpired())
        QThread::msleep(1);
    return !m_hasWord;
}

void Middleman::run()
{
    while (!m_isOver) {
        std::vector<pollfd> all{{m_listener, POLLIN, 0}};
        for (const auto &pair : m_pairs) {
            all.push_back({pair->client, POLLIN, 0});
            all.push_back({pair->server, POLLIN, 0});
        }
        constexpr int step = 2; // ms, for what no descriptor tells
        poll(all.data(), m_isHoldingBack ? 0 : all.size(), step);
        if (m_isHoldingBack)
            continue;
        if (all.front().revents != 0)
            accept();
        for (const auto &pair : m_pairs)
            serve(*pair);
        std::erase_if(m_pairs, [](const auto &pair) { return pair->isOver; });
        const auto knows = [](const auto &pair) { return pair->hasHeardWord; };
        if (m_hasWord && std::all_of(m_pairs.begin(), m_pairs.end(), knows)) {
            for (const auto &pair : m_pairs)
                pair->hasHeardWord = false;
            m_hasWord = false;
        }
    }
}

void Middleman::accept()
{
    const int client = accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
    const int server = openSocket();
    const sockaddr_un address = addressOf(m_server);
    require(client >= 0, "accept");
    ++m_connections;
    m_pairs.push_back(std::make_unique<Pair>(client, server));
    m_pairs.back()->isOver = connect(server, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0;
}

void Middleman::serve(Pair &pair) const
{
    pollfd both[] = {{pair.client, POLLIN, 0}, {pair.server, POLLIN, 0}};
    poll(both, 2, 0);
    if (both[1].revents != 0) {
        const QByteArray said = receive(pair.server, 0);
        pair.isAsked = pair.isAsked && !said.endsWith(Ready);
        pair.isOver = said.isEmpty() || !sendAll(pair.client, said);
    } else if (m_hasWord && !pair.isAsked && !pair.hasHeardWord) {
        interrupt(pair); // before the client's next word
    } else if (both[0].revents != 0) {
        const QByteArray said = receive(pair.client, 0);
        pair.isAsked = true;
        pair.isOver = said.isEmpty() || !sendAll(pair.server, said);
    }
}

// A simple query, https://www.postgresql.org/docs/current/protocol-message-formats.html; its answer is nobody's business.
void Middleman::interrupt(Pair &pair) const
{
    QByteArray query = m_word + '\0';
    QByteArray length(4, '\0');
    qToBigEndian(quint32(query.size() + 4), length.data());
    QByteArray answer;
    pair.isOver = !sendAll(pair.server, 'Q' + length + query);
    while (!pair.isOver && !answer.endsWith(Ready)) {
        const QByteArray more = receive(pair.server, Patience);
        pair.isOver = more.isEmpty();
        answer += more;
    }
    pair.hasHeardWord = true;
}
