// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <libpq-fe.h>
#include <memory>
#include <string>

namespace Bench {

/** A session on the server that HOLDFAST_POSTGRES names, by libpq alone. */
class PlainSession
{
public:
    PlainSession();

    /** The first value that @p statement gives, if any; ends the program when the server refuses it. */
    std::string ask(const std::string &statement);

private:
    std::unique_ptr<PGconn, void (*)(PGconn *)> m_connection;
};

} // namespace Bench
