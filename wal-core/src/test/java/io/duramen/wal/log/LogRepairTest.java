package io.duramen.wal.log;

import static io.duramen.wal.log.RawLog.bytes;
import static io.duramen.wal.log.RawLog.contentsOf;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.duramen.wal.WalException;
import io.duramen.wal.log.RawLog.Crafted;
import io.duramen.wal.log.RepairPlan.Action;
import io.duramen.wal.log.RepairPlan.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a repair keeps, gives up, refuses and says. That it holds for every place that can be
/// damaged is the business of `DamageSuiteTest`.
class LogRepairTest {
    private static final LogId ORDERS = LogId.of("orders");
    private static final LogSettings FOUR_EACH = LogSettings.defaults()
            .withFragmentSizeBytes(12 << 10).withFragmentEntriesMax(4);

    @TempDir
    Path base;
    private FaultyEnvironment environment;
    private RawLog raw;

    /// Ten entries in the fragments 0, 4 and 8, the last one not sealed.
    @BeforeEach
    void write() {
        environment = FaultyEnvironment.open(4);
        raw = write(base, 10);
    }

    @AfterEach
    void close() {
        environment.close();
    }

    private RawLog write(Path at, int entries) {
        try (DiskLog log = DiskLog.open(at, ORDERS, FOUR_EACH, environment.logs())) {
            IntStream.range(0, entries).forEach(i -> log.append(bytes("entry " + i)));
        }
        return new RawLog(at, ORDERS);
    }

    private static List<String> entries(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> i + ":entry " + i).toList();
    }

    private RepairPlan plan(Mode mode) {
        return LogRepair.plan(raw.base(), ORDERS, mode, environment.logs(), _ -> {});
    }

    private LogRepair.Outcome apply(Mode mode) {
        return LogRepair.apply(raw.base(), ORDERS, mode, environment.logs(), _ -> {});
    }

    private DiskLog open() {
        return DiskLog.open(raw.base(), ORDERS, FOUR_EACH, environment.logs());
    }

    private void damageEntry(long fragment, long entryId) {
        raw.damage(raw.fragment(fragment), raw.offsetOf(fragment, entryId) + 8);
    }

    @Test
    void a_log_without_damage_needs_no_repair_and_is_left_alone() {
        var before = raw.fingerprint();
        for (Mode mode : Mode.values()) {
            assertThat(plan(mode).isNothingToDo()).isTrue();
            LogRepair.Outcome outcome = apply(mode);
            assertThat(outcome.plan().isNothingToDo()).isTrue();
            assertThat(outcome.originals()).isEmpty();
        }
        assertThat(raw.fingerprint()).isEqualTo(before);
        assertThat(base).isDirectoryContaining(it -> it.endsWith("log_orders"))
                .isDirectoryNotContaining("glob:**damaged*");
    }

    @Test
    void cutting_ends_the_log_in_front_of_the_damage_and_says_what_goes() {
        long offset = raw.offsetOf(4, 5);
        damageEntry(4, 5);
        RepairPlan plan = plan(Mode.CUT);
        assertThat(plan.nextId()).isEqualTo(5);
        assertThat(plan.lostEntries()).isEqualTo(5);
        assertThat(plan.readableLost()).isEqualTo(4);
        assertThat(plan.lost()).singleElement().satisfies(lost -> {
            assertThat(List.of(lost.firstId(), lost.lastId())).containsExactly(5L, 9L);
            assertThat(lost.file()).isEqualTo(raw.fragment(4));
            assertThat(lost.offset()).isEqualTo(offset);
        });
        assertThat(plan.changes()).extracting(RepairPlan.Change::action)
                .containsExactly(Action.REWRITE, Action.MOVE_AWAY);
        assertThat(apply(Mode.CUT).plan()).isEqualTo(plan);
        assertThat(raw.closedEnd()).isPresent();
        try (DiskLog log = open()) {
            assertThat(contentsOf(log)).isEqualTo(entries(0, 5));
            assertThat(log.append(bytes("next"))).isEqualTo(5);
        }
    }

    @Test
    void dropping_keeps_what_follows_and_marks_what_is_lost() {
        damageEntry(4, 5);
        RepairPlan plan = apply(Mode.DROP_DAMAGED).plan();
        assertThat(plan.lost()).extracting(RepairPlan.Lost::firstId).containsExactly(5L);
        assertThat(plan.lostEntries()).isEqualTo(1);
        assertThat(raw.closedEnd()).as("the last fragment was not looked at so closely").isEmpty();
        try (DiskLog log = open()) {
            WalException.LostEntries lost = catchThrowableOfType(WalException.LostEntries.class,
                    () -> contentsOf(log));
            assertThat(List.of(lost.firstId(), lost.lastId())).containsExactly(5L, 5L);
            assertThat(lost.file()).isEqualTo(raw.fragment(4));
            List<String> behind = new ArrayList<>();
            try (LogReader reader = log.read(ReadRange.from(6))) {
                reader.forEachRemaining(it -> behind.add(it.id() + ":"
                        + new String(it.toByteArray())));
            }
            assertThat(behind).isEqualTo(entries(6, 10));
            assertThat(log.append(bytes("next"))).isEqualTo(10);
        }
    }

    @Test
    void originals_are_moved_to_a_folder_of_their_own_each_time() throws IOException {
        damageEntry(0, 1);
        byte[] first = RawLog.read(raw.fragment(0));
        Path originals = apply(Mode.DROP_DAMAGED).originals().orElseThrow();
        assertThat(originals).isEqualTo(base.resolve("log_orders.damaged-1"));
        assertThat(RawLog.read(originals.resolve(raw.fragment(0).getFileName()))).isEqualTo(first);
        assertThat(originals.resolve("REPAIR")).content().contains("put 0 ");
        damageEntry(0, 2);
        assertThat(apply(Mode.DROP_DAMAGED).originals())
                .contains(base.resolve("log_orders.damaged-2"));
        assertThat(RawLog.read(originals.resolve(raw.fragment(0).getFileName()))).isEqualTo(first);
        assertThat(LogSurvey.exists(base, LogId.of("orders.damaged-1"),
                environment.logs().disk())).isFalse();
    }

    @Test
    void a_damaged_footer_index_or_header_loses_nothing() {
        long size = 12 << 10;
        for (long offset : new long[] {24, 40, size - 4096 - 2, size - 4096 + 30}) {
            raw.damage(raw.fragment(0), offset);
            for (Mode mode : Mode.values()) {
                assertThat(plan(mode).lostEntries()).as("offset %d", offset).isZero();
            }
            assertThat(apply(Mode.CUT).plan().changes()).singleElement()
                    .satisfies(it -> assertThat(it.why()).contains("nothing is lost"));
            try (DiskLog log = open()) {
                assertThat(contentsOf(log)).isEqualTo(entries(0, 10));
            }
        }
    }

    @Test
    void a_missing_fragment_is_cut_or_marked() throws IOException {
        Files.delete(raw.fragment(4));
        assertThat(plan(Mode.CUT).nextId()).isEqualTo(4);
        assertThat(plan(Mode.CUT).readableLost()).isEqualTo(2);
        RepairPlan plan = apply(Mode.DROP_DAMAGED).plan();
        assertThat(plan.lost()).singleElement().satisfies(
                lost -> assertThat(lost.file()).isEqualTo(raw.directory()));
        assertThat(plan.changes()).extracting(RepairPlan.Change::action)
                .containsExactly(Action.ADD, Action.REWRITE);
        try (DiskLog log = open(); LogReader reader = log.read(ReadRange.from(8))) {
            assertThat(reader.next().toByteArray()).isEqualTo(bytes("entry 8"));
            assertThatThrownBy(() -> log.read(ReadRange.from(4)).hasNext())
                    .isInstanceOfSatisfying(WalException.LostEntries.class,
                            lost -> assertThat(lost.lastId()).isEqualTo(7));
        }
    }

    @Test
    void a_missing_end_that_the_status_tells_of_is_cut_or_marked() throws IOException {
        Files.delete(raw.fragment(8));
        assertThat(plan(Mode.DROP_DAMAGED).nextId()).isEqualTo(10);
        assertThat(apply(Mode.CUT).plan().nextId()).isEqualTo(8);
        try (DiskLog log = open()) {
            assertThat(contentsOf(log)).isEqualTo(entries(0, 8));
        }
    }

    @Test
    void swapped_fragments_are_put_back_in_their_places() throws IOException {
        Path aside = base.resolve("aside");
        Files.move(raw.fragment(0), aside);
        Files.move(raw.fragment(4), raw.fragment(0));
        Files.move(aside, raw.fragment(4));
        assertThat(apply(Mode.CUT).plan().lostEntries()).isZero();
        try (DiskLog log = open()) {
            assertThat(contentsOf(log)).isEqualTo(entries(0, 10));
        }
    }

    @Test
    void a_fragment_of_another_log_is_moved_away() throws IOException {
        RawLog other = new RawLog(base.resolve("other"), LogId.of("invoices"));
        try (DiskLog log = DiskLog.open(other.base(), other.id(), FOUR_EACH,
                environment.logs())) {
            log.append(new byte[3]);
        }
        Files.copy(other.fragment(0), raw.fragment(10));
        RepairPlan plan = apply(Mode.CUT).plan();
        assertThat(plan.lostEntries()).isZero();
        assertThat(plan.changes()).singleElement().satisfies(
                it -> assertThat(it.why()).isEqualTo("belongs to another log"));
        try (DiskLog log = open()) {
            assertThat(contentsOf(log)).isEqualTo(entries(0, 10));
        }
    }

    @Test
    void a_fragment_of_an_older_life_in_the_middle_is_moved_away() throws IOException {
        RawLog older = write(base.resolve("older"), 10);
        Files.copy(older.fragment(4), raw.fragment(4), REPLACE_EXISTING);
        RepairPlan plan = plan(Mode.DROP_DAMAGED);
        assertThat(plan.lost()).singleElement().satisfies(lost -> assertThat(
                List.of(lost.firstId(), lost.lastId())).containsExactly(4L, 7L));
        assertThat(plan.changes()).hasSize(2);
    }

    /// The first fragment and the two behind it disagree, and two may be wrong as well as one.
    @Test
    void where_nothing_tells_which_fragment_is_the_logs_a_person_must_decide() throws IOException {
        RawLog older = write(base.resolve("older"), 10);
        Files.copy(older.fragment(0), raw.fragment(0), REPLACE_EXISTING);
        var before = raw.fingerprint();
        for (Mode mode : Mode.values()) {
            assertThatThrownBy(() -> apply(mode)).isInstanceOf(WalException.Irreparable.class)
                    .hasMessageContaining("was not written behind")
                    .hasMessageContaining("nothing was changed");
        }
        assertThat(raw.fingerprint()).isEqualTo(before);
    }

    @Test
    void a_log_that_was_trimmed_and_lost_its_only_fragment_goes_on_behind_it() throws IOException {
        raw.trimTo(8);
        RawLog.write(raw.fragment(8), 0, new byte[12 << 10]);
        assertThat(plan(Mode.DROP_DAMAGED).lostEntries()).isEqualTo(2);
        assertThat(apply(Mode.CUT).plan().nextId()).isEqualTo(8);
        try (DiskLog log = open()) {
            assertThat(log.append(bytes("entry 8"))).isEqualTo(8);
        }
    }

    @Test
    void a_first_fragment_that_nobody_trimmed_is_lost() throws IOException {
        raw.trimTo(4);
        Files.delete(raw.fragment(4));
        assertThat(plan(Mode.CUT).nextId()).isEqualTo(4);
        RepairPlan marking = apply(Mode.DROP_DAMAGED).plan();
        assertThat(marking.firstId()).isEqualTo(4);
        assertThat(marking.lostEntries()).isEqualTo(4);
        try (DiskLog log = open()) {
            assertThat(log.firstId()).isEqualTo(4);
            assertThatThrownBy(() -> RawLog.contentsOf(log))
                    .isInstanceOf(WalException.LostEntries.class);
            assertThat(log.append(bytes("entry 10"))).isEqualTo(10);
        }
    }

    @Test
    void a_log_with_marks_is_searched_by_time_and_truncated_among_them() throws IOException {
        raw.trimTo(4);
        Files.delete(raw.fragment(4));
        apply(Mode.DROP_DAMAGED);
        try (DiskLog log = open()) {
            assertThat(log.firstIdAtOrAfter(Instant.EPOCH)).isEqualTo(4);
            assertThat(log.truncateAfter(5).entries()).isEqualTo(4);
            assertThat(log.append(bytes("new"))).isEqualTo(6);
            assertThat(log.read(ReadRange.from(6)).next().toByteArray()).isEqualTo(bytes("new"));
        }
    }

    @Test
    void a_file_that_was_trimmed_is_no_part_of_the_log_under_another_name() throws IOException {
        byte[] trimmed = RawLog.read(raw.fragment(0));
        raw.trimTo(4);
        Files.write(raw.fragment(20), trimmed);
        RepairPlan plan = apply(Mode.CUT).plan();
        assertThat(plan.changes()).singleElement().satisfies(change -> {
            assertThat(change.file()).isEqualTo(raw.fragment(20));
            assertThat(change.why()).isEqualTo("was trimmed");
        });
        try (DiskLog log = open()) {
            assertThat(log.firstId()).isEqualTo(4);
            assertThat(log.nextId()).isEqualTo(10);
        }
    }

    @Test
    void an_atomic_batch_is_lost_whole_when_its_end_is() {
        RawLog.Group group = raw.craftGroup(8, 9, List.of(new Crafted("single", false),
                new Crafted("first", true), new Crafted("second", true),
                new Crafted("third", false),
                new Crafted("behind", false)));
        raw.craftGroup(8, 14, List.of(new Crafted("last", false)));
        raw.damage(group.file(), raw.offsetOf(8, 13) + 8);
        RepairPlan cut = plan(Mode.CUT);
        assertThat(cut.nextId()).isEqualTo(11);
        RepairPlan plan = apply(Mode.DROP_DAMAGED).plan();
        assertThat(plan.lost()).singleElement().satisfies(lost -> assertThat(
                List.of(lost.firstId(), lost.lastId())).containsExactly(11L, 13L));
        try (DiskLog log = open(); LogReader reader = log.read(ReadRange.from(14))) {
            assertThat(reader.next().toByteArray()).isEqualTo(bytes("behind"));
            assertThat(reader.next().toByteArray()).isEqualTo(bytes("last"));
            assertThat(log.nextId()).isEqualTo(16);
        }
    }

    @Test
    void a_torn_tail_is_left_to_the_next_writer() {
        raw.craftGroup(8, 9, List.of(new Crafted("torn", true)));
        assertThat(plan(Mode.CUT).isNothingToDo()).isTrue();
        try (DiskLog log = open()) {
            assertThat(log.recoveryReport().tail()).isEqualTo(TailVerdict.CUT);
        }
    }

    @Test
    void a_log_that_is_open_for_writing_is_refused() {
        damageEntry(0, 1);
        try (DiskLog _ = open()) {
            assertThatThrownBy(() -> plan(Mode.CUT)).isInstanceOf(WalException.Locked.class);
            assertThatThrownBy(() -> apply(Mode.CUT)).isInstanceOf(WalException.Locked.class);
        }
    }

    @Test
    void a_log_that_is_not_there_is_not_made() {
        assertThatThrownBy(() -> LogRepair.apply(base, LogId.of("no"), Mode.CUT,
                environment.logs(), _ -> {})).isInstanceOf(WalException.NoSuchLog.class);
        assertThat(base.resolve("log_no")).doesNotExist();
    }

    @Test
    void a_log_of_a_newer_version_is_refused() {
        raw.makeNewer(4);
        assertThatThrownBy(() -> apply(Mode.CUT)).isInstanceOf(WalException.Incompatible.class);
    }

    @Test
    void a_full_disk_changes_nothing() {
        damageEntry(0, 1);
        damageEntry(4, 5);
        var before = raw.fingerprint();
        environment.faults().failNth(2, Faults.Kind.ALLOCATE, Faults.ENOSPC);
        assertThatThrownBy(() -> apply(Mode.DROP_DAMAGED)).isInstanceOf(WalException.Io.class);
        assertThat(raw.fingerprint()).isEqualTo(before);
        assertThat(apply(Mode.DROP_DAMAGED).plan().lostEntries()).isEqualTo(2);
    }

    @Test
    void nobody_opens_or_reads_a_log_whose_repair_was_interrupted() throws IOException {
        damageEntry(4, 5);
        RawLog copy = raw.copyTo(base.resolve("copy"));
        environment.faults().failFirst(call -> call.kind() == Faults.Kind.SYNC
                && call.isOn(raw.lock()), Faults.EIO);
        assertThatThrownBy(() -> apply(Mode.DROP_DAMAGED)).isInstanceOf(WalException.Io.class);
        assertThatThrownBy(this::open).isInstanceOf(WalException.RepairUnfinished.class)
                .hasMessageContaining("wal repair --apply");
        assertThatThrownBy(() -> plan(Mode.CUT)).isInstanceOf(WalException.RepairUnfinished.class);
        assertThatThrownBy(() -> LogView.open(base, ORDERS, environment.logs().disk(),
                environment.logs().scheduler())).isInstanceOf(WalException.RepairUnfinished.class);
        LogSurvey survey = LogSurvey.of(base, ORDERS, environment.logs().disk(),
                environment.logs().scheduler());
        assertThat(survey.isDamaged()).isTrue();
        assertThat(survey.recovery().why()).contains("was interrupted");
        LogRepair.Outcome outcome = apply(Mode.CUT);
        assertThat(outcome.completed()).isTrue();
        assertThat(outcome.plan().isNothingToDo()).isTrue();
        try (DiskLog log = open()) {
            assertThat(log.nextId()).isEqualTo(10);
        }
        assertThat(RawLog.read(base.resolve("log_orders.damaged-1")
                .resolve(raw.fragment(4).getFileName()))).isEqualTo(RawLog.read(copy.fragment(4)));
    }

    @Test
    void a_list_of_a_repair_that_is_damaged_is_not_followed() throws IOException {
        Files.writeString(raw.directory().resolve("REPAIR"), "duramen repair 1\nnonsense\n");
        assertThatThrownBy(() -> apply(Mode.CUT)).isInstanceOf(WalException.Irreparable.class);
        assertThat(raw.directory().resolve("REPAIR")).exists();
    }
}
