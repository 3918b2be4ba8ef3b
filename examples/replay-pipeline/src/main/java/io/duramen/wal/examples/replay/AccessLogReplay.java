package io.duramen.wal.examples.replay;

import io.duramen.wal.actors.LogRequest;
import io.duramen.wal.actors.WalLog;
import io.duramen.wal.log.LogInfo;
import io.duramen.wal.log.ReadRange;
import io.duramen.wal.streams.AppendTotal;
import io.duramen.wal.streams.WalEntry;
import io.duramen.wal.streams.WalSink;
import io.duramen.wal.streams.WalSource;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/// Two streams over one log: one appends the lines of an access log, the other replays them and
/// counts.
///
/// Line `n` of the file becomes entry `n`, so the log itself knows how far it got: appending the
/// same file again adds only the lines that are not in the log yet, after a crash as well as after
/// the file has grown.
final class AccessLogReplay {
    private static final Duration DESCRIBE_TIMEOUT = Duration.ofMinutes(1); // it may recover first

    private final ActorSystem<?> system;
    private final WalLog log;

    AccessLogReplay(ActorSystem<?> system, WalLog log) {
        this.system = system;
        this.log = log;
    }

    CompletionStage<LogInfo> describe() {
        return AskPattern.askWithStatus(log.ref(),
                (ActorRef<StatusReply<LogInfo>> replyTo) -> new LogRequest.Describe(replyTo),
                DESCRIBE_TIMEOUT, system.scheduler());
    }

    /// Appends the lines that are not in the log yet. It completes when they are on the device.
    ///
    /// @param info the log's state; nobody else appends to it meanwhile
    /// @param progress told the size of each line that was read
    /// @return fails with [OtherFile] when what is in the log is not the beginning of this file
    CompletionStage<AppendTotal> append(AccessLogFile file, LogInfo info, LongConsumer progress) {
        long known = info.nextId();
        return checkContinues(file, info).thenCompose(_ -> file.lines()
                .map(line -> {
                    progress.accept(line.size() + 1);
                    return line;
                })
                .drop(known)
                .runWith(WalSink.append(log), system));
    }

    /// Compares the last entry with the line it should be.
    private CompletionStage<?> checkContinues(AccessLogFile file, LogInfo info) {
        long lastId = info.nextId() - 1;
        if (lastId < info.firstId()) {
            return CompletableFuture.completedStage(null); // there is none to compare
        }
        Source<ByteString, ?> entry = WalSource.current(log, new ReadRange(lastId, lastId))
                .map(WalEntry::bytes);
        return file.lines().drop(lastId).take(1).zip(entry)
                .map(both -> both.first().equals(both.second()))
                .runWith(Sink.headOption(), system)
                .thenAccept(equal -> {
                    if (!equal.orElse(false)) {
                        throw new OtherFile(log, lastId, file);
                    }
                });
    }

    /// Counts what the log holds now.
    ///
    /// @param fromId where to begin; empty for the first entry there is
    /// @param progress told after each entry, with 1
    CompletionStage<StatusTable> replay(OptionalLong fromId, LongConsumer progress) {
        Source<WalEntry, ?> entries = fromId.isPresent()
                ? WalSource.current(log, ReadRange.from(fromId.getAsLong()))
                : WalSource.current(log);
        return entries
                .map(entry -> AccessLogLine.parse(entry.id(), entry.bytes().utf8String()))
                .map(line -> {
                    progress.accept(1);
                    return line;
                })
                .runWith(Sink.fold(new StatusTable(), StatusTable::add), system);
    }

    /// The log holds something else than the beginning of the file that should be appended.
    static final class OtherFile extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OtherFile(WalLog log, long lastId, AccessLogFile file) {
            super("log " + log.id() + " does not hold the beginning of " + file.name()
                    + ": its entry " + lastId + " is not line " + (lastId + 1) + " of it;"
                    + " nothing was appended: name another log with --log, or replay this one"
                    + " with --skip-append");
        }
    }
}
