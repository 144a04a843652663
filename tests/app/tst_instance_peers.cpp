// SPDX-FileCopyrightText: 2026 The Holdfast authors
// SPDX-License-Identifier: MIT
#include "../engine/nobody.h"
#include "instances.h"
#include "strangers.h"

#include <holdfast/app/singleinstance.h>

#include <QtCore/qcbormap.h>
#include <QtCore/qdir.h>
#include <QtCore/qelapsedtimer.h>
#include <QtCore/qfile.h>
#include <QtNetwork/qlocalsocket.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <cstring>
#include <functional>
#include <future>
#include <optional>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

using Holdfast::Activation;
using Holdfast::SingleInstance;
using Holdfast::Testing::asNobody;
using namespace std::chrono_literals;

namespace {

constexpr uid_t Nobody = 65534;
constexpr std::chrono::milliseconds Timeout = 200ms;

// With nothing but system calls, for the child of a fork.
QByteArray answerTo(const QByteArray &path, const QByteArray &bytes)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.constData(), static_cast<std::size_t>(path.size()));
    const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    const auto size = static_cast<std::size_t>(bytes.size());
    if (connect(socket, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0
        || write(socket, bytes.constData(), size) != bytes.size())
        return "no connection";
    char answer[1024];
    const ssize_t got = read(socket, answer, sizeof answer);
    return {answer, got};
}

constexpr int KindAt = 5; // of a frame's head

bool isRefusal(const QByteArray &answer)
{
    constexpr char answerKind = 3; // and no acknowledgement before it
    return answer.size() > KindAt && answer.at(KindAt) == answerKind && answer.contains("another user");
}

QByteArray head(const QByteArray &magic, char version, char kind, quint32 length)
{
    QByteArray bytes = magic + version + kind + QByteArray(2, '\0');
    for (int shift = 24; shift >= 0; shift -= 8)
        bytes += static_cast<char>(length >> shift);
    return bytes;
}

const QByteArray EmptyActivation = head("HFsi", 1, 1, 1) + '\xa0';

} // namespace

class tst_Instance_Peers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void aFrameByHandIsUnderstood();
    void whatWasSentIsDoneThoughTheSenderHasGone_data();
    void whatWasSentIsDoneThoughTheSenderHasGone();
    void strangeBytesAreRefused_data();
    void strangeBytesAreRefused();
    void whoSaysTooLittleIsShownOut_data();
    void whoSaysTooLittleIsShownOut();
    void whoSaysItByteByByteIsShownOutToo();
    void whoAnswersStrangelyIsRefused_data();
    void whoAnswersStrangelyIsRefused();
    void anotherUserIsRefused();
    void anotherUserIsWelcomeWhereEveryoneIs();
    void aSocketThatAnotherUserHasLeftIsNamed();
    void filesAreForTheirOwnerWhateverTheUmask();
    void aUmaskThatTakesFromTheOwnerLocksNobodyOut_data();
    void aUmaskThatTakesFromTheOwnerLocksNobodyOut();
    void anotherUsersNamesAreRefused_data();
    void anotherUsersNamesAreRefused();
    void aLockFileThatBecomesAnotherUsersIsRefused();
    void anotherUsersSocketIsRefused();
    void aDirectoryThatOthersMayWriteToIsRefused();
    void aDirectoryThatOthersMayWriteToIsFineWhenItIsSticky();
    void whereNothingCanBeMadeIsNoDirectory_data();
    void whereNothingCanBeMadeIsNoDirectory();
    void theRuntimeDirectoryIsTheUsualOne();
    void aFlatpakUsesWhatItsRunsShare();

private:
    bool isServing();
    std::unique_ptr<SingleInstance> make() const;

    std::optional<Meeting> m_meeting;
    std::unique_ptr<OtherProcess> m_primary;
    QString m_socket;
};

std::unique_ptr<SingleInstance> tst_Instance_Peers::make() const
{
    auto instance = std::make_unique<SingleInstance>(QStringLiteral("notes"));
    instance->setDirectory(m_meeting->directory());
    instance->setTimeout(Timeout);
    return instance;
}

void tst_Instance_Peers::init()
{
    m_meeting.emplace();
    m_primary = m_meeting->primary(QStringLiteral("finish"), {QStringLiteral("timeout=200")});
    QVERIFY(m_primary);
    const QStringList sockets =
        QDir(m_meeting->directory()).entryList({QStringLiteral("*.socket")}, QDir::System | QDir::Files);
    QCOMPARE(sockets.size(), 1);
    m_socket = m_meeting->path(sockets.first());
}

void tst_Instance_Peers::cleanup()
{
    m_primary.reset();
    m_meeting.reset();
}

bool tst_Instance_Peers::isServing()
{
    return m_meeting->program()->ask(QStringLiteral("main 5")) == u"exit 5 none";
}

void tst_Instance_Peers::whatWasSentIsDoneThoughTheSenderHasGone_data()
{
    QTest::addColumn<int>("size");
    QTest::newRow("decoded at once") << 20'000;
    QTest::newRow("decoded on another thread") << 100'000;
}

void tst_Instance_Peers::whatWasSentIsDoneThoughTheSenderHasGone()
{
    QFETCH(const int, size);
    const QByteArray body =
        QCborMap{{QStringLiteral("data"), QCborMap{{QStringLiteral("bytes"), QByteArray(size, 'x')}}}}
            .toCborValue()
            .toCbor();
    QLocalSocket socket;
    socket.connectToServer(m_socket);
    QVERIFY(socket.waitForConnected());
    socket.write(head("HFsi", 1, 1, static_cast<quint32>(body.size())) + body);
    while (socket.bytesToWrite() > 0)
        QVERIFY(socket.waitForBytesWritten());
    socket.abort();
    QCOMPARE(m_primary->hear(), QStringLiteral("activated"));
    QVERIFY(isServing());
}

void tst_Instance_Peers::aFrameByHandIsUnderstood()
{
    const QByteArray said = sayTo(m_socket, EmptyActivation);
    QVERIFY(said.startsWith(head("HFsi", 1, 2, 0)));
    QCOMPARE(m_primary->hear(), QStringLiteral("activated"));
}

void tst_Instance_Peers::strangeBytesAreRefused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("garbage") << QByteArray(5000, '\x5a');
    QTest::newRow("one wrong byte") << QByteArray("X");
    QTest::newRow("HTTP") << QByteArray("GET / HTTP/1.1\r\n\r\n");
    QTest::newRow("another version") << head("HFsi", 2, 1, 0);
    QTest::newRow("an unknown kind") << head("HFsi", 1, 9, 0);
    QTest::newRow("an answer") << head("HFsi", 1, 3, 1) + '\xa0';
    QTest::newRow("a huge length") << head("HFsi", 1, 1, 0xffffffff);
    QTest::newRow("no CBOR") << head("HFsi", 1, 1, 4) + QByteArray(4, '\xff');
    QTest::newRow("CBOR that is no map") << head("HFsi", 1, 1, 1) + '\x01';
    QTest::newRow("a map and more") << head("HFsi", 1, 1, 2) + "\xa0\xa0";
    QTest::newRow("half a map") << head("HFsi", 1, 1, 1) + '\xa1';
    QTest::newRow("a text of 2^62 bytes") << head("HFsi", 1, 1, 9) + "\x7b\x40" + QByteArray(7, '\0');
    QTest::newRow("arrays in arrays") << head("HFsi", 1, 1, 100'000) + QByteArray(100'000, '\x81');
}

void tst_Instance_Peers::strangeBytesAreRefused()
{
    QFETCH(const QByteArray, bytes);
    const QByteArray said = sayTo(m_socket, bytes);
    QVERIFY2(said.startsWith("HFsi\1\3"), said.toHex());
    QVERIFY(said.contains("failed"));
    QVERIFY(isServing());
}

void tst_Instance_Peers::whoSaysTooLittleIsShownOut_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("half a head") << QByteArray("HFsi\1");
    QTest::newRow("a head without a body") << head("HFsi", 1, 1, 16'000'000);
    QTest::newRow("half a body") << head("HFsi", 1, 1, 16'000'000) + QByteArray(1000, 'x');
}

void tst_Instance_Peers::whoSaysTooLittleIsShownOut()
{
    QFETCH(const QByteArray, bytes);
    QElapsedTimer clock;
    clock.start();
    QCOMPARE(sayTo(m_socket, bytes), QByteArray());
    QVERIFY2(clock.elapsed() >= 150 && clock.elapsed() < 10000, qPrintable(QString::number(clock.elapsed())));
    QVERIFY(isServing());
}

void tst_Instance_Peers::whoSaysItByteByByteIsShownOutToo()
{
    QElapsedTimer clock;
    clock.start();
    dribbleTo(m_socket, head("HFsi", 1, 1, 1'000'000), 50ms, 20s);
    QVERIFY2(clock.elapsed() < 10000, qPrintable(QString::number(clock.elapsed())));
    QVERIFY(isServing());
}

void tst_Instance_Peers::whoAnswersStrangelyIsRefused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("garbage") << QByteArray(5000, '\x5a');
    QTest::newRow("another version") << head("HFsi", 2, 2, 0);
    QTest::newRow("a huge length") << head("HFsi", 1, 3, 0xffffffff);
    QTest::newRow("no CBOR") << head("HFsi", 1, 3, 1) + '\xff';
    QTest::newRow("a question") << EmptyActivation;
    QTest::newRow("an error nobody knows") << head("HFsi", 1, 3, 27)
                                                  + "\xa2\x67outcome\x66"
                                                    "failed\x68"
                                                    "exitCode\x18\x63";
}

void tst_Instance_Peers::whoAnswersStrangelyIsRefused()
{
    QFETCH(const QByteArray, bytes);
    m_primary->freeze(); // it keeps the lock, and somebody else has its socket
    QVERIFY(QFile::remove(m_socket));
    const Impostor impostor(m_socket, bytes);
    const auto second = make();
    QCOMPARE(second->tryStart(), SingleInstance::Status::Secondary);
    const auto reply = second->forward({});
    QTRY_VERIFY(reply.isFinished());
    QCOMPARE(reply.result().outcome, Holdfast::ActivationReply::Outcome::Failed);
    QVERIFY(second->error() == SingleInstance::Error::OtherProtocol
            || second->error() == SingleInstance::Error::TooLarge);
}

// Nobody is let in by the directory; this is for one whose permissions were changed.
void tst_Instance_Peers::anotherUserIsRefused()
{
    if (geteuid() != 0)
        QSKIP("only root can be another user as well");
    const QByteArray path = QFile::encodeName(m_socket);
    QCOMPARE(::chmod(QFile::encodeName(m_meeting->directory()).constData(), 0755), 0);
    QVERIFY(asNobody([&] { return answerTo(path, EmptyActivation) == "no connection"; })); // the socket's own mode
    QCOMPARE(::chmod(path.constData(), 0777), 0);
    QVERIFY(asNobody([&] { return isRefusal(answerTo(path, EmptyActivation)); })); // the kernel's word
    QVERIFY(m_primary->isSilent());
    QVERIFY(isServing());
}

void tst_Instance_Peers::anotherUserIsWelcomeWhereEveryoneIs()
{
    if (geteuid() != 0)
        QSKIP("only root can be another user as well");
    QCOMPARE(::chmod(QFile::encodeName(m_meeting->directory()).constData(), 0755), 0);
    SingleInstance primary(QStringLiteral("everybody's"));
    primary.setDirectory(m_meeting->directory());
    primary.setAccess(SingleInstance::Access::Everyone);
    QSignalSpy activated(&primary, &SingleInstance::activated);
    QCOMPARE(primary.tryStart(), SingleInstance::Status::Primary);
    const QStringList sockets =
        QDir(m_meeting->directory()).entryList({QStringLiteral("everybody*.socket")}, QDir::System | QDir::Files);
    QCOMPARE(sockets.size(), 1);
    const QByteArray path = QFile::encodeName(m_meeting->path(sockets.first()));
    const auto other = std::async(std::launch::async, [&] {
        return asNobody([&] { return answerTo(path, EmptyActivation).startsWith(head("HFsi", 1, 2, 0)); });
    });
    QTRY_COMPARE(activated.size(), 1);
    QCOMPARE(activated.first().first().value<Activation>().senderUserId, unsigned(Nobody));
    QTRY_VERIFY(other.wait_for(0s) == std::future_status::ready);
}

// He is elected, and cannot take the name of a socket that only its owner, or the directory's, may take away.
void tst_Instance_Peers::aSocketThatAnotherUserHasLeftIsNamed()
{
    if (geteuid() != 0)
        QSKIP("only root can be another user as well");
    const QStringList everyone{QStringLiteral("access=Everyone")};
    QCOMPARE(::chmod(QFile::encodeName(m_meeting->directory()).constData(), 01777), 0);
    const auto start = [&](const QStringList &before) {
        const QStringList words =
            before
            + QStringList{QStringLiteral(HOLDFAST_INSTANCEPROCESS), m_meeting->directory(), QStringLiteral("shared")}
            + everyone;
        return std::make_unique<OtherProcess>(words.first(), words.mid(1), QStringLiteral("ready"));
    };
    const auto first = start({});
    QCOMPARE(first->ask(QStringLiteral("start")), QStringLiteral("primary"));
    first->kill();
    const auto second =
        start({QStringLiteral("/usr/bin/setpriv"), QStringLiteral("--reuid=65534"), QStringLiteral("--clear-groups")});
    QCOMPARE(second->ask(QStringLiteral("start")), QStringLiteral("failed cannotlisten"));
    const QString why = second->ask(QStringLiteral("why"));
    QVERIFY2(why.contains(QStringLiteral("the user root has left \"shared-"))
                 && why.contains(QStringLiteral("Ask for that")),
             qPrintable(why));
}

void tst_Instance_Peers::filesAreForTheirOwnerWhateverTheUmask()
{
    const mode_t before = ::umask(0);
    const QString place = m_meeting->path(QStringLiteral("open"));
    SingleInstance instance(QStringLiteral("notes"));
    instance.setDirectory(place);
    const auto status = instance.tryStart();
    ::umask(before);
    QCOMPARE(status, SingleInstance::Status::Primary);
    struct stat facts;
    QCOMPARE(::stat(QFile::encodeName(place).constData(), &facts), 0);
    QCOMPARE(facts.st_mode & 0777u, 0700u);
    for (const QString &name : QDir(place).entryList(QDir::Files | QDir::System)) {
        QCOMPARE(::stat(QFile::encodeName(place + u'/' + name).constData(), &facts), 0);
        QCOMPARE(facts.st_mode & 0777u, 0600u);
    }
}

void tst_Instance_Peers::aUmaskThatTakesFromTheOwnerLocksNobodyOut_data()
{
    QTest::addColumn<int>("mask");
    QTest::addColumn<bool>("wasThere");
    QTest::newRow("0177") << 0177 << false;
    QTest::newRow("0777") << 0777 << false;
    QTest::newRow("0777, and killed in the middle") << 0777 << true;
}

void tst_Instance_Peers::aUmaskThatTakesFromTheOwnerLocksNobodyOut()
{
    QFETCH(const int, mask);
    QFETCH(const bool, wasThere);
    const QString runtime = m_meeting->path(QStringLiteral("runtime"));
    QVERIFY(QDir().mkdir(runtime));
    const QByteArray path = QFile::encodeName(runtime);
    QCOMPARE(::chmod(path.constData(), 0700), 0);
    QCOMPARE(::chmod(QFile::encodeName(m_meeting->directory()).constData(), 0755), 0);
    if (geteuid() == 0)
        QCOMPARE(::chown(path.constData(), Nobody, Nobody), 0);
    QVERIFY(asNobody([&] {
        qputenv("XDG_RUNTIME_DIR", path);
        if (wasThere && ::mkdir((path + "/holdfast").constData(), 0) != 0)
            return false;
        ::umask(static_cast<mode_t>(mask));
        SingleInstance instance(QStringLiteral("notes"));
        return instance.tryStart() == SingleInstance::Status::Primary;
    }));
    struct stat facts;
    QCOMPARE(::stat((path + "/holdfast").constData(), &facts), 0);
    QCOMPARE(facts.st_mode & 0777u, 0700u);
}

void tst_Instance_Peers::anotherUsersNamesAreRefused_data()
{
    QTest::addColumn<QString>("ending");
    QTest::newRow("the lock file") << QStringLiteral(".lock");
    QTest::newRow("the socket") << QStringLiteral(".socket");
    QTest::newRow("the directory") << QString();
}

void tst_Instance_Peers::anotherUsersNamesAreRefused()
{
    if (geteuid() != 0)
        QSKIP("only root can make files of another user");
    QFETCH(const QString, ending);
    const QString shared = m_meeting->path(QStringLiteral("shared"));
    QVERIFY(QDir().mkdir(shared));
    QCOMPARE(::chmod(QFile::encodeName(shared).constData(), 01777), 0);
    SingleInstance victim(QStringLiteral("notes"));
    victim.setDirectory(shared);
    const QString name = m_socket.section(u'/', -1).chopped(7) + ending; // the same key, so the same name
    QFile squatted(shared + u'/' + name);
    if (ending.isEmpty()) {
        QCOMPARE(::chown(QFile::encodeName(shared).constData(), Nobody, Nobody), 0);
    } else {
        QVERIFY(squatted.open(QIODevice::WriteOnly));
        QCOMPARE(::fchown(squatted.handle(), Nobody, Nobody), 0);
    }
    std::unique_ptr<SingleInstance> holder;
    if (ending == u".socket") { // the lock is ours, the socket is not: nobody must be told anything
        squatted.rename(shared + QStringLiteral("/aside"));
        holder = std::make_unique<SingleInstance>(QStringLiteral("notes"));
        holder->setDirectory(shared);
        QCOMPARE(holder->tryStart(), SingleInstance::Status::Primary);
        QVERIFY(QFile::remove(shared + u'/' + name));
        QVERIFY(squatted.rename(shared + u'/' + name));
    }
    QCOMPARE(victim.tryStart(), SingleInstance::Status::Failed);
    QCOMPARE(victim.error(), SingleInstance::Error::NotPrivate);
    QVERIFY2(victim.errorString().contains(QStringLiteral("nobody")), qPrintable(victim.errorString()));
}

// It was looked at before, and found in order.
void tst_Instance_Peers::aLockFileThatBecomesAnotherUsersIsRefused()
{
    if (geteuid() != 0)
        QSKIP("only root can give files away");
    const auto heir = make();
    QCOMPARE(heir->tryStart(), SingleInstance::Status::Secondary);
    heir->standBy();
    const QString lockFile = m_socket.chopped(7) + QStringLiteral(".lock");
    QCOMPARE(::chown(QFile::encodeName(lockFile).constData(), Nobody, Nobody), 0);
    m_primary->kill();
    QTRY_COMPARE(heir->status(), SingleInstance::Status::Failed);
    QCOMPARE(heir->error(), SingleInstance::Error::NotPrivate);
    QVERIFY2(heir->errorString().contains(lockFile), qPrintable(heir->errorString()));
}

// The name is root's, and who listens is not.
void tst_Instance_Peers::anotherUsersSocketIsRefused()
{
    if (geteuid() != 0)
        QSKIP("only root can make sockets of another user");
    m_primary->freeze();
    QVERIFY(QFile::remove(m_socket));
    const QByteArray path = QFile::encodeName(m_socket);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.constData(), static_cast<std::size_t>(path.size()));
    const int impostor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    QCOMPARE(::bind(impostor, reinterpret_cast<const sockaddr *>(&address), sizeof address), 0);
    QVERIFY(asNobody([&] { return ::listen(impostor, 5) == 0; })); // that is when the kernel notes who it is
    const auto second = make();
    QCOMPARE(second->tryStart(), SingleInstance::Status::Secondary);
    QCOMPARE(second->forwardAndWait({}), 70);
    QCOMPARE(second->error(), SingleInstance::Error::OtherUser);
    ::close(impostor);
}

void tst_Instance_Peers::aDirectoryThatOthersMayWriteToIsRefused()
{
    QCOMPARE(::chmod(QFile::encodeName(m_meeting->directory()).constData(), 0777), 0);
    const auto second = make();
    QCOMPARE(second->tryStart(), SingleInstance::Status::Failed);
    QCOMPARE(second->error(), SingleInstance::Error::NotPrivate);
    second->setAccess(SingleInstance::Access::Everyone);
    QCOMPARE(second->tryStart(), SingleInstance::Status::Secondary);
}

void tst_Instance_Peers::aDirectoryThatOthersMayWriteToIsFineWhenItIsSticky()
{
    QCOMPARE(::chmod(QFile::encodeName(m_meeting->directory()).constData(), 01777), 0);
    QCOMPARE(make()->tryStart(), SingleInstance::Status::Secondary);
}

void tst_Instance_Peers::whereNothingCanBeMadeIsNoDirectory_data()
{
    QTest::addColumn<QString>("directory");
    QTest::newRow("below a file") << QStringLiteral("/proc/version/x");
    QTest::newRow("where nobody may make anything") << QStringLiteral("/proc/x");
    QTest::newRow("a file") << QStringLiteral("/etc/passwd");
    QTest::newRow("a name of 256 bytes") << QStringLiteral("/tmp/") + QString(256, u'n');
}

void tst_Instance_Peers::whereNothingCanBeMadeIsNoDirectory()
{
    QFETCH(const QString, directory);
    SingleInstance instance(QStringLiteral("notes"));
    instance.setDirectory(directory);
    QSignalSpy changed(&instance, &SingleInstance::statusChanged);
    instance.start();
    QTRY_COMPARE(instance.status(), SingleInstance::Status::Failed);
    QCOMPARE(instance.error(), SingleInstance::Error::NoDirectory);
    QVERIFY2(instance.errorString().contains(directory), qPrintable(instance.errorString()));
    QCOMPARE(instance.startOrForward({}), std::optional(70));
}

void tst_Instance_Peers::theRuntimeDirectoryIsTheUsualOne()
{
    const QString runtime = m_meeting->path(QStringLiteral("runtime"));
    QVERIFY(QDir().mkdir(runtime, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    qputenv("XDG_RUNTIME_DIR", QFile::encodeName(runtime));
    SingleInstance instance(QStringLiteral("notes"));
    QCOMPARE(instance.tryStart(), SingleInstance::Status::Primary);
    QCOMPARE(QDir(runtime + QStringLiteral("/holdfast")).entryList(QDir::Files | QDir::System).size(), 2);
}

void tst_Instance_Peers::aFlatpakUsesWhatItsRunsShare()
{
    const QString shared = m_meeting->path(QStringLiteral("run/app/org.example.Notes"));
    QVERIFY(QDir().mkpath(shared));
    for (const QString &path : {m_meeting->path(QStringLiteral("run")), shared})
        QVERIFY(QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    qputenv("XDG_RUNTIME_DIR", QFile::encodeName(m_meeting->path(QStringLiteral("run"))));
    qputenv("FLATPAK_ID", "org.example.Notes");
    SingleInstance instance(QStringLiteral("notes"));
    const auto status = instance.tryStart();
    qunsetenv("FLATPAK_ID");
    QCOMPARE(status, SingleInstance::Status::Primary);
    QCOMPARE(QDir(shared + QStringLiteral("/holdfast")).entryList(QDir::Files | QDir::System).size(), 2);
}

QTEST_GUILESS_MAIN(tst_Instance_Peers)
#include "tst_instance_peers.moc"
