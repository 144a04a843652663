// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/app_export.h>

#include <QtCore/qcbormap.h>
#include <QtCore/qmetatype.h>
#include <QtCore/qobjectdefs.h>
#include <QtCore/qstring.h>
#include <QtCore/qvariant.h>

namespace Holdfast {

/** How forwarding an Activation ended: a plain value. */
struct HOLDFAST_APP_EXPORT ActivationReply
{
    Q_GADGET
    Q_PROPERTY(Outcome outcome MEMBER outcome CONSTANT FINAL)
    Q_PROPERTY(int exitCode MEMBER exitCode CONSTANT FINAL)
    Q_PROPERTY(QVariantMap data READ dataAsVariant CONSTANT FINAL)
    Q_PROPERTY(QString text MEMBER text CONSTANT FINAL)

public:
    enum class Outcome {
        Accepted, ///< the primary has dealt with it; exitCode and data are its answer
        Unanswered, ///< the primary has it, and has not answered within SingleInstance::timeout(): its handler takes its time
        Primary,      ///< nothing was sent, for this process is, or has just become, the primary: deal with it yourself
        Rejected,     ///< the primary will not do it, and text says why
        Unresponsive, ///< the primary gives no sign of life; nobody knows whether it will ever see it
        Cancelled, ///< the future was cancelled, or the SingleInstance stopped or destroyed, before there was an answer
        Failed     ///< it could not be sent; text says why, and SingleInstance::error()
    };
    Q_ENUM(Outcome)

    Outcome outcome = Outcome::Accepted;
    int exitCode =
        0; ///< what a program that was started to forward this should end with; see SingleInstance::forwardAndWait()
    QCborMap data = {};
    QString text = {}; ///< one sentence, unless accepted

    friend bool operator==(const ActivationReply &, const ActivationReply &) = default;

private:
    QVariantMap dataAsVariant() const;
};

} // namespace Holdfast

Q_DECLARE_METATYPE(Holdfast::ActivationReply)
