package io.duramen.wal.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.duramen.wal.WalException;
import io.duramen.wal.io.posix.PosixDisk;
import io.duramen.wal.log.LogDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchDirectoryTest {
    @TempDir
    Path base;

    @Test
    void it_goes_with_all_that_is_in_it() throws IOException {
        try (ScratchDirectory scratch = ScratchDirectory.create(base, ".wal-test-")) {
            assertThat(scratch.path()).isDirectory().hasParent(base);
            Files.writeString(Files.createDirectories(scratch.path().resolve("a/b")).resolve("c"),
                    "bytes");
            assertThat(LogDirectory.logsIn(new PosixDisk(), base)).isEmpty();
        }
        assertThat(base).isEmptyDirectory();
    }

    @Test
    void links_in_it_are_deleted_and_not_followed() throws IOException {
        Path kept = Files.writeString(base.resolve("kept"), "bytes");
        try (ScratchDirectory scratch = ScratchDirectory.create(base, ".wal-test-")) {
            Files.createSymbolicLink(scratch.path().resolve("link"), base);
        }
        assertThat(base.toFile().listFiles()).containsExactly(kept.toFile());
    }

    @Test
    void where_the_base_path_is_missing_the_nearest_directory_above_it_serves() {
        Path missing = base.resolve("not/there/yet");
        try (ScratchDirectory scratch = ScratchDirectory.create(missing, ".wal-test-")) {
            assertThat(scratch.path()).hasParent(base);
        }
        assertThat(base).isEmptyDirectory();
        assertThat(ScratchDirectory.nearest(Path.of("./not-there")))
                .isEqualTo(Path.of("").toAbsolutePath());
    }

    @Test
    void a_way_up_behind_a_link_is_taken_as_the_system_takes_it() throws IOException {
        Path target = Files.createDirectories(base.resolve("far/away"));
        Path link = Files.createSymbolicLink(base.resolve("link"), target);
        assertThat(ScratchDirectory.nearest(link.resolve("../logs")))
                .isEqualTo(link.resolve(".."));
    }

    @Test
    void a_file_in_the_way_is_named() throws IOException {
        Path file = Files.createFile(base.resolve("file"));
        assertThatThrownBy(() -> ScratchDirectory.create(file.resolve("logs"), "x"))
                .isInstanceOf(WalException.UnusablePath.class)
                .hasMessageContaining(file + " is no directory");
        Path dangling = Files.createSymbolicLink(base.resolve("link"), base.resolve("nowhere"));
        assertThatThrownBy(() -> ScratchDirectory.create(dangling, "x"))
                .isInstanceOf(WalException.UnusablePath.class).hasMessageContaining("link");
    }

    @Test
    void a_directory_that_takes_no_other_is_named_with_the_reason() {
        Path kernel = Path.of("/proc/self");
        assumeTrue(Files.isDirectory(kernel), "there is no /proc");
        assertThatThrownBy(() -> ScratchDirectory.create(kernel, "x"))
                .isInstanceOf(WalException.UnusablePath.class)
                .hasMessageContaining("no directory can be created in " + kernel);
    }
}
