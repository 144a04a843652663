// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "app/framereader.h"

#include <QtCore/qiodevice.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace Holdfast {

namespace {

constexpr auto HeadSize = static_cast<qsizetype>(records::FrameHeadSize);

} // namespace

QByteArray frame(records::FrameKind kind, const QByteArray &body)
{
    const std::string head = records::writeFrameHead({kind, static_cast<std::uint32_t>(body.size())});
    QByteArray bytes;
    bytes.reserve(HeadSize + body.size());
    bytes.append(head.data(), HeadSize);
    bytes.append(body);
    return bytes;
}

FrameReader::Result FrameReader::read(QIODevice &device)
{
    if (m_headBytes.size() < HeadSize) {
        const Result head = readHead(device);
        if (head != Result::Complete)
            return head;
    }
    readBody(device);
    return m_body.size() < m_head.length ? Result::Incomplete : Result::Complete;
}

FrameReader::Result FrameReader::readHead(QIODevice &device)
{
    m_headBytes += device.read(HeadSize - m_headBytes.size());
    const std::string_view bytes(m_headBytes.constData(), static_cast<std::size_t>(m_headBytes.size()));
    if (!records::canBeginFrame(bytes))
        return Result::Foreign;
    if (m_headBytes.size() < HeadSize)
        return Result::Incomplete;
    if (records::readFrameHead(bytes, &m_head) != records::FrameFault::None)
        return Result::Foreign;
    return m_head.length > m_maximumSize ? Result::TooLarge : Result::Complete;
}

// resize() takes room in growing steps, so that a large body is not copied for each piece.
void FrameReader::readBody(QIODevice &device)
{
    const qsizetype had = m_body.size();
    const qint64 more = std::min<qint64>(device.bytesAvailable(), m_head.length - had);
    if (more <= 0)
        return;
    m_body.resize(had + more);
    const qint64 got = device.read(m_body.data() + had, more);
    m_body.resize(had + std::max<qint64>(got, 0));
}

bool FrameReader::hasHead() const
{
    return m_headBytes.size() == HeadSize;
}

QByteArray FrameReader::takeBody()
{
    m_headBytes.clear();
    return std::exchange(m_body, QByteArray());
}

} // namespace Holdfast
