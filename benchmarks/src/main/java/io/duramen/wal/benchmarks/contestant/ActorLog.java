package io.duramen.wal.benchmarks.contestant;

import io.duramen.wal.actors.LogRequest;
import io.duramen.wal.actors.WalLog;
import io.duramen.wal.benchmarks.harness.Parameter;
import io.duramen.wal.benchmarks.harness.Parameters;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.Durability;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/// A log of ours behind its actor, or as many as the case says, among which callers choose at
/// random. A caller asks and waits for the answer; in bulk, messages carry
/// up to 512 KiB and eight of them are under way.
final class ActorLog implements Contestant.Calling, Contestant.Bulk {
    private static final int MESSAGE_BYTES = 512 << 10;
    private static final int MESSAGE_ENTRIES_MAX = 8192;
    private static final int MESSAGES_UNDER_WAY = 8;

    private final WalSystem wal;
    private final List<WalLog> logs = new ArrayList<>();
    private final Payload payload;
    private final Durability durability;

    static ActorLog open(Path directory, Parameters parameters) {
        WalSystem wal = new WalSystem(directory, parameters);
        try {
            return new ActorLog(wal, parameters);
        } catch (RuntimeException | Error failure) {
            wal.close();
            throw failure;
        }
    }

    private ActorLog(WalSystem wal, Parameters parameters) {
        this.wal = wal;
        for (int i = 0; i < parameters.number(Parameter.LOGS, 1); i++) {
            logs.add(wal.open("bench" + i));
        }
        this.payload = Payload.of(TestPayload.of(parameters));
        this.durability = LogOptions.durability(parameters);
    }

    @Override
    public Map<String, String> facts() {
        return wal.facts(logs.getFirst());
    }

    @Override
    public Caller caller() {
        List<Payload> one = List.of(payload);
        SplittableRandom random = new SplittableRandom();
        return () -> {
            WalLog log = logs.get(logs.size() == 1 ? 0 : random.nextInt(logs.size()));
            return require(ask(log, one).join());
        };
    }

    private CompletableFuture<LogRequest.AppendAnswer> ask(WalLog log, List<Payload> payloads) {
        return AskPattern.<LogRequest, LogRequest.AppendAnswer> ask(log.ref(),
                replyTo -> new LogRequest.Append(payloads, durability, replyTo),
                WalSystem.ANSWER_TIMEOUT, wal.system().scheduler()).toCompletableFuture();
    }

    private static long require(LogRequest.AppendAnswer answer) {
        return switch (answer) {
            case LogRequest.Acknowledged(var appended) -> appended.lastId();
            case LogRequest.Duplicate(var appended) -> appended.lastId();
            case LogRequest.Overloaded overloaded ->
                    throw new IllegalStateException("refused: " + overloaded);
            case LogRequest.NotWritten(var cause) -> throw cause;
            case LogRequest.Unknown(var cause) -> throw cause;
        };
    }

    /// Distributes the entries evenly among logs.
    @Override
    public void appendAll(long count) {
        int each = Math.clamp(MESSAGE_BYTES / Math.max(1, payload.sizeBytes()), 1,
                MESSAGE_ENTRIES_MAX);
        Deque<CompletableFuture<LogRequest.AppendAnswer>> underWay = new ArrayDeque<>();
        for (int i = 0; i < logs.size(); i++) {
            long share = count / logs.size() + (i < count % logs.size() ? 1 : 0);
            for (long left = share; left > 0; left -= each) {
                if (underWay.size() == MESSAGES_UNDER_WAY) {
                    require(underWay.remove().join());
                }
                int entries = (int) Math.min(each, left);
                underWay.add(ask(logs.get(i), Collections.nCopies(entries, payload)));
            }
        }
        underWay.forEach(answer -> require(answer.join()));
    }

    @Override
    public void close() {
        wal.close();
    }
}
