package io.duramen.wal.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.duramen.wal.RecordedLog;
import io.duramen.wal.os.MemoryLimits;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SlabTest {
    private static final Path TRANSPARENT =
            Path.of("/sys/kernel/mm/transparent_hugepage/enabled");
    private static final BufferPoolSettings EIGHT_MIB = BufferPoolSettings.defaults()
            .withName("p").withSlotBytes(1 << 20).withSlots(8);

    private final RecordedLog log = RecordedLog.of(Slab.class);

    @AfterEach
    void stopRecording() {
        log.close();
    }

    private static BufferPoolSettings with(HugePages hugePages, MemoryLock lock) {
        return EIGHT_MIB.withSlab(new SlabSettings(hugePages, lock));
    }

    @Test
    void huge_pages_are_granted_or_missed_aloud() {
        try (BufferPool pool = BufferPool.create(with(HugePages.ON, MemoryLock.OFF))) {
            SlabState state = pool.statistics().slab();
            assertThat(state.sizeBytes()).isEqualTo(8 << 20);
            assertThat(pool.slab().byteSize()).isEqualTo(8 << 20);
            assertThat(pool.slab().address() % (2 << 20)).isZero();
            if (state.hugePageBytes() == 8 << 20) {
                assertThat(log.messages()).isEmpty();
            } else {
                assertThat(log.messages()).singleElement().asString().contains(
                        "of the 8388608 bytes of buffer pool 'p' " + state.hugePageBytes());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "OFF")
    void huge_pages_are_granted_where_the_system_gives_them(HugePages asked) throws IOException {
        assumeTrue(Files.isReadable(TRANSPARENT)
                && !Files.readString(TRANSPARENT).contains("[never]"), "there are none here");
        try (BufferPool pool = BufferPool.create(with(asked, MemoryLock.OFF))) {
            assertThat(MemoryLimits.hugePageBytes(pool.slab())).isPositive();
        }
    }

    @Test
    void a_pool_takes_huge_pages_without_a_word_and_only_whole_ones() throws IOException {
        for (int slots = 1; slots <= 3; slots++) {
            try (BufferPool pool = BufferPool.create(EIGHT_MIB.withSlots(slots))) {
                assertThat(pool.slab().byteSize()).isEqualTo((long) slots << 20);
                assertThat(MemoryLimits.hugePageBytes(pool.slab())).isIn(0L,
                        slots / 2 * (2L << 20));
                assertThat(log.messages()).isEmpty();
            }
        }
    }

    @Test
    void a_pool_that_asked_for_nothing_got_nothing() {
        try (BufferPool pool = BufferPool.create(with(HugePages.OFF, MemoryLock.OFF))) {
            assertThat(pool.statistics().slab()).isEqualTo(new SlabState(8 << 20, 0, 0));
        }
    }

    @Test
    void memory_of_every_kind_is_zero_at_first_and_freed_with_the_pool() throws IOException {
        for (HugePages huge : HugePages.values()) {
            BufferPool pool = BufferPool.create(with(huge, MemoryLock.IF_ALLOWED));
            assertThat(MemoryPattern.isFilledWith(pool.slab(), 0)).isTrue();
            String range = Long.toHexString(pool.slab().address());
            assertThat(Files.readString(Path.of("/proc/self/maps"))).contains(range);
            pool.close();
            assertThat(Files.readString(Path.of("/proc/self/maps"))).doesNotContain(range);
        }
    }

    @Test
    void locked_memory_is_locked_and_no_longer_than_the_pool_lives() throws IOException {
        long before = lockedKib();
        try (BufferPool pool = BufferPool.create(with(HugePages.OFF, MemoryLock.IF_ALLOWED))) {
            long locked = pool.statistics().slab().lockedBytes();
            assumeTrue(locked > 0, () -> "not allowed here: " + log.messages());
            assertThat(locked).isEqualTo(8 << 20);
            assertThat(lockedKib() - before).isEqualTo(8 << 10);
        }
        assertThat(lockedKib()).isEqualTo(before);
    }

    private static long lockedKib() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmLck:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", ""))).sum();
    }

    @Test
    void a_lock_that_is_refused_is_an_error_or_a_warning_that_names_the_limit() throws Exception {
        List<String> said = LockedPool.run(List.of("prlimit", "--memlock=65536", "setpriv",
                "--bounding-set", "-ipc_lock", "--inh-caps", "-ipc_lock"));
        assumeTrue(said.size() > 1, () -> "a process cannot be limited here: " + said);
        assertThat(said.get(0)).startsWith("refused: the 8388608 bytes of buffer pool 'p' cannot be"
                + " locked in memory: ENOMEM").contains("RLIMIT_MEMLOCK of this process is 65536"
                        + " bytes: raise it");
        assertThat(said.get(1)).isEqualTo("went on with 0 bytes locked");
        assertThat(said.subList(2, said.size())).anyMatch(
                line -> line.contains("they may be swapped") && line.contains("65536 bytes"));
    }

    /// Another process, with less allowed.
    static final class LockedPool {
        private LockedPool() {}

        public static void main(String[] arguments) {
            try {
                BufferPool.create(with(HugePages.OFF, MemoryLock.REQUIRED));
                System.out.println("locked");
            } catch (io.duramen.wal.WalException.Unsupported refused) {
                System.out.println("refused: " + refused.getMessage());
            }
            try (BufferPool pool = BufferPool.create(with(HugePages.OFF, MemoryLock.IF_ALLOWED))) {
                System.out.println("went on with " + pool.statistics().slab().lockedBytes()
                        + " bytes locked");
            }
        }

        static List<String> run(List<String> prefix) throws IOException, InterruptedException {
            List<String> command = new ArrayList<>(prefix);
            command.addAll(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED", "-Xshare:auto", "-Xmx64m",
                    "-cp", System.getProperty("java.class.path"), LockedPool.class.getName()));
            try {
                Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
                try (BufferedReader output = process.inputReader()) {
                    List<String> lines = new ArrayList<>(output.readAllLines());
                    process.waitFor();
                    lines.sort((a, b) -> rank(a) - rank(b));
                    return lines;
                }
            } catch (IOException missing) {
                return List.of();
            }
        }

        /// Answers first, log behind.
        private static int rank(String line) {
            return line.startsWith("refused") ? 0 : line.startsWith("went on") ? 1 : 2;
        }
    }
}
