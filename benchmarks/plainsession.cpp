// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "plainsession.h"

#include <cstdlib>
#include <stdexcept>

namespace Bench {

PlainSession::PlainSession() : m_connection(PQconnectdb(std::getenv("HOLDFAST_POSTGRES")), PQfinish)
{
    if (PQstatus(m_connection.get()) != CONNECTION_OK)
        throw std::runtime_error(PQerrorMessage(m_connection.get()));
}

std::string PlainSession::ask(const std::string &statement)
{
    const std::unique_ptr<PGresult, void (*)(PGresult *)> result(PQexec(m_connection.get(), statement.c_str()),
                                                                 PQclear);
    const ExecStatusType status = PQresultStatus(result.get());
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
        throw std::runtime_error(PQerrorMessage(m_connection.get()));
    return PQntuples(result.get()) > 0 ? PQgetvalue(result.get(), 0, 0) : std::string();
}

} // namespace Bench
