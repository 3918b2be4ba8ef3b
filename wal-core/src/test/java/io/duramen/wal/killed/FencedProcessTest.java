package io.duramen.wal.killed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.io.posix.PosixDisk;
import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.Entry;
import io.duramen.wal.log.IoDriver;
import io.duramen.wal.log.IoMode;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogReader;
import io.duramen.wal.log.LogVerification;
import io.duramen.wal.log.ReadRange;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A process that stands still while another one takes its log over, on a file system whose lock
/// does not keep it out: when it goes on, nothing of it gets into the log any more.
@Timeout(120)
class FencedProcessTest {
    private static final LogId ORDERS = LogId.of("orders");

    @TempDir
    Path base;

    private static List<String> contentsOf(DiskLog log) {
        List<String> contents = new ArrayList<>();
        try (LogReader reader = log.read(ReadRange.from(0))) {
            for (Entry entry : reader) {
                contents.add(new String(entry.toByteArray()));
            }
        }
        return contents;
    }

    private DiskLog open(WriterOptions options, long epoch) {
        return DiskLog.open(base, ORDERS, options.settings().withEpoch(epoch));
    }

    private static void assertRefused(KilledProcess writer, String line, String which)
            throws Exception {
        writer.tell(line);
        assertThat(writer.line()).as(writer::errors).isEqualTo("refused " + which + ";");
    }

    @ParameterizedTest
    @EnumSource
    void a_process_that_was_taken_over_while_it_stood_still_is_refused(IoMode mode)
            throws Exception {
        WriterOptions options = new WriterOptions(base, ORDERS, IoDriver.POSIX, mode,
                Durability.SYNCED, 1, 0);
        KilledProcess late = KilledProcess.start(FencedWriter.class, options);
        try {
            assertThat(List.of(late.line(), late.line())).containsExactly("opening", "open 0");
            late.tell("first of the late one");
            assertThat(late.line()).as(late::errors).startsWith("0 ");
            late.stop();
            try (DiskLog log = open(options, FencedWriter.EPOCH + 1)) {
                log.append("first of the next one".getBytes());
                late.goOn();
                assertRefused(late, "second of the late one", "Fenced");
                log.append("second of the next one".getBytes());
                assertRefused(late, "third of the late one", "Fenced");
                log.append("third of the next one".getBytes());
            }
        } finally {
            late.goOn();
            late.kill();
            late.awaitEnd();
        }
        assertThatThrownBy(() -> open(options, FencedWriter.EPOCH))
                .isInstanceOf(WalException.Fenced.class);
        LogVerification.run(base, ORDERS, new PosixDisk(),
                finding -> assertThat(finding.isDamage()).as("%s", finding).isFalse());
        try (DiskLog log = open(options, FencedWriter.EPOCH + 1)) {
            assertThat(contentsOf(log)).containsExactly("first of the late one",
                    "first of the next one", "second of the next one", "third of the next one");
        }
    }
}
