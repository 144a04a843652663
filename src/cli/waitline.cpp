// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "cli/waitline.h"

#include "cli/inspectiontext.h"
#include "cli/output.h"
#include "cli/platform.h"

#include <QtCore/qbytearray.h>

#include <chrono>
#include <cstdio>
#include <utility>

namespace Holdfast::Cli {

namespace {

// To the left margin; erase to the right; a line too long is cut off by the terminal instead of wrapped (DECAWM),
// because a wrapped one could not be erased.
constexpr char Erase[] = "\r\x1b[K";
constexpr char CutOff[] = "\x1b[?7l";
constexpr char Wrap[] = "\x1b[?7h";

void write(const QByteArray &bytes)
{
    std::fwrite(bytes.constData(), 1, static_cast<std::size_t>(bytes.size()), stderr);
    std::fflush(stderr);
}

} // namespace

WaitLine::WaitLine(std::function<LockHolder()> holder, const QString &file, QObject *parent)
    : QObject(parent), m_holder(std::move(holder)), m_file(file)
{
    m_everySecond.setInterval(std::chrono::seconds(1));
    connect(&m_everySecond, &QTimer::timeout, this, [this] { update(m_holder()); });
}

WaitLine::~WaitLine()
{
    clear();
}

bool WaitLine::isPossible()
{
    const QByteArray terminal = qgetenv("TERM");
    return !terminal.isEmpty() && terminal != "dumb" && isTerminalOurs();
}

void WaitLine::show(const LockHolder &holder)
{
    m_waited.start();
    m_everySecond.start();
    update(holder);
}

// Asked each time: a shell can put us in the background and bring us back.
void WaitLine::update(const LockHolder &holder)
{
    if (!isPossible())
        return;
    const QString text = QStringLiteral("holdfast: waiting for \"%1\", held by %2, %3")
                             .arg(m_file, describe(holder), inWords((m_waited.elapsed() + 500) / 1000));
    write(QByteArray(Erase) + CutOff + printable(text).toUtf8() + Wrap);
    m_visible = true;
}

void WaitLine::clear()
{
    m_everySecond.stop();
    if (m_visible && isPossible())
        write(Erase);
    m_visible = false;
}

} // namespace Holdfast::Cli
