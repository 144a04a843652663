// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
// How a marker is kept and given back.

#include "engine/markerbackend.h"

#include "engine/reclaim.h"

#include <QtCore/qfile.h>

namespace Holdfast {

std::optional<Failure> MarkerBackend::release()
{
    if (os::Status removed = removeOwn(os::Directory::working(), m_path, m_identity, m_file.descriptor()); !removed)
        return releaseFailure(m_path, removed.error());
    m_file.close();
    stopTrying();
    return std::nullopt;
}

void MarkerBackend::drop()
{
    if (m_file.isOpen() && m_identity.isValid())
        static_cast<void>(removeOwn(os::Directory::working(), m_path, m_identity, m_file.descriptor()));
    m_file.close();
    stopTrying();
}

void MarkerBackend::abandon()
{
    m_file.abandon();
    m_reader.abandon();
}

LossReason MarkerBackend::inspect()
{
    os::Result<std::optional<os::FileFacts>> facts = os::Directory::working().facts(m_path);
    if (!facts)
        return LossReason::None;
    if (!*facts)
        return LossReason::MarkerMissing;
    return (*facts)->identity == m_identity ? LossReason::None : LossReason::OwnerChanged;
}

Watchable MarkerBackend::watchable() const
{
    return {m_file.isOpen() ? m_file.descriptor() : m_reader.descriptor(), m_opening};
}

QString MarkerBackend::name() const
{
    return QFile::decodeName(m_options.path.c_str());
}

} // namespace Holdfast
