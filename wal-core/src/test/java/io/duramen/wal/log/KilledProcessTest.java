package io.duramen.wal.log;

import static io.duramen.wal.log.RawLog.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that is killed takes nothing with it that it acknowledged.
///
/// `-Dwal.kill.cycles` and `-Dwal.kill.seed` make it longer, or another one.
class KilledProcessTest {
    private static final LogId ORDERS = LogId.of("orders");
    private static final int CYCLES = Integer.getInteger("wal.kill.cycles", 8);
    private static final long SEED = Long.getLong("wal.kill.seed", 20261121);

    @TempDir
    Path base;
    private final Map<Long, String> acknowledged = new HashMap<>();
    private long nextId;

    /// A child process and what it prints.
    private record Child(Process process, BufferedReader out) {
        String line() throws IOException {
            return out.readLine();
        }

        void kill() {
            process.toHandle().destroyForcibly(); // the process itself would close what it printed
        }
    }

    private Child start(long seed, int threads, Durability durability) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process process = new ProcessBuilder(java.toString(),
                "-ea", "-Xmx256m", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp", System.getProperty("java.class.path"),
                KilledWriter.class.getName(), base.toString(), ORDERS.value(), Long.toString(seed),
                Integer.toString(threads), durability.name())
                        .redirectError(errors().toFile()).start();
        return new Child(process, process.inputReader());
    }

    private Path errors() {
        return base.resolve("errors.txt");
    }

    @Test
    void what_was_acknowledged_survives_any_number_of_kills() throws Exception {
        System.out.println("seed " + SEED);
        Random random = new Random(SEED);
        for (int cycle = 0; cycle < CYCLES; cycle++) {
            boolean duringOpen = cycle % 4 == 3;
            Durability durability = cycle % 2 == 0 ? Durability.SYNCED : Durability.WRITTEN;
            Child child = start(random.nextLong(), 1 + random.nextInt(8), durability);
            int limit = 1 + random.nextInt(600);
            runAndKill(child, duringOpen ? 0 : limit, duringOpen ? random.nextInt(2_000_000) : 0);
            verifyAndAppend();
        }
    }

    /// @param acknowledgements kill after so many; 0 to kill while the log is being opened
    private void runAndKill(Child child, int acknowledgements, int spins) throws Exception {
        assertThat(child.line()).as("%s", errors()).isEqualTo("opening");
        if (acknowledgements == 0) {
            for (int i = 0; i < spins; i++) {
                Thread.onSpinWait();
            }
            child.kill();
        }
        int seen = 0;
        for (String line = child.line(); line != null; line = child.line()) {
            if (line.endsWith(";")) {
                note(line);
                seen++;
                if (seen == acknowledgements) {
                    child.kill();
                }
            }
        }
        child.process().waitFor();
        assertThat(seen).as(() -> read(errors())).isGreaterThanOrEqualTo(acknowledgements);
    }

    private static String read(Path file) {
        return new String(RawLog.read(file), UTF_8);
    }

    private void note(String line) {
        int space = line.indexOf(' ');
        String digest = line.substring(space + 1, line.length() - 1);
        String before = acknowledged.put(Long.parseLong(line.substring(0, space)), digest);
        assertThat(before).as("an id is given once: %s", line).isNull();
    }

    private void verifyAndAppend() {
        try (DiskLog log = DiskLog.open(base, ORDERS, KilledWriter.SETTINGS)) {
            Map<Long, String> found = new HashMap<>();
            long expected = 0;
            try (LogReader reader = log.read(ReadRange.from(0))) {
                for (Entry entry : reader) {
                    assertThat(entry.id()).isEqualTo(expected++);
                    found.put(entry.id(), KilledWriter.digest(entry.toByteArray()));
                }
            }
            assertThat(found).hasSizeGreaterThanOrEqualTo((int) nextId)
                    .containsAllEntriesOf(acknowledged);
            assertThat(log.recoveryReport().foreignNames()).isEmpty();
            acknowledged.putAll(found); // what was recovered may not go any more
            byte[] payload = bytes("behind " + expected);
            assertThat(log.append(payload)).isEqualTo(expected);
            acknowledged.put(expected, KilledWriter.digest(payload));
            nextId = expected + 1;
        }
    }

    @Test
    void a_log_open_in_another_process_is_refused_until_that_ends() throws Exception {
        Child child = start(SEED, 1, Durability.WRITTEN);
        try {
            assertThat(List.of(child.line(), child.line())).containsExactly("opening", "open 0");
            assertThatThrownBy(() -> DiskLog.open(base, ORDERS, KilledWriter.SETTINGS))
                    .isInstanceOfSatisfying(WalException.Locked.class,
                            locked -> assertThat(locked.holderPid())
                                    .isEqualTo(child.process().pid()))
                    .hasMessageContaining("in process " + child.process().pid());
        } finally {
            child.kill();
            child.process().waitFor();
        }
        DiskLog.open(base, ORDERS, KilledWriter.SETTINGS).close();
    }
}
