// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/app/singleinstance.h>

#include <QDateTime>
#include <QObject>
#include <QtQml/qqml.h>

#include <optional>

/** A notepad runs already and does not answer: what its user decides about that. */
class Unanswered : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("An Unanswered is made by main().")
    Q_PROPERTY(QString processId READ processId CONSTANT FINAL)
    Q_PROPERTY(QDateTime since READ since CONSTANT FINAL)
    Q_PROPERTY(bool waiting READ isWaiting NOTIFY waitingChanged FINAL)

public:
    /** @p instance has just found the one that runs unresponsive. */
    Unanswered(Holdfast::SingleInstance &instance, const Holdfast::Activation &activation);

    QString processId() const { return m_owner.processId > 0 ? QString::number(m_owner.processId) : QString(); }
    QDateTime since() const { return m_owner.since; } ///< invalid: not known
    bool isWaiting() const { return m_isWaiting; }

    /** With what exit status to end; nothing: open a window here. Until then everything ends with @p unless. */
    std::optional<int> decision(int unless) const;

    Q_INVOKABLE void wait();     ///< until it answers, or is gone
    Q_INVOKABLE void openHere(); ///< beside it
    Q_INVOKABLE void giveUp();

Q_SIGNALS:
    void waitingChanged();

private:
    void end();

    Holdfast::SingleInstance &m_instance;
    const Holdfast::Activation m_activation;
    const Holdfast::LockHolder m_owner;
    bool m_isWaiting = false;
    bool m_isToOpenHere = false;
    std::optional<int> m_status;
};
