package io.duramen.wal.actors;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogReader;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.ReadRange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whichever write or sync of a log's life fails: one answer to each append, no second try on that
/// file, reads go on, and everything acknowledged is there when the log is opened again.
class LogActorEveryFailureTest {
    private static final LogSettings TWO_EACH =
            LogWorld.SMALL.withFragmentSizeBytes(12 << 10).withFragmentEntriesMax(2);
    private static final int APPENDS = 5;

    @TempDir
    Path base;

    /// What is asked of a log in its life, and where.
    ///
    /// @param entries of each append
    /// @param sizeBytes of the first entry; each has a byte more than the one before
    /// @param together all at once, instead of one after the other is answered
    private record Life(LogSettings settings, int entries, int sizeBytes, boolean together) {
        LogRequest.Append append(int number, TestProbe<LogRequest.AppendAnswer> probe) {
            List<Payload> payloads = IntStream.range(0, entries)
                    .mapToObj(i -> Payload.of(new byte[sizeBytes + number * entries + i])).toList();
            return new LogRequest.Append(payloads, Durability.SYNCED, probe.ref());
        }
    }

    @Test
    void a_write_or_sync_that_fails_takes_nothing_acknowledged_and_is_not_tried_again() {
        try (LogWorld world = new LogWorld(base)) {
            assertThat(failEach(world, new Life(TWO_EACH, 1, 1, false)))
                    .isGreaterThan(2 * APPENDS);
        }
    }

    @Test
    void so_it_is_where_groups_are_encoded_ahead() {
        try (LogWorld world = LogWorld.withBuffersOf(8 << 10, base)) {
            assertThat(failEach(world, new Life(LogWorld.SMALL, 3, 2000, true)))
                    .isGreaterThan(APPENDS);
        }
    }

    /// @return one more than there are writes and syncs
    private int failEach(LogWorld world, Life life) {
        int nth = 0;
        do {
            nth++;
        } while (isHit(world, life, nth));
        return nth;
    }

    private boolean isHit(LogWorld world, Life life, int nth) {
        LogId id = LogId.of("fails-at-" + nth);
        ActorRef<LogActor.Command> log = world.kit
                .spawn(LogWorld.actorOf(id, base, life.settings(), world.wal, world.resources));
        world.scheduler.failNth(nth);
        List<Long> acknowledged = new ArrayList<>();
        int unknown = appendAll(world, life, log, acknowledged);
        for (long entryId : acknowledged) {
            try (LeaseSlot slot = new LeaseSlot()) {
                assertThat(world.lent(log, entryId, slot)).isInstanceOf(LogRequest.Lent.class);
            }
        }
        world.close(log);
        boolean hit = world.scheduler.hasFailedNth();
        assertThat(world.scheduler.triedAgain()).isZero();
        world.scheduler.failNth(0);
        List<Long> found = entryIds(world, life, id);
        assertThat(found).as("failed at %s", nth).containsAll(acknowledged)
                .hasSizeBetween(acknowledged.size(), acknowledged.size() + unknown);
        world.await(() -> world.pool.statistics().leased() == 0);
        return hit;
    }

    /// @return how many entries have an unknown outcome
    private static int appendAll(LogWorld world, Life life, ActorRef<LogActor.Command> log,
            List<Long> acknowledged) {
        List<TestProbe<LogRequest.AppendAnswer>> probes = new ArrayList<>();
        int unknown = 0;
        for (int i = 0; i < APPENDS; i++) {
            probes.add(world.probe());
            log.tell(life.append(i, probes.getLast()));
            if (!life.together() || i == APPENDS - 1) {
                for (TestProbe<LogRequest.AppendAnswer> probe : probes) {
                    unknown += isUnknown(probe, acknowledged) ? life.entries() : 0;
                }
                probes.clear();
            }
        }
        return unknown;
    }

    private static boolean isUnknown(TestProbe<LogRequest.AppendAnswer> probe,
            List<Long> acknowledged) {
        LogRequest.AppendAnswer answer = probe.receiveMessage(Duration.ofSeconds(20));
        probe.expectNoMessage(Duration.ZERO);
        switch (answer) {
            case LogRequest.Acknowledged it -> LongStream
                    .rangeClosed(it.appended().firstId(), it.appended().lastId())
                    .forEach(acknowledged::add);
            case LogRequest.Unknown _ -> {
                return true;
            }
            case LogRequest.NotWritten refused -> assertThat(refused.cause())
                    .isInstanceOfAny(WalException.Poisoned.class,
                            WalException.Io.class); // the first one keeps the log from opening
            case LogRequest.Overloaded overloaded -> throw new AssertionError(overloaded);
            case LogRequest.Duplicate duplicate -> throw new AssertionError(duplicate);
        }
        return false;
    }

    private List<Long> entryIds(LogWorld world, Life life, LogId id) {
        List<Long> ids = new ArrayList<>();
        try (DiskLog log = DiskLog.open(base, id, life.settings(), world.resources.environment());
                LogReader reader = log.read(ReadRange.from(0))) {
            reader.forEach(entry -> {
                assertThat(entry.id()).isEqualTo(ids.size());
                assertThat(entry.sizeBytes()).isEqualTo(life.sizeBytes() + (int) entry.id());
                ids.add(entry.id());
            });
        }
        return ids;
    }
}
