package io.duramen.wal.io.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.duramen.wal.WalException;
import io.duramen.wal.io.Disk.WriteSync;
import io.duramen.wal.io.IoFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSystemFactsTest {
    @TempDir
    Path directory;

    @Test
    void the_file_system_is_named_as_the_mount_table_names_it() throws IOException {
        FileSystemFacts facts = FileSystemFacts.of(directory);
        String inMountTable = Files.getFileStore(directory).type();
        assertThat(inMountTable.startsWith("ext") ? "ext4" : inMountTable)
                .startsWith(facts.type());
        assertThat(facts.isNetwork()).isEqualTo(inMountTable.startsWith("nfs"));
        assertThat(facts.usableBytes().orElse(Long.MAX_VALUE)).isPositive()
                .isLessThanOrEqualTo(facts.totalBytes().orElse(Long.MAX_VALUE));
    }

    @Test
    void direct_io_is_said_to_work_where_opening_for_it_does_and_nothing_is_left_behind() {
        FileSystemFacts facts = FileSystemFacts.of(directory);
        assertThat(directory).isEmptyDirectory();
        PosixDisk disk = new PosixDisk();
        Path path = directory.resolve("file");
        disk.create(path).close();
        try (IoFile direct = disk.openDirect(path, WriteSync.ON_REQUEST)) {
            assertThat(facts.directAlignment()).contains(direct.directAlignment());
            assertThat(facts.directIo()).startsWith("direct I/O works");
        } catch (WalException.Unsupported refused) {
            assertThat(facts.directAlignment()).isEmpty();
            assertThat(facts.directIo()).contains(facts.type());
        }
    }

    @Test
    void a_device_has_a_block_and_memory_has_none() {
        FileSystemFacts.of(directory).deviceBlockBytes()
                .ifPresent(bytes -> assertThat(bytes).isIn(512, 1024, 2048, 4096));
        Path memory = Path.of("/dev/shm");
        assumeTrue(Files.isDirectory(memory), "there is no file system in memory");
        FileSystemFacts ofMemory = FileSystemFacts.of(memory);
        assertThat(ofMemory.type()).isEqualTo("tmpfs");
        assertThat(ofMemory.deviceBlockBytes()).isEmpty();
        assertThat(ofMemory.isNetwork()).isFalse();
    }

    @Test
    void what_cannot_hold_a_file_is_described_all_the_same() {
        FileSystemFacts facts = FileSystemFacts.of(Path.of("/proc"));
        assertThat(facts.type()).isEqualTo("proc");
        assertThat(facts.directAlignment()).isEmpty();
        assertThat(facts.directIo()).startsWith("it is not known");
        assertThat(facts.totalBytes()).isEmpty();
    }

    @Test
    void the_jdk_knows_name_and_space_elsewhere() {
        FileSystemFacts facts = FileSystemFacts.ofFileStore(directory);
        assertThat(facts.type()).startsWith(FileSystemFacts.of(directory).type().substring(0, 3));
        assertThat(facts.usableBytes().orElseThrow()).isPositive();
        assertThat(facts.directAlignment()).isEmpty();
        assertThatThrownBy(() -> FileSystemFacts.ofFileStore(directory.resolve("missing")))
                .isInstanceOf(WalException.Io.class).hasMessageContaining("ENOENT");
    }

    @Test
    void what_is_no_directory_cannot_be_asked_about() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        assertThatThrownBy(() -> FileSystemFacts.of(file)).isInstanceOf(WalException.Io.class)
                .hasMessageContaining("ENOTDIR");
        assertThatThrownBy(() -> FileSystemFacts.of(directory.resolve("missing")))
                .isInstanceOf(WalException.Io.class).hasMessageContaining("ENOENT");
    }
}
