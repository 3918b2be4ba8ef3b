package io.duramen.wal.io.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.duramen.wal.WalException;
import io.duramen.wal.io.DirectIoContract;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.Disk.WriteSync;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoScheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PosixDirectIoTest extends DirectIoContract {
    @Override
    protected Disk newDisk() {
        return new PosixDisk();
    }

    @Override
    protected IoScheduler newScheduler() {
        return PosixScheduler.create(new PosixSchedulerSettings(1, 10));
    }

    @Test
    void a_file_system_without_direct_io_is_named_and_nothing_stays_open() throws IOException {
        Path never = Path.of("/proc/self/status");
        assumeTrue(Files.isReadable(never), "there is no file system that refuses");
        assertThatThrownBy(() -> newDisk().openDirect(Path.of("/proc/self/oom_score_adj"),
                WriteSync.ON_REQUEST)).isInstanceOf(WalException.Unsupported.class)
                        .hasMessageContaining("/proc/self/oom_score_adj (proc)");
        assertThat(OpenFiles.paths()).noneMatch(path -> path.endsWith("oom_score_adj"));
    }

    @Test
    void the_alignment_is_a_block_of_a_device() {
        try (IoFile file = newDisk().openDirect(path(), WriteSync.EACH_WRITE)) {
            assertThat(file.directAlignment().offsetBytes()).isBetween(512, 4096);
            assertThat(file.directAlignment().memoryBytes()).isBetween(1, 4096);
        } catch (WalException.Unsupported here) {
            assumeTrue(false, here.getMessage());
        }
    }
}
