package io.duramen.wal.killed;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.io.posix.PosixDisk;
import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.Entry;
import io.duramen.wal.log.LogReader;
import io.duramen.wal.log.LogVerification;
import io.duramen.wal.log.ReadRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Lets processes append to a log, kills one after the other, and looks each time whether
/// everything is there that was acknowledged: in this process, from what the other one told.
public final class KillLoop {
    private static final int ACKNOWLEDGEMENTS_MAX = 200;
    private static final int FRAGMENTS_MAX = 8;
    private static final int TRUNCATIONS_MAX = 4;
    private static final int SPINS_MAX = 2_000_000;
    private static final int SPINS_HALVED_MAX = 6;

    /// When a process is killed.
    private enum Moment {
        WHILE_OPENING, AFTER_ACKNOWLEDGEMENTS, WHILE_ROTATING, ANY_TIME
    }

    private final Random random;
    private final Promises promises = new Promises();

    public KillLoop(Random random) {
        this.random = random;
    }

    /// Starts a process, kills it at a moment, and checks what is left.
    ///
    /// @param writer has a main method that takes [WriterOptions]
    public void killOnce(Class<?> writer, WriterOptions options)
            throws IOException, InterruptedException {
        Moment moment = Moment.values()[random.nextInt(Moment.values().length)];
        KilledProcess process = KilledProcess.start(writer, options);
        try {
            awaitOpening(process);
            int awaited = moment == Moment.AFTER_ACKNOWLEDGEMENTS
                    ? 1 + random.nextInt(ACKNOWLEDGEMENTS_MAX) : 0;
            if (moment == Moment.WHILE_ROTATING) {
                awaitRotation(process, options);
            } else if (awaited == 0) {
                spin(moment == Moment.WHILE_OPENING ? SPINS_MAX : 5 * SPINS_MAX);
            }
            if (awaited == 0) {
                process.kill();
            }
            int seen = hear(process, awaited);
            assertThat(seen).as(process::errors).isGreaterThanOrEqualTo(awaited);
        } finally {
            process.kill();
            process.awaitEnd();
        }
        verify(options);
    }

    /// Starts a process that truncates, kills it soon after it has asked for that, or while it
    /// opens the log, and checks what is left. Such a log need not grow, so nothing is awaited that
    /// it does not tell.
    ///
    /// @param writer as in [#killOnce(Class, WriterOptions)]
    /// @return what became of the truncation, for a summary
    public String killTruncating(Class<?> writer, WriterOptions options)
            throws IOException, InterruptedException {
        KilledProcess process = KilledProcess.start(writer, options);
        try {
            awaitOpening(process);
            int awaited = random.nextInt(TRUNCATIONS_MAX + 1);
            for (int asked = 0; asked < awaited;) {
                String line = process.line();
                assertThat(line).as(process::errors).isNotNull();
                note(line);
                asked += line.startsWith(WriterOutput.TRUNCATING) ? 1 : 0;
            }
            spin(SPINS_MAX >> random.nextInt(SPINS_HALVED_MAX));
            process.kill();
            hear(process, 0);
        } finally {
            process.kill();
            process.awaitEnd();
        }
        boolean truncating = promises.isTruncating();
        Promises.Outcome outcome = verify(options);
        return truncating ? "truncation " + outcome : "none under way";
    }

    /// Whatever comes before it is somebody's log.
    private static void awaitOpening(KilledProcess process) throws IOException {
        String line = process.line();
        while (line != null && !line.equals(WriterOutput.OPENING)) {
            line = process.line();
        }
        assertThat(line).as(process::errors).isNotNull();
    }

    private void spin(int most) {
        for (int i = random.nextInt(most); i > 0; i--) {
            Thread.onSpinWait();
        }
    }

    /// Waits until one more fragment is being made, has just got its name, or a few.
    private void awaitRotation(KilledProcess process, WriterOptions options) throws IOException {
        Path directory = options.logId().directoryIn(options.base());
        long awaited = fragmentFiles(directory) + 1 + random.nextInt(FRAGMENTS_MAX);
        while (process.isAlive() && fragmentFiles(directory) < awaited) {
            Thread.onSpinWait();
        }
        spin(SPINS_MAX / 100);
    }

    private static long fragmentFiles(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> !file.endsWith("LOCK")).count();
        }
    }

    /// Notes all that the process tells until it ends.
    ///
    /// @param killAfter kill it after so many acknowledgements, 0 where it is killed already
    private int hear(KilledProcess process, int killAfter) throws IOException {
        int seen = 0;
        for (String line = process.line(); line != null; line = process.line()) {
            if (note(line)) {
                seen++;
                if (seen == killAfter) {
                    process.kill();
                }
            }
        }
        return seen;
    }

    /// @return false where it is not whole, or no promise
    private boolean note(String line) {
        boolean promise = line.endsWith(WriterOutput.END);
        if (promise) {
            promises.note(line.substring(0, line.length() - WriterOutput.END.length()));
        }
        return promise;
    }

    private Promises.Outcome verify(WriterOptions options) {
        if (!Files.exists(options.logId().directoryIn(options.base()).resolve("LOCK"))) {
            assertThat(promises.isEmpty()).isTrue();
            return Promises.Outcome.NOT_DONE;
        }
        LogVerification.run(options.base(), options.logId(), new PosixDisk(),
                finding -> assertThat(finding.isDamage()).as("%s", finding).isFalse());
        try (DiskLog log = DiskLog.open(options.base(), options.logId(), options.settings())) {
            TreeMap<Long, String> found = new TreeMap<>();
            long expected = 0;
            try (LogReader reader = log.read(ReadRange.from(0))) {
                for (Entry entry : reader) {
                    assertThat(entry.id()).isEqualTo(expected++);
                    found.put(entry.id(), WriterOutput.digest(entry.toByteArray()));
                }
            }
            Promises.Outcome outcome = promises.check(found);
            assertThat(log.recoveryReport().foreignNames()).isEmpty();
            acknowledgeOneMore(log, expected);
            return outcome;
        }
    }

    private void acknowledgeOneMore(DiskLog log, long expected) {
        byte[] payload = WriterOutput.anyPayload(random);
        assertThat(log.append(payload)).isEqualTo(expected);
        promises.note(expected + " " + WriterOutput.digest(payload));
    }
}
