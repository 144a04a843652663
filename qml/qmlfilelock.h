// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "qmlcorelock.h"

namespace Holdfast {

/** FileLock in QML: the operating system's own lock on a file. */
class QmlFileLock : public Holdfast::QmlCoreLock
{
    Q_OBJECT
    QML_NAMED_ELEMENT(FileLock)
    Q_PROPERTY(Mode mode READ mode WRITE setMode NOTIFY modeChanged FINAL)
    Q_PROPERTY(Holdfast::FileContents contents READ contents WRITE setContents NOTIFY contentsChanged FINAL)
    Q_PROPERTY(int permissions READ permissions WRITE setPermissions NOTIFY permissionsChanged FINAL)
    Q_PROPERTY(
        Holdfast::SoftFallback softFallback READ softFallback WRITE setSoftFallback NOTIFY softFallbackChanged FINAL)
    Q_PROPERTY(bool preserveFile READ preservesFile WRITE setPreserveFile NOTIFY preserveFileChanged FINAL)
    Q_PROPERTY(bool soft READ isSoft NOTIFY heldChanged FINAL)

public:
    enum class Mode {
        Exclusive, ///< one holder
        Shared     ///< any number of shared holders, no exclusive one
    };
    Q_ENUM(Mode)

    explicit QmlFileLock(QObject *parent = nullptr);

    Mode mode() const; ///< initially Exclusive; a change while held gives back, and acquires anew
    void setMode(Mode mode);

    FileContents contents() const { return m_contents; } ///< initially Keep; these four count for the next hold
    void setContents(FileContents contents);

    /** As chmod(1) has them: 0o640. 0 (initially): a new file gets what the umask leaves, an old one keeps its own. */
    int permissions() const { return m_permissions; }
    void setPermissions(int permissions);

    SoftFallback softFallback() const { return m_softFallback; } ///< initially Allowed; see FileLock::softFallback()
    void setSoftFallback(SoftFallback fallback);

    bool preservesFile() const { return m_preservesFile; } ///< initially false; see FileLock::preservesFile()
    void setPreserveFile(bool preserve);

    bool isSoft() const; ///< held, as a soft lock, because the filesystem has no locks

Q_SIGNALS:
    void modeChanged();
    void contentsChanged();
    void permissionsChanged();
    void softFallbackChanged();
    void preserveFileChanged();

protected:
    std::unique_ptr<AbstractLock> makeLock(const QString &path) const override;
    bool configure(AbstractLock &lock) const override;
    QString obstacle() const override;

private:
    FileContents m_contents = FileContents::Keep;
    int m_permissions = 0;
    SoftFallback m_softFallback = SoftFallback::Allowed;
    bool m_preservesFile = false;
};

} // namespace Holdfast
