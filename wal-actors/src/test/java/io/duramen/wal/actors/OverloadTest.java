package io.duramen.wal.actors;

import static io.duramen.wal.actors.LogWorld.SMALL;
import static io.duramen.wal.actors.LogWorld.append;
import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.log.Durability;
import io.duramen.wal.log.IoDriver;
import io.duramen.wal.log.IoMode;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Ten times as much as the disk takes, round after round. The disk is as slow as the test lets it
/// be: it completes one group in each round.
class OverloadTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int BOUND = 64 << 10;
    private static final int ROUNDS = 20;
    private static final int ENTRY_BYTES = 1 << 10;
    private static final int PER_ROUND = 10 * BOUND / ENTRY_BYTES;

    @TempDir
    Path base;

    private int acknowledged;
    private int refused;

    @Test
    void a_log_that_is_asked_for_tenfold_bounds_what_waits_answers_all_and_goes_on() {
        try (LogWorld world = new LogWorld(base, IoMode.BUFFERED, IoDriver.POSIX)) {
            ActorRef<LogActor.Command> log = world.log(SMALL.withPendingBytesMax(BOUND));
            TestProbe<LogRequest.AppendAnswer> answers = world.probe();
            world.appended(log, 1, 1);
            world.scheduler.hold(world.firstStep());
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < PER_ROUND; i++) {
                    log.tell(append(Durability.SYNCED, 1, ENTRY_BYTES, answers));
                }
                world.info(log); // all are taken or refused
                assertThat(world.pending.pending()).isPositive().isLessThanOrEqualTo(BOUND);
                world.await(() -> world.scheduler.held() == 1); // and the group before has ended
                assertThat(world.life.meter().metrics().pendingBytes())
                        .isEqualTo(world.pending.pending());
                world.scheduler.releaseOne();
                int before = acknowledged;
                while (acknowledged == before) {
                    count(answers.receiveMessage(LONG));
                }
            }
            world.scheduler.release();
            while (acknowledged + refused < ROUNDS * PER_ROUND) {
                count(answers.receiveMessage(LONG));
            }
            world.close(log);
            answers.expectNoMessage(Duration.ZERO);
            assertThat(world.pending.pending()).isZero();
            assertThat(world.life.meter().metrics().pendingBytes()).isZero();
            assertThat(refused).isGreaterThan(ROUNDS * PER_ROUND / 2);
            assertThat(world.entrySizes()).hasSize(1 + acknowledged);
        }
    }

    private void count(LogRequest.AppendAnswer answer) {
        switch (answer) {
            case LogRequest.Acknowledged _ -> acknowledged++;
            case LogRequest.Overloaded overloaded -> {
                refused++;
                assertThat(overloaded.pendingBytes()).isLessThanOrEqualTo(BOUND);
            }
            case LogRequest.Duplicate _,LogRequest.NotWritten _,LogRequest.Unknown _ ->
                    throw new AssertionError(answer);
        }
    }
}
