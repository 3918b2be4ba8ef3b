package io.duramen.wal.examples.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.actors.Wal;
import io.duramen.wal.actors.WalLog;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogInfo;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.streams.AppendTotal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessLogReplayTest {
    private static final List<String> SAMPLE =
            SampleAccessLog.lines(SampleAccessLog.BUNDLED_LINES).toList();
    private static final LogSettings TINY = LogSettings.defaults().withFragmentSizeBytes(16 << 10);

    @TempDir
    Path folder;

    private ActorSystem<Void> system;

    @BeforeEach
    void start() {
        system = ActorSystem.create(Behaviors.empty(), "replay");
    }

    @AfterEach
    void stop() throws Exception {
        system.close();
    }

    private AccessLogReplay replayOf(LogSettings settings) {
        WalLog log = Wal.get(system).log(LogId.of("access"), folder, settings);
        return new AccessLogReplay(system, log);
    }

    private AccessLogFile file(List<String> lines) throws IOException {
        return AccessLogFile.of(Files.write(folder.resolve("file.log"), lines));
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static AppendTotal append(AccessLogReplay replay, AccessLogFile file)
            throws Exception {
        return get(replay.append(file, get(replay.describe()), _ -> {
        }));
    }

    private static PlainCount count(AccessLogReplay replay, OptionalLong fromId)
            throws Exception {
        return PlainCount.of(get(replay.replay(fromId, _ -> {
        })));
    }

    @Test
    void a_replay_counts_what_the_file_holds() throws Exception {
        AccessLogReplay replay = replayOf(LogSettings.defaults());
        assertThat(append(replay, AccessLogFile.sample()).entries()).isEqualTo(SAMPLE.size());
        PlainCount expected = PlainCount.of(SAMPLE.stream());
        assertThat(expected.malformed()).isPositive();
        assertThat(expected.minutes()).hasSize(30);
        assertThat(count(replay, OptionalLong.empty())).isEqualTo(expected);
    }

    @Test
    void a_replay_from_the_middle_counts_the_rest() throws Exception {
        AccessLogReplay replay = replayOf(LogSettings.defaults());
        append(replay, AccessLogFile.sample());
        for (int from : List.of(0, 1, 1234, 2999, 3000)) {
            assertThat(count(replay, OptionalLong.of(from)))
                    .isEqualTo(PlainCount.of(SAMPLE.stream().skip(from)));
        }
    }

    @Test
    void a_log_of_many_small_fragments_counts_the_same() throws Exception {
        AccessLogReplay replay = replayOf(TINY);
        append(replay, AccessLogFile.sample());
        LogInfo info = get(replay.describe());
        assertThat(info.fragments()).isGreaterThan(40);
        for (int from = 0; from < SAMPLE.size(); from += 379) {
            assertThat(count(replay, OptionalLong.of(from)))
                    .isEqualTo(PlainCount.of(SAMPLE.stream().skip(from)));
        }
    }

    @Test
    void appending_a_file_again_appends_nothing() throws Exception {
        AccessLogReplay replay = replayOf(TINY);
        append(replay, AccessLogFile.sample());
        assertThat(append(replay, AccessLogFile.sample())).returns(0L, AppendTotal::entries);
        assertThat(get(replay.describe()).nextId()).isEqualTo(SAMPLE.size());
    }

    @Test
    void of_a_file_that_has_grown_only_the_new_lines_are_appended() throws Exception {
        AccessLogReplay replay = replayOf(LogSettings.defaults());
        append(replay, file(SAMPLE.subList(0, 1700)));
        AppendTotal grown = append(replay, file(SAMPLE));
        assertThat(grown).isEqualTo(new AppendTotal(1300, OptionalLong.of(2999)));
        assertThat(count(replay, OptionalLong.empty()))
                .isEqualTo(PlainCount.of(SAMPLE.stream()));
    }

    @Test
    void another_file_is_refused_and_nothing_of_it_appended() throws Exception {
        AccessLogReplay replay = replayOf(LogSettings.defaults());
        append(replay, file(SAMPLE.subList(0, 1000)));
        for (List<String> other : List.of(SAMPLE.subList(1, 3000), SAMPLE.subList(0, 999),
                List.<String> of())) {
            assertThat(replay.append(file(other), get(replay.describe()), _ -> {
            })).failsWithin(30, TimeUnit.SECONDS).withThrowableThat()
                    .withCauseInstanceOf(AccessLogReplay.OtherFile.class)
                    .withMessageContaining("its entry 999 is not line 1000");
        }
        assertThat(get(replay.describe()).nextId()).isEqualTo(1000);
    }

    @Test
    void progress_adds_up_to_the_bytes_of_the_file_and_the_entries_of_the_log() throws Exception {
        AccessLogReplay replay = replayOf(LogSettings.defaults());
        LongAdder bytes = new LongAdder();
        LongAdder entries = new LongAdder();
        AccessLogFile sample = AccessLogFile.sample();
        get(replay.append(sample, get(replay.describe()), bytes::add));
        get(replay.replay(OptionalLong.empty(), entries::add));
        assertThat(bytes.sum()).isEqualTo(sample.sizeBytes());
        assertThat(entries.sum()).isEqualTo(SAMPLE.size());
    }
}
