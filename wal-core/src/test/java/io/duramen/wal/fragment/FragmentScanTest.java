package io.duramen.wal.fragment;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.format.BitFlips;
import io.duramen.wal.format.EntryHeader;
import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.format.GroupRecord;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.Parameter;

@ParameterizedClass
@EnumSource(Encoding.class)
class FragmentScanTest {
    private static final long FIRST_ID = 100;
    private static final byte[] ONE = {1};
    private static final byte[] NINE = {1, 2, 3, 4, 5, 6, 7, 8, 9};

    @Parameter
    Encoding encoding;
    @TempDir
    Path directory;
    private FragmentWorkbench bench;
    private FragmentOnDisk written;

    @BeforeEach
    void open() {
        bench = new FragmentWorkbench(directory, encoding);
        written = bench.fragment(FIRST_ID);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    /// Entries 100 to 105 in three groups; each group says that those before it are durable.
    private void fill() {
        written.group(99, 1000, ONE, NINE);
        written.group(101, 2000, new byte[] {}, NINE, ONE);
        written.group(104, 3000, NINE);
    }

    private FragmentScan scanOf(MemorySegment bytes) {
        return FragmentScan.of(written.header(), bytes);
    }

    private static void zeroFrom(MemorySegment bytes, long offset) {
        bytes.asSlice(offset).fill((byte) 0);
    }

    @Test
    void an_empty_fragment_has_its_end_at_its_start() {
        FragmentScan scan = written.scan();
        assertThat(scan.nextId()).isEqualTo(FIRST_ID);
        assertThat(scan.endOfData()).isEqualTo(FragmentGeometry.DATA_START);
        assertThat(scan.durableIdProvenBeyondEnd()).isEqualTo(-1);
        assertThat(scan.lastEntryCrc()).isEqualTo(written.header().predecessorLastCrc());
        assertThat(scan.cutsBatch()).isFalse();
    }

    @Test
    void a_mark_of_a_lost_entry_counts_as_one() {
        fill();
        written.markLost(103, 24);
        written.markLost(105, 24);
        FragmentScan scan = written.scan();
        assertThat(scan.nextId()).isEqualTo(106);
        assertThat(scan.endOfData()).isEqualTo(written.writer().endOfData());
        assertThat(scan.lastEntryCrc()).isNotEqualTo(written.writer().lastEntryCrc());
        assertThat(scan.index().offset(3)).isEqualTo(written.offsetOf(103));
    }

    @Test
    void a_scan_finds_what_the_writer_knows() {
        fill();
        FragmentScan scan = written.scan();
        assertThat(scan.nextId()).isEqualTo(106).isEqualTo(written.writer().nextId());
        assertThat(scan.endOfData()).isEqualTo(written.writer().endOfData());
        assertThat(scan.lastEntryCrc()).isEqualTo(written.writer().lastEntryCrc());
        assertThat(scan.firstTimestampNanos()).isEqualTo(1000);
        assertThat(scan.lastTimestampNanos()).isEqualTo(3000);
        for (int number = 0; number < 6; number++) {
            assertThat(scan.index().offset(number))
                    .isEqualTo(written.writer().index().offset(number));
        }
    }

    @Test
    void a_scan_stops_at_a_torn_entry_and_keeps_those_before_it() {
        fill();
        MemorySegment bytes = written.content();
        BitFlips.flip(bytes, (written.offsetOf(103) + EntryHeader.BYTES + 8) * 8);
        FragmentScan scan = scanOf(bytes);
        assertThat(scan.nextId()).isEqualTo(103);
        assertThat(scan.endOfData()).isEqualTo(written.offsetOf(103));
        assertThat(scan.cutsBatch()).isFalse();
    }

    /// Whatever prefix of the bytes reached the device, the whole entries in it are found.
    @Test
    void every_cut_of_the_bytes_keeps_exactly_the_entries_before_it() {
        fill();
        long end = written.writer().endOfData();
        for (long cut = FragmentGeometry.DATA_START; cut <= end; cut++) {
            MemorySegment whole = written.content();
            MemorySegment bytes = written.content();
            zeroFrom(bytes, cut);
            long expected = FIRST_ID;
            while (expected < 106 && isAsWritten(bytes, whole, expected)) {
                expected++;
            }
            FragmentScan scan = scanOf(bytes);
            assertThat(scan.nextId()).as("cut at %d", cut).isEqualTo(expected);
        }
    }

    /// The padding behind an entry may be missing: its bytes are zero anyway.
    private boolean isAsWritten(MemorySegment bytes, MemorySegment whole, long id) {
        long end = endOfEntry(whole, id);
        return bytes.asSlice(0, end).mismatch(whole.asSlice(0, end)) == -1;
    }

    private long endOfEntry(MemorySegment whole, long id) {
        int payloadBytes = whole.get(ValueLayout.JAVA_INT_UNALIGNED, written.offsetOf(id));
        return written.offsetOf(id) + EntryHeader.BYTES + payloadBytes;
    }

    @Test
    void any_single_wrong_bit_leaves_a_prefix_of_the_entries() {
        fill();
        MemorySegment bytes = written.content();
        FragmentScan whole = scanOf(bytes);
        BitFlips.each(bytes, FragmentGeometry.DATA_START, written.writer().endOfData() + 8, bit -> {
            FragmentScan scan = scanOf(bytes);
            assertThat(scan.nextId()).as("bit %d", bit).isBetween(FIRST_ID, 106L);
            for (long number = 0; number < scan.index().count(); number++) {
                assertThat(scan.index().offset(number)).isEqualTo(whole.index().offset(number));
            }
        });
    }

    @Test
    void random_damage_never_yields_a_wrong_entry() {
        fill();
        long seed = System.nanoTime();
        System.out.println("random_damage_never_yields_a_wrong_entry: seed " + seed);
        Random random = new Random(seed);
        MemorySegment whole = written.content();
        FragmentScan original = scanOf(whole);
        for (int round = 0; round < 2000; round++) {
            MemorySegment bytes = Arena.ofAuto().allocate(whole.byteSize(), 8).copyFrom(whole);
            byte[] noise = new byte[1 + random.nextInt(64)];
            random.nextBytes(noise);
            long at = FragmentGeometry.DATA_START + random.nextInt(300);
            MemorySegment.copy(noise, 0, bytes, ValueLayout.JAVA_BYTE, at, noise.length);
            FragmentScan scan = scanOf(bytes);
            for (long number = 0; number < scan.index().count(); number++) {
                long start = original.index().offset(number);
                long length = endOfEntry(whole, FIRST_ID + number) - start;
                assertThat(scan.index().offset(number)).as("seed %d", seed).isEqualTo(start);
                assertThat(bytes.asSlice(start, length).mismatch(whole.asSlice(start, length)))
                        .as("seed %d, entry %d", seed, number).isEqualTo(-1);
            }
        }
    }

    @Test
    void a_batch_whose_end_is_missing_is_cut_whole() {
        written.group(99, 1000, NINE);
        written.batch(100, 2000, ONE, NINE, ONE);
        MemorySegment bytes = written.content();
        long torn = written.offsetOf(103);
        zeroFrom(bytes, torn);
        FragmentScan scan = scanOf(bytes);
        assertThat(scan.cutsBatch()).isTrue();
        assertThat(scan.nextId()).isEqualTo(101);
        assertThat(scan.endOfData()).isEqualTo(written.offsetOf(101));
        assertThat(scan.lastEntryCrc())
                .isEqualTo(bytes.get(ValueLayout.JAVA_INT_UNALIGNED, written.offsetOf(100) + 4));
    }

    @Test
    void a_batch_that_is_whole_stays() {
        written.batch(99, 1000, ONE, NINE, ONE);
        FragmentScan scan = written.scan();
        assertThat(scan.cutsBatch()).isFalse();
        assertThat(scan.nextId()).isEqualTo(103);
    }

    @Test
    void a_batch_that_goes_on_in_a_group_that_is_missing_is_cut_whole() {
        written.batch(99, 1000, NINE);
        written.groupOfOpenBatch(100, 2000, ONE, ONE);
        FragmentScan scan = written.scan();
        assertThat(scan.cutsBatch()).isTrue();
        assertThat(scan.nextId()).isEqualTo(101);
        written.group(100, 3000, ONE);
        assertThat(written.scan().cutsBatch()).isFalse();
        assertThat(written.scan().nextId()).isEqualTo(104);
    }

    @Test
    void entries_of_the_files_life_before_do_not_count() {
        fill();
        FragmentHeader next = FragmentWorkbench.header(FragmentWorkbench.GENERATION + 1, FIRST_ID,
                FragmentWorkbench.FRAGMENT_BYTES);
        FragmentScan scan = FragmentScan.of(next, written.content());
        assertThat(scan.nextId()).isEqualTo(FIRST_ID);
        assertThat(scan.durableIdProvenBeyondEnd()).isEqualTo(-1);
    }

    @Test
    void a_group_record_beyond_the_damage_tells_what_was_durable() {
        fill();
        MemorySegment bytes = written.content();
        BitFlips.flip(bytes, (written.offsetOf(101) + EntryHeader.BYTES) * 8);
        assertThat(scanOf(bytes).nextId()).isEqualTo(101);
        assertThat(scanOf(bytes).durableIdProvenBeyondEnd()).isEqualTo(104);
        zeroFrom(bytes, written.offsetOf(105) - GroupRecord.BYTES);
        assertThat(scanOf(bytes).durableIdProvenBeyondEnd()).isEqualTo(101);
        zeroFrom(bytes, written.offsetOf(102) - GroupRecord.BYTES);
        assertThat(scanOf(bytes).durableIdProvenBeyondEnd()).isEqualTo(-1);
    }

    @Test
    void a_damaged_group_record_proves_nothing() {
        fill();
        MemorySegment bytes = written.content();
        BitFlips.flip(bytes, (written.offsetOf(101) + EntryHeader.BYTES) * 8);
        BitFlips.flip(bytes, (written.offsetOf(105) - 20) * 8);
        assertThat(scanOf(bytes).durableIdProvenBeyondEnd()).isEqualTo(101);
    }

    @Test
    void a_closing_record_proves_all_before_it() {
        fill();
        written.group(105, 4000);
        MemorySegment bytes = written.content();
        bytes.asSlice(written.offsetOf(105), 8).fill((byte) 0);
        assertThat(scanOf(bytes).nextId()).isEqualTo(105);
        assertThat(scanOf(bytes).durableIdProvenBeyondEnd()).isEqualTo(105);
    }

    @Test
    void a_scan_goes_on_where_it_stopped() {
        fill();
        FragmentScan whole = written.scan();
        FragmentScan scan = new FragmentScan(written.header(), written.content());
        for (long lastId = FIRST_ID - 1; lastId < 106; lastId++) {
            scan.advance(lastId);
            assertThat(scan.nextId()).isEqualTo(Math.min(lastId + 1, 106));
            scan.advance(lastId);
            assertThat(scan.nextId()).isEqualTo(Math.min(lastId + 1, 106));
        }
        scan.advance(Long.MAX_VALUE);
        assertThat(scan.endOfData()).isEqualTo(whole.endOfData());
        assertThat(scan.lastEntryCrc()).isEqualTo(whole.lastEntryCrc());
        assertThat(scan.lastTimestampNanos()).isEqualTo(whole.lastTimestampNanos());
        assertThat(scan.index().offset(5)).isEqualTo(whole.index().offset(5));
    }

    @Test
    void a_scan_that_stops_inside_a_batch_goes_on_before_it() {
        written.group(99, 1000, ONE);
        written.batch(100, 2000, ONE, NINE, ONE);
        FragmentScan scan = new FragmentScan(written.header(), written.content());
        scan.advance(102);
        assertThat(scan.nextId()).isEqualTo(101);
        assertThat(scan.cutsBatch()).isTrue();
        scan.advance(103);
        assertThat(scan.nextId()).isEqualTo(104);
        assertThat(scan.cutsBatch()).isFalse();
    }

    @Test
    void a_scan_of_a_mapping_sees_what_is_written_meanwhile() {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment mapped = written.file().map(IoFile.Mapping.READ_ONLY, 0,
                    written.header().fileSizeBytes(), arena);
            FragmentScan scan = new FragmentScan(written.header(), mapped);
            for (long id = FIRST_ID; id < 110; id++) {
                scan.advance(Long.MAX_VALUE);
                assertThat(scan.nextId()).isEqualTo(id);
                written.group(id - 1, id, NINE);
            }
        }
    }

    @Test
    void a_writer_goes_on_where_a_scan_ended() {
        written.group(99, 1000, ONE, NINE);
        long cut = written.offsetOf(101);
        MemorySegment bytes = written.content();
        zeroFrom(bytes, cut);
        FragmentWriter resumed = FragmentWriter.resume(written.header(), scanOf(bytes));
        assertThat(resumed.nextId()).isEqualTo(101);
        assertThat(resumed.endOfData()).isEqualTo(cut);
        assertThat(resumed.lastTimestampNanos()).isEqualTo(1000);
        try (FragmentOnDisk mended =
                new FragmentOnDisk(bench, bench.disk().open(written.path(),
                        Disk.Access.READ_WRITE), resumed)) {
            mended.group(100, 500, NINE, ONE);
            FragmentScan scan = mended.scan();
            assertThat(scan.nextId()).isEqualTo(103);
            assertThat(scan.lastTimestampNanos()).isEqualTo(1000);
            assertThat(scan.lastEntryCrc()).isEqualTo(resumed.lastEntryCrc());
        }
    }
}
