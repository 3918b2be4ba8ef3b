package io.duramen.wal.log;

import static io.duramen.wal.log.RawLog.bytes;
import static io.duramen.wal.log.TailVerdict.REFUSE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.format.WriterStatus;
import io.duramen.wal.log.RawLog.Crafted;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every row of [TailVerdict]'s table that a log can be in, made in files: recovery, a view, a
/// survey and verification all decide as the table says.
class TailDecisionTest {
    private static final LogId ORDERS = LogId.of("orders");
    private static final LogSettings SMALL = LogSettings.defaults().withFragmentSizeBytes(12 << 10);
    private static final long FAR_BEHIND = 7000;

    @TempDir
    Path base;
    private LogEnvironment environment;
    private RawLog origin;

    /// Entries 0 to 2 of a writer that was killed, all of them durable.
    @BeforeEach
    void write() {
        environment = LogEnvironment.open(1, 2);
        RawLog live = new RawLog(base.resolve("live"), ORDERS);
        try (DiskLog log = DiskLog.open(live.base(), ORDERS, SMALL, environment)) {
            for (String payload : List.of("zero", "one", "two")) {
                log.append(bytes(payload));
            }
            origin = live.copyTo(base.resolve("origin"));
        }
    }

    @AfterEach
    void close() {
        environment.close();
    }

    /// The evidence is made, not guessed: what each condition takes is done to the files.
    private RawLog make(TailEvidence wanted) {
        RawLog raw = origin.copyTo(base.resolve("state-" + Integer.toHexString(
                wanted.hashCode() & 0xffff) + "-" + wanted.toString().hashCode()));
        if (wanted.batchCut()) {
            raw.craftGroup(0, 2, List.of(new Crafted("open", true)));
        }
        if (wanted.provenByGroupRecord()) {
            RawLog.Group group = raw.craftGroup(0, 2, List.of(new Crafted("three", false)));
            RawLog.Group later = raw.craftGroup(0, 3, List.of(new Crafted("four", false)));
            if (wanted.batchCut()) {
                RawLog.write(raw.fragment(0), FAR_BEHIND / 8 * 8, later.bytes());
                RawLog.write(raw.fragment(0), group.start(),
                        new byte[(int) (later.end() - group.start())]);
            } else {
                raw.damage(raw.fragment(0), group.start() + 4);
            }
        } else if (wanted.bytesFollow() && !wanted.batchCut()) {
            RawLog.write(raw.fragment(0), FAR_BEHIND, bytes("stray"));
        }
        promise(raw, wanted.provenByStatus() ? 3 : 2);
        return raw;
    }

    private static void promise(RawLog raw, long durableId) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment page = arena.allocate(WriterStatus.BYTES, 8);
            page.copyFrom(MemorySegment.ofArray(RawLog.read(raw.lock())));
            WriterStatus status = new WriterStatus(page);
            status.written(durableId);
            status.durable(durableId);
            RawLog.write(raw.lock(), 0, page.toArray(ValueLayout.JAVA_BYTE));
        }
    }

    /// A batch that is cut, and a group record, are bytes themselves.
    private static boolean canBe(TailEvidence seen) {
        return seen.bytesFollow() || !seen.batchCut() && !seen.provenByGroupRecord();
    }

    @Test
    void every_state_that_can_be_is_decided_by_everyone_as_the_table_says() {
        Set<TailVerdict> reached = new HashSet<>();
        int states = 0;
        for (int bits = 0; bits < 16; bits++) {
            TailEvidence seen = new TailEvidence((bits & 1) != 0, (bits & 2) != 0,
                    (bits & 4) != 0, (bits & 8) != 0);
            if (canBe(seen)) {
                check(seen, make(seen));
                reached.add(TailVerdict.of(seen));
                states++;
            }
        }
        assertThat(states).isEqualTo(10);
        assertThat(reached).containsExactlyInAnyOrder(TailVerdict.values());
    }

    private void check(TailEvidence seen, RawLog raw) {
        TailVerdict verdict = TailVerdict.of(seen);
        assertThat(LogSurvey.of(raw.base(), ORDERS, environment.disk(), environment.scheduler())
                .recovery().verdict()).as("survey of %s", seen).isEqualTo(verdict);
        List<LogVerification.Finding> findings = new ArrayList<>();
        LogVerification.Result result = LogVerification.run(raw.base(), ORDERS,
                environment.disk(), findings::add);
        assertThat(result.damages() > 0).as("verification of %s", seen)
                .isEqualTo(verdict == REFUSE);
        assertThat(findings.isEmpty()).as("findings of %s", seen)
                .isEqualTo(verdict == TailVerdict.KEEP);
        if (verdict == REFUSE) {
            assertThatThrownBy(() -> open(raw)).as("recovery of %s", seen)
                    .isInstanceOf(WalException.Corrupt.class);
            assertThatThrownBy(() -> view(raw)).as("view of %s", seen)
                    .isInstanceOf(WalException.Corrupt.class);
            return;
        }
        try (LogView view = view(raw)) {
            assertThat(view.nextId()).as("view of %s", seen).isEqualTo(3);
        }
        try (DiskLog log = open(raw)) {
            assertThat(log.recoveryReport().tail()).as("recovery of %s", seen).isEqualTo(verdict);
            assertThat(log.nextId()).isEqualTo(3);
        }
    }

    private LogView view(RawLog raw) {
        return LogView.open(raw.base(), ORDERS, environment.disk(), environment.scheduler());
    }

    private DiskLog open(RawLog raw) {
        return DiskLog.open(raw.base(), ORDERS, SMALL, environment);
    }
}
