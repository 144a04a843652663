// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include <holdfast/app_export.h>

#include <QtCore/qobject.h>

namespace Holdfast {

class HOLDFAST_APP_EXPORT DocumentLock : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DocumentLock)

public:
    explicit DocumentLock(QObject *parent = nullptr);
    ~DocumentLock() override;
};

} // namespace Holdfast
