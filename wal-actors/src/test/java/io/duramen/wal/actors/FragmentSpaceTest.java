package io.duramen.wal.actors;

import static io.duramen.wal.format.EntryHeader.entryBytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.format.EntryHeader;
import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.format.GroupRecord;
import org.junit.jupiter.api.Test;

class FragmentSpaceTest {
    private static final FragmentGeometry GEOMETRY = new FragmentGeometry(64 << 10);
    private static final FragmentSpace EMPTY =
            new FragmentSpace(GEOMETRY, 7, FragmentGeometry.DATA_START, 0);

    @Test
    void an_empty_fragment_holds_the_largest_payload_and_no_larger_one() {
        assertThat(EMPTY.holds(entryBytes(GEOMETRY.largestPayloadBytes()), 1)).isTrue();
        assertThat(EMPTY.holds(entryBytes(GEOMETRY.largestPayloadBytes() + 1), 1)).isFalse();
    }

    @Test
    void room_is_kept_for_the_index_and_for_a_closing_record() {
        long entry = EntryHeader.entryBytes(0);
        long end = GEOMETRY.indexStart(101) - 2 * GroupRecord.BYTES - entry;
        assertThat(grownTo(end, 100).holds(entryBytes(0), 1)).isTrue();
        assertThat(grownTo(end, 101).holds(entryBytes(0), 1)).isFalse();
        assertThat(grownTo(end + 1, 100).holds(entryBytes(0), 1)).isFalse();
    }

    private static FragmentSpace grownTo(long endOfData, long entryCount) {
        return new FragmentSpace(GEOMETRY, 7, endOfData, entryCount);
    }

    @Test
    void a_group_takes_its_record_and_its_entries_and_leaves_the_age_alone() {
        FragmentSpace behind = EMPTY.behind(904, 3);
        assertThat(behind.createdNanos()).isEqualTo(7);
        assertThat(behind.entryCount()).isEqualTo(3);
        assertThat(behind.endOfData() - EMPTY.endOfData()).isEqualTo(GroupRecord.BYTES + 904);
    }
}
