package io.duramen.wal.actors;

import static io.duramen.wal.actors.LogWorld.SMALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.fragment.FragmentCursor;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.LogInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.api.io.TempDir;

/// Random commands to a log through its actors, beside a list of what must be in it. The seed is
/// the test's parameter.
class LogModelTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int COMMANDS = 150;

    @TempDir
    Path base;

    private LogWorld world;
    private ActorRef<LogActor.Command> log;
    /// Sizes of the entries, by id.
    private final List<Integer> model = new ArrayList<>();

    @BeforeEach
    void start() {
        world = new LogWorld(base);
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
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void whatever_is_asked_of_a_log_it_holds_what_was_acknowledged(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < COMMANDS; i++) {
            switch (random.nextInt(20)) {
                case 0 -> rest();
                case 1 -> close();
                case 2 -> failAndReopen(random);
                case 3, 4 -> sync();
                case 5, 6, 7 -> read(random);
                case 8 -> appendInARow(random);
                case 9 -> append(List.of(9_000, 9_000, 9_000), Durability.SYNCED, true);
                default -> append(sizes(random), Durability.values()[random.nextInt(2)],
                        random.nextBoolean());
            }
        }
        world.close(log);
        assertThat(world.entrySizes()).isEqualTo(model);
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
        if (model.isEmpty()) {
            return;
        }
        sync();
        int id = random.nextInt(model.size());
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
