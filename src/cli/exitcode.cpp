// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/exitcode.h"

namespace Holdfast::Cli {

int exitCodeFor(LockError error)
{
    switch (error) {
    case LockError::None:
        return ExitCode::Success;
    case LockError::InvalidArgument: // of the path: all else was refused before
    case LockError::PermissionDenied:
    case LockError::NotFound:
    case LockError::NotAFile:
    case LockError::NameTooLong:
        return ExitCode::CannotOpen;
    case LockError::ReadOnlyLocation:
    case LockError::NoSpace:
        return ExitCode::CannotCreate;
    case LockError::Unsupported:
    case LockError::OtherFamily: // what lies there is not this kind's
    case LockError::SettingsMismatch:
    case LockError::Damaged:
    case LockError::NotALockFile:
        return ExitCode::CannotLock;
    case LockError::ConnectionFailed:
        return ExitCode::NoServer;
    case LockError::OutOfResources:
    case LockError::CallbackFailed: // the hook's: no descriptor was left
    case LockError::System:
        return ExitCode::System;
    case LockError::Misuse:
    case LockError::WouldDeadlock:
    case LockError::NoEventLoop:
    case LockError::Inherited:
        break;
    }
    return ExitCode::Internal;
}

int exitCodeFor(SingleInstance::Error error)
{
    switch (error) {
    case SingleInstance::Error::None:
        return ExitCode::Success;
    case SingleInstance::Error::InvalidArgument: // of the key or the directory: all else was refused before
    case SingleInstance::Error::NoSession:
        return ExitCode::Usage;
    case SingleInstance::Error::NoDirectory:
    case SingleInstance::Error::NotPrivate:
    case SingleInstance::Error::OtherUser:
        return ExitCode::CannotOpen;
    case SingleInstance::Error::CannotElect:
    case SingleInstance::Error::OtherProtocol:
    case SingleInstance::Error::TooLarge:
    case SingleInstance::Error::Displaced:
    case SingleInstance::Error::Unsupported:
        return ExitCode::CannotLock;
    case SingleInstance::Error::CannotListen:
    case SingleInstance::Error::CannotConnect:
        return ExitCode::System;
    case SingleInstance::Error::Unresponsive:
        return ExitCode::TryLater;
    case SingleInstance::Error::Misuse:
        break;
    }
    return ExitCode::Internal;
}

} // namespace Holdfast::Cli
