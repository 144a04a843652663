// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/app/singleinstance.h>

#include <QtCore/qstring.h>

#include <chrono>

namespace Holdfast {

/** The properties of a SingleInstance, as they were when it was started. */
struct InstanceSettings
{
    QString key;
    SingleInstance::Scope scope = SingleInstance::Scope::User;
    QString directory; ///< empty: the usual one
    SingleInstance::Access access = SingleInstance::Access::SameUser;
    std::chrono::milliseconds timeout{5000};
    qint64 maximumSize = qint64(16) * 1024 * 1024;
    SingleInstance::WhenUnresponsive whenUnresponsive = SingleInstance::WhenUnresponsive::Fail;
};

/** Why something failed: the public code and one sentence. */
struct InstanceFailure
{
    SingleInstance::Error error = SingleInstance::Error::None;
    QString text = {};

    bool isSet() const { return error != SingleInstance::Error::None; }
};

} // namespace Holdfast
