package io.duramen.wal.actors;

import static io.duramen.wal.actors.LogWorld.append;
import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.WalException;
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

    @Test
    void a_write_or_sync_that_fails_takes_nothing_acknowledged_and_is_not_tried_again() {
        try (LogWorld world = new LogWorld(base)) {
            int nth = 0;
            do {
                nth++;
            } while (isHit(world, nth));
            assertThat(nth).isGreaterThan(2 * APPENDS);
        }
    }

    private boolean isHit(LogWorld world, int nth) {
        LogId id = LogId.of("fails-at-" + nth);
        ActorRef<LogActor.Command> log = world.kit
                .spawn(LogWorld.actorOf(id, base, TWO_EACH, world.wal, world.resources));
        world.scheduler.failNth(nth);
        List<Long> acknowledged = new ArrayList<>();
        int unknown = appendAll(world, log, acknowledged);
        for (long entryId : acknowledged) {
            try (LeaseSlot slot = new LeaseSlot()) {
                assertThat(world.lent(log, entryId, slot)).isInstanceOf(LogRequest.Lent.class);
            }
        }
        world.close(log);
        boolean hit = world.scheduler.hasFailedNth();
        assertThat(world.scheduler.triedAgain()).isZero();
        world.scheduler.failNth(0);
        List<Long> found = entryIds(world, id);
        assertThat(found).as("failed at %s", nth).containsAll(acknowledged)
                .hasSizeBetween(acknowledged.size(), acknowledged.size() + unknown);
        return hit;
    }

    /// @return how many appends have an unknown outcome
    private static int appendAll(LogWorld world, ActorRef<LogActor.Command> log,
            List<Long> acknowledged) {
        int unknown = 0;
        for (int i = 0; i < APPENDS; i++) {
            TestProbe<LogRequest.AppendAnswer> probe = world.probe();
            log.tell(append(Durability.SYNCED, 1, 1 + i, probe));
            switch (probe.receiveMessage(Duration.ofSeconds(20))) {
                case LogRequest.Acknowledged it -> acknowledged.add(it.appended().firstId());
                case LogRequest.Unknown _ -> unknown++;
                case LogRequest.NotWritten refused ->
                        assertThat(refused.cause()).isInstanceOf(WalException.Poisoned.class);
                case LogRequest.Overloaded overloaded -> throw new AssertionError(overloaded);
                case LogRequest.Duplicate duplicate -> throw new AssertionError(duplicate);
            }
            probe.expectNoMessage(Duration.ZERO);
        }
        return unknown;
    }

    private List<Long> entryIds(LogWorld world, LogId id) {
        List<Long> ids = new ArrayList<>();
        try (DiskLog log = DiskLog.open(base, id, TWO_EACH, world.resources.environment());
                LogReader reader = log.read(ReadRange.from(0))) {
            reader.forEach(entry -> {
                assertThat(entry.id()).isEqualTo(ids.size());
                assertThat(entry.sizeBytes()).isEqualTo(1 + (int) entry.id());
                ids.add(entry.id());
            });
        }
        return ids;
    }
}
