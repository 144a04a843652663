// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "sql/postgresinspection.h"

#include "sql/postgreserror.h"
#include "sql/postgresholder.h"
#include "sql/postgressession.h"
#include "sql/reply.h"

namespace Holdfast {

ServerHolders holdersOnServer(const ServerAddress &address, qint64 key, std::chrono::milliseconds patience)
{
    const std::shared_ptr<PostgresSession> session = PostgresSession::at(address);
    if (!session)
        return {.failure = {LockError::OutOfResources, QStringLiteral("There is no thread to be had.")}};
    const auto reply = std::make_shared<Reply<PostgresConnection::Answer>>();
    const bool isPosted = session->post([reply, key](const PostgresSession::Desk &desk) {
        if (reply->isAwaited())
            reply->give(desk.connection.ask(holdersExpression(key)));
    });
    if (!isPosted)
        return {.failure = session->loss()};
    const auto answer = reply->wait(patience);
    if (!answer)
        return {.failure = session->isLost() ? session->loss() : noAnswer(address)};
    return {holdersIn(answer->text), answer->failure};
}

LockInspection inspectServer(const ServerAddress &address, qint64 key)
{
    const ServerHolders found = holdersOnServer(address, key, address.lossBound);
    LockInspection inspection{
        .family = LockEntry::Family::ReadWrite, .error = found.failure.error, .errorString = found.failure.text};
    for (const LockHolder &holder : found.holders) {
        const bool isWriter = holder.mode == LockMode::Exclusive;
        inspection.entries += LockEntry{.family = LockEntry::Family::ReadWrite,
                                        .role = isWriter ? LockEntry::Role::Writer : LockEntry::Role::Reader,
                                        .holder = holder};
    }
    return inspection;
}

} // namespace Holdfast
