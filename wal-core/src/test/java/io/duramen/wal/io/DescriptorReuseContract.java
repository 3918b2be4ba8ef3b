package io.duramen.wal.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.io.Disk.Access;
import io.duramen.wal.io.IoOperation.Fdatasync;
import io.duramen.wal.io.IoOperation.Write;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Files that are closed while the kernel works on them, and others opened meanwhile: those get
/// every descriptor number that is free, so a number freed too early shows as a stranger's bytes.
public abstract class DescriptorReuseContract {
    private static final int WRITES = 24;
    private static final int WRITE_BYTES = 1 << 20;
    private static final int STRANGERS = 64;
    private static final int ROUNDS = 20;

    @TempDir
    Path directory;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment bytes = arena.allocate(WRITE_BYTES, 4096).fill((byte) 7);
    private Disk disk;
    private IoScheduler scheduler;

    protected abstract Disk newDisk();

    /// One that takes chains of 48 operations.
    protected abstract IoScheduler newScheduler();

    @BeforeEach
    void open() {
        disk = newDisk();
        scheduler = newScheduler();
    }

    @AfterEach
    void close() {
        scheduler.close();
        arena.close();
    }

    /// Writes that are durable one after the other: many milliseconds.
    private static IoChain slowWrites(IoFile file, MemorySegment bytes) {
        List<IoOperation> operations = new ArrayList<>();
        for (int i = 0; i < WRITES; i++) {
            operations.add(new Write(file, bytes, (long) i * WRITE_BYTES));
            operations.add(new Fdatasync(file));
        }
        return new IoChain(operations);
    }

    private void awaitFirstBytes(Path path) {
        try (IoFile seen = disk.open(path, Access.READ_ONLY)) {
            while (seen.sizeBytes() == 0) {
                Thread.onSpinWait();
            }
        }
    }

    /// Made before, since to make a file may have to wait for syncs under way.
    private void makeStrangers() {
        for (int i = 0; i < STRANGERS; i++) {
            disk.create(stranger(i)).close();
        }
    }

    private Path stranger(int number) {
        return directory.resolve("stranger_" + number);
    }

    private List<IoFile> openStrangers() {
        List<IoFile> strangers = new ArrayList<>();
        for (int i = 0; i < STRANGERS; i++) {
            strangers.add(disk.open(stranger(i), Access.READ_WRITE));
        }
        return strangers;
    }

    private void assertUntouchedAndClose(List<IoFile> strangers) {
        assertThat(strangers).allMatch(stranger -> stranger.sizeBytes() == 0);
        strangers.forEach(IoFile::close);
    }

    private void assertWhole(Path path) {
        try (IoFile again = disk.open(path, Access.READ_ONLY)) {
            assertThat(again.sizeBytes()).isEqualTo((long) WRITES * WRITE_BYTES);
        }
    }

    @Test
    @Timeout(120)
    void a_chain_in_the_kernel_never_reaches_a_file_that_got_its_descriptor_number() {
        makeStrangers();
        boolean wasUnderWay = false;
        for (int round = 0; round < ROUNDS && !wasUnderWay; round++) {
            Path path = directory.resolve("mine_" + round);
            IoFile mine = disk.create(path);
            IoTicket ticket = scheduler.submit(slowWrites(mine, bytes));
            awaitFirstBytes(path);
            mine.close();
            List<IoFile> strangers = openStrangers();
            wasUnderWay = !ticket.isComplete();
            assertThat(ticket.await().orThrow()).isEqualTo((long) WRITES * WRITE_BYTES);
            assertUntouchedAndClose(strangers);
            assertWhole(path);
        }
        assertThat(wasUnderWay).as("a chain was under way when strangers had been opened").isTrue();
    }

    @Test
    @Timeout(120)
    void a_call_in_the_kernel_never_reaches_a_file_that_got_its_descriptor_number()
            throws Exception {
        Path sourcePath = directory.resolve("source");
        try (IoFile source = disk.create(sourcePath)) {
            scheduler.execute(slowWrites(source, bytes)).orThrow();
        }
        makeStrangers();
        boolean wasUnderWay = false;
        for (int round = 0; round < ROUNDS && !wasUnderWay; round++) {
            Path path = directory.resolve("mine_" + round);
            IoFile source = disk.open(sourcePath, Access.READ_ONLY);
            IoFile mine = disk.create(path);
            FutureTask<CopyResult> copy = new FutureTask<>(
                    () -> source.copyTo(0, (long) WRITES * WRITE_BYTES, mine, 0));
            Thread.ofPlatform().start(copy);
            awaitFirstBytes(path);
            mine.close();
            source.close();
            List<IoFile> strangers = openStrangers();
            wasUnderWay = !copy.isDone();
            assertThat(copy.get().copiedBytes()).isEqualTo((long) WRITES * WRITE_BYTES);
            assertUntouchedAndClose(strangers);
            assertWhole(path);
        }
    }
}
