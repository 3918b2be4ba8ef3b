package io.duramen.wal.fragment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.duramen.wal.WalException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FragmentLeaseTest {
    @TempDir
    Path directory;
    private FragmentWorkbench bench;
    private FragmentOnDisk written;
    private Fragment fragment;

    @BeforeEach
    void open() {
        bench = new FragmentWorkbench(directory);
        written = bench.fragment(0);
        written.group(-1, 1, new byte[] {42}, new byte[] {43});
        fragment = written.fragment();
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private static byte magic(FragmentLease lease) {
        return lease.bytes().get(ValueLayout.JAVA_BYTE, 0);
    }

    @Test
    void the_mapping_lives_while_one_lease_is_held() {
        FragmentLease first = fragment.lease();
        FragmentLease second = fragment.lease();
        assertThat(second.bytes().address()).isEqualTo(first.bytes().address());
        first.close();
        assertThat(magic(second)).isEqualTo((byte) 'D');
        MemorySegment bytes = second.bytes();
        second.close();
        assertThatThrownBy(() -> bytes.get(ValueLayout.JAVA_BYTE, 0))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_lease_can_be_taken_again_after_the_last_was_given_back() {
        fragment.lease().close();
        try (FragmentLease lease = fragment.lease()) {
            assertThat(magic(lease)).isEqualTo((byte) 'D');
            assertThat(lease.fragment()).isSameAs(fragment);
        }
    }

    @Test
    void giving_a_lease_back_twice_is_an_error_and_takes_nothing_from_others() {
        FragmentLease first = fragment.lease();
        try (FragmentLease second = fragment.lease()) {
            first.close();
            assertThatThrownBy(first::close).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(written.path().toString());
            assertThat(magic(second)).isEqualTo((byte) 'D');
        }
    }

    @Test
    void the_mapping_cannot_be_written_to() {
        try (FragmentLease lease = fragment.lease()) {
            assertThat(lease.bytes().isReadOnly()).isTrue();
        }
    }

    @Test
    void a_lease_sees_what_is_written_after_it_was_taken() {
        try (FragmentLease lease = fragment.lease()) {
            written.group(1, 2, new byte[] {44});
            FragmentCursor cursor = lease.cursorBefore(2);
            assertThat(cursor.advance(2)).isTrue();
            assertThat(cursor.payload().get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 44);
            assertThat(cursor.timestampNanos()).isEqualTo(2);
            assertThat(cursor.lease()).isSameAs(lease);
        }
    }

    @Test
    void a_lease_taken_before_sealing_reads_by_the_index_of_the_file_after_it() {
        try (FragmentLease lease = fragment.lease()) {
            assertThat(fragment.footer()).isEmpty();
            assertThat(fragment.lastId()).isEqualTo(Long.MAX_VALUE);
            written.seal();
            assertThat(fragment.footer()).isPresent();
            assertThat(fragment.lastId()).isEqualTo(1);
            FragmentCursor cursor = lease.cursorBefore(1);
            assertThat(cursor.advance(Long.MAX_VALUE)).isTrue();
            assertThat(cursor.payload().get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 43);
        }
    }

    @Test
    void a_lease_outlives_the_files_name() {
        try (FragmentLease lease = fragment.lease()) {
            bench.disk().delete(written.path());
            FragmentCursor cursor = lease.cursorBefore(0);
            assertThat(cursor.advance(1)).isTrue();
            assertThat(cursor.payload().get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 42);
        }
        assertThatThrownBy(fragment::lease).isInstanceOf(WalException.Io.class)
                .hasMessageContaining(written.path().toString());
    }

    @Test
    void a_file_cut_short_is_damaged_and_a_mended_one_reads() {
        written.file().resize(8192);
        WalException.Corrupt damage =
                catchThrowableOfType(WalException.Corrupt.class, fragment::lease);
        assertThat(damage.file()).isEqualTo(written.path());
        assertThat(damage.offset()).isEqualTo(8192);
        assertThat(damage).hasMessageContaining("16384");
        written.file().resize(16384);
        try (FragmentLease lease = fragment.lease()) {
            assertThat(lease.cursorBefore(0).advance(1)).isTrue();
        }
    }
}
