// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "app/instancesettings.h"
#include "os/directory.h"

#include <string>
#include <variant>

namespace Holdfast {

/** The directory in which the instances of a program meet, open; nobody but those who may can put anything there. */
struct InstanceDirectory
{
    std::string path;
    os::Directory handle;
};

/** The one that @p settings say, made when missing, or why it cannot be used. */
std::variant<InstanceDirectory, InstanceFailure> openInstanceDirectory(const InstanceSettings &settings);

/** Whether the file @p name there is ours to use: it is missing, or belongs to somebody who may take part. */
InstanceFailure checkInstanceFile(const InstanceDirectory &directory, const std::string &name,
                                  SingleInstance::Access access);

/** The sentence for a directory or file at @p path that @p owner has, and that we do not trust. */
InstanceFailure somebodyElses(const std::string &path, unsigned owner);

} // namespace Holdfast
