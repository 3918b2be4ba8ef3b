package io.duramen.wal.fragment;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.format.FormatVersion;
import io.duramen.wal.format.FragmentFooter;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.fragment.GoldenLog.GoldenEntry;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.Entry;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogReader;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.ReadRange;
import io.duramen.wal.log.TailVerdict;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// The files of format version 1 keep being read, and, as long as 1 is current, being written so.
@ParameterizedClass
@EnumSource(Encoding.class)
class GoldenLogTest {
    private static final int VERSION = 1;

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

    private static Path file(String name) {
        return GoldenLog.directory(VERSION).resolve(name);
    }

    private static List<GoldenEntry> read(Fragment fragment, long lastId) {
        List<GoldenEntry> entries = new ArrayList<>();
        try (FragmentLease lease = fragment.lease()) {
            FragmentCursor cursor = lease.cursorBefore(fragment.firstId());
            while (cursor.advance(lastId)) {
                entries.add(new GoldenEntry(cursor.id(), cursor.timestampNanos(),
                        cursor.batchContinues(),
                        cursor.payload().toArray(ValueLayout.JAVA_BYTE)));
            }
        }
        return entries;
    }

    @Test
    void the_current_writer_writes_exactly_these_bytes() throws IOException {
        assertThat(FormatVersion.CURRENT).isEqualTo(VERSION);
        GoldenLog.write(bench);
        for (String name : List.of(GoldenLog.SEALED, GoldenLog.UNSEALED)) {
            assertThat(Files.mismatch(directory.resolve(name), file(name)))
                    .as("first byte of %s that differs", name).isEqualTo(-1);
        }
    }

    @Test
    void the_sealed_fragment_reads_as_it_was_written() {
        try (IoFile file = bench.disk().open(file(GoldenLog.SEALED), Disk.Access.READ_ONLY)) {
            FragmentEnds ends = bench.ends(file);
            FragmentHeader header = ends.header();
            assertThat(header).isEqualTo(GoldenLog.sealedHeader());
            FragmentFooter footer = ends.footer().orElseThrow();
            assertThat(footer).isEqualTo(new FragmentFooter(GoldenLog.SEALED_GENERATION, 10, 0, 9,
                    0x1390, 0xfae24089, 0x16362f7c, GoldenLog.CREATED_NANOS + GoldenLog.SECOND,
                    GoldenLog.CREATED_NANOS + 4 * GoldenLog.SECOND));
            Fragment fragment = Fragment.sealed(bench.disk(), file.path(), header, footer);
            assertThat(read(fragment, Long.MAX_VALUE)).isEqualTo(GoldenLog.sealedEntries());
            try (FragmentLease lease = fragment.lease()) {
                assertThat(fragment.indexHolds(footer, lease.bytes())).isTrue();
            }
        }
    }

    @Test
    void the_unsealed_fragment_reads_as_it_was_written() {
        Path path = file(GoldenLog.UNSEALED);
        try (IoFile file = bench.disk().open(path, Disk.Access.READ_ONLY);
                Arena arena = Arena.ofShared()) {
            FragmentHeader header = GoldenLog.unsealedHeader(0x16362f7c);
            assertThat(bench.ends(file)).isEqualTo(new FragmentEnds(header, Optional.empty()));
            MemorySegment bytes =
                    file.map(IoFile.Mapping.READ_ONLY, 0, header.fileSizeBytes(), arena);
            FragmentScan scan = FragmentScan.of(header, bytes);
            assertThat(scan.nextId()).isEqualTo(16);
            assertThat(scan.endOfData()).isEqualTo(0x1308);
            assertThat(bench.endOfBytes(file, scan.endOfData())).isEqualTo(0x1308);
            Fragment fragment = Fragment.growing(bench.disk(), path, header, scan.index());
            assertThat(read(fragment, 15)).isEqualTo(GoldenLog.unsealedEntries());
        }
    }

    @Test
    void a_reader_written_from_the_specification_reads_the_same() {
        ReaderFromSpecification sealed =
                new ReaderFromSpecification(GoldenLog.bytes(VERSION, GoldenLog.SEALED));
        assertThat(sealed.isSealed()).isTrue();
        assertThat(sealed.entries()).isEqualTo(GoldenLog.sealedEntries());
        ReaderFromSpecification unsealed =
                new ReaderFromSpecification(GoldenLog.bytes(VERSION, GoldenLog.UNSEALED));
        assertThat(unsealed.isSealed()).isFalse();
        assertThat(unsealed.entries()).isEqualTo(GoldenLog.unsealedEntries());
        assertThat(unsealed.endOfData()).isEqualTo(0x1308);
    }

    @Test
    void the_golden_log_opens_and_goes_on() throws IOException {
        Path logDirectory = Files.createDirectory(directory.resolve("log_" + GoldenLog.LOG_ID));
        for (String name : List.of(GoldenLog.SEALED, GoldenLog.UNSEALED)) {
            Files.copy(file(name), logDirectory.resolve(name));
        }
        List<GoldenEntry> expected = new ArrayList<>(GoldenLog.sealedEntries());
        expected.addAll(GoldenLog.unsealedEntries());
        LogSettings settings =
                LogSettings.defaults().withFragmentSizeBytes(GoldenLog.FRAGMENT_BYTES);
        try (DiskLog log = DiskLog.open(directory, LogId.of(GoldenLog.LOG_ID), settings)) {
            assertThat(log.recoveryReport().tail()).isEqualTo(TailVerdict.KEEP);
            assertThat(log.append("next".getBytes(US_ASCII))).isEqualTo(16);
            try (LogReader reader = log.read(ReadRange.from(0))) {
                for (GoldenEntry entry : expected) {
                    Entry found = reader.next();
                    assertThat(found.id()).isEqualTo(entry.id());
                    assertThat(found.timestampNanos()).isEqualTo(entry.timestampNanos());
                    assertThat(found.toByteArray()).isEqualTo(entry.payload());
                }
                assertThat(reader.next().toByteArray()).isEqualTo("next".getBytes(US_ASCII));
            }
        }
    }
}
