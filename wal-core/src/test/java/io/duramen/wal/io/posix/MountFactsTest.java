package io.duramen.wal.io.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountFactsTest {
    private static final List<String> TABLE = List.of(
            "27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,nobarrier",
            "28 27 0:30 / /srv rw shared:2 master:3 - nfs server:/export rw,vers=4",
            "29 27 8:1 / /srv/my\\040logs\\134 rw,noatime - xfs /dev/sda1 rw,attr2",
            "30 27 0:31 / /srv rw - tmpfs tmpfs rw,size=64k",
            "31 27 0:32 / /run rw - overlay overlay rw,lowerdir=/a,upperdir=/b,volatile");

    private static MountFacts find(String directory) {
        return MountFacts.find(Path.of(directory), TABLE).orElseThrow();
    }

    @Test
    void the_mount_nearest_to_the_directory_is_the_one() {
        MountFacts root = find("/srvice/data");
        assertThat(root.mountPoint()).isEqualTo(Path.of("/"));
        assertThat(root.type()).isEqualTo("ext4");
        assertThat(root.source()).isEqualTo("/dev/vda");
        assertThat(root.options()).containsExactly("rw", "relatime", "nobarrier");
        assertThat(find("/run/x").options()).contains("volatile");
    }

    @Test
    void a_later_mount_on_the_same_path_covers_the_earlier() {
        assertThat(find("/srv").type()).isEqualTo("tmpfs");
        assertThat(find("/srv/other").type()).isEqualTo("tmpfs");
    }

    @Test
    void blanks_and_backslashes_in_a_path_are_read_as_they_are_meant() {
        assertThat(find("/srv/my logs\\/data").source()).isEqualTo("/dev/sda1");
    }

    @Test
    void a_table_without_a_mount_above_the_directory_tells_nothing() {
        assertThat(MountFacts.find(Path.of("/other"), TABLE.subList(1, 2))).isEmpty();
        assertThat(MountFacts.find(Path.of("/other"), List.of())).isEmpty();
    }

    @Test
    void the_mount_of_a_real_directory_has_its_file_systems_type(@TempDir Path directory)
            throws IOException {
        MountFacts.of(directory).ifPresent(mount -> {
            assertThat(directory).startsWith(mount.mountPoint());
            assertThat(mount.options()).contains("rw");
        });
        assertThat(MountFacts.of(directory).map(MountFacts::type))
                .isEqualTo(Files.isReadable(Path.of("/proc/self/mountinfo"))
                        ? Optional.of(Files.getFileStore(directory).type())
                        : Optional.empty());
    }
}
