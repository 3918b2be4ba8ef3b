package io.duramen.wal.io.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.duramen.wal.io.Disk;
import io.duramen.wal.io.Disk.Access;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation.Fdatasync;
import io.duramen.wal.io.IoOperation.Read;
import io.duramen.wal.io.IoOperation.Write;
import io.duramen.wal.io.IoResult;
import io.duramen.wal.io.IoTicket;
import io.duramen.wal.io.Pipes;
import io.duramen.wal.io.posix.PosixDisk;
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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The files that the kernel keeps at hand for a ring.
@Timeout(60)
class UringFilesTest {
    private static final int PLACES = 4;

    @TempDir
    Path own;

    private final Disk disk = new PosixDisk();
    private final List<IoFile> opened = new ArrayList<>();
    private final List<IoTicket> stuckTickets = new ArrayList<>();
    private UringScheduler ring;

    @BeforeEach
    void open() {
        Rings.require();
        ring = UringScheduler.create(Rings.settings(16).withRegisteredFilesMax(PLACES));
    }

    @AfterEach
    void close() {
        if (ring != null) {
            stuckTickets.forEach(IoTicket::cancel); // of a test that failed
            ring.close();
            opened.forEach(IoFile::close);
        }
    }

    private IoFile create(String name) {
        IoFile file = disk.create(own.resolve(name));
        opened.add(file);
        return file;
    }

    private void write(IoFile file, long value) {
        MemorySegment bytes = Arena.ofAuto().allocate(8, 8);
        bytes.set(ValueLayout.JAVA_LONG, 0, value);
        assertThat(ring.submit(IoChain.durableWrite(file, bytes, 0)).await())
                .isEqualTo(new IoResult.Done(8));
    }

    private long read(IoFile file) {
        MemorySegment into = Arena.ofAuto().allocate(8, 8);
        assertThat(ring.submit(IoChain.of(new Read(file, into, 0))).await())
                .isEqualTo(new IoResult.Done(8));
        return into.get(ValueLayout.JAVA_LONG, 0);
    }

    private UringStatistics.Files files() {
        return ring.uringStatistics().files();
    }

    @Test
    void a_file_gets_a_place_with_its_first_operation() {
        IoFile file = create("file");
        assertThat(files().registered()).isZero();
        write(file, 1);
        write(file, 2);
        assertThat(files().registered()).isEqualTo(1);
        assertThat(files().entriesByNumber()).isZero();
        assertThat(files().refusal()).isEmpty();
        assertThat(read(file)).isEqualTo(2);
    }

    @Test
    void files_beyond_the_last_place_are_used_by_their_number() {
        for (int i = 0; i < PLACES + 2; i++) {
            write(create("file_" + i), i);
        }
        for (int i = 0; i < PLACES + 2; i++) {
            assertThat(read(opened.get(i))).isEqualTo(i);
        }
        assertThat(files().registered()).isEqualTo(PLACES);
        assertThat(files().entriesByNumber()).isEqualTo(2 * 3);
    }

    @Test
    void a_closed_file_gives_its_place_to_another() {
        for (int i = 0; i < 10 * PLACES; i++) {
            IoFile file = create("file_" + i);
            write(file, i);
            assertThat(read(file)).isEqualTo(i);
            file.close();
            assertThat(files().registered()).isLessThanOrEqualTo(2);
        }
        assertThat(files().entriesByNumber()).isZero();
        IoFile last = create("last");
        write(last, 1);
        assertThat(files().registered()).isEqualTo(1);
    }

    /// The end of a pipe that is open for writing nowhere is an end of file.
    @Test
    void a_closed_file_is_closed_in_the_kernel_too() throws Exception {
        IoFile writing = Pipes.open(disk, own);
        try (IoFile reading = disk.open(own.resolve("pipe"), Access.READ_ONLY)) {
            write(reading, writing);
            writing.close();
            IoTicket atEnd = ring.submit(IoChain.of(new Read(reading, room(), 0)));
            stuckTickets.add(atEnd);
            assertThat(atEnd.await()).isEqualTo(new IoResult.Done(0));
        }
    }

    private void write(IoFile reading, IoFile writing) {
        assertThat(ring.submit(IoChain.of(new Write(writing, room(), 0),
                new Read(reading, room(), 0))).await()).isEqualTo(new IoResult.Done(16));
    }

    private static MemorySegment room() {
        return Arena.ofAuto().allocate(8, 8);
    }

    @Test
    void a_file_closed_under_an_operation_keeps_its_place_until_that_has_ended() throws Exception {
        IoFile pipe = Pipes.open(disk, own);
        IoFile other = create("other");
        IoTicket stuck = ring.submit(IoChain.of(new Read(pipe, room(), 0)));
        stuckTickets.add(stuck);
        write(other, 1);
        pipe.close();
        for (int i = 0; i < 20; i++) { // one of them gets the number, were it free
            write(create("stranger_" + i), i);
        }
        assertThat(files().registered()).isEqualTo(PLACES);
        assertThat(stuck.isComplete()).isFalse();
        stuck.cancel();
        assertThat(stuck.await()).isInstanceOf(IoResult.Failed.class);
        write(other, 2);
        assertThat(files().registered()).isEqualTo(PLACES - 1);
    }

    @Test
    void two_rings_may_know_the_same_file() {
        IoFile file = create("file");
        write(file, 1);
        try (UringScheduler second = Rings.scheduler(8)) {
            second.submit(IoChain.of(new Fdatasync(file))).await().orThrow();
            assertThat(second.uringStatistics().files().registered()).isEqualTo(1);
        }
        assertThat(read(file)).isEqualTo(1);
        file.close();
        write(create("another"), 1);
        assertThat(files().registered()).isEqualTo(1);
    }

    @Test
    void a_file_may_be_closed_after_the_ring() {
        IoFile file = create("file");
        write(file, 1);
        ring.close();
        file.close();
        assertThat(files().registered()).isEqualTo(1);
    }

    @Test
    void without_places_every_file_is_used_by_its_number() {
        try (UringScheduler without =
                UringScheduler.create(Rings.settings(8).withRegisteredFilesMax(0))) {
            IoFile file = create("file");
            without.submit(IoChain.of(new Fdatasync(file))).await().orThrow();
            assertThat(without.uringStatistics().files())
                    .isEqualTo(new UringStatistics.Files(0, 1, Optional.empty()));
        }
    }

    @Test
    void a_refusal_says_what_to_do() {
        assertThat(FileTable.refusal(256, 24)).startsWith("io_uring goes on without registered")
                .contains("256", "EMFILE").endsWith("raise the limit on open files (ulimit -n) to"
                        + " that");
        assertThat(FileTable.refusal(256, 12)).contains("ENOMEM").doesNotContain("ulimit");
    }

    @Test
    void more_places_than_the_kernel_has_are_refused() {
        UringSchedulerSettings settings = Rings.settings(8);
        assertThatThrownBy(() -> settings.withRegisteredFilesMax(32_769))
                .hasMessageContaining("registeredFilesMax [32769]");
        assertThatThrownBy(() -> settings.withRegisteredFilesMax(-1))
                .hasMessageContaining("registeredFilesMax [-1]");
    }

    @Test
    void a_table_beyond_the_limit_on_open_files_is_done_without() throws Exception {
        long openFilesMax = Long.parseLong(Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(line -> line.startsWith("Max open files")).findFirst().orElseThrow()
                .split(" +")[3]);
        assumeTrue(openFilesMax < 32_768, "the limit on open files is larger than any table");
        try (UringScheduler without =
                UringScheduler.create(Rings.settings(8).withRegisteredFilesMax(32_768))) {
            IoFile file = create("file");
            without.submit(IoChain.of(new Fdatasync(file))).await().orThrow();
            UringStatistics.Files files = without.uringStatistics().files();
            assertThat(files.registered()).isZero();
            assertThat(files.entriesByNumber()).isEqualTo(1);
            assertThat(files.refusal().orElseThrow()).contains("EMFILE");
        }
    }
}
