// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "os/directory.h"

#include <string>
#include <string_view>
#include <utility>

namespace Holdfast::os {

/**
 * The owner's side of a marker: one file that this process created and nobody else. While it is open, no other file can
 * get its identity. Not thread-safe, but for abandon().
 */
class MarkerFile
{
public:
    MarkerFile() = default;
    explicit MarkerFile(Descriptor open) : m_descriptor(std::move(open)) { } ///< already created in another way

    /** Creates @p name and opens it for writing; closes what was open before. False: something has that name already. */
    Result<bool> create(const Directory &directory, const std::string &name, unsigned mode);

    /** All of them, after those written before. The file stays open, and yet other machines see them when this returns. */
    Status write(std::string_view bytes);
    Result<FileFacts> facts() const;
    Status refresh(); ///< gives it the filesystem's present time, whatever its name is by now
    Status setMode(unsigned mode);

    bool isOpen() const { return m_descriptor.isOpen(); }
    std::intptr_t descriptor() const { return m_descriptor.number(); }
    void close() { m_descriptor.close(); } ///< the file stays
    void abandon() { m_descriptor.abandon(); }

private:
    Descriptor m_descriptor;
};

} // namespace Holdfast::os
