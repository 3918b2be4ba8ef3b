package io.duramen.wal.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.duramen.wal.WalException;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.IoMode;
import io.duramen.wal.log.LogEnvironment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchTest {
    private static final BenchSettings SHORT = BenchSettings.of(100, Duration.ofMillis(5))
            .withCaseBytesMax(BenchSettings.CASE_BYTES_MIN);

    private final LogEnvironment environment = LogEnvironment.open(1, 8);

    @TempDir
    Path base;

    @AfterEach
    void close() {
        environment.close();
    }

    @Test
    void every_case_is_measured_and_nothing_stays() throws InterruptedException {
        List<BenchCase> begun = new ArrayList<>();
        List<CaseResult> results = new Bench(environment, base.resolve("logs"), SHORT)
                .run(begun::add);
        assertThat(results).extracting(CaseResult::benchCase)
                .containsExactlyElementsOf(begun)
                .containsExactlyElementsOf(BenchCase.all(List.of(IoMode.values())));
        for (CaseResult result : results) {
            if (result instanceof CaseResult.Measured measured) {
                assertThat(measured.measurement().operations()).as("%s", result).isPositive();
                assertThat(measured.measurement().operationsPerSecond()).isPositive();
                assertThat(measured.measurement().bytes()).isPositive();
            } else {
                assertThat(result.toString()).contains("direct");
            }
        }
        assertThat(base).isEmptyDirectory();
    }

    @Test
    void single_operations_are_timed_except_in_a_replay() throws InterruptedException {
        for (CaseResult result : new Bench(environment, base,
                SHORT.withModes(List.of(IoMode.MAPPED))).run(_ -> {})) {
            Measurement measurement = ((CaseResult.Measured) result).measurement();
            assertThat(measurement.latency().count())
                    .isEqualTo(result.benchCase() instanceof BenchCase.Replay ? 0
                            : measurement.operations());
        }
    }

    @Test
    void synced_cases_come_before_written_ones_and_each_bare_write_before_both() {
        assertThat(BenchCase.all(List.of(IoMode.DIRECT))).containsExactly(
                new BenchCase.BareWrite(true),
                new BenchCase.Append(IoMode.DIRECT, Durability.SYNCED, 1),
                new BenchCase.Append(IoMode.DIRECT, Durability.SYNCED, 16),
                new BenchCase.Append(IoMode.DIRECT, Durability.SYNCED, 64),
                new BenchCase.Append(IoMode.DIRECT, Durability.WRITTEN, 1),
                new BenchCase.Append(IoMode.DIRECT, Durability.WRITTEN, 16),
                new BenchCase.Append(IoMode.DIRECT, Durability.WRITTEN, 64),
                new BenchCase.Replay());
        assertThat(BenchCase.all(List.of(IoMode.MAPPED)))
                .startsWith(new BenchCase.BareWrite(false))
                .doesNotContain(new BenchCase.BareWrite(true));
    }

    @Test
    void empty_payloads_and_those_larger_than_a_buffer_are_measured() throws InterruptedException {
        for (int payloadBytes : new int[] {0, LogEnvironment.GROUP_BYTES}) {
            BenchSettings settings = BenchSettings.of(payloadBytes, Duration.ofMillis(5))
                    .withModes(List.of(IoMode.BUFFERED))
                    .withCaseBytesMax(BenchSettings.CASE_BYTES_MIN);
            assertThat(new Bench(environment, base, settings).run(_ -> {}))
                    .hasSize(8).allMatch(CaseResult.Measured.class::isInstance);
        }
    }

    @Test
    void a_mode_that_the_disk_does_not_offer_is_said_and_the_rest_is_measured()
            throws InterruptedException {
        LogEnvironment without = new LogEnvironment(new DiskWithoutDirectIo(environment.disk()),
                environment.scheduler(), environment.pool(), environment.clock(),
                environment.generations(), environment.background(), environment.timer());
        List<CaseResult> results = new Bench(without, base, SHORT
                .withModes(List.of(IoMode.DIRECT))).run(_ -> {});
        assertThat(results.subList(0, 7)).allSatisfy(result -> assertThat(
                ((CaseResult.NotOffered) result).reason()).isEqualTo("no direct I/O here"));
        assertThat(results.getLast()).isInstanceOf(CaseResult.Measured.class);
        assertThat(base).isEmptyDirectory();
    }

    @Test
    void a_base_path_that_takes_no_directory_is_refused() {
        Path kernel = Path.of("/proc/wal-test");
        assumeTrue(Files.isDirectory(kernel.getParent()), "there is no /proc");
        assertThatThrownBy(() -> new Bench(environment, kernel, SHORT).run(_ -> {}))
                .isInstanceOf(WalException.UnusablePath.class);
    }

    @Test
    void an_interrupt_ends_it_and_nothing_stays() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> new Bench(environment, base, SHORT).run(_ -> {}))
                .isInstanceOf(InterruptedException.class);
        assertThat(base).isEmptyDirectory();
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void settings_out_of_range_are_refused_by_name() {
        assertThatThrownBy(() -> BenchSettings.of(-1, Duration.ofSeconds(1)))
                .hasMessageContaining("payloadBytes is -1");
        assertThatThrownBy(() -> BenchSettings.of(1, Duration.ZERO))
                .hasMessageContaining("measured is PT0S");
        assertThatThrownBy(() -> SHORT.withModes(List.of())).hasMessageContaining("modes");
        assertThatThrownBy(() -> SHORT.withCaseBytesMax(1)).hasMessageContaining("caseBytesMax");
    }
}
