// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "records/instanceframe.h"

#include <QtCore/qbytearray.h>

QT_BEGIN_NAMESPACE
class QIODevice;
QT_END_NAMESPACE

namespace Holdfast {

/** @p kind and @p body as they go over the wire. */
QByteArray frame(records::FrameKind kind, const QByteArray &body = {});

/**
 * Takes one frame after the other from a device, whatever pieces they come in: each byte is looked at once. Memory is taken for what
 * has come, not for what a head promises.
 */
class FrameReader
{
public:
    explicit FrameReader(qint64 maximumSize) : m_maximumSize(maximumSize) { }

    enum class Result {
        Incomplete,
        Complete, ///< see kind() and takeBody(); then there may be another
        TooLarge,
        Foreign ///< no frame of this version
    };

    /** Reads what there is, up to the end of a frame. After TooLarge and Foreign there is nothing more to expect. */
    Result read(QIODevice &device);

    records::FrameKind kind() const { return m_head.kind; }
    bool hasHead() const; ///< so kind() is known, though not all may have come
    QByteArray takeBody();

private:
    Result readHead(QIODevice &device);
    void readBody(QIODevice &device);

    const qint64 m_maximumSize;
    QByteArray m_headBytes;
    records::FrameHead m_head;
    QByteArray m_body;
};

} // namespace Holdfast
