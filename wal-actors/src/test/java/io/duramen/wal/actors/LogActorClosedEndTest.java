package io.duramen.wal.actors;

import static io.duramen.wal.actors.LogWorld.ORDERS;
import static io.duramen.wal.actors.LogWorld.SMALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.format.ClosedEnd;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.format.WriterStatus;
import io.duramen.wal.log.LogSettings;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// When the status page says where a log ends.
class LogActorClosedEndTest {
    @TempDir
    Path base;
    private LogWorld world;

    @BeforeEach
    void open() {
        world = new LogWorld(base);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private Optional<ClosedEnd> closedEnd() throws IOException {
        byte[] page = Files.readAllBytes(ORDERS.directoryIn(base).resolve("LOCK"));
        MemorySegment copy = Arena.ofAuto().allocate(page.length, Long.BYTES)
                .copyFrom(MemorySegment.ofArray(page));
        return new WriterStatus(copy).closedEnd(FragmentHeader.hashOf(ORDERS.value()));
    }

    @Test
    void a_log_notes_its_end_when_it_is_closed_and_no_earlier() throws IOException {
        ActorRef<LogActor.Command> log = world.log(SMALL);
        world.appended(log, 3, 10);
        assertThat(closedEnd()).isEmpty();
        world.close(log);
        assertThat(closedEnd()).isPresent();
    }

    @Test
    void so_does_one_without_appends() throws IOException {
        ActorRef<LogActor.Command> log = world.log(SMALL);
        world.appended(log, 3, 10);
        world.close(log);
        ClosedEnd end = closedEnd().orElseThrow();
        ActorRef<LogActor.Command> again = world.log(SMALL);
        assertThat(world.info(again).nextId()).isEqualTo(3);
        assertThat(closedEnd()).isEmpty();
        world.close(again);
        assertThat(closedEnd()).contains(end);
    }

    @Test
    void so_does_one_that_goes_to_rest() throws IOException {
        ActorRef<LogActor.Command> log =
                world.log(SMALL, world.restingAfter(Duration.ofMillis(50)));
        world.appended(log, 3, 10);
        world.await(() -> world.life.phase() instanceof LogPhase.Resting);
        assertThat(closedEnd()).isPresent();
    }

    @Test
    void so_does_one_right_behind_a_rotation() throws IOException {
        LogSettings oneEach = SMALL.withFragmentEntriesMax(1);
        ActorRef<LogActor.Command> log = world.log(oneEach);
        world.appended(log, 1, 10);
        world.appended(log, 1, 10);
        world.close(log);
        assertThat(closedEnd()).isPresent();
    }

    @Test
    void a_log_that_was_poisoned_notes_nothing() throws IOException {
        ActorRef<LogActor.Command> log = world.log(SMALL);
        world.appended(log, 1, 10);
        world.scheduler.failNth(1);
        assertThat(world.appended(log, 1, 10)).isInstanceOf(LogRequest.Unknown.class);
        world.scheduler.failNth(0);
        world.close(log);
        assertThat(closedEnd()).isEmpty();
    }
}
