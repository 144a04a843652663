// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/app/activation.h>
#include <holdfast/app/activationreply.h>

#include <QtCore/qbytearray.h>

#include <optional>

namespace Holdfast {

/** The body of an activation's frame: a CBOR map with the members' names. Empty members are left out. */
QByteArray writeActivation(const Activation &activation);

/** Whether they say more than a million things (arguments, URLs, names, values): more memory than anybody means. */
bool hasTooManyEntries(const QByteArray &bytes);

/** Nothing: the bytes are no such map. Unknown members are passed over, so that newer versions can say more. */
std::optional<Activation> readActivation(const QByteArray &bytes);

/** The body of an answer's frame. Only Accepted, Rejected and Failed are answers that a primary gives. */
QByteArray writeReply(const ActivationReply &reply);
std::optional<ActivationReply> readReply(const QByteArray &bytes);

} // namespace Holdfast
