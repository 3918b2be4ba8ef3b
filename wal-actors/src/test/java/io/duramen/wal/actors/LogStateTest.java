package io.duramen.wal.actors;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.format.WriterStatus;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.LogEnd;
import io.duramen.wal.log.LogFragments;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogMeter;
import io.duramen.wal.log.LogSettings;
import java.lang.foreign.Arena;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogStateTest {
    private final LogFragments fragments = new LogFragments(List.of(), 10, 10);
    private final WriterStatus status =
            new WriterStatus(Arena.ofAuto().allocate(WriterStatus.BYTES, 8));

    private LogState state(Durability durability) {
        return new LogState(LogSettings.defaults().withDurability(durability)
                .withUnsyncedBytesMax(100), fragments, status,
                LogMeter.of(LogId.of("orders")), new LogEnd(10, 1, 0));
    }

    @Test
    void a_log_that_was_opened_is_durable_and_has_nothing_to_sync() {
        LogState state = state(Durability.SYNCED);
        assertThat(state.nextId()).isEqualTo(10);
        assertThat(state.durableId()).isEqualTo(9);
        assertThat(state.hasUnsynced()).isFalse();
        assertThat(state.hasAppended()).isFalse();
    }

    @Test
    void a_synced_log_shows_what_is_durable() {
        LogState state = state(Durability.SYNCED);
        state.written(new LogEnd(13, 2, 0), 60);
        assertThat(state.writtenId()).isEqualTo(12);
        assertThat(state.end().lastEntryCrc()).isEqualTo(2);
        assertThat(fragments.visibleId()).isEqualTo(9);
        state.synced();
        assertThat(state.durableId()).isEqualTo(12);
        assertThat(fragments.visibleId()).isEqualTo(12);
        assertThat(status.durable()).isEqualTo(12);
        assertThat(state.hasUnsynced()).isFalse();
    }

    @Test
    void a_written_log_shows_what_is_written() {
        LogState state = state(Durability.WRITTEN);
        state.written(new LogEnd(13, 2, 0), 60);
        assertThat(fragments.visibleId()).isEqualTo(12);
        assertThat(state.durableId()).isEqualTo(9);
        assertThat(state.hasAppended()).isTrue();
    }

    @Test
    void a_sync_is_due_when_so_many_bytes_are_unsynced() {
        LogState state = state(Durability.WRITTEN);
        state.written(new LogEnd(11, 2, 0), 60);
        assertThat(state.isSyncDue()).isFalse();
        state.written(new LogEnd(12, 2, 0), 40);
        assertThat(state.isSyncDue()).isTrue();
        state.synced();
        assertThat(state.isSyncDue()).isFalse();
    }
}
