package io.duramen.wal.log;

import static io.duramen.wal.log.RawLog.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.io.Disk;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Who looks at a log that its writer truncates or trims at this moment finds no damage: at every
/// call that the look makes to the disk.
class OvertakenLookTest {
    private static final LogSettings FOUR_EACH = LogSettings.defaults()
            .withFragmentSizeBytes(12 << 10).withFragmentEntriesMax(4)
            .withStandby(StandbySettings.OFF);
    private static final int CALLS_MAX = 200;

    /// What the writer does meanwhile.
    private enum Change {
        TRUNCATE(log -> log.truncateAfter(5)), TRUNCATE_AND_APPEND(log -> {
            log.truncateAfter(5);
            append(log, 7);
        }), TRUNCATE_ALL(log -> log.truncateAfter(-1)), TRIM(log -> log.trimBefore(9));

        private final Consumer<DiskLog> action;

        Change(Consumer<DiskLog> action) {
            this.action = action;
        }
    }

    @TempDir
    Path base;
    private final SteppedEnvironment environment = new SteppedEnvironment();
    private int calls;

    @AfterEach
    void close() {
        environment.close();
    }

    private static void append(DiskLog log, int count) {
        IntStream.range(0, count).forEach(_ -> log.append(bytes("entry " + log.nextId())));
    }

    /// The environment's disk, and before the nth call to it something happens, once.
    private Disk interrupted(int nth, Runnable meanwhile) {
        Disk behind = environment.logs().disk();
        calls = 0;
        return (Disk) Proxy.newProxyInstance(Disk.class.getClassLoader(),
                new Class<?>[] {Disk.class}, (_, method, arguments) -> {
                    if (++calls == nth) {
                        meanwhile.run();
                    }
                    try {
                        return method.invoke(behind, arguments);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                });
    }

    private interface Look {
        List<String> damagesOf(LogId id, Disk disk);
    }

    private void lookAtEveryCall(Change change, Look look) {
        atEveryCall((nth, id) -> {
            try (DiskLog log = environment.open(base, id, FOUR_EACH)) {
                append(log, 14);
                Disk disk = interrupted(nth, () -> change.action.accept(log));
                assertThat(look.damagesOf(id, disk)).as("%s at call %d", change, nth).isEmpty();
            }
        });
    }

    /// Looks at a new log each time, interrupted before its nth call, until it makes fewer.
    private void atEveryCall(BiConsumer<Integer, LogId> look) {
        int nth = 0;
        do {
            nth++;
            look.accept(nth, LogId.of("log-" + nth));
        } while (calls >= nth);
        assertThat(nth).isBetween(5, CALLS_MAX);
    }

    private static List<String> verify(LogId id, Path base, Disk disk) {
        List<String> damages = new ArrayList<>();
        LogVerification.Result result = LogVerification.run(base, id, disk, finding -> {
            if (finding.isDamage()) {
                damages.add(finding.toString());
            }
        });
        assertThat(result.damages()).isEqualTo(damages.size());
        return damages;
    }

    @ParameterizedTest
    @EnumSource
    void verification_finds_no_damage(Change change) {
        lookAtEveryCall(change, (id, disk) -> verify(id, base, disk));
    }

    @ParameterizedTest
    @EnumSource
    void a_survey_finds_no_damage(Change change) {
        lookAtEveryCall(change, (id, disk) -> {
            LogSurvey survey = LogSurvey.of(base, id, disk, environment.logs().scheduler());
            return survey.isDamaged() ? List.of(survey.recovery().why()) : List.of();
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_view_opens_and_reads(Change change) {
        lookAtEveryCall(change, (id, disk) -> {
            try (LogView view = LogView.open(base, id, disk, environment.logs().scheduler())) {
                assertThat(view.refresh()).as("before or after").isIn(14L, 13L, 6L, 0L);
            }
            return List.of();
        });
    }

    /// The epoch does not tell that it came, and behind the noted end is the start of a group.
    @Test
    void verification_notices_a_writer_that_begins_in_the_same_epoch() {
        LogSettings settings = FOUR_EACH.withEpoch(5);
        atEveryCall((nth, id) -> {
            try (DiskLog log = environment.open(base, id, settings)) {
                append(log, 14);
            }
            RawLog raw = new RawLog(base, id);
            List<DiskLog> writer = new ArrayList<>();
            Disk disk = interrupted(nth, () -> {
                writer.add(environment.open(base, id, settings));
                RawLog.write(raw.fragment(12), raw.scan(12).endOfData() + 64, bytes("begun"));
            });
            assertThat(verify(id, base, disk)).as("at call %d", nth).isEmpty();
            writer.forEach(DiskLog::close);
        });
    }

    @Test
    void damage_that_stays_is_told_all_the_same() {
        LogId id = LogId.of("damaged");
        try (DiskLog log = environment.open(base, id, FOUR_EACH)) {
            append(log, 14);
            RawLog raw = new RawLog(base, id);
            Disk disk = interrupted(4, () -> {
                log.truncateAfter(5);
                raw.damage(raw.fragment(0), 4100);
            });
            assertThat(verify(id, base, disk)).isNotEmpty();
        }
    }
}
