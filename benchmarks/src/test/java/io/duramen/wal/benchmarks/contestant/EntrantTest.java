package io.duramen.wal.benchmarks.contestant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.benchmarks.harness.Parameter;
import io.duramen.wal.benchmarks.harness.Parameters;
import java.nio.file.Path;
import java.util.EnumSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Everyone who is measured does what is measured, with the versions that the build takes.
class EntrantTest {
    private static final int PAYLOAD_BYTES = 100;

    @TempDir
    private Path folder;

    private static Parameters appending(String durability) {
        return Parameters.none().with(Parameter.PAYLOAD, PAYLOAD_BYTES).with(Parameter.DURABILITY,
                durability);
    }

    @ParameterizedTest
    @EnumSource(names = {"CORE", "STREAMS", "CHRONICLE", "ROCKSDB", "FILE_IO"})
    void everything_appended_in_bulk_is_read_again(Entrant entrant) throws Exception {
        Path log = folder.resolve("log");
        try (Contestant.Bulk open =
                entrant.open(log, appending("written"), Contestant.Bulk.class)) {
            open.appendAll(300);
            open.appendAll(200);
            assertThat(((Contestant.Replaying) open).replay()).isEqualTo(500 * PAYLOAD_BYTES);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CORE", "ACTORS", "BARE_FILE", "CHRONICLE", "ROCKSDB", "AERON"})
    void two_callers_append_entries_that_are_synced(Entrant entrant) throws Exception {
        Path log = folder.resolve("log");
        try (Contestant.Calling open =
                entrant.open(log, appending("synced"), Contestant.Calling.class)) {
            Contestant.Caller first = open.caller();
            Contestant.Caller second = open.caller();
            for (int i = 0; i < 3; i++) {
                first.append();
                second.append();
            }
            assertThat(open.facts().get(Contestant.SYNC)).startsWith("before each answer");
            if (open instanceof Contestant.Replaying reading) {
                assertThat(reading.replay()).isEqualTo(6 * PAYLOAD_BYTES);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ACTORS", "BARE_FILE", "AERON"})
    void bulk_without_reading_says_when_it_is_synced(Entrant entrant) throws Exception {
        try (Contestant.Bulk open = entrant.open(folder.resolve("log"), appending("written"),
                Contestant.Bulk.class)) {
            open.appendAll(2000);
            assertThat(open.facts().get(Contestant.SYNC)).isNotEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = "FILE_IO")
    void an_ability_that_is_not_there_is_named(Entrant entrant) {
        assertThatThrownBy(() -> entrant.open(folder.resolve("log"), appending("written"),
                Contestant.Calling.class)).isInstanceOf(UnsupportedOperationException.class)
                        .hasMessage("Pekko FileIO cannot do what is asked: Calling");
    }

    @ParameterizedTest
    @EnumSource
    void a_peer_is_shown_with_its_version(Entrant entrant) {
        boolean isPeer = EnumSet.of(Entrant.CHRONICLE, Entrant.ROCKSDB, Entrant.AERON,
                Entrant.FILE_IO).contains(entrant);
        assertThat(entrant.versionedLabel())
                .matches(entrant.label() + (isPeer ? " \\d+(\\.\\d+)+" : ""));
    }
}
