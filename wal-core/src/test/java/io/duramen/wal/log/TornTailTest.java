package io.duramen.wal.log;

import static io.duramen.wal.log.RawLog.bytes;
import static io.duramen.wal.log.RawLog.contentsOf;
import static io.duramen.wal.log.RawLog.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.format.EntryHeader;
import io.duramen.wal.format.GroupRecord;
import io.duramen.wal.log.RawLog.Crafted;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What recovery does to the end of a log that a crash cut short.
@ParameterizedClass
@EnumSource(IoMode.class)
class TornTailTest {
    private static final LogId ORDERS = LogId.of("orders");
    private static final LogSettings SMALL = LogSettings.defaults().withFragmentSizeBytes(12 << 10);
    private static final List<String> PROMISED = List.of("0:one", "1:two");
    private static final long SEED = 42;

    @Parameter
    IoMode ioMode;
    @TempDir
    Path base;
    private FaultyEnvironment environment;
    private RawLog origin;

    @BeforeEach
    void write() {
        environment = FaultyEnvironment.open(8);
        origin = new RawLog(base.resolve("origin"), ORDERS);
        try (DiskLog log = open(origin)) {
            log.append(bytes("one"));
            log.append(bytes("two"));
        }
        origin.forgetClose();
    }

    @AfterEach
    void close() {
        environment.close();
    }

    private DiskLog open(RawLog raw) {
        return environment.openLog(raw.base(), ORDERS, SMALL.withIoMode(ioMode));
    }

    private RawLog.Group craft(Crafted... entries) {
        return origin.craftGroup(0, 1, List.of(entries));
    }

    private static Crafted entry(String payload) {
        return new Crafted(payload, false);
    }

    private static Crafted batched(String payload) {
        return new Crafted(payload, true);
    }

    @Test
    void a_last_group_that_is_zero_from_any_byte_on_leaves_a_dense_prefix() {
        cutAtEveryByte(_ -> {});
    }

    @Test
    void a_last_group_that_is_garbage_from_any_byte_on_leaves_a_dense_prefix() {
        System.out.println("seed " + SEED);
        Random random = new Random(SEED);
        cutAtEveryByte(torn -> {
            for (int i = 0; i < torn.length; i++) {
                torn[i] = (byte) (1 + random.nextInt(255));
            }
        });
    }

    /// @param fill makes of zeros what lies behind the cut
    private void cutAtEveryByte(Consumer<byte[]> fill) {
        RawLog.Group group = craft(entry("alpha"), entry("beta, somewhat longer"));
        byte[] whole = group.bytes();
        for (int cut = 0; cut < whole.length; cut++) {
            RawLog torn = origin.copyTo(base.resolve("cut-" + cut));
            if (cut % 2 == 0) {
                torn.forgetStatus();
            }
            byte[] lost = new byte[whole.length - cut];
            fill.accept(lost);
            RawLog.write(torn.fragment(0), group.start() + cut, lost);
            checkRecovery(torn, group, whole);
        }
    }

    private void checkRecovery(RawLog torn, RawLog.Group group, byte[] whole) {
        byte[] before = read(torn.fragment(0));
        Expected expected = Expected.of(before, group, whole);
        try (DiskLog log = open(torn)) {
            RecoveryReport report = log.recoveryReport();
            assertThat(contentsOf(log)).isEqualTo(expected.entries);
            assertThat(report.nextId()).isEqualTo(expected.entries.size());
            assertThat(report.cutBytes()).isEqualTo(expected.cut.length);
            assertThat(report.tail())
                    .isEqualTo(expected.cut.length == 0 ? TailVerdict.KEEP : TailVerdict.CUT);
            assertThat(report.evidence().map(RawLog::read).orElse(new byte[0]))
                    .isEqualTo(expected.cut);
            byte[] after = Arrays.copyOf(before, before.length);
            Arrays.fill(after, expected.endOfData, after.length, (byte) 0);
            assertThat(read(torn.fragment(0))).isEqualTo(after);
        }
        checkTwoGenerations(torn, expected.entries);
    }

    /// Writes over where the torn entries were, in two lives of the log, and finds none of them
    /// again.
    private void checkTwoGenerations(RawLog raw, List<String> recovered) {
        List<String> expected = new ArrayList<>(recovered);
        for (String payload : List.of("a", "a longer one, over what was torn")) {
            try (DiskLog log = open(raw)) {
                assertThat(log.recoveryReport().tail()).isEqualTo(TailVerdict.KEEP);
                expected.add(log.append(bytes(payload)) + ":" + payload);
                assertThat(contentsOf(log)).isEqualTo(expected);
            }
        }
        try (LogView view = LogView.open(raw.base(), ORDERS, environment.logs().disk(),
                environment.logs().scheduler())) {
            assertThat(contentsOf(view)).isEqualTo(expected);
        }
    }

    /// What the format says is left of a damaged group of `alpha` and `beta`.
    private record Expected(List<String> entries, int endOfData, byte[] cut) {
        static Expected of(byte[] file, RawLog.Group group, byte[] whole) {
            int start = (int) group.start();
            int alphaEnds = GroupRecord.BYTES + EntryHeader.BYTES + "alpha".length();
            int betaStarts = GroupRecord.BYTES + (int) EntryHeader.entryBytes("alpha".length());
            int betaEnds = betaStarts + EntryHeader.BYTES + "beta, somewhat longer".length();
            List<String> entries = new ArrayList<>(PROMISED);
            int end = start;
            if (isWhole(file, start, whole, 0, GroupRecord.BYTES)) {
                end = start + GroupRecord.BYTES;
                if (isWhole(file, start, whole, GroupRecord.BYTES, alphaEnds)) {
                    entries.add("2:alpha");
                    end = start + betaStarts;
                    if (isWhole(file, start, whole, betaStarts, betaEnds)) {
                        entries.add("3:beta, somewhat longer");
                        end = start + whole.length;
                    }
                }
            }
            return new Expected(entries, end, cutOf(file, end));
        }

        private static boolean isWhole(byte[] file, int start, byte[] whole, int from, int to) {
            return Arrays.equals(file, start + from, start + to, whole, from, to);
        }
    }

    @Test
    void a_batch_whose_end_is_missing_is_cut_whole() {
        RawLog.Group group = craft(entry("kept"), batched("lost 1"), batched("lost 2"));
        byte[] file = read(group.file());
        try (DiskLog log = open(origin)) {
            assertThat(contentsOf(log)).containsExactly("0:one", "1:two", "2:kept");
            RecoveryReport report = log.recoveryReport();
            assertThat(report.tail()).isEqualTo(TailVerdict.CUT);
            byte[] cut = cutOf(file, (int) group.start() + GroupRecord.BYTES + 16);
            assertThat(read(report.evidence().orElseThrow())).isEqualTo(cut);
            assertThat(report.cutBytes()).isEqualTo(cut.length);
            assertThat(log.append(bytes("new"))).isEqualTo(3);
        }
        checkTwoGenerations(origin, List.of("0:one", "1:two", "2:kept", "3:new"));
    }

    private static byte[] cutOf(byte[] file, int start) {
        int end = file.length;
        while (end > start && file[end - 1] == 0) {
            end--;
        }
        return Arrays.copyOfRange(file, start, end);
    }

    @Test
    void a_batch_that_is_whole_stays() {
        craft(batched("first"), batched("second"), entry("third"));
        checkTwoGenerations(origin, List.of("0:one", "1:two", "2:first", "3:second", "4:third"));
    }

    @Test
    void a_batch_that_goes_on_in_a_group_that_was_never_written_is_cut_with_its_group() {
        craft(batched("lost"));
        try (DiskLog log = open(origin)) {
            assertThat(contentsOf(log)).isEqualTo(PROMISED);
            assertThat(log.recoveryReport().tail()).isEqualTo(TailVerdict.CUT);
        }
        checkTwoGenerations(origin, PROMISED);
    }

    @Test
    void a_view_of_a_torn_log_shows_what_recovery_would_keep_and_changes_nothing() {
        craft(entry("kept"), batched("lost"));
        var before = origin.fingerprint();
        try (LogView view = LogView.open(origin.base(), ORDERS, environment.logs().disk(),
                environment.logs().scheduler())) {
            assertThat(contentsOf(view)).containsExactly("0:one", "1:two", "2:kept");
        }
        assertThat(origin.fingerprint()).isEqualTo(before);
    }

    @Test
    void recovery_that_ended_between_copying_and_zeroing_is_repeated_as_if_it_had_not_run() {
        RawLog.Group group = craft(batched("lost"));
        byte[] file = read(group.file());
        environment.faults().failFirst(call -> call.kind() == Faults.Kind.WRITE
                && call.isOn(group.file()), Faults.EIO);
        assertThatThrownBy(() -> open(origin)).isInstanceOf(WalException.Io.class);
        assertThat(read(group.file())).isEqualTo(file);
        assertThat(origin.evidence()).hasSize(1);
        try (DiskLog log = open(origin)) {
            assertThat(contentsOf(log)).isEqualTo(PROMISED);
            assertThat(origin.evidence()).hasSize(2);
            assertThat(read(origin.evidence().get(0))).isEqualTo(read(origin.evidence().get(1)));
        }
        checkTwoGenerations(origin, PROMISED);
    }

    @Test
    void recovery_that_ended_inside_zeroing_is_repeated() {
        RawLog.Group group = craft(batched("lost"));
        int half = (int) (group.end() - group.start()) / 2;
        RawLog.write(group.file(), group.start(), new byte[half]);
        try (DiskLog log = open(origin)) {
            assertThat(log.recoveryReport().tail()).isEqualTo(TailVerdict.CUT);
            assertThat(contentsOf(log)).isEqualTo(PROMISED);
        }
        checkTwoGenerations(origin, PROMISED);
    }

    @Test
    void bytes_that_cannot_be_copied_are_not_cut_and_leave_no_half_copy() {
        RawLog.Group group = craft(batched("lost"));
        var before = origin.fingerprint();
        environment.faults().failFirst(call -> call.kind() == Faults.Kind.WRITE
                && !call.isOn(group.file()), Faults.ENOSPC);
        assertThatThrownBy(() -> open(origin)).isInstanceOf(WalException.Io.class);
        assertThat(origin.fingerprint()).isEqualTo(before);
        checkTwoGenerations(recovered(), PROMISED);
    }

    private RawLog recovered() {
        open(origin).close();
        return origin;
    }

    @Test
    void the_end_of_a_log_that_was_closed_is_known() {
        open(origin).close();
        byte[] before = read(origin.fragment(0));
        RawLog.write(origin.fragment(0), 9000, bytes("stray"));
        try (DiskLog log = open(origin)) { // and what lies behind it is not looked at
            assertThat(log.recoveryReport().tail()).isEqualTo(TailVerdict.KEEP);
            assertThat(contentsOf(log)).isEqualTo(PROMISED);
        }
        origin.forgetClose();
        try (DiskLog log = open(origin)) {
            assertThat(log.recoveryReport().tail()).isEqualTo(TailVerdict.CUT);
        }
        assertThat(read(origin.fragment(0))).isEqualTo(before);
        checkTwoGenerations(origin, PROMISED);
    }

    @Test
    void garbage_far_behind_the_end_is_cut_too() {
        RawLog.write(origin.fragment(0), 9000, bytes("stray"));
        try (DiskLog log = open(origin)) {
            assertThat(log.recoveryReport().tail()).isEqualTo(TailVerdict.CUT);
            assertThat(read(origin.evidence().getFirst())).endsWith(bytes("stray"));
            assertThat(log.recoveryReport().summary()).contains("torn tail of").contains("copy in");
        }
        checkTwoGenerations(origin, PROMISED);
    }
}
