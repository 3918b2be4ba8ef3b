package io.duramen.wal.log;

import static io.duramen.wal.log.TailVerdict.CUT;
import static io.duramen.wal.log.TailVerdict.KEEP;
import static io.duramen.wal.log.TailVerdict.REFUSE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TailVerdictTest {
    private static final List<TailEvidence> ALL = IntStream.range(0, 16)
            .mapToObj(TailVerdictTest::seen).toList();

    /// Bit 0: bytes follow, 1: batch cut, 2: proven by a group record, 3: proven by the status.
    private static TailEvidence seen(int bits) {
        return new TailEvidence((bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0);
    }

    @Test
    void the_whole_table_is_as_written_down() {
        List<TailVerdict> expected = List.of(
                KEEP, CUT, CUT, CUT, // no proof
                REFUSE, REFUSE, REFUSE, REFUSE, // a group record
                REFUSE, REFUSE, REFUSE, REFUSE, // the status
                REFUSE, REFUSE, REFUSE, REFUSE); // both
        Map<TailEvidence, TailVerdict> table = new LinkedHashMap<>();
        ALL.forEach(evidence -> table.put(evidence, TailVerdict.of(evidence)));
        assertThat(table).hasSize(16);
        assertThat(List.copyOf(table.values())).isEqualTo(expected);
    }

    @Test
    void what_was_proven_durable_is_never_cut_and_never_ignored() {
        assertThat(ALL).filteredOn(seen -> seen.provenByGroupRecord() || seen.provenByStatus())
                .hasSize(12).extracting(TailVerdict::of).containsOnly(REFUSE);
    }

    @Test
    void without_proof_a_log_always_opens() {
        assertThat(ALL).filteredOn(seen -> !seen.provenByGroupRecord() && !seen.provenByStatus())
                .hasSize(4).extracting(TailVerdict::of).doesNotContain(REFUSE);
    }

    @Test
    void bytes_that_are_no_entry_never_stay() {
        assertThat(ALL).filteredOn(seen -> seen.bytesFollow() || seen.batchCut())
                .hasSize(12).extracting(TailVerdict::of).doesNotContain(KEEP);
    }
}
