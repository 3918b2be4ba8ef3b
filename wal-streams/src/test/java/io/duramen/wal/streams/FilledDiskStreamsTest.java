package io.duramen.wal.streams;

import static io.duramen.wal.streams.StreamWorld.elements;
import static io.duramen.wal.streams.StreamWorld.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.duramen.wal.WalException;
import io.duramen.wal.actors.WalLog;
import io.duramen.wal.io.SmallDisk;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.stream.LongStream;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Streams on a real disk that somebody else fills.
class FilledDiskStreamsTest {
    private static final long DISK_BYTES = 4 << 20;
    private static final int MANY = 5000;

    @TempDir
    Path directory;

    private static Throwable failureOfAppending(StreamWorld world, WalLog log) {
        Throwable failure = catchThrowable(() -> get(
                Source.from(elements(MANY)).runWith(WalSink.append(log), world.system())));
        assertThat(failure).isInstanceOf(ExecutionException.class);
        return failure.getCause();
    }

    @Test
    void appending_fails_with_the_reason_reading_goes_on_and_appending_again_succeeds()
            throws Exception {
        try (SmallDisk disk = SmallDisk.mount(SmallDisk.Kind.TMPFS, directory, DISK_BYTES);
                StreamWorld world = new StreamWorld(disk.root())) {
            WalLog log = world.log();
            world.append(log, 10);
            Queue<Long> read = new ConcurrentLinkedQueue<>();
            WalSource.tail(log, 0).map(WalEntry::id)
                    .runWith(Sink.foreach(read::add), world.system());
            disk.fill();
            Throwable first = failureOfAppending(world, log);
            assertThat(first instanceof WalException.OutcomeUnknown ? first.getCause() : first)
                    .isInstanceOf(WalException.DiskFull.class);
            assertThat(failureOfAppending(world, log)).isInstanceOf(WalException.DiskFull.class);
            disk.makeRoom();
            long before = get(Source.from(elements(10)).via(WalFlow.append(log))
                    .runWith(Sink.head(), world.system()));
            assertThat(before).isGreaterThanOrEqualTo(10);
            world.await(() -> read.size() == before + 10);
            assertThat(List.copyOf(read))
                    .isEqualTo(LongStream.range(0, before + 10).boxed().toList());
        }
    }
}
