package io.duramen.wal.io.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.duramen.wal.io.posix.DeviceFacts.Medium;
import io.duramen.wal.io.posix.DeviceFacts.WriteCache;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceFactsTest {
    @Test
    void a_device_is_taken_at_its_word_about_its_cache() {
        assertThat(DeviceFacts.of("sda", "write back").writeCache())
                .isEqualTo(WriteCache.VOLATILE);
        assertThat(DeviceFacts.of("sda", "write through").writeCache()).isEqualTo(WriteCache.NONE);
        assertThat(DeviceFacts.of("sda", "").writeCache()).isEqualTo(WriteCache.NOT_KNOWN);
    }

    @Test
    void devices_made_of_memory_are_told_from_others() {
        assertThat(List.of("zram0", "ram12")).allSatisfy(name -> assertThat(
                DeviceFacts.of(name, "").medium()).isEqualTo(Medium.MEMORY));
        assertThat(List.of("pmem0", "pmem1s")).allSatisfy(name -> assertThat(
                DeviceFacts.of(name, "").medium()).isEqualTo(Medium.PERSISTENT_MEMORY));
        assertThat(List.of("nvme0n1", "vda", "dm-0", "ramdisk", "xram1"))
                .allSatisfy(name -> assertThat(DeviceFacts.of(name, "").medium())
                        .isEqualTo(Medium.DEVICE));
    }

    @Test
    void the_device_of_a_real_directory_is_one_the_kernel_lists(@TempDir Path directory) {
        Optional<DeviceFacts> device = DeviceFacts.of(directory, MountFacts.of(directory));
        assumeTrue(device.isPresent(), "the file system of " + directory + " is on no device");
        assertThat(Path.of("/sys/block", device.get().name())).isDirectory();
    }

    @Test
    void a_file_system_in_memory_is_on_no_device() {
        Path memory = Path.of("/dev/shm");
        assumeTrue(Files.isDirectory(memory), "there is no file system in memory");
        assertThat(DeviceFacts.of(memory, MountFacts.of(memory))).isEmpty();
    }

    /// As for file systems whose files have device numbers of their own.
    @Test
    void a_device_is_also_found_by_the_source_of_the_mount(@TempDir Path directory) {
        Optional<MountFacts> mount = MountFacts.of(directory);
        Optional<BlockDevice> below = BlockDevice.below(directory);
        assumeTrue(mount.isPresent() && below.isPresent()
                && mount.get().source().startsWith("/dev/"), "it is not mounted from a device");
        assertThat(BlockDevice.named(mount.get().source())).isEqualTo(below);
        assertThat(BlockDevice.named("server:/export")).isEmpty();
        assertThat(BlockDevice.named("/dev/null")).isEmpty();
    }
}
