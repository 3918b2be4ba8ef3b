package io.duramen.wal.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.Seed;
import io.duramen.wal.log.LogRepair;
import io.duramen.wal.log.RepairPlan;
import io.duramen.wal.sim.DamageJudge.Judgement;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// A log is damaged in every way a disk or a person can think of. Each time, recovery,
/// verification, readers and repair must agree: what is wrong is found or never promised, nothing
/// wrong is ever read, and a repaired log holds exactly what the repair said it would.
///
/// `-Dwal.damage.rounds=N` tries N times as many random cases, `-Dseed=S` repeats a run.
class DamageSuiteTest {
    private static final int ROUNDS = Integer.getInteger("wal.damage.rounds", 1);
    private static final int SECTOR = SimFile.SECTOR;
    private static final Path FIRST = fragment(0);
    private static final Path MIDDLE = fragment(12);
    private static final Path LAST = fragment(24);
    private static final List<Path> FRAGMENTS = List.of(FIRST, MIDDLE, LAST);

    private final Map<Path, byte[]> closed = SimLog.closed();
    private final Map<Path, byte[]> crashed = SimLog.crashed();

    private static Path fragment(long firstId) {
        return SimLog.DIRECTORY.resolve("fragment_%020d".formatted(firstId));
    }

    private Judgement judge(DamageJudge judge, Map<Path, byte[]> files, Path path, byte[] content,
            String what) {
        Map<Path, byte[]> damaged = new TreeMap<>(files);
        damaged.put(path, content);
        return judge.judge(damaged, path.getFileName() + " " + what);
    }

    private Judgement flip(DamageJudge judge, Map<Path, byte[]> files, Path path, int at,
            int mask) {
        byte[] content = files.get(path).clone();
        content[at] ^= (byte) mask;
        return judge(judge, files, path, content, "byte " + at + " xor " + mask);
    }

    @Test
    void the_log_is_as_the_suite_takes_it_to_be() {
        assertThat(closed.keySet()).containsExactlyInAnyOrder(SimLog.LOCK, SimLog.HEAD, FIRST,
                MIDDLE, LAST);
        DamageJudge judge = DamageJudge.of(closed);
        assertThat(judge.before()).hasSize(SimLog.ENTRIES).containsEntry(17L, SimLog.payload(17));
        assertThat(DamageJudge.of(crashed).before()).isEqualTo(judge.before());
        for (Map<Path, byte[]> files : List.of(closed, crashed)) {
            assertThat(judge.judge(files, "no damage")).isEqualTo(new Judgement(false, false, 0));
        }
    }

    /// Every byte that says something, and some of the zeros between. One entry at most is lost
    /// where an index tells the way; without one, what is left of the group.
    @Test
    void every_flipped_byte_of_a_closed_log() {
        DamageJudge judge = DamageJudge.of(closed);
        Random random = Seed.random("every_flipped_byte_of_a_closed_log");
        for (Path path : FRAGMENTS) {
            byte[] content = closed.get(path);
            for (int at = 0; at < content.length; at += content[at] == 0 ? 83 : 1) {
                Judgement judgement = flip(judge, closed, path, at, 1 << random.nextInt(8));
                assertThat(judgement.found()).as("%s byte %d", path, at).isTrue();
                assertThat(judgement.lost()).as("%s byte %d", path, at)
                        .isBetween(0L, path.equals(LAST) ? 4L : 1L);
            }
        }
    }

    /// Only the status says that the last group was promised; no byte of a fragment is found by it
    /// that says nothing yet.
    @Test
    void flipped_bytes_of_a_log_whose_writer_was_killed() {
        DamageJudge judge = DamageJudge.of(crashed);
        Random random = Seed.random("flipped_bytes_of_a_log_whose_writer_was_killed");
        byte[] content = crashed.get(LAST);
        for (int at = 0; at < content.length; at += content[at] == 0 ? 97 : 2) {
            Judgement judgement = flip(judge, crashed, LAST, at, 1 + random.nextInt(255));
            assertThat(judgement.lost()).as("byte %d", at).isBetween(0L, 4L);
        }
    }

    @Test
    void flipped_bytes_of_a_log_that_ends_with_an_atomic_batch() {
        Map<Path, byte[]> files = SimLog.crashedBehindBatch();
        DamageJudge judge = DamageJudge.of(files);
        assertThat(judge.before()).hasSize(SimLog.ENTRIES + 5);
        Random random = Seed.random("flipped_bytes_of_a_log_that_ends_with_an_atomic_batch");
        byte[] content = files.get(LAST);
        int group = indexOf(content, SimLog.payload(30)) - 64;
        for (int at = group; at < group + 300; at++) {
            Judgement judgement = flip(judge, files, LAST, at, 1 << random.nextInt(8));
            assertThat(judgement.lost()).as("byte %d", at).isBetween(0L, 5L);
        }
        for (int end = group; end < group + 300; end++) {
            byte[] torn = Arrays.copyOf(Arrays.copyOf(content, end), content.length);
            judge(judge, files, LAST, torn, "zeros from " + end);
        }
    }

    @Test
    void every_flipped_byte_of_the_status_page_loses_nothing() {
        for (Map<Path, byte[]> files : List.of(closed, crashed)) {
            DamageJudge judge = DamageJudge.of(files);
            for (int at = 0; at < 80; at++) {
                Judgement judgement = flip(judge, files, SimLog.LOCK, at, 0x41);
                assertThat(judgement).as("byte %d", at).matches(it -> !it.refused())
                        .matches(it -> it.lost() == 0);
            }
        }
    }

    @Test
    void every_sector_that_reads_as_zeros_or_as_garbage() {
        DamageJudge judge = DamageJudge.of(closed);
        Random random = Seed.random("every_sector_that_reads_as_zeros_or_as_garbage");
        for (Path path : FRAGMENTS) {
            for (int start = 0; start < closed.get(path).length; start += SECTOR) {
                byte[] zeroed = closed.get(path).clone();
                Arrays.fill(zeroed, start, start + SECTOR, (byte) 0);
                judge(judge, closed, path, zeroed, "zeros at " + start);
                byte[] garbage = closed.get(path).clone();
                byte[] noise = new byte[SECTOR];
                random.nextBytes(noise);
                System.arraycopy(noise, 0, garbage, start, SECTOR);
                assertThat(judge(judge, closed, path, garbage, "garbage at " + start).found())
                        .as("%s garbage at %d", path, start).isTrue();
            }
        }
    }

    @Test
    void runs_of_zeros_of_any_length() {
        Random random = Seed.random("runs_of_zeros_of_any_length");
        for (Map<Path, byte[]> files : List.of(closed, crashed)) {
            DamageJudge judge = DamageJudge.of(files);
            for (int i = 0; i < 120 * ROUNDS; i++) {
                Path path = FRAGMENTS.get(random.nextInt(3));
                byte[] content = files.get(path).clone();
                int start = i % 2 == 0 ? 4096 + random.nextInt(1200)
                        : random.nextInt(content.length);
                int end = Math.min(content.length, start + 1 + random.nextInt(1 << i % 13));
                Arrays.fill(content, start, end, (byte) 0);
                judge(judge, files, path, content, "zeros from " + start + " to " + end);
            }
        }
    }

    @Test
    void sectors_that_changed_places_or_were_written_twice() {
        Random random = Seed.random("sectors_that_changed_places_or_were_written_twice");
        DamageJudge judge = DamageJudge.of(closed);
        for (int i = 0; i < 200 * ROUNDS; i++) {
            Path path = FRAGMENTS.get(random.nextInt(3));
            Path other = i % 3 == 0 ? FRAGMENTS.get(random.nextInt(3)) : path;
            int to = SECTOR * random.nextInt(closed.get(path).length / SECTOR);
            int from = SECTOR * random.nextInt(closed.get(other).length / SECTOR);
            byte[] content = closed.get(path).clone();
            System.arraycopy(closed.get(other), from, content, to, SECTOR);
            String what = "sector " + to + " from " + other.getFileName() + " " + from;
            if (i % 2 == 0 && path.equals(other)) {
                System.arraycopy(closed.get(path), to, content, from, SECTOR);
                what += ", swapped";
            }
            judge(judge, closed, path, content, what);
        }
    }

    @Test
    void files_that_were_cut_at_any_length() {
        Random random = Seed.random("files_that_were_cut_at_any_length");
        DamageJudge judge = DamageJudge.of(closed);
        for (Path path : List.of(FIRST, LAST)) {
            byte[] content = closed.get(path);
            for (int length = 0; length < content.length; length += length < 4096
                    || length > 5200 ? 1 + random.nextInt(900) : 1 + random.nextInt(16)) {
                assertThat(judge(judge, closed, path, Arrays.copyOf(content, length),
                        "cut to " + length).found()).as("cut to %d", length).isTrue();
            }
        }
    }

    @Test
    void a_file_that_has_grown_loses_nothing() {
        for (Path path : FRAGMENTS) {
            Judgement judgement = judge(DamageJudge.of(closed), closed, path,
                    Arrays.copyOf(closed.get(path), 12 * 1024 + 77), "grown");
            assertThat(judgement).isEqualTo(new Judgement(true, true, 0));
        }
    }

    /// Each file absent, or with the content of any other, in all combinations.
    @Test
    void fragments_that_are_missing_or_under_each_others_names() {
        DamageJudge judge = DamageJudge.of(closed);
        for (int combination = 1; combination < 64; combination++) {
            Map<Path, byte[]> damaged = new TreeMap<>(closed);
            boolean[] there = new boolean[3];
            for (int i = 0; i < 3; i++) {
                int content = (i + (combination >> 2 * i & 3)) % 4;
                if (content == 3) {
                    damaged.remove(FRAGMENTS.get(i));
                } else {
                    damaged.put(FRAGMENTS.get(i), closed.get(FRAGMENTS.get(content)));
                    there[content] = true;
                }
            }
            if (there[0]) { // without its first fragment it is a log that was trimmed
                Judgement judgement = judge.judge(damaged, "combination " + combination);
                assertThat(judgement.lost()).as("combination %d", combination)
                        .isEqualTo((there[1] ? 0 : 12) + (there[2] ? 0 : 6));
            }
        }
    }

    @Test
    void damage_in_many_places_at_once() {
        Random random = Seed.random("damage_in_many_places_at_once");
        for (int i = 0; i < 300 * ROUNDS; i++) {
            Map<Path, byte[]> files = i % 2 == 0 ? closed : crashed;
            Map<Path, byte[]> damaged = new TreeMap<>(files);
            StringBuilder what = new StringBuilder("run " + i);
            for (int places = 1 + random.nextInt(6); places > 0; places--) {
                Path path = FRAGMENTS.get(random.nextInt(3));
                byte[] content = damaged.get(path).clone();
                int at = random.nextInt(3) == 0 ? random.nextInt(content.length)
                        : 4096 + random.nextInt(1000);
                if (at >= 8 && at < 12) {
                    continue; // with other damage beside it, a newer version may have written it
                }
                content[at] ^= (byte) (1 + random.nextInt(255));
                damaged.put(path, content);
                what.append(", ").append(path.getFileName()).append(" byte ").append(at);
            }
            DamageJudge.of(files).judge(damaged, what.toString());
        }
    }

    @Test
    void a_log_with_marks_of_an_earlier_repair() {
        Random random = Seed.random("a_log_with_marks_of_an_earlier_repair");
        Map<Path, byte[]> files = repairedOnce();
        DamageJudge judge = DamageJudge.of(files);
        assertThat(judge.before()).containsEntry(11L, SimLog.LOST).containsEntry(12L, SimLog.LOST)
                .containsEntry(25L, SimLog.LOST).containsEntry(26L, SimLog.payload(26));
        List<Path> fragments = new ArrayList<>(files.keySet());
        fragments.removeIf(path -> !path.getFileName().toString().startsWith("fragment_")
                || !path.startsWith(SimLog.DIRECTORY));
        for (int i = 0; i < 300 * ROUNDS; i++) {
            Path path = fragments.get(random.nextInt(fragments.size()));
            int at = random.nextInt(4) == 0 ? random.nextInt(12 << 10)
                    : 4096 + random.nextInt(600);
            assertThat(flip(judge, files, path, at, 1 + random.nextInt(255)).found())
                    .as("%s byte %d", path, at).isTrue();
        }
    }

    /// Lost are the last entry of the first fragment, the first of the second, and one in the last.
    private Map<Path, byte[]> repairedOnce() {
        Map<Path, byte[]> damaged = new TreeMap<>(closed);
        for (long id : new long[] {11, 12, 25}) {
            Path path = FRAGMENTS.get((int) id / 12);
            byte[] content = damaged.get(path).clone();
            content[indexOf(content, SimLog.payload(id))] ^= 1;
            damaged.put(path, content);
        }
        try (Arena memory = Arena.ofConfined()) {
            SimDisk disk = SimDisk.holding(damaged, memory);
            LogRepair.apply(SimLog.BASE, SimLog.ID, RepairPlan.Mode.DROP_DAMAGED,
                    SimLog.environment(disk), _ -> {});
            Map<Path, byte[]> files = disk.files();
            files.keySet().removeIf(path -> !path.startsWith(SimLog.DIRECTORY));
            return files;
        }
    }

    private static int indexOf(byte[] content, String text) {
        return new String(content, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf(text);
    }
}
