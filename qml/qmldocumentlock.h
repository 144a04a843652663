// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#pragma once

#include "qmllock.h"

#include <holdfast/app/documentlock.h>

#include <QtCore/qurl.h>

namespace Holdfast {

/** The C++ class itself: for the property `guard`, and for its words, as `DocumentLockGuard.Replaced`. */
struct QmlDocumentLockGuard
{
    Q_GADGET
    QML_FOREIGN(Holdfast::DocumentLock)
    QML_NAMED_ELEMENT(DocumentLockGuard)
    QML_UNCREATABLE("DocumentLockGuard is the C++ object behind a DocumentLock; create that.")
};

/**
 * DocumentLock in QML: one editor per document, across programs and machines.
 *
 * One C++ object serves the item for life, whichever document it is about, because it also tells what others do to the document
 * while that is only read. Another source while it is held is a transfer of that object.
 */
class QmlDocumentLock : public Holdfast::QmlLock
{
    Q_OBJECT
    QML_NAMED_ELEMENT(DocumentLock)
    Q_PROPERTY(QUrl source READ source WRITE setSource NOTIFY pathChanged FINAL)
    Q_PROPERTY(bool ownedBySelf READ isOwnedBySelf NOTIFY statusChanged FINAL)
    Q_PROPERTY(Holdfast::DocumentLock::Guarantee guarantee READ guarantee NOTIFY heldChanged FINAL)
    Q_PROPERTY(Holdfast::DocumentLock::Change change READ change NOTIFY changeChanged FINAL)
    Q_PROPERTY(QString movedTo READ movedTo NOTIFY changeChanged FINAL)
    Q_PROPERTY(QString lockDirectory READ lockDirectory WRITE setLockDirectory NOTIFY optionsChanged FINAL)
    Q_PROPERTY(QString fullName READ fullName WRITE setFullName NOTIFY optionsChanged FINAL)
    Q_PROPERTY(QString application READ application WRITE setApplication NOTIFY optionsChanged FINAL)
    Q_PROPERTY(
        Holdfast::DocumentLock::OwnerFiles ownerFiles READ ownerFiles WRITE setOwnerFiles NOTIFY optionsChanged FINAL)
    Q_PROPERTY(bool lazy READ isLazy WRITE setLazy NOTIFY optionsChanged FINAL)
    Q_PROPERTY(bool modified READ isModified WRITE setModified NOTIFY modifiedChanged FINAL)
    Q_PROPERTY(Holdfast::DocumentLock *guard READ guard CONSTANT FINAL)

public:
    explicit QmlDocumentLock(QObject *parent = nullptr);
    ~QmlDocumentLock() override; ///< ends a wait and gives back what is held, without signals

    QUrl source() const; ///< path as a URL
    void setSource(const QUrl &source);

    /** LockedByOther, by this user in another program or place. */
    bool isOwnedBySelf() const { return status() == Status::LockedByOther && owner().isOwnUser(); }
    DocumentLock::Guarantee guarantee() const { return m_lock.guarantee(); }
    DocumentLock::Change change() const { return m_lock.change(); }
    QString movedTo() const { return m_lock.movedTo(); }

    QString lockDirectory() const { return m_lockDirectory; } ///< these four count for the next hold
    void setLockDirectory(const QString &directory);
    QString fullName() const { return m_fullName; }
    void setFullName(const QString &name);
    QString application() const { return m_application; }
    void setApplication(const QString &name);

    DocumentLock::OwnerFiles ownerFiles() const { return m_ownerFiles; } ///< see DocumentLock::ownerFiles()
    void setOwnerFiles(DocumentLock::OwnerFiles kinds);

    /** Initially false. True: active means held while modified, so who only reads keeps nobody out. */
    bool isLazy() const { return m_isLazy; }
    void setLazy(bool lazy);
    bool isModified() const { return m_isModified; } ///< whether there are changes that are not saved; only lazy asks
    void setModified(bool modified);

    DocumentLock *guard() { return &m_lock; } ///< for C++ parts of the program: DocumentSave needs it

    bool verifyHeld() override;

    /** Tells that the program loads the document now; see DocumentLock::documentLoaded(). */
    Q_INVOKABLE bool documentLoaded();
    Q_INVOKABLE void documentClosed();
    Q_INVOKABLE Holdfast::DocumentLock::Change checkDocument(); ///< looks now

public Q_SLOTS:
    void takeOver(); ///< acquires although owner has it, unless he is seen to live; see DocumentLock::takeOver()

Q_SIGNALS:
    void previousOwnerCrashed(const Holdfast::LockHolder &owner);
    void documentChanged(Holdfast::DocumentLock::Change how);
    void changeChanged();
    void optionsChanged();
    void modifiedChanged();

protected:
    void start() override;
    Giving giveBack() override;
    bool abandon() override;
    bool turn() override;
    QString pathOfHold() const override;
    bool isIntended() const override;

private:
    /** What the C++ object is asked to do, until it has answered. */
    enum class Errand {
        None,
        Acquire,
        Transfer,
        Withdrawn ///< cancelled; the answer is of no interest any more
    };

    void listen();
    bool aim(const QString &document);
    bool configure();
    bool isThere() const;
    void launch(const QString &document);
    void handleHeld();
    void handleRefusal();
    void handleError(LockError error);
    void handleWithdrawal();
    void handleLost(LossReason reason);

    DocumentLock m_lock;
    QString m_lockDirectory;
    QString m_fullName;
    QString m_application;
    DocumentLock::OwnerFiles m_ownerFiles = DocumentLock::AllOwnerFiles;
    bool m_isLazy = false;
    bool m_isModified = false;
    Errand m_errand = Errand::None;
    bool m_startsAfterwards = false; ///< when the withdrawn errand has ended
};

} // namespace Holdfast
