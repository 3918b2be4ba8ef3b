package io.duramen.wal.benchmarks.contestant;

import io.duramen.wal.actors.LogRequest;
import io.duramen.wal.actors.WalLog;
import io.duramen.wal.benchmarks.harness.Parameters;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.Durability;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/// A log of ours behind its actor. A caller asks and waits for the answer; in bulk, messages carry
/// up to 512 KiB and eight of them are under way.
final class ActorLog implements Contestant.Calling, Contestant.Bulk {
    private static final int MESSAGE_BYTES = 512 << 10;
    private static final int MESSAGE_ENTRIES_MAX = 8192;
    private static final int MESSAGES_UNDER_WAY = 8;

    private final WalSystem wal;
    private final WalLog log;
    private final Payload payload;
    private final Durability durability;

    static ActorLog open(Path directory, Parameters parameters) {
        WalSystem wal = new WalSystem(directory, parameters);
        try {
            return new ActorLog(wal, wal.open("bench"), parameters);
        } catch (RuntimeException | Error failure) {
            wal.close();
            throw failure;
        }
    }

    private ActorLog(WalSystem wal, WalLog log, Parameters parameters) {
        this.wal = wal;
        this.log = log;
        this.payload = Payload.of(TestPayload.of(parameters));
        this.durability = LogOptions.durability(parameters);
    }

    @Override
    public Map<String, String> facts() {
        return wal.facts(log);
    }

    @Override
    public Caller caller() {
        List<Payload> one = List.of(payload);
        return () -> require(ask(one).join());
    }

    private CompletableFuture<LogRequest.AppendAnswer> ask(List<Payload> payloads) {
        return AskPattern.<LogRequest, LogRequest.AppendAnswer> ask(log.ref(),
                replyTo -> new LogRequest.Append(payloads, durability, replyTo),
                WalSystem.ANSWER_TIMEOUT, wal.system().scheduler()).toCompletableFuture();
    }

    private static long require(LogRequest.AppendAnswer answer) {
        return switch (answer) {
            case LogRequest.Acknowledged(var appended) -> appended.lastId();
            case LogRequest.Overloaded overloaded ->
                    throw new IllegalStateException("refused: " + overloaded);
            case LogRequest.NotWritten(var cause) -> throw cause;
            case LogRequest.Unknown(var cause) -> throw cause;
        };
    }

    @Override
    public void appendAll(long count) {
        int each = Math.clamp(MESSAGE_BYTES / Math.max(1, payload.sizeBytes()), 1,
                MESSAGE_ENTRIES_MAX);
        Deque<CompletableFuture<LogRequest.AppendAnswer>> underWay = new ArrayDeque<>();
        for (long left = count; left > 0; left -= each) {
            if (underWay.size() == MESSAGES_UNDER_WAY) {
                require(underWay.remove().join());
            }
            underWay.add(ask(Collections.nCopies((int) Math.min(each, left), payload)));
        }
        underWay.forEach(answer -> require(answer.join()));
    }

    @Override
    public void close() {
        wal.close();
    }
}
