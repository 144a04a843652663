// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "os/systemerror.h"

namespace Holdfast::os {

std::string SystemError::words() const
{
    return "this system is not supported";
}

SystemError errorFromCode(int code, const char *operation)
{
    return {ErrorKind::Unsupported, code, operation};
}

SystemError notThere(const char *operation)
{
    return errorFromCode(0, operation);
}

SystemError notPermitted(const char *operation)
{
    return errorFromCode(0, operation);
}

SystemError notAFile(const char *operation)
{
    return errorFromCode(0, operation);
}

SystemError lastError(const char *operation)
{
    return errorFromCode(0, operation);
}

} // namespace Holdfast::os
