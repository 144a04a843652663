// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/filewatch.h"

namespace Holdfast::os {

FileWatch::~FileWatch() = default;

bool FileWatch::prepare()
{
    return false;
}

Result<int> FileWatch::add(std::intptr_t, Interest)
{
    return SystemError{ErrorKind::Unsupported, 0, "watch"};
}

void FileWatch::remove(int) { }

std::vector<FileEvent> FileWatch::takeEvents()
{
    return {};
}

void FileWatch::abandon() { }

} // namespace Holdfast::os
