package io.duramen.wal.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.duramen.wal.WalException;
import io.duramen.wal.io.IoFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A log that may punch holes, on a file system that knows them.
abstract class HeadHoleFixture {
    static final LogId ORDERS = LogId.of("orders");
    static final int PAYLOAD_BYTES = 3000;
    static final LogSettings PUNCHING = LogSettings.defaults()
            .withFragmentSizeBytes(64 << 10).withFragmentEntriesMax(10)
            .withStandby(StandbySettings.OFF)
            .withRetention(RetentionSettings.OFF.withPunchHoles(true));

    @TempDir
    Path base;
    final SteppedEnvironment environment = new SteppedEnvironment();
    RawLog raw;
    DiskLog log;

    /// Twenty-four entries in the fragments 0, 10 and 20; each entry is a group.
    @BeforeEach
    void write() {
        assumeTrue(knowsHoles(), "the file system knows no holes");
        raw = new RawLog(base, ORDERS);
        log = environment.open(base, ORDERS, PUNCHING);
        append(24);
    }

    @AfterEach
    void close() {
        if (log != null) {
            log.close();
        }
        environment.close();
    }

    boolean knowsHoles() {
        try (IoFile file = environment.logs().disk().create(base.resolve("probe"))) {
            file.allocate(0, 1 << 20);
            return file.punchHole(0, 1 << 20) > 0 && !file.mayBeShared();
        } finally {
            environment.logs().disk().delete(base.resolve("probe"));
        }
    }

    void append(int count) {
        IntStream.range(0, count).forEach(_ -> log.append(payload(log.nextId())));
    }

    static byte[] payload(long id) {
        byte[] bytes = new byte[PAYLOAD_BYTES];
        byte[] text = RawLog.bytes("entry " + id + " ");
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = text[i % text.length];
        }
        return bytes;
    }

    static List<String> entries(int from, int to) {
        return IntStream.range(from, to).mapToObj(id -> id + ":" + new String(payload(id)))
                .toList();
    }

    void reopen() {
        log.close();
        log = environment.open(base, ORDERS, PUNCHING);
    }

    static void assertTrimmed(ReadableLog log, long asked, long firstId) {
        assertThatThrownBy(() -> log.read(ReadRange.from(asked)))
                .isInstanceOfSatisfying(WalException.Trimmed.class,
                        trimmed -> assertThat(trimmed.firstId()).isEqualTo(firstId));
    }

    LogVerification.Result verify(List<LogVerification.Finding> findings) {
        return LogVerification.run(base, ORDERS, environment.logs().disk(), findings::add);
    }

    void assertSound(int firstId, int nextId) {
        List<LogVerification.Finding> findings = new ArrayList<>();
        LogVerification.Result result = verify(findings);
        assertThat(findings).isEmpty();
        assertThat(result.entries()).isEqualTo(nextId - firstId);
        assertThat(result.lost()).isZero();
        LogSurvey survey = environment.survey(base, ORDERS);
        assertThat(survey.isDamaged()).isFalse();
        assertThat(survey.firstId()).isEqualTo(firstId);
        assertThat(survey.nextId()).isEqualTo(nextId);
        assertThat(survey.entries()).isEqualTo(nextId - firstId);
    }
}
