package io.duramen.wal.fragment;

import static io.duramen.wal.format.EntryHeader.entryBytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.format.EntryHeader;
import io.duramen.wal.format.FragmentFooter;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.format.GroupRecord;
import io.duramen.wal.memory.BufferLease;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@EnumSource(Encoding.class)
class FragmentWriterTest {
    @Parameter
    Encoding encoding;
    @TempDir
    Path directory;
    private FragmentWorkbench bench;

    @BeforeEach
    void open() {
        bench = new FragmentWorkbench(directory, encoding);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {12 << 10, 16 << 10, 32 << 10})
    void the_largest_payload_fits_with_its_closing_record_and_one_byte_more_does_not(long size) {
        FragmentOnDisk written = bench.fragment(FragmentWorkbench.header(0, size));
        int largest = written.geometry().largestPayloadBytes();
        assertThat(written.writer().holds(entryBytes(largest), 1)).isTrue();
        assertThat(written.writer().holds(entryBytes(largest + 1L), 1)).isFalse();

        byte[] payload = new byte[largest];
        Arrays.fill(payload, (byte) 0xff);
        written.group(-1, 1, payload);
        assertThat(written.writer().holds(entryBytes(0), 1)).isFalse();
        assertThat(written.writer().holdsClosingRecord()).isTrue();
        written.group(0, 2);
        written.seal();

        assertThat(written.writer().endOfData())
                .isLessThanOrEqualTo(written.geometry().indexStart(1));
        try (FragmentLease lease = written.fragment().lease()) {
            FragmentCursor cursor = lease.cursorBefore(0);
            assertThat(cursor.advance(0)).isTrue();
            assertThat(cursor.payload().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(payload);
        }
    }

    @Test
    void a_fragment_takes_empty_entries_until_data_and_index_meet() {
        FragmentOnDisk written = bench.fragment(0);
        try (BufferLease lease = bench.pool().tryAcquire().orElseThrow()) {
            OpenGroup group = written.beginGroup(lease);
            while (written.writer().holds(entryBytes(0), 1)) {
                group.add(Payload.of(new byte[0]), false);
            }
            assertThat(group.fits(entryBytes(0))).isTrue();
            written.write(group, -1, 1);
        }
        written.group(written.writer().nextId() - 1, 2);
        long count = written.writer().entryCount();
        assertThat(written.geometry().indexStart(count) - written.writer().endOfData())
                .isBetween(0L, 11L);
        assertThat(written.seal().entryCount()).isEqualTo(count);
        try (FragmentLease lease = written.fragment().lease()) {
            FragmentCursor cursor = lease.cursorBefore(count - 1);
            assertThat(cursor.advance(count)).isTrue();
            assertThat(cursor.isAtEnd()).isTrue();
        }
    }

    @Test
    void an_open_group_counts_what_was_added() {
        FragmentOnDisk written = bench.fragment(7);
        try (BufferLease lease = bench.pool().tryAcquire().orElseThrow()) {
            OpenGroup group = written.beginGroup(lease);
            assertThat(group.firstId()).isEqualTo(7);
            assertThat(group.lastId()).isEqualTo(6);
            assertThat(group.add(Payload.of(new byte[3]), false)).isEqualTo(7);
            assertThat(group.add(Payload.of(new byte[9]), false)).isEqualTo(8);
            assertThat(group.lastId()).isEqualTo(8);
            assertThat(group.entryCount()).isEqualTo(2);
            assertThat(group.sizeBytes()).isEqualTo(48 + 16 + 24);
            assertThat(group.fileOffset()).isEqualTo(4096);
            assertThat(written.writer().endOfData()).isEqualTo(4096 + 48 + 16 + 24);
            assertThat(written.writer().nextId()).isEqualTo(9);
        }
    }

    @Test
    void one_group_is_open_at_a_time() {
        FragmentOnDisk written = bench.fragment(0);
        try (BufferLease lease = bench.pool().tryAcquire().orElseThrow()) {
            written.beginGroup(lease);
            assertThatThrownBy(() -> written.beginGroup(lease))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void a_buffer_of_the_size_asked_for_takes_one_entry_and_no_other() {
        FragmentOnDisk written = bench.fragment(0);
        long sizeBytes = OpenGroup.bytesFor(entryBytes(4032));
        assertThat(sizeBytes).isEqualTo(48 + 8 + 4032);
        try (BufferLease lease = bench.pool().unpooled(sizeBytes)) {
            OpenGroup group = written.writer().beginGroup(GroupMemory.in(lease));
            assertThat(lease.sizeBytes()).isEqualTo(4096);
            assertThat(group.fits(entryBytes(4096 - 48 - 8))).isTrue();
            assertThat(group.fits(entryBytes(4096 - 48 - 8 + 1))).isFalse();
            group.add(Payload.of(new byte[4032]), false);
            assertThat(group.fits(entryBytes(0))).isTrue();
            assertThat(group.fits(entryBytes(1))).isFalse();
        }
    }

    @Test
    void an_entry_encoded_in_place_is_as_one_that_was_copied() {
        byte[] payload = {1, 2, 3, 4, 5};
        FragmentHeader header = FragmentWorkbench.header(0, FragmentWorkbench.FRAGMENT_BYTES);
        try (BufferLease first = bench.pool().tryAcquire().orElseThrow();
                BufferLease second = bench.pool().tryAcquire().orElseThrow()) {
            OpenGroup copied = FragmentWriter.create(header).beginGroup(GroupMemory.in(first));
            copied.add(Payload.of(payload), false);
            OpenGroup inPlace = FragmentWriter.create(header).beginGroup(GroupMemory.in(second));
            assertThat(inPlace.isIn(second)).isTrue();
            assertThat(inPlace.isIn(first)).isFalse();
            MemorySegment.copy(payload, 0, second.memory(), ValueLayout.JAVA_BYTE,
                    OpenGroup.firstPayloadOffset(), payload.length);
            inPlace.addInPlace(payload.length, false);
            inPlace.close(-1, 1);
            copied.close(-1, 1);
            assertThat(inPlace.piece().bytes().mismatch(copied.piece().bytes())).isEqualTo(-1);
        }
    }

    @Test
    void payloads_come_from_arrays_buffers_and_segments_and_stay_as_they_were() {
        ByteBuffer buffer = ByteBuffer.wrap(new byte[] {9, 1, 2, 3, 9}, 1, 3);
        MemorySegment target = MemorySegment.ofArray(new byte[8]);
        Payload.of(buffer).copyTo(target, 1);
        Payload.of(new byte[] {4}).copyTo(target, 4);
        Payload.of(MemorySegment.ofArray(new byte[] {5, 6})).copyTo(target, 5);
        assertThat(target.toArray(ValueLayout.JAVA_BYTE))
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 0);
        assertThat(Payload.of(buffer).sizeBytes()).isEqualTo(3);
        assertThat(buffer.position()).isEqualTo(1);
    }

    @Test
    void the_checksum_of_the_last_entry_is_the_predecessors_while_there_is_none() {
        FragmentWriter writer = FragmentWriter.create(
                new FragmentHeader(1, 2, 3, 16 << 10, 4096, 1, 1, 2, 4711));
        assertThat(writer.lastEntryCrc()).isEqualTo(4711);
        assertThat(writer.footer(0).lastEntryCrc()).isEqualTo(4711);
        assertThat(writer.footer(0).lastId()).isEqualTo(2);
        assertThat(writer.footer(0).entryCount()).isZero();
    }

    @Test
    void the_footer_tells_what_was_written() {
        FragmentOnDisk written = bench.fragment(7);
        written.group(6, 100, new byte[1], new byte[2]);
        written.group(8, 200, new byte[3]);
        FragmentFooter footer = written.writer().footer(42);
        assertThat(footer.generation()).isEqualTo(FragmentWorkbench.GENERATION);
        assertThat(footer.entryCount()).isEqualTo(3);
        assertThat(footer.firstId()).isEqualTo(7);
        assertThat(footer.lastId()).isEqualTo(9);
        assertThat(footer.endOfData())
                .isEqualTo(4096 + 2L * GroupRecord.BYTES + 3 * EntryHeader.entryBytes(1));
        assertThat(footer.indexCrc()).isEqualTo(42);
        assertThat(footer.lastEntryCrc()).isEqualTo(written.scan().lastEntryCrc());
        assertThat(footer.firstTimestampNanos()).isEqualTo(100);
        assertThat(footer.lastTimestampNanos()).isEqualTo(200);
    }
}
