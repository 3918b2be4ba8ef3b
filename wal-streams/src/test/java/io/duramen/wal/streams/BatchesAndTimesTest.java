package io.duramen.wal.streams;

import static io.duramen.wal.streams.StreamWorld.elements;
import static io.duramen.wal.streams.StreamWorld.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.actors.WalLog;
import io.duramen.wal.log.Appended;
import io.duramen.wal.log.Durability;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Streams of atomic batches, and streams that begin at a time.
class BatchesAndTimesTest {
    private static final List<ByteString> TOO_LARGE =
            Collections.nCopies(10, ByteString.fromArray(new byte[10_000]));

    @TempDir
    Path base;

    private StreamWorld world;

    @BeforeEach
    void start() {
        world = new StreamWorld(base, "duramen.wal.log.durability = synced");
    }

    @AfterEach
    void stop() {
        world.close();
    }

    @Test
    void lists_are_appended_as_atomic_batches_and_empty_ones_are_passed_over() throws Exception {
        WalLog log = world.log();
        List<List<ByteString>> lists = List.of(elements(3), List.of(), elements(1), elements(600));
        List<Appended> acknowledged = get(Source.from(lists).via(WalFlow.appendBatches(log))
                .runWith(Sink.seq(), world.system()));
        assertThat(acknowledged).containsExactly(new Appended(0, 2, Durability.SYNCED),
                new Appended(3, 3, Durability.SYNCED), new Appended(4, 603, Durability.SYNCED));
        AppendTotal total = get(Source.from(lists).runWith(WalSink.appendBatches(log),
                world.system()));
        assertThat(total.entries()).isEqualTo(604);
    }

    @Test
    void a_batch_that_fits_no_fragment_fails_the_stream_and_is_not_in_the_log() throws Exception {
        WalLog log = world.log();
        assertThatThrownBy(() -> get(Source.from(List.of(elements(2), TOO_LARGE, elements(1)))
                .runWith(WalSink.appendBatches(log), world.system()))).cause()
                        .isInstanceOf(WalException.TooLarge.class);
        assertThat(get(log.info()).nextId()).isEqualTo(2);
    }

    @Test
    void a_source_since_a_time_begins_with_its_first_entry() throws Exception {
        WalLog log = world.log();
        world.append(log, 3);
        Instant between = Instant.now();
        world.append(log, 4);
        assertThat(get(WalSource.currentSince(log, between).map(WalEntry::id)
                .runWith(Sink.seq(), world.system()))).containsExactly(3L, 4L, 5L, 6L);
        assertThat(get(WalSource.currentSince(log, Instant.MAX)
                .runWith(Sink.seq(), world.system()))).isEmpty();
        assertThat(get(WalSource.currentSince(log, Instant.MIN).take(1).map(WalEntry::id)
                .runWith(Sink.seq(), world.system()))).containsExactly(0L);
        CompletionStage<List<Long>> tail = WalSource.tailSince(log, Instant.now()).take(2)
                .map(WalEntry::id).runWith(Sink.seq(), world.system());
        world.append(log, 2);
        assertThat(get(tail)).containsExactly(7L, 8L);
    }
}
