package io.duramen.wal.log;

import static io.duramen.wal.log.RawLog.bytes;
import static io.duramen.wal.log.RawLog.contentsOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.duramen.wal.fragment.Payload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is done where there is no thread to do it.
class BackgroundThreadsTest {
    private static final Executor NO_THREAD = _ -> {
        throw new OutOfMemoryError("unable to create native thread");
    };

    private final List<String> done = new ArrayList<>();

    @TempDir
    Path base;

    @Test
    void what_the_executor_refuses_is_done_by_who_asked() {
        BackgroundThreads.of(NO_THREAD).execute(() -> done.add("work"));
        BackgroundThreads.of(_ -> {
            throw new RejectedExecutionException("no room");
        }).execute(() -> done.add("more"));
        assertThat(done).containsExactly("work", "more");
    }

    @Test
    void what_the_executor_refuses_and_does_after_all_is_done_once() {
        List<Runnable> taken = new ArrayList<>();
        BackgroundThreads.of(work -> {
            taken.add(work);
            throw new RejectedExecutionException("no room");
        }).execute(() -> done.add("work"));
        taken.forEach(Runnable::run);
        assertThat(done).containsExactly("work");
    }

    @Test
    void a_failure_of_the_work_is_no_refusal() {
        assertThatThrownBy(() -> BackgroundThreads.of(Runnable::run).execute(() -> {
            done.add("work");
            throw new RejectedExecutionException("from within");
        })).hasMessage("from within");
        assertThat(done).containsExactly("work");
    }

    @Test
    void nothing_is_done_after_the_end() {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        BackgroundThreads threads = BackgroundThreads.of(executor);
        threads.close();
        assertThatThrownBy(() -> threads.execute(() -> done.add("work")))
                .isInstanceOf(RejectedExecutionException.class);
        assertThat(done).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(IoMode.class)
    void a_log_works_without_any(IoMode mode) {
        LogSettings settings = LogSettings.defaults().withIoMode(mode)
                .withFragmentSizeBytes(12 << 10).withFragmentEntriesMax(8)
                .withDurability(Durability.WRITTEN).withUnsyncedDelayMax(Duration.ofMillis(5));
        try (LogEnvironment machine = LogEnvironment.open(1, 4)) {
            LogEnvironment threadless = new LogEnvironment(machine.disk(), machine.scheduler(),
                    machine.pool(), machine.clock(), machine.generations(), NO_THREAD,
                    machine.timer());
            assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
                try (DiskLog log = DiskLog.open(base, LogId.of("orders"), settings, threadless)) {
                    use(log);
                }
                try (DiskLog log = DiskLog.open(base, LogId.of("orders"), settings, threadless)) {
                    assertThat(contentsOf(log)).hasSize(23).last().isEqualTo("30:last");
                }
            });
        }
    }

    private static void use(DiskLog log) {
        for (int i = 0; i < 20; i++) {
            log.append(Payload.of(bytes("one")), Durability.SYNCED);
        }
        List<CompletionStage<Appended>> answers = IntStream.range(0, 20)
                .mapToObj(_ -> log.appendAsync(bytes("many"))).toList();
        answers.forEach(answer -> answer.toCompletableFuture().join());
        while (log.info().durableId() < 39) { // until the background sync
            Thread.onSpinWait();
        }
        log.rotate();
        log.trim(new TrimRule.Before(8));
        log.truncateAfter(29);
        log.append(Payload.of(bytes("last")), Durability.SYNCED);
    }
}
