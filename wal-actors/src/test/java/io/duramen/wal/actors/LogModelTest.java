package io.duramen.wal.actors;

import static io.duramen.wal.actors.LogWorld.SMALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.FragmentCursor;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.LogInfo;
import io.duramen.wal.log.TrimOutcome;
import io.duramen.wal.log.TrimRule;
import io.duramen.wal.log.TruncateOutcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.api.io.TempDir;

/// Random commands to a log through its actors, beside a list of what must be in it. The seed is
/// the test's parameter; `-Dmodel.commands=100000` and `-Dmodel.seed=n` make a longer run of one
/// more seed.
class LogModelTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int COMMANDS = Integer.getInteger("model.commands", 150);

    @TempDir
    Path base;

    private LogWorld world;
    private ActorRef<LogActor.Command> log;
    /// Sizes of the entries, by id.
    private final List<Integer> model = new ArrayList<>();
    /// The first entry that is not trimmed.
    private int first;

    @BeforeEach
    void start() {
        world = LogWorld.withBuffersOf(8 << 10, base); // many an append makes several groups
        open();
    }

    @AfterEach
    void stop() {
        world.close();
    }

    private void open() {
        log = world.log(SMALL, world.restingAfter(Duration.ofMillis(15)));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatever_is_asked_of_a_log_it_holds_what_was_acknowledged(long seed) {
        System.out.println("LogModelTest: -Dmodel.seed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < COMMANDS; i++) {
            switch (random.nextInt(26)) {
                case 0 -> rest();
                case 1 -> close();
                case 2 -> failAndReopen(random);
                case 3, 4 -> sync();
                case 5, 6, 7 -> read(random);
                case 8 -> appendInARow(random);
                case 9 -> append(List.of(9_000, 9_000, 9_000), Durability.SYNCED, true);
                case 10, 11, 12 -> appendAt(random);
                case 13 -> trim(random);
                case 14 -> truncate(random);
                default -> append(sizes(random), Durability.values()[random.nextInt(2)],
                        random.nextBoolean());
            }
        }
        world.close(log);
        assertThat(world.entrySizes()).isEqualTo(model.subList(first, model.size()));
    }

    static LongStream seeds() {
        return LongStream.concat(LongStream.rangeClosed(1, 6),
                LongStream.of(Long.getLong("model.seed", System.nanoTime())));
    }

    private static List<Integer> sizes(Random random) {
        int count = random.nextInt(4) == 0 ? 100 : 1 + random.nextInt(3);
        return random.ints(count, 0, 300).boxed().toList();
    }

    private LogRequest.Append request(List<Integer> sizes, Durability durability, boolean atomic,
            TestProbe<LogRequest.AppendAnswer> probe) {
        return new LogRequest.Append(
                sizes.stream().map(size -> Payload.of(new byte[size])).toList(), durability,
                atomic, probe.ref());
    }

    private void append(List<Integer> sizes, Durability durability, boolean atomic) {
        TestProbe<LogRequest.AppendAnswer> probe = world.probe();
        log.tell(request(sizes, durability, atomic, probe));
        expectAppended(probe, sizes);
    }

    private void expectAppended(TestProbe<LogRequest.AppendAnswer> probe, List<Integer> sizes) {
        var done = probe.expectMessageClass(LogRequest.Acknowledged.class, LONG).appended();
        assertThat(done.firstId()).isEqualTo(model.size());
        model.addAll(sizes);
        assertThat(done.lastId()).isEqualTo(model.size() - 1);
    }

    /// At its place, again, with other bytes, or before its turn.
    private void appendAt(Random random) {
        boolean again = model.size() > first && random.nextBoolean();
        int id = again ? random.nextInt(first, model.size())
                : model.size() + random.nextInt(2) * (1 + random.nextInt(3));
        boolean same = random.nextInt(3) > 0;
        int size = !again ? random.nextInt(300) : model.get(id) + (same ? 0 : 1);
        TestProbe<LogRequest.AppendAnswer> probe = world.probe();
        log.tell(new LogRequest.AppendAt(id, List.of(Payload.of(new byte[size])),
                Durability.values()[random.nextInt(2)], probe.ref()));
        switch (probe.receiveMessage(LONG)) {
            case LogRequest.Acknowledged done -> {
                assertThat(done.appended().firstId()).isEqualTo(model.size()).isEqualTo(id);
                model.add(size);
            }
            case LogRequest.Duplicate there -> {
                assertThat(again && same).isTrue();
                assertThat(there.appended().firstId()).isEqualTo(id);
            }
            case LogRequest.NotWritten refused when again -> {
                assertThat(same).isFalse();
                assertThat(refused.cause()).isInstanceOf(WalException.Conflict.class);
            }
            case LogRequest.NotWritten refused -> {
                assertThat(id).isGreaterThan(model.size());
                assertThat(refused.cause()).isInstanceOf(WalException.OutOfOrder.class);
            }
            case LogRequest.Unknown _,LogRequest.Overloaded _ -> throw new AssertionError();
        }
        probe.expectNoMessage(Duration.ZERO);
    }

    private void trim(Random random) {
        sync();
        TestProbe<StatusReply<TrimOutcome>> probe = world.probe();
        int before = random.nextInt(model.size() + 1);
        log.tell(new LogRequest.Trim(new TrimRule.Before(before), probe.ref()));
        int now = Math.toIntExact(probe.receiveMessage(LONG).getValue().firstId());
        assertThat(now).isBetween(first, Math.max(first, before));
        first = now;
    }

    private void truncate(Random random) {
        int size = random.nextInt(first, model.size() + 1);
        TestProbe<StatusReply<TruncateOutcome>> probe = world.probe();
        log.tell(new LogRequest.Truncate(size - 1, probe.ref()));
        TruncateOutcome outcome = probe.receiveMessage(LONG).getValue();
        assertThat(outcome.entries()).isEqualTo(model.size() - size);
        model.subList(size, model.size()).clear();
        assertThat(world.info(log).nextId()).isEqualTo(size);
    }

    private void appendInARow(Random random) {
        TestProbe<LogRequest.AppendAnswer> probe = world.probe();
        List<List<Integer>> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            List<Integer> sizes = sizes(random);
            all.add(sizes);
            log.tell(request(sizes, Durability.SYNCED, random.nextBoolean(), probe));
        }
        all.forEach(sizes -> expectAppended(probe, sizes));
    }

    private void sync() {
        TestProbe<StatusReply<Done>> probe = world.probe();
        log.tell(new LogRequest.Sync(probe.ref()));
        assertThat(probe.receiveMessage(LONG).isSuccess()).isTrue();
        assertThat(world.info(log).durableId()).isEqualTo(model.size() - 1);
    }

    private void rest() {
        world.await(() -> world.life.phase() instanceof LogPhase.Resting);
    }

    private void close() {
        world.close(log);
        TestProbe<Done> gone = world.probe();
        gone.expectTerminated(log, LONG);
        open();
    }

    /// What was under way when the sync failed may be in the log, or the first entries of it.
    private void failAndReopen(Random random) {
        sync();
        world.scheduler.fail(ScriptedScheduler.with(IoOperation.Fdatasync.class));
        List<Integer> sizes = sizes(random);
        TestProbe<LogRequest.AppendAnswer> probe = world.probe();
        log.tell(request(sizes, Durability.SYNCED, true, probe));
        LogRequest.AppendAnswer answer = probe.receiveMessage(LONG);
        world.scheduler.fail(_ -> false);
        TestProbe<StatusReply<LogInfo>> reopened = world.probe();
        log.tell(new LogRequest.Reopen(reopened.ref()));
        long nextId = reopened.receiveMessage(LONG).getValue().nextId();
        if (answer instanceof LogRequest.Unknown && nextId > model.size()) {
            model.addAll(sizes);
        }
        assertThat(nextId).isEqualTo(model.size());
    }

    private void read(Random random) {
        if (model.size() == first) {
            return;
        }
        sync();
        int id = random.nextInt(first, model.size());
        try (LeaseSlot slot = new LeaseSlot()) {
            LogRequest.Lent lent = (LogRequest.Lent) world.lent(log, id, slot);
            FragmentCursor cursor = lent.lease().cursorBefore(id);
            while (cursor.advance(lent.visibleId())) {
                assertThat(cursor.payload().byteSize())
                        .isEqualTo(model.get(Math.toIntExact(cursor.id())).longValue());
            }
        }
    }
}
